"""A client of the sandbox's insurance registry."""

from typing import Any

import httpx2

from sandbox.insurance_token import fingerprint
from tests.sandbox.visitor import SECRET, Running

LOGIN = {"grant_type": "password", "username": "lienthong", "password": SECRET}


class Visitor:
    """A client of the insurance registry that has logged in, and can break each rule."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.url: str = running.addresses["insurance"]
        grant = self.log_in().json()
        self.session = {
            "token": grant["access_token"],
            "id_token": grant["id_token"],
            "username": "lienthong",
            "password": fingerprint(SECRET),
        }
        self.headers = {
            "Authorization": f"Bearer {grant['access_token']}",
            "X-Request-Id": "intent-1",
        }

    def log_in(self, **changed: str) -> httpx2.Response:
        """Ask for a token."""
        return self.running.http.post(f"{self.url}/token", data=LOGIN | changed)

    def post_check(self, session: dict[str, str], question: object) -> httpx2.Response:
        """Send a card check as it is, with *session* in the query string."""
        url = f"{self.url}/the-bhyt/kiem-tra"
        headers = {"X-Request-Id": "intent-1"}
        return self.running.http.post(url, params=session, json=question, headers=headers)

    def post_look_up(self, question: object) -> httpx2.Response:
        """Send a look-up as it is."""
        url = f"{self.url}/bhxh/tra-cuu"
        return self.running.http.post(url, headers=self.headers, json=question)

    def check(self, **question: str) -> Any:
        """Check a card as an honest client does: an object, or an array of two."""
        answer = self.post_check(self.session, question)
        assert answer.status_code == 200
        return answer.json()

    def look_up(self, **question: str) -> dict[str, Any]:
        """Look up a participant as an honest client does."""
        answer = self.post_look_up(question)
        assert answer.status_code == 200
        told: dict[str, Any] = answer.json()
        return told
