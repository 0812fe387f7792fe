"""What the insurance registry asks its database."""

import msgspec
from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from sandbox.database import health_card, merged_code, social_insured
from sandbox.records import HealthCard, SocialInsured


async def card(connection: AsyncConnection, number: str) -> HealthCard | None:
    """Find the latest card of the person whose card, insurance code or personal id it is.

    An insurance code that was merged into another leads to the other's card.
    """
    columns = health_card.c
    which = or_(
        columns.code.in_(select(columns.code).where(columns.card == number)),
        columns.code == number,
        columns.code.in_(_merged_into(number)),
        columns.personal_id == number,
    )
    latest = select(columns.record).where(which).order_by(columns.valid_to.desc()).limit(1)
    found = await _cards(connection, latest) if number else []
    return found[0] if found else None


async def somebody_elses_card(connection: AsyncConnection, it: HealthCard) -> HealthCard:
    """Find the card of another person."""
    columns = health_card.c
    elsewhere = select(columns.record).where(columns.code != it.code)
    return (await _cards(connection, elsewhere.order_by(columns.card).limit(1)))[0]


async def merged(connection: AsyncConnection, code: str) -> list[str]:
    """Return the older codes that lead to *code*."""
    older = select(merged_code.c.old_code).where(merged_code.c.code == code)
    return list((await connection.execute(older.order_by(merged_code.c.old_code))).scalars())


async def participants_by_code(connection: AsyncConnection, code: str) -> list[SocialInsured]:
    """Find the participant with *code*, also when it was merged into another."""
    columns = social_insured.c
    which = or_(columns.code == code, columns.code.in_(_merged_into(code)))
    return await _participants(connection, select(columns.record).where(which))


async def participants_by_number(connection: AsyncConnection, cmnd: str) -> list[SocialInsured]:
    """Find everybody whose record bears *cmnd*: two people may share an old one."""
    columns = social_insured.c
    which = select(columns.record).where(columns.cmnd == cmnd)
    return await _participants(connection, which.order_by(columns.code))


async def another_participant(connection: AsyncConnection, it: SocialInsured) -> SocialInsured:
    """Find another participant."""
    columns = social_insured.c
    elsewhere = select(columns.record).where(columns.code != it.code)
    return (await _participants(connection, elsewhere.order_by(columns.code).limit(1)))[0]


def _merged_into(old_code: str) -> Select[str]:
    return select(merged_code.c.code).where(merged_code.c.old_code == old_code)


async def _cards(connection: AsyncConnection, which: Select[bytes]) -> list[HealthCard]:
    rows = await connection.execute(which)
    return [msgspec.json.decode(record, type=HealthCard) for record in rows.scalars()]


async def _participants(connection: AsyncConnection, which: Select[bytes]) -> list[SocialInsured]:
    rows = await connection.execute(which)
    return [msgspec.json.decode(record, type=SocialInsured) for record in rows.scalars()]
