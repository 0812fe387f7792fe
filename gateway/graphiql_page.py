"""GraphiQL for developers: the page, its files, its configuration.

The page is built once, by `make setup`, from `gateway/graphiql/` into `gateway/static/graphiql/`;
it asks no other host for anything, and its Content-Security-Policy lets it ask none.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from os import PathLike, stat_result
from pathlib import Path

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from auth.discreet import Discreet
from gateway.envelope import language_of
from resolvers.answers import PLAIN_JSON, RESPONSE_JSON

BUILT = Path(__file__).with_name("static") / "graphiql"
"""Where `npm run build` writes; vite.config.js says the same."""

_SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",  # the editor writes its colours into style elements
    "font-src": "'self'",
    "img-src": "'self' data:",  # the small signs of the style sheets
    "connect-src": "'self'",
    "worker-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
POLICY = "; ".join(f"{directive} {sources}" for directive, sources in _SOURCES.items())

NOT_BUILT = """<!doctype html>
<html lang="vi">
<meta charset="utf-8">
<title>Liên Thông</title>
<h1>GraphiQL chưa được dựng</h1>
<p>Hãy chạy <code>make setup</code>, rồi mở lại trang này.
Giao diện lập trình <code>POST /graphql</code> vẫn hoạt động.</p>
<p lang="en">GraphiQL has not been built: run <code>make setup</code>, then open this page again.
<code>POST /graphql</code> works all the same.</p>
</html>
"""

_FOR_EVER = "public, max-age=31536000, immutable"
_WEIGHT = re.compile(r"q=([01](?:\.[0-9]{0,3})?)")
_POST_ONLY = {
    "vi": "Hãy gửi POST với thân JSON; GET chỉ mở GraphiQL cho trình duyệt nhận text/html.",
    "en": "Send POST with a JSON body; GET only opens GraphiQL, for a browser that accepts "
    "text/html.",
}


class Tab(Discreet, frozen=True, kw_only=True):
    """A tab that the page is opened with, or an example that it can open."""

    title: str
    query: str
    variables: Mapping[str, object] = {}
    headers: Mapping[str, str] = {}


class PageConfiguration(Discreet, frozen=True, kw_only=True):
    """What the page reads when it opens; the first persona asks until another is chosen."""

    endpoint: str = "/graphql"
    tokens: Mapping[str, str]
    """Persona -> access token, in the order of the menu; none in production."""
    tabs: Sequence[Tab]
    examples: Sequence[Tab]


async def _nobody_refused(_request: Request) -> Response | None:
    return None


def graphiql_routes(
    configuration: Callable[[], Awaitable[PageConfiguration]],
    *,
    refusal: Callable[[Request], Awaitable[Response | None]] = _nobody_refused,
    built: Path = BUILT,
) -> list[BaseRoute]:
    """Give the routes of the page; *configuration* is asked each time the page opens.

    *refusal* is asked before page and configuration; without it the routes belong to the sandbox
    profile only, where the configuration hands tokens to whoever asks. The built files name nobody.
    """

    async def show(request: Request) -> Response:
        if not _prefers_html(request.headers.get("accept", "")):
            return _post_only(request)
        if refused := await refusal(request):
            return refused
        headers = {"content-security-policy": POLICY, "cache-control": "no-cache", "vary": "accept"}
        # Read each time: a page built anew names other files.
        try:
            return HTMLResponse((built / "index.html").read_bytes(), headers=headers)
        except FileNotFoundError:
            return HTMLResponse(NOT_BUILT, 503, headers=headers)

    async def configure(request: Request) -> Response:
        if refused := await refusal(request):
            return refused
        body = msgspec.json.encode(await configuration())
        headers = {"cache-control": "no-store"}
        return Response(body, headers=headers, media_type="application/json")

    return [
        Route("/graphql", show, methods=["GET"]),
        Route("/graphql/", show, methods=["GET"]),
        Route("/graphql/config.json", configure, methods=["GET"]),
        Mount("/static/graphiql", app=_BuiltFiles(directory=built, check_dir=False)),
    ]


class _BuiltFiles(StaticFiles):
    """The built files; vite puts a hash of the content into the name of each under assets/."""

    async def check_config(self) -> None:
        """Let the folder be missing: a page that was never built has no files."""

    def file_response(
        self,
        full_path: str | PathLike[str],
        stat_result: stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        hashed = Path(full_path).parent.name == "assets"
        response.headers["cache-control"] = _FOR_EVER if hashed else "no-cache"
        return response


def _prefers_html(accept: str) -> bool:
    """Tell a browser's address bar, which wants HTML above all, from a program."""
    weights = dict(_weighed(part) for part in accept.lower().split(","))

    def weight(media: str) -> float:
        return weights.get(media, weights.get("*/*", 0.0))

    return weight("text/html") > max(weight(PLAIN_JSON), weight(RESPONSE_JSON))


def _weighed(part: str) -> tuple[str, float]:
    """Give a media type of an Accept header and its weight (RFC 9110, 12.4.2)."""
    media, *parameters = (text.strip() for text in part.split(";"))
    weights = [found[1] for text in parameters if (found := _WEIGHT.fullmatch(text))]
    return media, float(weights[0]) if weights else 1.0


def _post_only(request: Request) -> Response:
    """Say in words that the graph is asked by POST."""
    language = language_of(request.headers.get("accept-language"))
    extensions = {"code": "BAD_INPUT", "origin": "GATEWAY", "retryable": False}
    if request_id := getattr(request.state, "request_id", None):
        extensions["requestId"] = request_id
    body = {"errors": [{"message": _POST_ONLY[language], "extensions": extensions}]}
    return JSONResponse(body, 405, headers={"allow": "POST", "vary": "accept"})
