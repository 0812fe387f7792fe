"""The registries' databases: one SQLite file for three of them, one per province for land.

In `registries.sqlite3` a row has the columns by which its registry is asked and the whole record
as JSON: `msgspec.json.decode(row.record, type=Citizen)` gives it back. Land is asked by SQL, so
`land-01.sqlite3` and its sisters have real columns (`land_tables.py`).
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec
from sqlalchemy import Column, Integer, LargeBinary, MetaData, String, Table, create_engine, insert

from sandbox import land_tables
from sandbox.records import Enterprise, HouseholdBusiness, Record
from sandbox.world import World

REGISTRIES_FILE = "registries.sqlite3"

metadata = MetaData()

citizen = Table(
    "citizen",
    metadata,
    Column("number", String(12), primary_key=True),
    Column("record", LargeBinary, nullable=False),
)

# Two citizens may share a CMND, so it leads to numbers and is no key.
citizen_old_number = Table(
    "citizen_old_number",
    metadata,
    Column("old_number", String(9), primary_key=True),
    Column("number", String(12), primary_key=True),
)

household = Table(
    "household",
    metadata,
    Column("number", String, primary_key=True),
    Column("record", LargeBinary, nullable=False),
)

household_member = Table(
    "household_member",
    metadata,
    Column("number", String(12), primary_key=True),
    Column("household", String, nullable=False, index=True),
)

social_insured = Table(
    "social_insured",
    metadata,
    Column("code", String(10), primary_key=True),
    Column("cmnd", String(12), nullable=False, index=True),
    Column("record", LargeBinary, nullable=False),
)

# An older code of somebody whose codes were merged, and the code it leads to.
merged_code = Table(
    "merged_code",
    metadata,
    Column("old_code", String(10), primary_key=True),
    Column("code", String(10), nullable=False),
)

# *valid_to* orders the cards of one person; the check answers with the last.
health_card = Table(
    "health_card",
    metadata,
    Column("card", String(15), primary_key=True),
    Column("code", String(10), nullable=False, index=True),
    Column("personal_id", String(12), nullable=False, index=True),
    Column("valid_to", String(8), nullable=False),
    Column("record", LargeBinary, nullable=False),
)

enterprise = Table(
    "enterprise",
    metadata,
    Column("code", String(10), primary_key=True),
    Column("record", LargeBinary, nullable=False),
)

# 10-3 codes, written with the dash; the branch itself is in its enterprise's record.
branch = Table(
    "branch",
    metadata,
    Column("code", String(14), primary_key=True),
    Column("enterprise_code", String(10), nullable=False),
)

representative = Table(
    "representative",
    metadata,
    Column("number", String(12), primary_key=True),
    Column("enterprise_code", String(10), primary_key=True),
)

household_business = Table(
    "household_business",
    metadata,
    Column("code", String(12), primary_key=True),
    Column("record", LargeBinary, nullable=False),
)

# Every business name with the ward of its seat, for the question whether a name is free.
business_name = Table(
    "business_name",
    metadata,
    Column("name_id", Integer, primary_key=True),
    Column("ward", String(5), nullable=False, index=True),
    Column("name", String, nullable=False),
    Column("code", String, nullable=False),
)

# Not a registry: whom the sandbox offers to visitors. See *NamedPerson*.
named_person = Table(
    "named_person",
    metadata,
    Column("short_name", String, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("record", LargeBinary, nullable=False),
)

Row = dict[str, object]


def land_file(province: str) -> str:
    """Name the file of a province's land database."""
    return f"land-{province}.sqlite3"


def fill(directory: Path, world: World) -> None:
    """Create and fill every database in *directory*, in the place of older ones."""
    directory.mkdir(parents=True, exist_ok=True)
    _write(directory / REGISTRIES_FILE, metadata, _registry_rows(world))
    for province in world.land_provinces:
        parcels = [parcel for parcel in world.parcels if parcel.province == province]
        rows = land_tables.rows_of(parcels)
        _write(directory / land_file(province), land_tables.metadata, rows)


def _write(path: Path, tables: MetaData, rows: Mapping[Table, Iterable[Row]]) -> None:
    for leftover in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        leftover.unlink(missing_ok=True)
    engine = create_engine(f"sqlite:///{path}")
    try:
        with engine.begin() as connection:
            tables.create_all(connection)
            for table, table_rows in rows.items():
                batch = list(table_rows)
                if batch:
                    connection.execute(insert(table), batch)
    finally:
        engine.dispose()


def _registry_rows(world: World) -> dict[Table, Iterable[Row]]:
    return {
        citizen: ({"number": it.number, **_record(it)} for it in world.citizens),
        citizen_old_number: (
            {"old_number": old_number, "number": it.number}
            for it in world.citizens
            for old_number in it.old_numbers
        ),
        household: ({"number": it.number, **_record(it)} for it in world.households),
        household_member: (
            {"number": member.number, "household": it.number}
            for it in world.households
            for member in it.members
        ),
        named_person: (
            {"short_name": it.short_name, "position": position, **_record(it)}
            for position, it in enumerate(world.people)
        ),
        **_insurance_rows(world),
        **_business_rows(world),
    }


def _insurance_rows(world: World) -> dict[Table, Iterable[Row]]:
    return {
        social_insured: ({"code": it.code, "cmnd": it.cmnd, **_record(it)} for it in world.insured),
        merged_code: (
            {"old_code": old_code, "code": it.code}
            for it in world.insured
            for old_code in it.merged
        ),
        health_card: (
            {
                "card": it.card,
                "code": it.code,
                "personal_id": it.personal_id,
                "valid_to": it.valid_to,
                **_record(it),
            }
            for it in world.cards
        ),
    }


def _business_rows(world: World) -> dict[Table, Iterable[Row]]:
    return {
        enterprise: ({"code": it.code, **_record(it)} for it in world.enterprises),
        branch: (
            {"code": unit.code, "enterprise_code": it.code}
            for it in world.enterprises
            for unit in it.branches
        ),
        representative: (
            {"number": person.number, "enterprise_code": it.code}
            for it in world.enterprises
            for person in it.representatives
        ),
        household_business: ({"code": it.code, **_record(it)} for it in world.household_businesses),
        business_name: _names(world),
    }


def _names(world: World) -> Iterator[Row]:
    businesses: Iterable[Enterprise | HouseholdBusiness] = (
        *world.enterprises,
        *world.household_businesses,
    )
    for it in businesses:
        yield {"ward": it.address.place.ward, "name": it.name, "code": it.code}


def _record(record: Record) -> Row:
    return {"record": msgspec.json.encode(record)}
