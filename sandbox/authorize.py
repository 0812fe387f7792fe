"""The authorization endpoint: a person chooses whom to be, and the client gets a code for it."""

from collections.abc import Callable
from datetime import datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sandbox import login_page
from sandbox.authorization_request import Asked, SentBack, Unanswerable, answer_url, judge
from sandbox.codes import LIFETIME_SECONDS, Codes, Granted

SEE_OTHER = 303
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


class Authorize:
    """Answers as *issuer*, out of *codes*."""

    def __init__(self, issuer: str, codes: Codes, now: Callable[[], datetime]) -> None:
        self._issuer = issuer
        self._codes = codes
        self._now = now

    def route(self) -> Route:
        """Return the endpoint's address."""
        return Route("/issuer/authorize", self._answer, methods=["GET", "POST"])

    async def _answer(self, request: Request) -> Response:
        """Show the page on GET; on POST the page has come back with a choice."""
        posted = request.method == "POST"
        asked = judge(await request.body() if posted else request.scope["query_string"])
        match asked:
            case Unanswerable():
                return login_page.wrong(asked.sentence)
            case SentBack():
                told = asked.refused
                return self._back(asked, error=told.error, error_description=told.error_description)
            case Asked():
                return self._chosen(asked) if posted else login_page.login(asked)

    def _chosen(self, asked: Asked) -> Response:
        if login_page.CANCEL in asked.raw:
            said = "The person chose not to log in."
            return self._back(asked, error="access_denied", error_description=said)
        name = asked.raw.get(login_page.PERSONA)
        persona = next((it for it in asked.personas() if it.name == name), None)
        if persona is None:
            return login_page.login(asked)
        now = self._now().timestamp()
        granted = Granted(
            persona=persona,
            scopes=asked.scopes or persona.scopes,
            redirect_uri=asked.redirect_uri,
            challenge=asked.challenge,
            jkt=asked.jkt,
            ends=now + LIFETIME_SECONDS,
        )
        return self._back(asked, code=self._codes.give(granted, now))

    def _back(self, asked: Asked | SentBack, **told: str) -> Response:
        url = answer_url(asked.redirect_uri, asked.state, self._issuer, **told)
        return RedirectResponse(url, SEE_OTHER, HEADERS)
