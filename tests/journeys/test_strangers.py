"""Somebody who asks for what is not theirs learns nothing, not even that it is there."""

import re
from typing import Any

import pytest

from tests.journeys.documents import PREFILL, VERIFY, purpose
from tests.journeys.house import House

TYPED = """
query Land($purpose: Purpose!, $holder: PersonKey!, $parcel: ParcelKey, $paper: CertificateKey) {
  dossier(purpose: $purpose) {
    holder: person(role: "holder", key: $holder) { fullName }
    parcel: parcel(role: "parcel", key: $parcel) { sheet }
    certificate: landCertificate(role: "certificate", key: $paper) { serialNumber }
  }
}
"""
NOWHERE = "SX 999999"
SAME_NUMBER = {"ward": "24778", "sheet": "15", "parcel": "123"}
_ID = re.compile(r"\b[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b")
_COUNTER = re.compile(r"(?<='POPULATION', )(.*?)'upstreamRequestIds': \[.*?\]")


def without_ids(answer: dict[str, Any]) -> str:
    """Write an answer without what differs from request to request; the ids' provinces stay."""
    answer["extensions"].pop("receipt", None)
    return _ID.sub("ID", _COUNTER.sub(r"\1", str(answer)))


def prefilled(
    house: House, number: str, parcel: dict[str, Any], only: list[str] | None = None
) -> dict[str, Any]:
    subjects = [
        house.subject("holder", "hoa"),
        {"role": "parcel", "is": {"parcel": {**parcel, "holder": ["holder"]}}},
        {"role": "certificate", "is": {"certificate": {"number": number, "holder": ["holder"]}}},
    ]
    variables = {"purpose": purpose("1.012783"), "subjects": subjects, "only": only}
    answer = house.ask(PREFILL, variables)
    assert "errors" not in answer, answer["errors"]
    return answer


def typed(house: House, number: str, parcel: dict[str, Any]) -> dict[str, Any]:
    return house.ask(
        TYPED,
        {
            "purpose": purpose("1.012783"),
            "holder": house.key("hoa"),
            "parcel": {**parcel, "holder": ["holder"]},
            "paper": {"number": number, "holder": ["holder"]},
        },
    )


@pytest.mark.parametrize("silent", [None, "land-01", "land-68"])
@pytest.mark.parametrize("number", ["SX 100101", "SX 00000102"])
def test_a_strangers_certificate_looks_as_if_it_were_nowhere(
    house: House, number: str, silent: str | None
) -> None:
    if silent:
        house.fault(silent, "down")
    parcel = {"ward": "00004", "sheet": "999", "parcel": "999"}
    for only in (None, ["certificate.*"]):
        there = prefilled(house, number, parcel, only)
        nowhere = prefilled(house, NOWHERE, parcel, only)
        assert without_ids(there) == without_ids(nowhere)
    assert without_ids(typed(house, number, parcel)) == without_ids(typed(house, NOWHERE, parcel))


def test_the_report_names_every_province_that_was_asked(house: House) -> None:
    nothing = {"ward": "00004", "sheet": "999", "parcel": "999"}
    told = prefilled(house, "SX 00000102", nothing, ["certificate.*"])
    sources = told["data"]["dossier"]["prefill"]["sources"]
    (land,) = [report for report in sources if report["registry"] == "LAND"]
    assert ["01", "68"] == [asked.rsplit("-", 1)[1] for asked in land["upstreamRequestIds"]]
    assert sorted(land["upstreamRequestIds"]) == sorted(
        row["request_id"] for row in house.journal("land")
    )


def test_parcels_that_share_a_number_look_to_a_stranger_as_if_there_were_none(
    house: House,
) -> None:
    nothing = {**SAME_NUMBER, "parcel": "999"}
    shared = prefilled(house, NOWHERE, SAME_NUMBER)
    assert without_ids(shared) == without_ids(prefilled(house, NOWHERE, nothing))
    asked = typed(house, NOWHERE, SAME_NUMBER)
    assert without_ids(asked) == without_ids(typed(house, NOWHERE, nothing))
    assert "RESTRICTED" == asked["extensions"]["states"]["dossier.parcel"]


def test_a_field_is_claimed_once_and_a_claim_is_short(house: House) -> None:
    born = {"role": "applicant", "key": "nguoiKhai.ngaySinh"}
    guesses = [{**born, "value": str(year)} for year in (1985, 1986)]
    for claims, rule in (
        (guesses, "claim-repeated"),
        ([{**born, "value": "x" * 501}], "text-too-long"),
    ):
        subjects = [house.subject("applicant", "an")]
        given = {"purpose": purpose(), "subjects": subjects, "claims": claims}
        answer = house.ask(VERIFY, given)
        assert rule == answer["errors"][0]["extensions"]["rule"]
    assert [] == house.journal()
