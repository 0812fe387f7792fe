"""An official installation: `lienthong serve` as production, with all that belongs around it.

No sandbox: the test has its own authority, issuer, operator and registry. Production refuses the
sandbox's numbers (097 to 099) as officers', so everybody here has one that begins with 000, the
prefix of no province: nobody's.
"""

import re
import ssl
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx2
import msgspec

from tests.adapters.population_wire import EMPTY, citizen, citizens
from tests.auth.mint import jwks, key
from tests.auth.sender import PUBLISHED, Sender, public
from tests.gateway.certificates import Authority
from tests.gateway.lienthong import Said, lienthong
from tests.journeys.own_gateway import OwnGateway

AUDIENCE = "https://lienthong.example.gov.vn"
LAMDONG = "https://portal.lamdong.example.gov.vn"
"""The name of Lâm Đồng's portal as its own issuer."""
NUMBER, NAME, BIRTH, STRANGER = "000185000101", "Phạm Thị Mẫu", "1985-05-12", "000185000102"
OFFICER = "000000000001"
NOT_TO_BE_SAID = (NUMBER, STRANGER, NAME, BIRTH, "19850512", OFFICER)


class Outside:
    """What the gateway calls, over https: the issuer's keys, and a registry that counts."""

    def __init__(self, authority: Authority) -> None:
        self.calls = 0
        outside = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(msgspec.json.encode(jwks(*PUBLISHED)))

            def do_POST(self) -> None:
                outside.calls += 1
                asked = self.rfile.read(int(self.headers["content-length"])).decode()
                known = NUMBER in re.findall(r"SoDinhDanh[^>]*>(\d+)<", asked)
                found = citizens(citizen(NAME.upper(), "19850512", NUMBER))
                self._answer(found if known else EMPTY)

            def _answer(self, body: bytes) -> None:
                self.send_response(200)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        cert, private, _ = authority.issue("outside")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, private)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = f"https://127.0.0.1:{self._server.server_port}"
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Go away."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Official:
    """The files of an installation in *directory*, and its one process."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.authority = Authority(directory, "authority")
        self._server = self.authority.issue("server")
        self.outside = Outside(self.authority)
        self.keygen("operator")
        self.sign("grants", grants(self.outside.url))
        self.sign("revocations", "version = 1\nissued = 2025-07-01\nexpires = 2099-12-31\n")
        context = ssl.create_default_context(cafile=str(self.authority.file))
        self._started: list[OwnGateway] = []
        self.http = httpx2.Client(verify=context, trust_env=False, timeout=20)

    def keygen(self, name: str) -> None:
        """Make a signing key with the operator's own command."""
        said = lienthong("grants", "keygen", "--out", str(self.directory / f"{name}.pem"))
        assert 0 == said.status, said.err

    def sign(self, kind: str, text: str, by: str = "operator") -> Said:
        """Write and sign grants or revocations with the operator's own command."""
        file, out = self.directory / f"{kind}.toml", self.directory / f"{kind}.jws"
        file.write_text(text, encoding="utf-8")
        words = ("--kind", kind, "--key", str(self.directory / f"{by}.pem"), "--out", str(out))
        said = lienthong("grants", "sign", str(file), *words)
        assert 0 == said.status, said.err
        return said

    def settings(self, **changed: str) -> dict[str, str]:
        """Give what its operator has set, with some *changed*."""
        place = self.directory
        return {
            "PROFILE": "production",
            "SINGLE_NODE": "yes",
            "AUDIENCE": AUDIENCE,
            "TLS_CERT": str(self._server[0]),
            "TLS_KEY": str(self._server[1]),
            "OUTBOUND_CA": str(self.authority.file),
            "GRANTS": str(place / "grants.jws"),
            "GRANTS_KEYS": str(place / "operator.jwks.json"),
            "REVOCATIONS": str(place / "revocations.jws"),
            "REFRESH_S": "1",
            "KEPT_DIR": str(place / "kept"),
            "REGISTRY_POPULATION_SECRET": "invented-for-this-test",
            "REGISTRY_POPULATION_API_KEY": "invented-for-this-test",
            **changed,
        }

    def start(self, **changed: str) -> None:
        """Start it; `lienthong serve` as anybody would."""
        self.gateway = OwnGateway(
            self.directory,
            {"population": f"{self.outside.url}/population"},
            self.outside.url,
            **self.settings(**changed),
        )
        self._started.append(self.gateway)
        self.address = f"https://127.0.0.1:{self.gateway.port}"

    def refused_start(self, **changed: str) -> Said:
        """Try to start one that must not."""
        given = {"PORT": "0", "ACCESS_LOG_URL": f"sqlite+aiosqlite:///{self.directory}/no.db"}
        given |= {"KEYS_DIR": str(self.directory / "no-keys"), **self.settings(**changed)}
        issuers = msgspec.json.encode({self.outside.url: f"{self.outside.url}/jwks.json"})
        given["ISSUERS"] = issuers.decode()
        named = {f"LIENTHONG_{name}": value for name, value in given.items()}
        return lienthong("serve", columns=80, **named)

    def wait_until_said(self, words: str) -> None:
        """Wait until the log of the process has *words*."""
        deadline = time.monotonic() + 30
        while words not in self.gateway.said():
            assert time.monotonic() < deadline, words
            time.sleep(0.05)

    def close(self) -> None:
        """Let the surroundings go, and a process that a failed test has left."""
        for each in self._started:
            if each.process.poll() is None:
                each.stop()
        self.http.close()
        self.outside.stop()

    def token(self, client: str = "portal-hanoi", **changed: Any) -> str:
        """Get a token bound to the portal's key; Lâm Đồng's portal signs it itself."""
        own = client == "portal-lamdong"
        sender = Sender(LAMDONG if own else self.outside.url, self.address, time.time)
        signing = "ec-own" if own else "ec-1"
        good = {"client_id": client, "sub": client, "aud": AUDIENCE, **changed}
        return sender.bound(header={"kid": signing}, signed_by=signing, **good)

    def headers(self, token: str, method: str = "POST", path: str = "/graphql") -> dict[str, str]:
        """Show the token, with a new proof."""
        sender = Sender(self.outside.url, self.address, time.time)
        proof = sender.proof(token, htm=method, path=path)
        return {"authorization": f"DPoP {token}", "dpop": proof}

    def ask(
        self, query: str, variables: Mapping[str, Any] | None = None, token: str | None = None
    ) -> httpx2.Response:
        """Send one operation; without *token*, as Hà Nội's portal with a new one."""
        return self.http.post(
            f"{self.address}/graphql",
            json={"query": query, "variables": variables or {}},
            headers=self.headers(token or self.token()),
        )

    def refused(self, answer: httpx2.Response, asked_before: int) -> tuple[str, str]:
        """Give code and rule of a refusal that asked nobody and left one entry about nobody."""
        [entry] = self.gateway.entries(answer.headers["x-request-id"])
        said = answer.json()["errors"][0]["extensions"]
        assert ("DENIED", said["code"], said["rule"]) == (
            entry["kind"],
            entry["code"],
            entry["rule"],
        )
        assert asked_before == self.outside.calls
        told = f"{entry} {answer.text} {answer.headers}"
        assert [] == [each for each in NOT_TO_BE_SAID if each in told]
        return said["code"], said["rule"]


def inline(name: str) -> str:
    """Write a public key as it stands in grants."""
    shown = {**public(key(name)), "kid": name}
    return "{" + ", ".join(f'{member} = "{value}"' for member, value in shown.items()) + "}"


def grants(issuer: str, version: int = 1) -> str:
    """Write the operator's file: one portal signs its dossiers, one its tokens, one rehearses."""
    terms = """\
procedures = ["1.004222"]
legal_basis = "Nghị định 194/2025/NĐ-CP, Điều 16"
valid_from = 2025-07-01
valid_until = 2099-12-31
"""
    asserted = 'attestation = "ASSERTED"\nassertion_ground = "Phụ lục 2 của thỏa thuận"\n'
    return f"""\
version = {version}
issued = 2025-07-01
expires = 2099-12-31

[[consumer]]
id = "portal-hanoi"
issuer = "{issuer}"
keys = [{inline("ec-dossiers")}]

[[consumer]]
id = "portal-lamdong"
issuer = "{LAMDONG}"
keys = [{inline("ec-own")}]
keys_sign = "tokens"

[[consumer]]
id = "developers"
issuer = "{issuer}"

[[grant]]
id = "hanoi-residence"
consumer = "portal-hanoi"
agencies = ["H26"]
attestation = "ATTESTED"
{terms}accountable = {{H26 = "{OFFICER}"}}

[[grant]]
id = "lamdong-residence"
consumer = "portal-lamdong"
agencies = ["H36"]
{asserted}{terms}accountable = {{H36 = "{OFFICER}"}}

[[grant]]
id = "developers"
consumer = "developers"
agencies = ["H26"]
{asserted}{terms}accountable = {{H26 = "{OFFICER}"}}
"""


PERSON = """query P($purpose: Purpose!, $applicant: PersonKey!) {
  dossier(purpose: $purpose) { applicant: person(role: "applicant", key: $applicant) { fullName } }
}"""


def person(number: str = NUMBER) -> dict[str, Any]:
    """Give the proof of the one person whom the registry knows, or of a stranger."""
    return {"number": {"personalId": number}, "fullName": NAME, "birthDate": BIRTH}
