"""What is written beside the entries, so that they are found."""

from audit.entry import Entry
from audit.stores.schema import BY_MONTH, microseconds
from tests.audit.databases import Database, PostgresDatabase
from tests.audit.reading.workbench import AN, BINH, NOW, Ledger


def many(ledger: Ledger) -> tuple[Entry, Entry, Entry]:
    first, second = ledger.asked((AN,)), ledger.asked((BINH,), registry="LAND")
    last = ledger.answered(
        first, second, upstream=["q-1", "q-2"], from_cache=True, components={"a": "SUBMIT"}
    )
    return first, second, last


async def test_columns_sum_up_what_an_entry_says(database: Database, ledger: Ledger) -> None:
    first, _, last = many(ledger)
    other = ledger.answered(first, components={"a": "REPLACED_BY_DATA", "b": "SUBMIT"})
    await ledger.keep(first, last, other)
    rows = await database.ask(
        "SELECT entry_id, registries, from_cache, replaced FROM audit_entry"
        " WHERE registries IS NOT NULL"
    )
    assert {
        (first.entry_id, "POPULATION", None, None),
        (last.entry_id, "LAND POPULATION", True, False),
        (other.entry_id, "POPULATION", False, True),
    } == set(rows)


async def test_each_closed_intent_and_each_id_of_a_registry_leads_to_the_entry(
    database: Database, ledger: Ledger
) -> None:
    first, second, last = many(ledger)
    await ledger.keep(first, second, last)
    at = microseconds(last.at)
    assert {(each.entry_id, at, last.entry_id) for each in (first, second)} == set(
        await database.ask("SELECT intent_id, at, entry_id FROM audit_closing")
    )
    assert {(each, at, last.entry_id) for each in ("q-1", "q-2")} == set(
        await database.ask("SELECT upstream_request_id, at, entry_id FROM audit_upstream")
    )


async def test_a_month_has_a_place_for_each_of_its_tables(postgres: PostgresDatabase) -> None:
    await postgres.ask(f"SELECT audit_make_months({microseconds(NOW)})")
    names = await postgres.ask("SELECT relname FROM pg_class WHERE relispartition AND relkind='r'")
    assert {f"{table.name}_2026_{month}" for table in BY_MONTH for month in (11, 12)} <= {
        name for (name,) in names
    }
