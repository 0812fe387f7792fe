"""Existence leaves no trace: not in the bytes of an answer, nor in the time it takes."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from tests.journeys.documents import PERSON, officer, purpose
from tests.journeys.house import House

TIMES = 500


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Start a house of its own, with people enough to ask about each one once."""
    house = House(tmp_path_factory.mktemp("town"), "--people", str(TIMES + 100))
    yield house
    assert 0 == house.stop()


def numbers(town: House) -> list[str]:
    """Give the numbers of people in the sandbox's database."""
    (file,) = town.directory.rglob("registries.sqlite3")
    with closing(sqlite3.connect(file)) as database:
        rows = database.execute("SELECT number FROM citizen ORDER BY number").fetchall()
    return [number for (number,) in rows if len(number) == 12]


def key(number: str) -> dict[str, Any]:
    return {
        "number": {"personalId": number},
        "fullName": "Trần Không Có",
        "birthDate": "1950-02-03",
    }


def timed(town: House, given: dict[str, Any], key: dict[str, Any], **more: str) -> float:
    started = time.perf_counter()
    town.post(PERSON, {"purpose": given, "applicant": key}, **more)
    return time.perf_counter() - started


def auc(left: list[float], right: list[float]) -> float:
    """Give the chance to tell the two apart: 0.5 is none, 1 is certainty."""
    wins = sum((a > b) + (a == b) / 2 for a in left for b in right)
    share = wins / (len(left) * len(right))
    return max(share, 1 - share)


def test_nobody_and_somebody_else_take_the_same_time(town: House) -> None:
    there = [n for n in numbers(town) if not n.startswith("09995")][:TIMES]
    absent = [f"099951{place:06}" for place in range(TIMES)]
    assert TIMES == len(there)
    times: tuple[list[float], list[float]] = ([], [])
    for place in range(TIMES):
        for which in ((0, 1), (1, 0))[place % 2]:
            number = (there, absent)[which][place]
            times[which].append(timed(town, purpose(actor=officer()), key(number)))
    assert auc(*times) <= 0.6


def test_a_refusal_takes_the_same_time_whoever_it_is_about(town: House) -> None:
    there = [n for n in numbers(town) if not n.startswith("09995")][:100]
    times: tuple[list[float], list[float]] = ([], [])
    for place in range(400):
        for which in ((0, 1), (1, 0))[place % 2]:
            number = (there[place % 100], f"099952{place:06}")[which]
            times[which].append(timed(town, purpose(), key(number), persona="citizen-an"))
    assert auc(*times) <= 0.6
