"""The tables come about step by step, and nothing is lost on the way."""

import sqlite3
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, inspect
from sqlalchemy.ext.asyncio import create_async_engine

from audit.migrate import newest, upgrade
from audit.stores.schema import metadata
from tests.audit.conftest import Opened
from tests.audit.databases import PostgresDatabase, SqliteDatabase
from tests.audit.postgres_server import OWNER
from tests.audit.workbench import log_over, make_intent

BEFORE = """
CREATE TABLE audit_entry (
 entry_id TEXT NOT NULL, boot_id TEXT NOT NULL, counter BIGINT NOT NULL, at BIGINT NOT NULL,
 kind TEXT NOT NULL, request_id TEXT NOT NULL, consumer_id TEXT, receiving_agency TEXT,
 competent_agency TEXT, unit TEXT, officer_tag TEXT, procedure TEXT, dossier_tag TEXT,
 draft_tag TEXT, outcome TEXT, code TEXT, body BLOB NOT NULL,
 PRIMARY KEY (entry_id), UNIQUE (boot_id, counter));
CREATE INDEX ix_audit_entry_at ON audit_entry (at);
CREATE TABLE audit_subject (
 period TEXT NOT NULL, tag TEXT NOT NULL, at BIGINT NOT NULL, entry_id TEXT NOT NULL,
 registry TEXT NOT NULL, PRIMARY KEY (tag, at, entry_id, registry)) WITHOUT ROWID;
CREATE TABLE audit_boot (
 boot_id TEXT NOT NULL, kind TEXT NOT NULL, replica TEXT NOT NULL, at BIGINT NOT NULL,
 PRIMARY KEY (boot_id, kind));
INSERT INTO audit_entry (entry_id, boot_id, counter, at, kind, request_id, body)
 VALUES ('e-1', 'b-1', 0, 5, 'BOOT_START', 'b-1', x'7b7d'),
        ('e-2', 'b-1', 1, 6, 'INTENT', 'r-1', x'7b22617d');
INSERT INTO audit_subject VALUES ('1970-01', 't-1', 6, 'e-2', 'POPULATION');
INSERT INTO audit_boot VALUES ('b-1', 'BOOT_START', 'z', 5);
"""
"""The tables as the program made them before there were migrations, with a little in them."""


async def test_a_file_from_before_is_brought_to_todays_form_without_loss(
    sqlite: SqliteDatabase, opened: Opened
) -> None:
    sqlite.file.parent.mkdir()
    connection = sqlite3.connect(sqlite.file)
    connection.executescript(BEFORE)
    questions = [
        (
            "SELECT boot_id, counter, at, kind, request_id, body FROM audit_entry"
            " WHERE boot_id = 'b-1' ORDER BY counter"
        ),
        "SELECT * FROM audit_subject WHERE tag = 't-1'",
        "SELECT * FROM audit_boot WHERE boot_id = 'b-1'",
    ]
    before = [connection.execute(question).fetchall() for question in questions]
    connection.close()
    log = await opened(log_over(sqlite.store()))
    await log.append([make_intent()])
    assert before == [await sqlite.ask(question) for question in questions]
    assert [("e-1",), ("e-2",)] == await sqlite.ask(
        "SELECT entry_id FROM audit_queue WHERE entry_id LIKE 'e-%'"
    )
    assert [(newest(),)] == await sqlite.ask("SELECT version_num FROM alembic_version")


async def test_the_steps_make_the_tables_that_the_schema_describes_on_sqlite(
    sqlite: SqliteDatabase, tmp_path: Path, opened: Opened
) -> None:
    """Made by the steps, or from *metadata*: the same columns, keys and indexes."""
    await opened(log_over(sqlite.store()))
    drawn = create_engine(f"sqlite:///{tmp_path / 'drawn.sqlite3'}")
    metadata.create_all(drawn)
    made = create_engine(f"sqlite:///{sqlite.file}")
    with made.connect() as by_steps, drawn.connect() as by_drawing:
        assert [] == compare_metadata(MigrationContext.configure(by_steps), metadata)
        assert _described(by_drawing) == _described(by_steps)
    made.dispose()
    drawn.dispose()


async def test_the_steps_make_the_columns_that_the_schema_describes_on_postgresql(
    postgres: PostgresDatabase,
) -> None:
    engine = create_async_engine(postgres.server.url(postgres.name, OWNER))
    async with engine.connect() as connection:
        differences = await connection.run_sync(
            lambda plain: compare_metadata(MigrationContext.configure(plain), metadata)
        )
    await engine.dispose()
    # By month: the month's place is a part of the key.
    assert {("remove_constraint", "audit_entry_boot_id_counter_at_key")} | {
        ("add_constraint", None)
    } == {(kind, thing.name) for kind, thing in differences}


async def test_the_steps_can_be_taken_again(postgres: PostgresDatabase) -> None:
    await upgrade(postgres.server.url(postgres.name, OWNER))
    assert [(newest(),)] == await postgres.ask("SELECT version_num FROM alembic_version")


def _described(connection: Connection) -> list[object]:
    look = inspect(connection)
    found: list[object] = []
    for name in sorted(metadata.tables):
        columns = look.get_columns(name)
        indexes = look.get_indexes(name)
        unique = look.get_unique_constraints(name)
        found += [
            [(each["name"], str(each["type"]), each["nullable"]) for each in columns],
            look.get_pk_constraint(name)["constrained_columns"],
            sorted(tuple(each["column_names"]) for each in unique),
            sorted((str(each["name"]), tuple(each["column_names"])) for each in indexes),
        ]
    return found
