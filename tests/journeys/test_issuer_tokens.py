"""A token of each kind from the sandbox's own issuer, at a running gateway."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
import pytest

from sandbox.dpop import new_key, prove
from tests.journeys.own_gateway import OwnGateway
from tests.sandbox.portal import (
    PORTAL,
    ask,
    choose,
    over_tls,
    redeeming,
    told,
)
from tests.sandbox.visitor import Running

PAGE = Path(__file__).parents[2] / "docs" / "sandbox.md"
PUBLIC = "https://gateway.example"
CATALOGUE = {"query": "{ registries { name } }"}
ME = {"query": "{ me { person { fullName } } }"}
CREDENTIALS = {"grant_type": "client_credentials", "client_id": PORTAL}


def example(name: str) -> str:
    """Give the Python block of the page after the mark of this *name*."""
    mark = rf"<!-- example: {name} -->\n```python\n(.*?)```"
    found = re.search(mark, PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found[1]


def run(lines: str) -> dict[str, Any]:
    """Run an example, and give the names it made."""
    names: dict[str, Any] = {}
    exec(compile(lines, str(PAGE), "exec"), names)  # noqa: S102 - our own page, as a reader would
    return names


class Place(NamedTuple):
    """A gateway with TLS that believes the sandbox's issuer and its authority."""

    url: str
    sandbox: Running
    portal: httpx2.Client
    """Shows the certificate of portal-hanoi."""
    stranger: httpx2.Client
    """Shows that of portal-lamdong."""
    nobody: httpx2.Client

    def answer(self, http: httpx2.Client, token: str, **headers: str) -> str:
        """Ask for the catalogue; give the rule of the refusal, or accepted."""
        sent = {"authorization": f"{'DPoP' if headers else 'Bearer'} {token}", **headers}
        said = http.post(self.url, json=CATALOGUE, headers=sent).json()
        return str(said["errors"][0]["extensions"]["rule"]) if "errors" in said else "accepted"


@pytest.fixture(scope="module")
def place(shared: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Start the gateway with the files that lie in the sandbox's directory."""
    files = shared.directory
    gateway = OwnGateway(
        tmp_path_factory.mktemp("issuer-tokens"),
        shared.addresses,
        shared.addresses["issuer"],
        TLS_CERT=str(files / "issuer-tls.pem"),
        TLS_KEY=str(files / "issuer-tls.key"),
        TLS_CLIENT_CA=str(files / "ca.pem"),
        PUBLIC_URL=PUBLIC,
    )
    clients = [over_tls(files, each) for each in (PORTAL, "portal-lamdong", None)]
    yield Place(f"https://127.0.0.1:{gateway.port}/graphql", shared, *clients)
    for client in clients:
        client.close()
    assert 0 == gateway.stop()


@pytest.fixture(autouse=True)
def _healthy(sandbox: Running) -> None:
    """Lift the faults that other tests of the session have set."""
    assert sandbox


def token_of(answer: httpx2.Response) -> str:
    told: dict[str, Any] = answer.raise_for_status().json()
    return str(told["access_token"])


def test_a_token_bound_to_a_certificate_works_with_that_certificate_only(place: Place) -> None:
    door = f"{place.sandbox.addresses['issuer_tls']}/token"
    token = token_of(place.portal.post(door, data=CREDENTIALS))

    answers = [place.answer(each, token) for each in (place.portal, place.stranger, place.nobody)]

    assert ["accepted", "token-certificate", "token-certificate"] == answers


def test_a_token_by_assertion_and_proof_works_with_that_key_only(place: Place) -> None:
    """The assertion is made by the lines of docs/sandbox.md."""
    issuer, key = place.sandbox.addresses["issuer"], new_key()
    lines = example("assertion").replace("http://127.0.0.1:8100/issuer", issuer)
    made = run(lines.replace("var/sandbox", str(place.sandbox.directory)))
    token = token_of(ask(place.sandbox, made["form"], dpop=prove(key, "POST", f"{issuer}/token")))

    def proof(by: Any) -> str:
        return prove(by, "POST", f"{PUBLIC}/graphql", token=token)

    assert "accepted" == place.answer(place.nobody, token, dpop=proof(key))
    assert "dpop-other-key" == place.answer(place.nobody, token, dpop=proof(new_key()))
    assert "token-bound-as-bearer" == place.answer(place.nobody, token)


def test_a_citizen_who_logged_in_reads_their_own_record(place: Place) -> None:
    code = told(choose(place.sandbox, "citizen-an"))["code"]
    token = token_of(ask(place.sandbox, redeeming(code)))

    answer = place.nobody.post(
        place.url, json=ME, headers={"authorization": f"Bearer {token}"}
    ).json()

    assert "errors" not in answer
    assert "Nguyễn Văn An" == answer["data"]["me"]["person"]["fullName"]


def test_an_officer_who_logged_in_gets_in_with_the_certificate_of_the_portal(place: Place) -> None:
    code = told(choose(place.sandbox, "officer-lan"))["code"]
    door = f"{place.sandbox.addresses['issuer_tls']}/token"
    token = token_of(place.portal.post(door, data=redeeming(code)))

    assert "accepted" == place.answer(place.portal, token)
    assert "token-certificate" == place.answer(place.nobody, token)
