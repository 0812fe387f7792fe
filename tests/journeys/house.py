"""The whole house as a visitor finds it: sandbox and gateway as processes, calls over sockets."""

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx2
from joserfc import jwt
from joserfc.jwk import ECKey

from tests.journeys.documents import INVENTED

ROOT = Path(__file__).parents[2]
GRAPHQL_JSON = "application/graphql-response+json"


class House:
    """A started sandbox and gateway; *addresses* is what `lienthong start` said when ready."""

    def __init__(self, directory: Path, *options: str) -> None:
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        self.said = (directory / "said.log").open("w+b")
        command = [
            str(Path(sys.executable).with_name("lienthong")), "start", "--port", "0",
            "--sandbox-port", "0", "--dir", str(directory), "--log-level", "DEBUG", *options,
        ]  # fmt: skip
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=self.said, text=True
        )
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, (directory / "said.log").read_text()
        self.addresses: dict[str, Any] = json.loads(line)
        self.http = httpx2.Client(timeout=20, trust_env=False)
        people = self.http.get(f"{self.addresses['control']}/people").json()
        self.people: dict[str, dict[str, Any]] = {p["name"]: p for p in people}
        self._tokens: dict[str, str] = {}

    def stop(self) -> int:
        """Ask it to stop, and give its exit status."""
        self.http.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=60)
        if self.process.stdout:
            self.process.stdout.close()
        self.said.close()
        return status

    def token(self, persona: str) -> str:
        """Get a persona's token from the sandbox issuer."""
        if persona not in self._tokens:
            answer = self.http.post(
                f"{self.addresses['issuer']}/token",
                data={"grant_type": "client_credentials", "client_id": persona},
            )
            self._tokens[persona] = answer.raise_for_status().json()["access_token"]
        return self._tokens[persona]

    def officer_token(self, actor: Mapping[str, str]) -> str:
        """Sign the token of an officer of Hà Nội's."""
        number = actor["personalId"]
        claim = {"kind": "OFFICER", "personal_id": number, "unit": actor["unit"]}
        return self.sign(number, actor=claim)

    def sign(self, persona: str, **more: object) -> str:
        """Sign a token of the portal of Hà Nội's with the sandbox issuer's key, as a *persona*."""
        if persona not in self._tokens:
            file = self.directory / "sandbox" / "issuer-key.json"
            key = ECKey.import_key(json.loads(file.read_text(encoding="utf-8")))
            now = int(time.time())
            claims = {
                "iss": self.addresses["issuer"],
                "aud": "lienthong-sandbox",
                "sub": "portal-hanoi",
                "client_id": "portal-hanoi",
                "scope": "prefill verify records",
                "jti": uuid.uuid4().hex,
                "iat": now,
                "exp": now + 3600,
                **more,
            }
            header = {"alg": "ES256", "typ": "at+jwt", "kid": key.thumbprint()}
            self._tokens[persona] = jwt.encode(header, claims, key)
        return self._tokens[persona]

    def _bearer(self, variables: Mapping[str, Any], persona: str) -> str:
        """Choose the token: an officer that documents.officer() made up has one of their own."""
        actor = (variables.get("purpose") or {}).get("actor") or {}
        if persona == "portal-hanoi" and actor.get("personalId", "").startswith(INVENTED):
            return self.officer_token(actor)
        return self.token(persona)

    def key(self, name: str) -> dict[str, Any]:
        """Give the proof of a sandbox person, as a PersonKey."""
        key = self.people[name]["key"]
        number = key["number"]
        which = "personalId" if len(number) == 12 else "oldIdNumber"
        return {
            "number": {which: number},
            "fullName": key["fullName"],
            "birthDate": key["birthDate"],
        }

    def subject(self, role: str, name: str) -> dict[str, Any]:
        """Give a sandbox person as the subject of a role."""
        return {"role": role, "is": {"person": self.key(name)}}

    def post(
        self,
        query: str,
        variables: Mapping[str, Any],
        *,
        persona: str = "portal-hanoi",
        accept: str = GRAPHQL_JSON,
        **headers: str,
    ) -> httpx2.Response:
        """Send one operation."""
        return self.http.post(
            f"{self.addresses['gateway']}/graphql",
            json={"query": query, "variables": variables},
            headers={
                "authorization": f"Bearer {self._bearer(variables, persona)}",
                "accept": accept,
                **{name.replace("_", "-"): value for name, value in headers.items()},
            },
        )

    def ask(self, query: str, variables: Mapping[str, Any], **more: str) -> dict[str, Any]:
        """Send one operation, and give its answer."""
        answer: dict[str, Any] = self.post(query, variables, **more).json()
        return answer

    def fault(self, registry: str, mode: str, **more: int) -> None:
        """Set a fault."""
        self.http.put(
            f"{self.addresses['control']}/faults/{registry}", json={"mode": mode, **more}
        ).raise_for_status()

    def calm(self) -> None:
        """Lift all faults, and empty the journal."""
        self.http.delete(f"{self.addresses['control']}/faults").raise_for_status()
        self.http.delete(f"{self.addresses['control']}/journal").raise_for_status()

    def journal(self, registry: str | None = None) -> list[dict[str, Any]]:
        """Read what the registries were asked."""
        rows: list[dict[str, Any]] = self.http.get(f"{self.addresses['control']}/journal").json()
        return [r for r in rows if registry is None or r["registry"].startswith(registry)]


def kill_tree(process: "subprocess.Popen[str]") -> None:
    """End a process that would not."""
    if process.poll() is None:
        os.kill(process.pid, signal.SIGKILL)
        process.wait(timeout=30)
