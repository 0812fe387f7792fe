"""The registries on disk hold what the world holds, and a second filling replaces the first."""

import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from sandbox.database import REGISTRIES_FILE, fill, land_file
from sandbox.generator import generate
from sandbox.records import Citizen
from sandbox.world import NamedPerson, load_world


def ask(path: Path, question: str, *values: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(question, values).fetchall()


@pytest.fixture(name="directory", scope="module")
def _directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("sandbox")
    fill(directory, load_world())
    return directory


def test_a_citizen_comes_back_as_it_went_in(directory: Path) -> None:
    first = load_world().citizens[0]
    question = "SELECT record FROM citizen WHERE number = ?"

    [(record,)] = ask(directory / REGISTRIES_FILE, question, first.number)

    assert isinstance(record, bytes)
    assert first == msgspec.json.decode(record, type=Citizen)


def test_a_shared_old_number_leads_to_two_citizens(directory: Path) -> None:
    question = "SELECT count(*) FROM citizen_old_number WHERE old_number = ?"

    assert ask(directory / REGISTRIES_FILE, question, "271000111") == [(2,)]


def test_a_merged_code_leads_to_the_new_one(directory: Path) -> None:
    question = "SELECT code FROM merged_code WHERE old_code = ?"

    assert ask(directory / REGISTRIES_FILE, question, "9700000922") == [("9700000122",)]


def test_named_people_are_listed_in_the_order_of_the_script(directory: Path) -> None:
    records = ask(directory / REGISTRIES_FILE, "SELECT record FROM named_person ORDER BY position")

    assert load_world().people == tuple(
        msgspec.json.decode(record, type=NamedPerson)
        for (record,) in records
        if isinstance(record, bytes)
    )


def test_land_is_kept_by_province(directory: Path) -> None:
    counts = [
        ask(directory / land_file(province), "SELECT count(*) FROM thua_dat")
        for province in ("01", "68")
    ]

    assert counts == [[(7,)], [(6,)]]


def test_a_couple_is_one_holder_with_two_people(directory: Path) -> None:
    question = """
        SELECT chu.ho_ten, chu.vo_chong_ho_ten, chu.in_vo_truoc
        FROM chu
        JOIN quyen_su_dung_dat USING (chu_id)
        JOIN thua_dat USING (thua_dat_id)
        JOIN giay_chung_nhan USING (giay_chung_nhan_id)
        WHERE so_phat_hanh = ?
    """

    assert ask(directory / land_file("01"), question, "SX 100101") == [
        ("Nguyễn Văn An", "Trần Thị Bình", 0)
    ]
    assert ask(directory / land_file("68"), question, "SX 00000111") == [
        ("Đặng Văn Đức", "Vũ Thị Vân", 1)
    ]


def test_a_holder_of_two_parcels_is_one_row(directory: Path) -> None:
    question = """
        SELECT count(DISTINCT chu_id), count(*)
        FROM chu JOIN quyen_su_dung_dat USING (chu_id)
        WHERE ho_ten = ?
    """

    assert ask(directory / land_file("68"), question, "H'Liêng Niê") == [(1, 2)]


def test_filling_again_replaces_what_was_there(tmp_path: Path) -> None:
    fill(tmp_path, generate(load_world(), people=200, seed=1))
    fill(tmp_path, load_world())

    count = ask(tmp_path / REGISTRIES_FILE, "SELECT count(*) FROM citizen")

    assert [(len(load_world().citizens),)] == count
