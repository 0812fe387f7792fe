"""Guessing at an owner by the land, while the population registry can tell nobody."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest

from tests.journeys.documents import PREFILL, VERIFY, officer, purpose
from tests.journeys.house import House
from tests.journeys.test_papers import parcel
from tests.journeys.test_strangers import without_ids

LAND = """
query Land($purpose: Purpose!, $person: PersonKey!, $home: ParcelKey!) {
  dossier(purpose: $purpose) {
    applicant: person(role: "applicant", key: $person) { fullName }
    home: parcel(role: "home", key: $home) { address { today { display } } }
  }
}
"""
PAPER = """
query Paper($purpose: Purpose!, $person: PersonKey!, $paper: CertificateKey!) {
  dossier(purpose: $purpose) {
    holder: person(role: "holder", key: $person) { fullName }
    certificate: landCertificate(role: "certificate", key: $paper) { serialNumber }
  }
}
"""
BOTH = """
query Both($purpose: Purpose!, $person: PersonKey!, $year: ParcelKey!, $day: ParcelKey!) {
  dossier(purpose: $purpose) {
    applicant: person(role: "applicant", key: $person) { fullName }
    year: parcel(role: "home", key: $year) { address { today { display } } }
    day: parcel(role: "home", key: $day) { address { today { display } } }
  }
}
"""
SAY = "UPDATE chu SET nam_sinh = ?, ngay_sinh = ? WHERE ma_so_dinh_danh = ?"
OWN = ("00004", "12", "7")
NEIGHBOURS = ("00004", "12", "8")
NOWHERE = ("00004", "999", "999")
SILENT, CONSENT, LOCKED = "SOURCE_MAINTENANCE", "OWNER_CONSENT_REQUIRED", "ATTEMPTS_EXCEEDED"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Give a house of its own: so many calls of a registry that is down open the circuit to it."""
    house = House(tmp_path_factory.mktemp("land"))
    yield house
    house.stop()


@pytest.fixture
def outage(house: House) -> Iterator[House]:
    """Give the house while the population registry tells nobody, in an announced window."""
    house.fault("population", "maintenance")
    yield house
    house.calm()


def asked(
    house: House, actor: dict[str, str], land: tuple[str, str, str], born: str, name: str = "an"
) -> dict[str, Any]:
    person = {**house.key(name), "birthDate": born}
    (home,) = parcel(*land, "applicant").values()
    return house.ask(LAND, {"purpose": purpose(actor=actor), "person": person, "home": home})


def told(answer: dict[str, Any]) -> tuple[str, ...]:
    """Say what became of the person and of the parcel: a code, or nothing."""
    codes = {e["path"][-1]: e["extensions"]["code"] for e in answer.get("errors", [])}
    return codes.get("applicant", ""), codes.get("home", "")


def years(first: int, how_many: int) -> list[str]:
    return [str(year) for year in range(first, first + how_many)]


def bare(answer: dict[str, Any]) -> str:
    """Write an answer without ids, and without the seconds that run."""
    for error in answer["errors"]:
        error["extensions"].pop("retryAfter", None)
        error.pop("message", None)
    return without_ids(answer)


@pytest.mark.parametrize(
    ("mode", "silent"), [("down", "SOURCE_DOWN"), ("maintenance", "SOURCE_MAINTENANCE")]
)
def test_the_sixth_guess_at_an_owner_is_locked_right_or_wrong(
    outage: House, mode: str, silent: str
) -> None:
    """An was born in 1985; nobody finds that out by opening his parcel with every year."""
    outage.fault("population", mode)
    actor = officer()
    tried = [told(asked(outage, actor, OWN, year)) for year in years(1971, 6)]
    assert [*[(silent, CONSENT)] * 5, (LOCKED, CONSENT)] == tried
    right, wrong = (asked(outage, actor, OWN, year) for year in ("1985", "1984"))
    assert (LOCKED, CONSENT) == told(right)
    assert bare(right) == bare(wrong)
    outage.calm()
    assert LOCKED == told(asked(outage, actor, OWN, "1985"))[0]
    assert ("", "") == told(asked(outage, officer(), OWN, "1985"))


@pytest.fixture
def year_alone(outage: House) -> Iterator[tuple[str, str, str]]:
    """Give a parcel of An's whose record says the year of birth alone."""
    (file,) = (outage.directory / "sandbox").glob("land-68.*")
    number = outage.key("an")["number"]["personalId"]
    with closing(sqlite3.connect(file)) as land, land:
        which = "FROM chu WHERE ma_so_dinh_danh = ?"
        (was,) = land.execute(f"SELECT nam_sinh, ngay_sinh {which}", (number,)).fetchall()
        assert (1985, None) != was
        assert 1 == land.execute(SAY, (1985, None, number)).rowcount
    yield ("24784", "8", "210")
    with closing(sqlite3.connect(file)) as land, land:
        land.execute(SAY, (*was, number))


def test_a_record_with_a_year_alone_helps_nobody_to_the_day(
    outage: House, year_alone: tuple[str, str, str]
) -> None:
    actor = officer()
    tried = []
    for day in ("1985-03-01", "1985-05-09", "1985-06-20", "1985-07-01", "1985-08-30", "1985-05-12"):
        variables = {
            "purpose": purpose(actor=actor),
            "person": {**outage.key("an"), "birthDate": day},
            "year": parcel(*year_alone, "applicant")["parcel"],
            "day": parcel(*OWN, "applicant")["parcel"],
        }
        answer = outage.ask(BOTH, variables)
        tried.append({e["path"][-1]: e["extensions"]["code"] for e in answer["errors"]})
    missed = {"applicant": SILENT, "day": CONSENT}
    locked = {"applicant": LOCKED, "year": CONSENT, "day": CONSENT}
    assert [*[missed] * 5, locked] == tried


def test_an_owner_is_not_locked_out_by_an_outage(outage: House) -> None:
    actor = officer()
    for _ in range(8):
        answer = asked(outage, actor, OWN, "1985-05-12")
        assert (SILENT, "") == told(answer)
        assert answer["data"]["dossier"]["home"]["address"]["today"]["display"]
    outage.calm()
    assert ("", "") == told(asked(outage, actor, OWN, "1985-05-12"))


def test_a_neighbours_parcel_costs_what_none_costs(outage: House) -> None:
    """Else the lock would tell that a parcel exists, or that a number stands on it."""
    series = []
    for land in (OWN, NEIGHBOURS, NOWHERE):
        actor = officer()
        series.append([told(asked(outage, actor, land, year)) for year in years(1971, 6)])
    assert [[*[(SILENT, CONSENT)] * 5, (LOCKED, CONSENT)]] * 3 == series


def test_of_many_guesses_at_once_no_more_are_compared(outage: House) -> None:
    actor = officer()
    with ThreadPoolExecutor(16) as crowd:
        answers = list(crowd.map(lambda year: asked(outage, actor, OWN, year), years(1950, 30)))
    assert {CONSENT} == {told(answer)[1] for answer in answers}
    assert (LOCKED, CONSENT) == told(asked(outage, actor, OWN, "1985"))


@pytest.mark.parametrize("ask", ["prefill", "verify"])
def test_prefill_and_verify_charge_the_same_guess_once(outage: House, ask: str) -> None:
    actor = officer()
    home = {"role": "home", "is": parcel(*OWN, "applicant")}
    states = []
    for year in (*years(1971, 6), "1985"):
        person = {**outage.key("an"), "birthDate": year}
        variables: dict[str, Any] = {
            "purpose": purpose(actor=actor),
            "subjects": [{"role": "applicant", "is": {"person": person}}, home],
        }
        if ask == "verify":
            claim = {"role": "home", "key": "choO.soGCN[]", "value": "SX 100101"}
            variables["claims"] = [claim]
        answer = outage.ask(PREFILL if ask == "prefill" else VERIFY, variables)
        told = answer["data"]["dossier"][ask]
        states.append({s["registry"]: s["state"] for s in told["sources"]}.get("POPULATION"))
        assert "REPLACED_BY_DATA" not in {c["outcome"] for c in told["components"]}
    # The locked number is not even asked for any more.
    assert [*[SILENT] * 5, None, None] == states


@pytest.mark.parametrize(
    ("land", "after"), [(("24784", "8", "210"), ("", CONSENT)), (OWN, (LOCKED, CONSENT))]
)
def test_beside_an_owner_whoever_lives_there_pays_only_where_another_owner_is_sought(
    outage: House, land: tuple[str, str, str], after: tuple[str, str]
) -> None:
    """The first parcel is An's alone; of the other it would be told whether Hòa is the second."""
    actor = officer()
    for _ in range(5):
        subjects = [outage.subject("applicant", "hoa"), outage.subject("owner", "an")]
        home = {"role": "home", "is": parcel(*land, "applicant", "owner")}
        variables = {"purpose": purpose(actor=actor), "subjects": [*subjects, home]}
        prefill = outage.ask(PREFILL, variables)["data"]["dossier"]["prefill"]
        assert "REPLACED_BY_DATA" in {c["outcome"] for c in prefill["components"]}
    outage.calm()
    assert after == told(asked(outage, actor, land, "1985-05-12", "hoa"))
    assert ("", "") == told(asked(outage, actor, land, "1985-05-12"))


def test_a_verify_that_compares_nothing_costs_nothing(outage: House) -> None:
    given = {
        "purpose": purpose(actor=officer()),
        "subjects": [outage.subject("applicant", "an")],
        "claims": [{"role": "applicant", "key": "nguoiKhai.hoTen", "value": "Nguyễn Văn An"}],
    }
    answer = outage.ask(VERIFY.replace("state source", "state attemptsLeft source"), given)
    (verdict,) = answer["data"]["dossier"]["verify"]["verdicts"]
    assert ("CANNOT_DECIDE", 5) == (verdict["verdict"], verdict["attemptsLeft"])


def test_while_a_province_is_silent_too_a_certificate_is_held_against_nobody(
    outage: House,
) -> None:
    """It may lie in the silent one: then a right proof would cost, and a wrong one not."""
    outage.fault("land-68", "down")
    actor = officer()
    for number in ("SX 100101", "SX 00000102", "SX 999999"):
        for year in ("1985", *years(1971, 2)):
            variables = {
                "purpose": purpose("1.012783", actor=actor),
                "person": {**outage.key("an"), "birthDate": year},
                "paper": {"number": number, "holder": ["holder"]},
            }
            codes = {e["extensions"]["code"] for e in outage.ask(PAPER, variables)["errors"]}
            assert {SILENT, "SOURCE_DOWN"} == codes
    outage.calm()
    outage.fault("population", "maintenance")
    assert (SILENT, "") == told(asked(outage, actor, OWN, "1985"))
