"""Two replicas before one Redis: what one has counted, refused or been told, the other knows."""

import itertools
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from auth.grants import SANDBOX_GRANTS
from tests.auth.sender import Sender, Sent
from tests.auth.store import RedisServer
from tests.journeys.documents import PERSON, officer, purpose
from tests.journeys.own_gateway import OwnGateway, OwnIssuer
from tests.patience import soon
from tests.sandbox.visitor import Running

PUBLIC = "https://lienthong.example"
AN = {
    "number": {"personalId": "097085000101"},
    "fullName": "Nguyễn Văn An",
    "birthDate": "1985-05-12",
}
PERSONS = """
query Persons($purpose: Purpose!, $keys: [PersonKey!]) {
  dossier(purpose: $purpose) { children: persons(role: "child", keys: $keys) { fullName } }
}
"""
OLDER = '"older"'
"""The word of a gateway's log for a version that it does not take."""


class Replicas:
    """Two gateways with one public address, their issuer, their Redis and their sources."""

    def __init__(self, folder: Path, sandbox: Running) -> None:
        self.sandbox = sandbox
        self.redis = RedisServer(folder)
        self.issuer = OwnIssuer()
        self.sender = Sender(self.issuer.url, PUBLIC, time.time)
        self.grants = folder / "grants.toml"
        self.revocations = folder / "revocations.toml"
        self.withdrawals = folder / "withdrawals.toml"
        self._grants_text = SANDBOX_GRANTS.read_text(encoding="utf-8")
        self.write_grants(version=1)
        self.revoke(version=1)
        self.withdrawals.write_text("", encoding="utf-8")
        self.gateways = [self._gateway(folder / name) for name in ("one", "two")]

    def _gateway(self, folder: Path) -> OwnGateway:
        folder.mkdir()
        return OwnGateway(
            folder,
            self.sandbox.addresses,
            self.issuer.url,
            PUBLIC_URL=PUBLIC,
            # One installation has one set of keys.
            KEYS_DIR=str(folder.parent / "keys"),
            SHARED_URL=self.redis.url,
            CACHE_URL=self.redis.url,
            GRANTS=str(self.grants),
            REVOCATIONS=str(self.revocations),
            WITHDRAWALS=str(self.withdrawals),
            REFRESH_S="1",
        )

    def write_grants(self, *, version: int, without: str = "") -> None:
        """Write a version of the grants, perhaps *without* those of one consumer."""
        text = re.sub(
            r"^version = \d+$", f"version = {version}", self._grants_text, flags=re.MULTILINE
        )
        head, *grants = re.split(r"(?=^\[\[grant\]\]$)", text, flags=re.MULTILINE)
        kept = [each for each in grants if not without or f'consumer = "{without}"' not in each]
        self.grants.write_text("".join([head, *kept]), encoding="utf-8")

    def revoke(self, *, version: int, **what: str) -> None:
        """Write a version of the list of revocations."""
        head = f"version = {version}\nissued = 2026-01-01\nexpires = 2099-12-31\n"
        for kind, name in what.items():
            head += f'[[revoked]]\n{kind} = "{name}"\nreason = "thử"\nat = 2026-11-21\n'
        self.revocations.write_text(head, encoding="utf-8")

    def bearer(self, **claims: Any) -> list[tuple[str, str]]:
        """Give the header of a new plain token."""
        return [("authorization", f"Bearer {self.sender.token(**claims)}")]

    def ask(
        self,
        which: int,
        headers: list[tuple[str, str]],
        key: dict[str, Any] | None = None,
        **given: Any,
    ) -> httpx2.Response:
        """Ask one of the two about a person."""
        body = {"query": PERSON, "variables": {"purpose": purpose(**given), "applicant": key or AN}}
        return self.gateways[which].send(Sent(headers), body)

    def asked(self) -> list[dict[str, Any]]:
        """Read what the population registry was asked."""
        rows: list[dict[str, Any]] = self.sandbox.http.get(
            f"{self.sandbox.addresses['control']}/journal"
        ).json()
        return [row for row in rows if row["registry"] == "population"]

    def forget(self) -> None:
        """Empty the sandbox's journal."""
        self.sandbox.http.delete(f"{self.sandbox.addresses['control']}/journal").raise_for_status()

    def stop(self) -> None:
        """Stop everything that is ours."""
        assert [0, 0] == [gateway.stop() for gateway in self.gateways]
        self.issuer.stop()
        self.redis.kill()


@pytest.fixture(scope="module")
def started(shared: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replicas]:
    """Start the two replicas."""
    replicas = Replicas(tmp_path_factory.mktemp("replicas"), shared)
    yield replicas
    replicas.stop()


@pytest.fixture
def replicas(started: Replicas, sandbox: Running) -> Replicas:
    """Give the replicas, their sandbox healthy and with an empty journal."""
    assert sandbox is started.sandbox
    return started


def code(answer: httpx2.Response) -> str:
    errors = answer.json().get("errors")
    return str(errors[0]["extensions"]["code"]) if errors else "OK"


def says(replicas: Replicas, which: int, what: str, **claims: str) -> Callable[[], bool]:
    """Wish that a replica answers a new token of these *claims* with *what*."""
    return lambda: code(replicas.ask(which, replicas.bearer(**claims))) == what


def test_a_proof_used_on_one_is_used_up_on_the_other(replicas: Replicas) -> None:
    token = replicas.sender.bound()
    headers = [("authorization", f"DPoP {token}"), ("dpop", replicas.sender.proof(token))]
    assert "OK" == code(replicas.ask(0, headers))
    replicas.forget()
    again = replicas.ask(1, headers)
    assert (401, "DPOP_PROOF_INVALID") == (again.status_code, code(again))
    assert 'error="invalid_dpop_proof"' in again.headers["www-authenticate"]
    assert [] == replicas.asked()


def test_a_quota_of_subjects_is_spent_on_both(replicas: Replicas) -> None:
    actor = officer()
    headers = replicas.bearer()

    def strangers(which: int, start: int, count: int) -> httpx2.Response:
        keys = [
            {
                "number": {"personalId": f"0991{n:08}"},
                "fullName": "Trần Không Có",
                "birthDate": "1980",
            }
            for n in range(start, start + count)
        ]
        body = {
            "query": PERSONS,
            "variables": {"purpose": purpose(actor=actor), "keys": keys},
        }
        return replicas.gateways[which].send(Sent(headers), body)

    assert 200 == strangers(0, 0, 30).status_code
    assert 200 == strangers(1, 30, 30).status_code
    replicas.forget()
    for which in (0, 1):
        over = strangers(which, 60 + which, 1)
        assert (429, "QUOTA_EXCEEDED") == (over.status_code, code(over))
    assert [] == replicas.asked()


def test_attempts_at_a_number_are_spent_on_both(replicas: Replicas) -> None:
    actor = officer()
    headers = replicas.bearer()
    for which, day in zip(itertools.cycle((0, 1)), range(1, 6), strict=False):
        wrong = {**AN, "birthDate": f"1950-01-{day:02}"}
        answer = replicas.ask(which, headers, wrong, actor=actor)
        assert "NOT_FOUND_OR_MISMATCH" == code(answer)
    replicas.forget()
    for which in (0, 1):
        assert "ATTEMPTS_EXCEEDED" == code(replicas.ask(which, headers, actor=actor))
    assert [] == replicas.asked()


def test_a_dossier_bound_on_one_is_bound_on_the_other(replicas: Replicas) -> None:
    given = purpose(actor=officer())
    headers = replicas.bearer()
    assert "OK" == code(replicas.ask(0, headers, **given))
    other = {**AN, "number": {"personalId": "097085000999"}}
    assert "NOT_A_PARTY" == code(replicas.ask(1, headers, other, **given))


def test_a_revoked_token_is_refused_on_both_though_both_remember_it(replicas: Replicas) -> None:
    headers = replicas.bearer(jti="stolen-token-1")
    for which in (0, 1):
        assert "OK" == code(replicas.ask(which, headers))
    replicas.revoke(version=2, token="stolen-token-1")
    for which in (0, 1):
        assert soon(says(replicas, which, "TOKEN_INVALID", jti="stolen-token-1"))
    replicas.forget()
    refused = replicas.ask(0, headers)
    assert 401 == refused.status_code
    assert "token-revoked" == refused.json()["errors"][0]["extensions"]["rule"]
    assert [] == replicas.asked()
    assert "OK" == code(replicas.ask(1, replicas.bearer()))


def test_a_registry_that_its_owner_withdraws_is_not_asked_and_says_on_what_ground(
    replicas: Replicas,
) -> None:
    ground = "Đang rà soát thỏa thuận chia sẻ dữ liệu"
    replicas.withdrawals.write_text(
        f'[[withdrawal]]\nregistry = "population"\nconsumer = "portal-hanoi"\nground = "{ground}"\n'
        "from = 2026-01-01\n",
        encoding="utf-8",
    )
    try:
        for which in (0, 1):
            assert soon(says(replicas, which, "WITHHELD"))
        replicas.forget()
        answer = replicas.ask(0, replicas.bearer()).json()
        assert ground in answer["errors"][0]["message"]
        assert {"dossier.applicant": "WITHHELD"} == answer["extensions"]["states"]
        told = replicas.gateways[0].send(
            Sent(replicas.bearer()),
            {"query": "{ myGrants { procedure withdrawn { registry ground } } }"},
        )
        assert {"registry": "POPULATION", "ground": ground} in [
            each for grant in told.json()["data"]["myGrants"] for each in grant["withdrawn"]
        ]
        assert [] == replicas.asked()
    finally:
        replicas.withdrawals.write_text("", encoding="utf-8")
    for which in (0, 1):
        assert soon(says(replicas, which, "OK"))


def test_a_revoked_grant_ends_on_both_and_an_older_version_does_not_bring_it_back(
    replicas: Replicas,
) -> None:
    replicas.write_grants(version=3, without="portal-hanoi")
    for which in (0, 1):
        assert soon(says(replicas, which, "GRANT_REQUIRED"))
    replicas.write_grants(version=2)
    assert soon(lambda: all(OLDER in gateway.said() for gateway in replicas.gateways))
    replicas.forget()
    for which in (0, 1):
        assert "GRANT_REQUIRED" == code(replicas.ask(which, replicas.bearer()))
    assert [] == replicas.asked()
    replicas.write_grants(version=4)
    for which in (0, 1):
        assert soon(says(replicas, which, "OK"))


def test_without_the_shared_store_nothing_is_asked_and_it_heals_by_itself(
    replicas: Replicas,
) -> None:
    replicas.redis.kill()
    replicas.forget()
    for which in (0, 1):
        shut = replicas.ask(which, replicas.bearer())
        assert (503, "GUARD_UNAVAILABLE") == (shut.status_code, code(shut))
        assert shut.headers["retry-after"]
    assert [] == replicas.asked()
    replicas.redis.start()
    for which in (0, 1):
        assert soon(says(replicas, which, "OK"))
