"""What provinces write in their columns: several forms are read, and none of them breaks a call."""

import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from adapters.dates import PartialDate
from adapters.land.records import (
    CertificateKey,
    HolderPerson,
    LandCertificate,
    Parcel,
    ParcelKey,
)
from adapters.registry import Absent, Garbled, Maintenance
from sandbox.database import land_file
from tests.adapters.land_office import (
    TRUC_BACH,
    Office,
    ask,
    errand,
    held,
    holder,
    like,
    one,
    open_land,
    world_of,
)

MINE = ParcelKey(ward="00004", sheet="12", parcel="7")
NEIGHBOUR = ParcelKey(ward="00004", sheet="12", parcel="8")
HOA_SERIAL = CertificateKey(number="SX 100103")


def change(office: Office, statement: str, *values: object) -> None:
    """Write into Hà Nội's database."""
    with closing(sqlite3.connect(office.directory / land_file("01"))) as connection:
        connection.execute(statement, values)
        connection.commit()


async def answers_after(directory: Path, table: str, column: str, value: object) -> list[object]:
    """Write *value* where An's parcel has *column*, and ask for it and for its neighbour."""
    mine = like(TRUC_BACH, holder=one("Nguyễn Văn An", number="097085000101"))
    office = Office(directory, world_of(mine, like("010000400120008")))
    # The first line of every table is that of the first parcel.
    change(office, f"UPDATE {table} SET {column} = ? WHERE rowid = 1", value)  # noqa: S608 # names from the list below
    land = open_land(office.urls)
    try:
        return await land.fetch_many(
            [MINE, NEIGHBOUR, holder("an"), holder("hoa"), HOA_SERIAL], errand()
        )
    finally:
        await land.aclose()


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("thua_dat", "dien_tich", "rộng"),
        ("thua_dat", "dien_tich", "-1"),
        ("thua_dat", "dien_tich", "NaN"),
        ("thua_dat", "dia_chi", b"\xff"),
        ("muc_dich_su_dung", "dien_tich", "1.440,5"),
        ("giay_chung_nhan", "ngay_cap", "31/02/2014"),
        ("giay_chung_nhan", "don_vi_cap", b"\x00"),
        ("chu", "loai", "KHÁC"),
        ("chu", "ngay_sinh", "hôm qua"),
        ("chu", "nam_mat", 20190),
    ],
)
async def test_a_column_that_cannot_be_read_spoils_the_answers_that_it_stands_in_alone(
    tmp_path: Path, table: str, column: str, value: object
) -> None:
    mine, neighbour, holdings, of_neighbour, certificate = await answers_after(
        tmp_path, table, column, value
    )

    assert Garbled() == mine
    assert isinstance(neighbour, Parcel)
    # The other province has answered, but Hà Nội might hold something.
    assert ("Thành phố Hà Nội",) == getattr(holdings, "silent_provinces", None)
    assert ["010000400120008"] == held(of_neighbour)
    assert isinstance(certificate, LandCertificate)


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("ngay_sinh", "12/05/1985", PartialDate(1985, 5, 12)),
        ("ngay_sinh", "1985-05-12 00:00:00", PartialDate(1985, 5, 12)),
        ("ngay_sinh", "19850512", PartialDate(1985, 5, 12)),
        ("ngay_sinh", "", PartialDate(1986)),
        ("ngay_sinh", 1985, PartialDate(1985)),
        ("nam_mat", 0, None),
        ("nam_mat", "2019", PartialDate(2019)),
    ],
)
async def test_dates_are_read_in_whichever_form(
    tmp_path: Path, column: str, value: object, expected: PartialDate | None
) -> None:
    office = Office(
        tmp_path, world_of(like(TRUC_BACH, holder=one("NGUYỄN VĂN AN", birth_year=1986)))
    )
    change(office, f"UPDATE chu SET {column} = ?", value)  # noqa: S608 # a name from the list above
    land = open_land(office.urls)
    parcel = await ask(land, MINE)
    await land.aclose()

    assert isinstance(parcel, Parcel)
    assert isinstance(parcel.holder, HolderPerson)
    assert parcel.holder.person is not None
    assert "Nguyễn Văn An" == parcel.holder.person.full_name
    read = {"ngay_sinh": parcel.holder.person.birth_date, "nam_mat": parcel.holder.died_in}
    assert expected == read[column]


async def test_what_is_empty_is_not_recorded(tmp_path: Path) -> None:
    office = Office(tmp_path, world_of(like(TRUC_BACH, certificates=())))
    change(office, "UPDATE thua_dat SET dia_chi = ' ', dien_tich = ''")
    change(office, "DELETE FROM quyen_su_dung_dat")
    change(office, "UPDATE muc_dich_su_dung SET dien_tich = NULL, thoi_han_su_dung = 50")
    land = open_land(office.urls)
    parcel = await ask(land, MINE)
    await land.aclose()

    assert isinstance(parcel, Parcel)
    assert (None, None, ()) == (parcel.area, parcel.holder, parcel.certificates)
    assert [(None, "50")] == [(use.area, use.term) for use in parcel.uses]
    assert parcel.address is not None
    assert parcel.address.today is not None
    assert "Phường Ba Đình, Thành phố Hà Nội" == parcel.address.today.display


async def test_numbers_are_exact(tmp_path: Path) -> None:
    office = Office(tmp_path, world_of(like(TRUC_BACH)))
    change(office, "UPDATE thua_dat SET dien_tich = '64.50'")
    change(office, "UPDATE giay_chung_nhan SET ngay_cap = '2014', so_phat_hanh = ' sx100101 '")
    land = open_land(office.urls)
    parcel = await ask(land, MINE)
    certificate = await ask(land, CertificateKey(number="sx100101"))
    await land.aclose()

    assert isinstance(parcel, Parcel)
    assert Decimal("64.50") == parcel.area
    [shown] = parcel.certificates
    assert (None, PartialDate(2014)) == (shown.issued_on, shown.source.record_date)
    # A database finds only what it is asked for to the letter.
    assert isinstance(certificate, Absent)


async def test_an_answer_without_end_is_none(tmp_path: Path) -> None:
    office = Office(tmp_path, world_of(like(TRUC_BACH)))
    change(
        office,
        """
        INSERT INTO thua_dat (ma_xa, so_hieu_to_ban_do, so_thu_tu_thua, dien_tich, dia_chi)
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5001)
        SELECT '00004', '12', '8', 1, '' FROM n
        """,
    )
    land = open_land(office.urls)

    assert Garbled() == await ask(land, NEIGHBOUR)
    assert isinstance(await ask(land, MINE), Parcel)
    await land.aclose()


@pytest.mark.parametrize("until", ["2026-11-21T05:00:00", "ngày mai"])
async def test_a_window_whose_end_is_no_moment_has_none(tmp_path: Path, until: str) -> None:
    office = Office(tmp_path)
    change(office, "CREATE TABLE thong_bao_bao_tri (den_luc TEXT)")
    change(office, "INSERT INTO thong_bao_bao_tri VALUES (?)", until)
    plain = {code: url.partition("?")[0] for code, url in office.urls.items()}
    land = open_land(plain)

    assert Maintenance() == await ask(land, MINE)
    await land.aclose()
