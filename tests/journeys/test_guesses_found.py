"""Where the operator's page sends whom an alarm has woken, there the guesses are."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.journeys.documents import officer, purpose
from tests.journeys.house import House

PAGE = Path(__file__).parents[2] / "docs" / "operate.md"
PERSON = """
query Person($purpose: Purpose!, $key: PersonKey!) {
  dossier(purpose: $purpose) { person(role: "applicant", key: $key) { fullName } }
}
"""
SEX = """
query Sex($purpose: Purpose!, $subjects: [SubjectInput!]!, $claims: [ClaimInput!]!) {
  dossier(purpose: $purpose) {
    verify(subjects: $subjects, claims: $claims) { verdicts { verdict } }
  }
}
"""


def found(house: House) -> dict[str | None, int]:
    """Ask as the page says: how often something did not fit, by the officer's tag."""
    [query] = re.findall(r'access-log\.db "([^"]*NOT_FOUND_OR_MISMATCH[^"]*)"', PAGE.read_text())
    with closing(sqlite3.connect(house.directory / "access-log.db")) as connection:
        rows = connection.execute(query.replace("LIMIT 10", "")).fetchall()
    return {tag: times for _, tag, times in rows}


def test_wrong_proofs_and_contradicted_claims_are_found_by_their_officer(house: House) -> None:
    before, guesser, honest = found(house), officer(), officer()
    right = house.key("an")
    for day in (13, 14, 15):
        guess = {**right, "birthDate": f"1985-05-{day}"}
        house.ask(PERSON, {"purpose": purpose(actor=guesser), "key": guess})
    claim = {"role": "applicant", "key": "nguoiKhai.gioiTinh", "value": "Nữ"}
    subject = {"role": "applicant", "is": {"person": right}}
    told = house.ask(
        SEX, {"purpose": purpose(actor=guesser), "subjects": [subject], "claims": [claim]}
    )
    house.ask(PERSON, {"purpose": purpose(actor=honest), "key": right})
    assert "DIFFERENT" == told["data"]["dossier"]["verify"]["verdicts"][0]["verdict"]
    after = found(house)
    assert [4] == [times for tag, times in after.items() if tag not in before]
