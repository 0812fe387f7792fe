"""The ways in that docs/tokens.md tells: its own examples run, against running gateways."""

import re
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
import pytest

from auth.grants import SANDBOX_GRANTS
from tests.auth.mint import key
from tests.auth.sender import Sender, public
from tests.gateway.certificates import Authority
from tests.journeys.house import House
from tests.journeys.own_gateway import OwnGateway, OwnIssuer
from tests.sandbox.visitor import Running

PAGE = Path(__file__).parents[2] / "docs" / "tokens.md"
PUBLIC = "https://gateway.example"
CATALOGUE = {"query": "{ registries { name } }"}


def example(name: str) -> str:
    """Give the Python block after the mark of this *name*."""
    found = re.search(
        rf"<!-- example: {name} -->\n```python\n(.*?)```", PAGE.read_text(), re.DOTALL
    )
    assert found
    return found[1]


def run(*blocks: str, **names: Any) -> dict[str, Any]:
    """Run examples one after the other, and give the names they made."""
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), names)  # noqa: S102 - our own page, as a reader would
    return names


def test_the_portal_of_the_page_gets_in(house: House) -> None:
    portal = example("portal")
    portal = portal.replace("http://127.0.0.1:8100/issuer", house.addresses["issuer"])
    portal = portal.replace("http://127.0.0.1:8000", house.addresses["gateway"])

    made = run(example("proof"), portal)

    assert "DPoP" == made["told"]["token_type"]
    assert 200 == made["answer"].status_code
    assert "errors" not in made["answer"].json()


class Place(NamedTuple):
    """A gateway with TLS, which asks for nonces, and the portals before it."""

    url: str
    issuer: str
    certificate: str
    """Digest of the certificate that *portal* shows."""
    portal: httpx2.Client
    stranger: httpx2.Client
    """Another one of the same authority."""


def _client(ca: Path, shown: tuple[Path, Path, str]) -> httpx2.Client:
    context = ssl.create_default_context(cafile=str(ca))
    context.load_cert_chain(shown[0], shown[1])
    return httpx2.Client(verify=context, trust_env=False, timeout=20)


def _grants(directory: Path) -> Path:
    """Write the sandbox's grants, with a portal that is its own issuer."""
    shown = {**public(key("ec-own")), "kid": "portal-1"}
    inline = ", ".join(f'{name} = "{value}"' for name, value in shown.items())
    file = directory / "grants.toml"
    file.write_text(
        f'{SANDBOX_GRANTS.read_text()}\n[[consumer]]\nid = "portal-hanoi"\n'
        f'issuer = "https://portal.example.gov.vn"\nkeys = [{{ {inline} }}]\n'
        'keys_sign = "tokens"\n'
    )
    return file


@pytest.fixture(scope="module")
def place(shared: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Start the issuer and the gateway."""
    directory = tmp_path_factory.mktemp("ways-in")
    authority, issuer = Authority(directory, "authority"), OwnIssuer()
    server_cert, server_key, _ = authority.issue("server")
    portal, stranger = authority.issue("portal"), authority.issue("stranger")
    gateway = OwnGateway(
        directory,
        shared.addresses,
        issuer.url,
        TLS_CERT=str(server_cert),
        TLS_KEY=str(server_key),
        TLS_CLIENT_CA=str(authority.file),
        PUBLIC_URL=PUBLIC,
        DPOP_NONCE="true",
        GRANTS=str(_grants(directory)),
    )
    known, unknown = _client(authority.file, portal), _client(authority.file, stranger)
    yield Place(f"https://127.0.0.1:{gateway.port}/graphql", issuer.url, portal[2], known, unknown)
    known.close()
    unknown.close()
    issuer.stop()
    assert 0 == gateway.stop()


def rule_of(answer: httpx2.Response) -> str:
    told = answer.json()
    return str(told["errors"][0]["extensions"]["rule"]) if "errors" in told else "accepted"


def test_a_token_bound_to_a_certificate_works_over_its_connection_only(place: Place) -> None:
    sender = Sender(place.issuer, PUBLIC, time.time)
    cnf = {"x5t#S256": place.certificate}
    headers = {"authorization": f"Bearer {sender.token(client_id='portal-lamdong', cnf=cnf)}"}

    answers = [
        each.post(place.url, json=CATALOGUE, headers=headers)
        for each in (place.portal, place.stranger, place.portal)
    ]

    assert ["accepted", "token-certificate", "accepted"] == [rule_of(each) for each in answers]


def test_a_portal_without_an_authorization_server_signs_for_itself(place: Place) -> None:
    """With the page's own lines; the first proof learns the nonce that the next must name."""
    made = run(example("proof"), example("own issuer"))
    token = made["own_token"](key("ec-own"), made["key"])

    def ask(nonce: str | None) -> httpx2.Response:
        proof = made["proof"]("POST", f"{PUBLIC}/graphql", token, nonce)
        headers = {"authorization": f"DPoP {token}", "dpop": proof}
        return place.portal.post(place.url, json=CATALOGUE, headers=headers)

    first = ask(None)
    second = ask(first.headers["dpop-nonce"])
    third = ask(second.headers["dpop-nonce"])

    assert ["dpop-nonce", "accepted", "accepted"] == [
        rule_of(each) for each in (first, second, third)
    ]
    assert 401 == first.status_code
    assert first.headers["www-authenticate"].startswith('DPoP error="use_dpop_nonce"')


def test_its_token_without_its_key_is_worth_nothing(place: Place) -> None:
    made = run(example("proof"), example("own issuer"))
    token = made["own_token"](key("ec-own"), made["key"])

    answers = [
        place.portal.post(place.url, json=CATALOGUE, headers={"authorization": f"{scheme} {token}"})
        for scheme in ("Bearer", "DPoP")
    ]

    assert ["token-bound-as-bearer", "dpop-required"] == [rule_of(each) for each in answers]


def test_no_other_issuer_speaks_for_that_portal(place: Place) -> None:
    token = Sender(place.issuer, PUBLIC, time.time).token()

    answer = place.portal.post(
        place.url, json=CATALOGUE, headers={"authorization": f"Bearer {token}"}
    )

    assert "token-issuer-not-the-consumers" == rule_of(answer)
