"""A list of which a part did not come: what did come has left, and the log says so."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.documents import PREFILL, purpose
from tests.journeys.house import House
from tests.journeys.test_log import entries

CARDS = "applicant/household/members/healthInsurance/validTo"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Give a house of its own: in another, the cards may lie in the cache."""
    house = House(tmp_path)
    yield house
    house.stop()


def test_a_list_whose_part_did_not_come_has_left_all_the_same(house: House) -> None:
    """Two of four cards are garbled; the token for all of them was had before."""
    for who, garbled in (("hoa", 0), ("an", 2)):
        if garbled:
            house.fault("insurance", "garbled", times=garbled)
        given = {"purpose": purpose(), "subjects": [house.subject("applicant", who)]}
        answer = house.post(PREFILL, given)
    fields = answer.json()["data"]["dossier"]["prefill"]["fields"]
    (cards,) = [f for f in fields if f["key"] == "thanhVien.theBHYTDenNgay[]"]
    assert ("SOURCE_GARBLED", 2) == (cards["state"], len(list(filter(None, cards["value"]))))
    *_, outcome = entries(house, answer.headers["x-request-id"])
    assert "VALUE" == outcome["states"][CARDS]
