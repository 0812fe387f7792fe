"""Two replicas of an official installation write one log: one tree, whoever of them is killed.

Production as its operator sets it up: TLS, signed grants, tokens bound to their senders, PostgreSQL
for the log, Redis for what is counted and cached.
"""

import asyncio
import contextlib
import functools
import random
import ssl
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx2
import msgspec
import pytest

from audit.entry import EntryKind
from tests.audit.databases import PostgresDatabase
from tests.auth.sender import Sender
from tests.auth.store import RedisServer
from tests.journeys.crowd import NAME, Crowd, Question
from tests.journeys.documents import purpose
from tests.journeys.ledger import Ledger, verified
from tests.journeys.log_places import settings_of
from tests.journeys.official import AUDIENCE, Official, grants, person
from tests.journeys.own_gateway import OwnGateway
from tests.patience import PATIENCE_S

PUBLIC = "https://lienthong.example.gov.vn"
NAMES = ("one", "two")
CALLERS = 6
"""Of each."""
ROUNDS = 3
SEED = 2028
SOON_S = 5.0
"""Within which another replica sequences, and within which a checkpoint covers each entry."""
BUSY = 4
"""How much longer it may take on a machine that does other things, and starts a replica besides."""

_LAGS = """
SELECT (SELECT min(c.at) FROM audit_checkpoint c WHERE c.size > l.seq) - e.at
FROM audit_leaf l JOIN audit_entry e USING (entry_id)
"""
_TREE = """
SELECT (SELECT count(*) FROM audit_entry), count(*), count(DISTINCT entry_id), max(seq) + 1,
       (SELECT count(*) FROM audit_queue)
FROM audit_leaf
"""


class Installation:
    """An official installation of two processes, by the names that they have in the log."""

    def __init__(self, directory: Path, database: PostgresDatabase) -> None:
        self.official = Official(directory)
        self._database = database
        self._redis = RedisServer(directory)
        text = grants(self.official.outside.url)
        enough = "[[grant]]\nrequests_per_minute = 60000\n"
        self.official.sign("grants", text.replace("[[grant]]\n", enough))
        self._sender = Sender(self.official.outside.url, PUBLIC, time.time)
        self._tokens = {
            name: [self._token(n, of) for of in range(CALLERS)] for n, name in enumerate(NAMES)
        }
        self.running: dict[str, OwnGateway] = {}
        self.tls = ssl.create_default_context(cafile=str(self.official.authority.file))

    def start(self, name: str) -> None:
        """Start a replica, as its operator would: `lienthong serve`."""
        folder = self.official.directory / name
        folder.mkdir(exist_ok=True)
        changed = {
            "SINGLE_NODE": "no",
            "PUBLIC_URL": PUBLIC,
            "REPLICA": name,
            "KEYS_DIR": str(self.official.directory / "keys"),
            "KEPT_DIR": str(folder / "kept"),
            "SHARED_URL": self._redis.url,
            "CACHE_URL": self._redis.url,
            "LOG_LEVEL": "INFO",
            **{each.upper(): url for each, url in settings_of(self._database).items()},
        }
        outside = self.official.outside.url
        self.running[name] = OwnGateway(
            folder,
            {"population": f"{outside}/population"},
            outside,
            **self.official.settings(**changed),
        )

    def url(self, name: str) -> str:
        """Give the address of a replica."""
        return f"https://127.0.0.1:{self.running[name].port}"

    async def seat(self) -> str:
        """Name the replica that sequences, by what each said last; one does, or is about to."""
        ends = time.monotonic() + PATIENCE_S
        holders = self._holders()
        while len(holders) != 1 and time.monotonic() < ends:
            await asyncio.sleep(0.05)
            holders = self._holders()
        [holder] = holders
        return holder

    def _holders(self) -> list[str]:
        return [
            name
            for name, gateway in self.running.items()
            if gateway.process.poll() is None and _sequences(gateway.said())
        ]

    def kill(self, name: str) -> None:
        """Kill a replica with signal 9."""
        gateway = self.running[name]
        gateway.process.kill()
        gateway.stop()

    def _token(self, replica: int, caller: int) -> str:
        """Get the token of one officer: tries that a kill cuts off are never five of one's."""
        actor = {"kind": "OFFICER", "personal_id": f"0000000{replica}{caller:04}", "unit": "H26"}
        return self._sender.bound(
            client_id="developers", sub="developers", aud=AUDIENCE, actor=actor
        )

    def ask(self, name: str, caller: int, _chance: random.Random) -> Question:
        """Ask about the one person there is, for a new dossier, with a new proof."""
        token = self._tokens[name][caller]
        body = {"query": NAME, "variables": {"purpose": purpose(), "applicant": person()}}
        headers = {"authorization": f"DPoP {token}", "dpop": self._sender.proof(token)}
        return Question(body=msgspec.json.encode(body), headers=headers)

    def close(self) -> None:
        """Stop all that is left."""
        for gateway in self.running.values():
            if gateway.process.poll() is None:
                gateway.stop()
        self.official.close()
        self._redis.kill()


@pytest.fixture
def installation(tmp_path: Path, postgres_log: PostgresDatabase) -> Iterator[Installation]:
    made = Installation(tmp_path, postgres_log)
    yield made
    made.close()


@pytest.mark.timeout(240)
async def test_two_replicas_make_one_tree_though_the_one_that_sequences_is_killed(
    installation: Installation, postgres_log: PostgresDatabase, tmp_path: Path
) -> None:
    await asyncio.gather(*(asyncio.to_thread(installation.start, name) for name in NAMES))
    crowds = {
        name: Crowd(
            functools.partial(installation.ask, name),
            seed=SEED,
            callers=CALLERS,
            tls=installation.tls,
        )
        for name in NAMES
    }
    kept: list[str] = []
    taken_over: list[float] = []
    async with (
        asking(installation, crowds),
        httpx2.AsyncClient(verify=installation.tls, trust_env=False) as http,
    ):
        for _ in range(ROUNDS):
            await asyncio.gather(*(crowd.hear_data(100) for crowd in crowds.values()))
            killed = await installation.seat()
            [other] = set(NAMES) - {killed}
            kept.append(await checkpoint(http, installation.url(other)))
            began = time.monotonic()
            await asyncio.to_thread(installation.kill, killed)
            kept.append(await larger(http, installation.url(other), than=kept[-1]))
            taken_over.append(time.monotonic() - began)
            await asyncio.to_thread(installation.start, killed)
            crowds[killed].aim(installation.url(killed))
        await asyncio.gather(*(crowd.hear_data(100) for crowd in crowds.values()))
    # The one that sequences last: it takes in what the other's end has left, and its own.
    seat = await installation.seat()
    for name in sorted(NAMES, key=lambda each: each == seat):
        assert 0 == installation.running[name].stop()
    ledger = await Ledger.read(postgres_log)
    for crowd in crowds.values():
        assert [] == ledger.lacking(crowd.answers())
    assert [] == list(ledger.unexplained())
    assert (ROUNDS, ROUNDS + 2) == (len(ledger.lost()), len(ledger.boots()))
    assert 2 == ledger.count(EntryKind.BOOT_END)
    assert max(taken_over) < BUSY * SOON_S
    # One tree, and every entry in it once.
    assert [(len(ledger.records),) * 4 + (0,)] == await postgres_log.ask(_TREE)
    lags = sorted(lag / 1_000_000 for (lag,) in await postgres_log.ask(_LAGS))
    assert lags[-1] < BUSY * SOON_S
    told = [each for crowd in crowds.values() for each in crowd.answers()]
    status, words = verified(postgres_log, tmp_path / "keys", tmp_path, told, kept)
    assert 3 == status, words
    sys.stdout.write(
        f"{len(lags)} entries; to a checkpoint p50 {lags[len(lags) // 2]:.2f} s,"
        f" p99 {lags[len(lags) * 99 // 100]:.2f} s, most {lags[-1]:.2f} s;"
        f" another sequences after {max(taken_over):.2f} s at most\n"
    )


@contextlib.asynccontextmanager
async def asking(installation: Installation, crowds: dict[str, Crowd]) -> AsyncIterator[None]:
    """Have each replica asked by a crowd of its own."""
    async with contextlib.AsyncExitStack() as stack:
        for name, crowd in crowds.items():
            crowd.aim(installation.url(name))
            await stack.enter_async_context(crowd.asking())
        yield


async def checkpoint(http: httpx2.AsyncClient, url: str) -> str:
    """Fetch the newest checkpoint; the first one may still be on its way."""
    ends = time.monotonic() + PATIENCE_S
    while (answer := await http.get(f"{url}/log/checkpoint")).status_code == 404:
        assert time.monotonic() < ends
        await asyncio.sleep(0.05)
    return answer.raise_for_status().text


async def larger(http: httpx2.AsyncClient, url: str, *, than: str) -> str:
    """Wait for a checkpoint of more entries."""
    async with asyncio.timeout(PATIENCE_S):
        while _size(note := await checkpoint(http, url)) <= _size(than):  # noqa: ASYNC110 - no event
            await asyncio.sleep(0.02)
    return note


def _size(note: str) -> int:
    return int(note.split("\n")[1])


def _sequences(said: str) -> bool:
    """Tell whether the last that a process said of its sequencer is that it is at work."""
    told = [line for line in said.splitlines() if "the sequencer of the access log" in line]
    return bool(told) and '"SEQUENCING"' in told[-1]
