"""A log to search in, in either database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.audit.databases import Database
from tests.audit.reading.workbench import Ledger


@pytest.fixture
async def ledger(database: Database, tmp_path: Path) -> AsyncIterator[Ledger]:
    made = Ledger(database, tmp_path / "keys")
    await made.log.open()
    yield made
    await made.log.close()
    await made.search.aclose()
