"""A stolen token makes no dossier up: in production, where the portal must sign each of them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey

from tests.auth.mint import key
from tests.journeys.documents import purpose
from tests.journeys.official import AUDIENCE, NAME, NUMBER, PERSON, STRANGER, Official, person

PAGE = Path(__file__).parents[2] / "docs" / "attestation.md"
REQUIRED, NOT_A_PARTY = "ATTESTATION_REQUIRED", "NOT_A_PARTY"


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Official]:
    """Start an official installation."""
    official = Official(tmp_path_factory.mktemp("attested"))
    official.start()
    yield official
    status = official.gateway.stop()
    official.close()
    assert 0 == status


@pytest.fixture
def official(started: Official) -> Official:
    """Give it with an empty count of the registry's calls."""
    started.outside.calls = 0
    return started


def attested(given: dict[str, Any], signed_by: str = "ec-dossiers", **changed: Any) -> str:
    """Attest to a dossier about the known person, by the lines that docs/attestation.md shows."""
    [lines] = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    made: dict[str, Any] = {}
    exec(compile(lines, str(PAGE), "exec"), made)  # noqa: S102 - our own page, as a reader would
    # The name under which Hà Nội's key stands in the grants, whoever signs.
    members = {**key(signed_by).as_dict(private=True), "kid": "ec-dossiers"}
    word: dict[str, Any] = {
        "key": ECKey.import_key(members),
        "consumer": "portal-hanoi",
        "audience": AUDIENCE,
        "reference": given["dossier"]["code"],
        "procedure": "1.004222",
        "opened": "2026-11-20",
        "subjects": {"applicant": [NUMBER]},
        **changed,
    }
    text: str = made["attest"](**word)
    return text


def asking(given: dict[str, Any], word: str | None, number: str = NUMBER) -> dict[str, Any]:
    dossier = {**given["dossier"], **({"attestation": word} if word else {})}
    return {"purpose": {**given, "dossier": dossier}, "applicant": person(number)}


def test_a_dossier_that_the_portal_has_signed_is_read_and_the_log_says_so(
    official: Official,
) -> None:
    given = purpose()

    answer = official.ask(PERSON, asking(given, attested(given)))

    assert NAME == answer.json()["data"]["dossier"]["applicant"]["fullName"]
    entries = official.gateway.entries(answer.headers["x-request-id"])
    assert [("INTENT", "ATTESTED"), ("OUTCOME", "ATTESTED")] == [
        (entry["kind"], entry["attestation"]) for entry in entries
    ]
    assert 1 == official.outside.calls


def test_one_attestation_serves_every_question_of_its_day(official: Official) -> None:
    given = purpose()
    word = attested(given)

    answers = [official.ask(PERSON, asking(given, word)) for _ in range(3)]

    assert [False] * 3 == ["errors" in answer.json() for answer in answers]


@pytest.mark.parametrize(
    ("rule", "changed"),
    [
        ("attestation-of-another-dossier", {"reference": "H26.12-261121-9999"}),
        ("attestation-of-another-dossier", {"procedure": "1.001193"}),
        ("attestation-claims", {"consumer": "portal-lamdong"}),
        ("attestation-claims", {"audience": "https://lienthong.other.gov.vn"}),
        ("attestation-opened-otherwise", {"opened": "2099-01-01"}),
        ("attestation-signature", {"signed_by": "ec-own"}),
        ("attestation-signature", {"signed_by": "ec-portal"}),
    ],
)
def test_a_word_about_something_else_is_none(
    official: Official, rule: str, changed: dict[str, Any]
) -> None:
    given = purpose()

    answer = official.ask(PERSON, asking(given, attested(given, **changed)))

    assert 403 == answer.status_code
    assert (REQUIRED, rule) == official.refused(answer, asked_before=0)


def test_a_dossier_without_a_word_is_refused(official: Official) -> None:
    answer = official.ask(PERSON, asking(purpose(), None))

    assert 403 == answer.status_code
    assert (REQUIRED, "attestation-missing") == official.refused(answer, asked_before=0)


def test_a_thief_of_the_token_asks_about_nobody_else(official: Official) -> None:
    """Not with the portal's own attestation either, of a dossier that really is there."""
    given = purpose()
    word = attested(given)
    right = official.ask(PERSON, asking(given, word))
    asked = official.outside.calls

    answer = official.ask(PERSON, asking(given, word, STRANGER))

    assert "errors" not in right.json()
    assert 403 == answer.status_code
    assert (NOT_A_PARTY, "subject-not-attested") == official.refused(answer, asked_before=asked)


def test_a_subject_attested_in_one_role_is_none_in_another(official: Official) -> None:
    given = purpose()
    word = attested(given, subjects={"owner": [NUMBER]})

    answer = official.ask(PERSON, asking(given, word))

    assert (NOT_A_PARTY, "subject-not-attested") == official.refused(answer, asked_before=0)


def test_where_the_grant_takes_the_portals_word_none_is_asked_for(official: Official) -> None:
    """Lâm Đồng's agreement says why; the log says that nobody signed."""
    token = official.token("portal-lamdong", scope="prefill verify records")

    answer = official.ask(PERSON, asking(purpose(), None), token)

    entries = official.gateway.entries(answer.headers["x-request-id"])
    assert ["ASSERTED", "ASSERTED"] == [entry["attestation"] for entry in entries]
    assert NAME == answer.json()["data"]["dossier"]["applicant"]["fullName"]


def test_the_process_said_nothing_of_anybody_all_the_while(official: Official) -> None:
    """DEBUG lines included; of the others' requests too, where they ran before."""
    official.ask(PERSON, asking(purpose(), None))
    said = official.gateway.said()

    assert "request" in said
    assert [] == [each for each in (NUMBER, STRANGER, NAME, "eyJ") if each in said]
