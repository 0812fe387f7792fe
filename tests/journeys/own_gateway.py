"""A gateway of a test's own: `lienthong serve` with the test's issuer, before a shared sandbox."""

import json
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2

from tests.auth.mint import jwks
from tests.auth.sender import PUBLISHED, Sent
from tests.sandbox.ports import free_port

SECRET = "sandbox-secret"


class OwnIssuer:
    """An issuer whose key document the test changes; *fetches* counts who came for it."""

    def __init__(self) -> None:
        self.document: Mapping[str, object] | None = jwks(*PUBLISHED)
        """None: it answers nothing but an error."""
        self.fetches = 0
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.fetches += 1
                body = json.dumps(issuer.document).encode()
                self.send_response(503 if issuer.document is None else 200)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def stop(self) -> None:
        """Go away."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class OwnGateway:
    """A running `lienthong serve` in the sandbox profile; *settings* are further ones."""

    def __init__(
        self, directory: Path, sandbox: Mapping[str, Any], issuer: str, **settings: str
    ) -> None:
        self.log = directory / "access-log.db"
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._said = (directory / "said.log").open("w+b")
        given = {
            "PROFILE": "sandbox",
            "PORT": str(self.port),
            "ACCESS_LOG_URL": f"sqlite+aiosqlite:///{self.log}",
            "KEYS_DIR": str(directory / "keys"),
            "ISSUERS": json.dumps({issuer: f"{issuer}/jwks.json"}),
            "LOG_LEVEL": "DEBUG",
            "REGISTRY_POPULATION_URL": sandbox["population"],
            "REGISTRY_POPULATION_ACCOUNT": "lienthong",
            "REGISTRY_POPULATION_SECRET": SECRET,
            "REGISTRY_POPULATION_API_KEY": "sandbox",
            "REGISTRY_POPULATION_MEMBER": "VN:GOV:SANDBOX:lienthong",
            **settings,
        }
        self.process = subprocess.Popen(
            [str(Path(sys.executable).with_name("lienthong")), "serve"],
            cwd=directory,
            stdout=subprocess.PIPE,
            stderr=self._said,
            text=True,
            env={**_others(), **{f"LIENTHONG_{name}": value for name, value in given.items()}},
        )
        assert self.process.stdout
        assert self.process.stdout.readline(), (directory / "said.log").read_text()
        self.http = httpx2.Client(timeout=20, trust_env=False)

    def said(self) -> str:
        """Give all it has said so far."""
        return Path(self._said.name).read_text(encoding="utf-8")

    def send(self, sent: Sent, body: Mapping[str, Any]) -> httpx2.Response:
        """Send a request that says who sends it."""
        url = f"{self.address}{sent.path}" + (f"?{sent.query}" if sent.query else "")
        headers = [*sent.headers, ("accept", "application/graphql-response+json")]
        if sent.method == "GET":
            return self.http.get(url, headers=headers)
        return self.http.post(url, json=body, headers=headers)

    def entries(self, request_id: str) -> list[dict[str, Any]]:
        """Give the entries of one request, as they lie on disk."""
        with sqlite3.connect(f"file:{self.log}?mode=ro", uri=True) as log:
            rows = log.execute(
                "SELECT body FROM audit_entry WHERE request_id = ?", (request_id,)
            ).fetchall()
        log.close()
        return [json.loads(row[0])["entry"] for row in rows]

    def stop(self) -> int:
        """Stop it, and give its exit status."""
        self.http.close()
        self.process.terminate()
        status = self.process.wait(timeout=60)
        if self.process.stdout:
            self.process.stdout.close()
        self._said.close()
        return status


def _others() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if "LIENTHONG_" not in name}
