"""What the business registry finds in its database."""

from collections.abc import Collection
from typing import TypeAlias, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from sandbox import database
from sandbox.records import Enterprise, HouseholdBusiness, Representative

ENTERPRISE_CODE_LENGTH = 10

Business: TypeAlias = Enterprise | HouseholdBusiness
Kept = TypeVar("Kept", Enterprise, HouseholdBusiness)

_ENTERPRISE = database.enterprise
_HOUSEHOLD_BUSINESS = database.household_business
_REPRESENTATIVE = database.representative
_NAME = database.business_name


async def enterprise(connection: AsyncConnection, code: str) -> Enterprise | None:
    """Find an enterprise, or a branch as if it were one."""
    parent = code[:ENTERPRISE_CODE_LENGTH]
    found = await _records(connection, Enterprise, _ENTERPRISE, _ENTERPRISE.c.code == parent)
    if code == parent or not found:
        return found[0] if found else None
    return _branch(found[0], code)


async def another_enterprise(connection: AsyncConnection, found: Enterprise) -> Enterprise:
    """Find an enterprise that nobody asked for."""
    others = _ENTERPRISE.c.code != found.code[:ENTERPRISE_CODE_LENGTH]
    return (await _records(connection, Enterprise, _ENTERPRISE, others, 1))[0]


async def household_business(connection: AsyncConnection, code: str) -> HouseholdBusiness | None:
    """Find the household business of the person with this number."""
    table = _HOUSEHOLD_BUSINESS
    found = await _records(connection, HouseholdBusiness, table, table.c.code == code)
    return found[0] if found else None


async def another_household_business(
    connection: AsyncConnection, found: HouseholdBusiness
) -> HouseholdBusiness:
    """Make one that nobody asked for: the smallest world has no second, so it changes hands."""
    owner = await _somebody_else(connection, found.code)
    return msgspec.structs.replace(found, code=owner.number, owner=owner)


async def by_representative(connection: AsyncConnection, number: str) -> list[Business]:
    """Find what a person represents, then what they own."""
    represented = select(_REPRESENTATIVE.c.enterprise_code).where(
        _REPRESENTATIVE.c.number == number
    )
    is_theirs = _ENTERPRISE.c.code.in_(represented)
    owned = await household_business(connection, number)
    enterprises = await _records(connection, Enterprise, _ENTERPRISE, is_theirs)
    return [*enterprises, *([owned] if owned else [])]


async def another_representative(connection: AsyncConnection, number: str) -> str:
    """Find the number of somebody else who represents an enterprise."""
    return (await _somebody_else(connection, number)).number


async def names_in(connection: AsyncConnection, wards: Collection[str]) -> list[str]:
    """Find the names of all businesses whose seat is in one of *wards*."""
    rows = await connection.execute(select(_NAME.c.name).where(_NAME.c.ward.in_(wards)))
    return sorted(rows.scalars())


def _branch(parent: Enterprise, code: str) -> Enterprise | None:
    """Show a branch as the registry does: a record of its own, without a head on file."""
    unit = next((unit for unit in parent.branches if unit.code == code), None)
    if unit is None:
        return None
    return Enterprise(
        code=unit.code,
        name=unit.name,
        type_code="CN",
        type_name="Chi nhánh",
        statuses=parent.statuses,
        founded="",
        last_amended=parent.last_amended,
        capital=0,
        address=unit.address,
        representatives=(),
    )


async def _somebody_else(connection: AsyncConnection, number: str) -> Representative:
    others = select(_REPRESENTATIVE).where(_REPRESENTATIVE.c.number != number)
    row = (await connection.execute(others.order_by(_REPRESENTATIVE.c.number).limit(1))).one()
    found = await enterprise(connection, row.enterprise_code)
    people = found.representatives if found else ()
    return next(person for person in people if person.number == row.number)


async def _records(
    connection: AsyncConnection,
    kind: type[Kept],
    table: Table,
    which: ColumnElement[bool],
    limit: int | None = None,
) -> list[Kept]:
    query = select(table.c.record).where(which).order_by(table.c.code).limit(limit)
    rows = await connection.execute(query)
    return [msgspec.json.decode(record, type=kind) for record in rows.scalars()]
