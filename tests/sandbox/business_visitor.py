"""A client of the business registry's twin, honest or not."""

import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx2
import msgspec
from joserfc import jwt
from joserfc.jwk import ECKey

from tests.sandbox.visitor import Running

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Office:
    """A client of the business registry that can break each rule."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.url: str = running.addresses["business"]
        self.key = ECKey.import_key(Path(running.addresses["business_key"]).read_bytes())
        self.token = ""

    def assertion(self, key: Any = None, alg: str = "ES256", **claims: object) -> str:
        """Sign who we are; *claims* replaces, and None leaves out."""
        told = {
            "iss": "lienthong",
            "sub": "lienthong",
            "aud": f"{self.url}/token",
            "exp": int(time.time()) + 60,
            "jti": f"{time.monotonic_ns()}",
        } | claims
        kept = {name: value for name, value in told.items() if value is not None}
        return jwt.encode({"alg": alg}, kept, key or self.key, algorithms=[alg])

    def ask_for_token(self, assertion: str, **form: str) -> httpx2.Response:
        """Send an assertion."""
        fields = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion,
        }
        return self.running.http.post(f"{self.url}/token", data=fields | form)

    def ask(self, operation: str, **fields: str) -> httpx2.Response:
        """Ask as an honest client does."""
        if not self.token:
            self.token = self.ask_for_token(self.assertion()).json()["access_token"]
        headers = {"Authorization": f"Bearer {self.token}", "X-Request-Id": "REQUEST-1"}
        url = f"{self.url}/dkkd/1.0/{operation}"
        if operation == "chiTietDoanhNghiep":
            return self.running.http.get(url, params=fields, headers=headers)
        return self.running.http.post(url, json=fields, headers=headers)

    def data(self, operation: str, **fields: str) -> Any:
        """Ask, and open the envelope; numbers with a point come as decimals."""
        answer = self.ask(operation, **fields)
        assert (200, "application/json") == (answer.status_code, answer.headers["content-type"])
        envelope = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal).decode(answer.content)
        assert ["Data"] == list(envelope)
        return envelope["Data"]

    def enterprise(self, code: str) -> Any:
        """Look an enterprise up."""
        return self.data("chiTietDoanhNghiep", msdn=code)
