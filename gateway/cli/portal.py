"""The command line as a portal: one persona's token, one gateway, one operation at a time."""

import http.client
import ssl
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

import msgspec

from gateway.cli.answers import (
    Answer,
    Prefill,
    Procedure,
    SandboxPerson,
    Verification,
    read,
)
from gateway.cli.documents import PROCEDURE
from gateway.cli.ends import MISUSE, REFUSED, Wrong
from gateway.cli.refused import refused
from gateway.cli.words import Language

PATIENCE_S = 40
"""Seconds to wait for an answer; no gateway may take more than thirty."""
LARGEST_ANSWER = 16 * 1024 * 1024
UNKNOWN = "Không có thủ tục này trong danh mục. Xem các mã: lienthong procedures check."
MEDIA_TYPE = "application/graphql-response+json"
_HERE = frozenset({"127.0.0.1", "localhost", "::1"})


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What came back, as it came."""

    status: int
    body: bytes

    def __repr__(self) -> str:
        return f"Reply({self.status}, …)"


class Portal:
    """Asks the gateway at *url* with *token*, to be answered in *language*."""

    def __init__(self, url: str, token: str, language: Language) -> None:
        self.language = language
        self._url = f"{url.rstrip('/')}/graphql"
        self._headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Accept": MEDIA_TYPE,
            "Accept-Language": language.value,
        }

    def ask(self, document: str, variables: Mapping[str, object]) -> Reply | Wrong:
        """Send one operation. Personal values travel in the body, and nowhere else."""
        body = msgspec.json.encode({"query": document, "variables": variables})
        return call("POST", self._url, body, self._headers)

    def procedure(self, code: str) -> Procedure | Wrong:
        """Look a procedure up: who can stand in it, and what it fills."""
        reply = self.ask(PROCEDURE, {"code": code})
        if isinstance(reply, Wrong):
            return reply
        answer = read(reply.body, Answer)
        if answer and answer.data and not answer.errors:
            return answer.data.procedure or Wrong(sentence=UNKNOWN, status=REFUSED)
        return self._refused(reply, answer)

    def prefill(self, reply: Reply) -> Prefill | Wrong:
        """Read an answer to the prefill document."""
        answer = read(reply.body, Answer)
        found = answer and answer.data and answer.data.dossier and answer.data.dossier.prefill
        return found or self._refused(reply, answer)

    def verification(self, reply: Reply) -> Verification | Wrong:
        """Read an answer to the verify document."""
        answer = read(reply.body, Answer)
        found = answer and answer.data and answer.data.dossier and answer.data.dossier.verify
        return found or self._refused(reply, answer)

    def _refused(self, reply: Reply, answer: Answer | None) -> Wrong:
        return refused(answer, self.language) if answer and answer.errors else garbled(reply)


def call(
    method: str, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> Reply | Wrong:
    """Make one HTTP call, to this machine or over TLS; no proxy and no redirect is followed."""
    connection = _connection(url)
    if isinstance(connection, Wrong):
        return connection
    try:
        connection.request(method, urlsplit(url).path, body, dict(headers or {}))
        response = connection.getresponse()
        return Reply(status=response.status, body=response.read(LARGEST_ANSWER))
    except ssl.SSLError:
        return _unreachable(connection, "chứng thư TLS không được tin cậy")
    except TimeoutError:
        return _unreachable(connection, f"không trả lời trong {PATIENCE_S} giây")
    except ConnectionRefusedError:
        return _unreachable(connection, "từ chối kết nối; có lẽ đã dừng")
    except (OSError, http.client.HTTPException):
        return _unreachable(connection, "ngắt kết nối giữa chừng")
    finally:
        connection.close()


def token_of(issuer: str, persona: str, *, proof: str | None = None) -> str | Wrong:
    """Get a persona's token from the sandbox issuer, bound to the key of a DPoP *proof* if any."""
    form = urlencode({"grant_type": "client_credentials", "client_id": persona}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if proof is not None:
        headers["DPoP"] = proof
    reply = call("POST", f"{issuer}/token", form, headers)
    if isinstance(reply, Wrong):
        return reply
    token = read(reply.body, dict[str, object])
    if reply.status != http.client.OK or token is None:
        sentence = "Không có vai này. Xem các vai có sẵn: lienthong token --list."
        return Wrong(sentence=sentence, status=MISUSE)
    return str(token["access_token"])


def people_of(control: str) -> Mapping[str, SandboxPerson] | Wrong:
    """Get the sandbox's people, by the names they call each other."""
    reply = call("GET", f"{control}/people")
    if isinstance(reply, Wrong):
        return reply
    people = read(reply.body, tuple[SandboxPerson, ...])
    return garbled(reply) if people is None else {person.name: person for person in people}


def garbled(reply: Reply) -> Wrong:
    """Say that an answer is not in the agreed form."""
    sentence = f"Máy chủ trả lời không đúng quy cách (HTTP {reply.status}). Kiểm tra địa chỉ --url."
    return Wrong(sentence=sentence, status=REFUSED)


def _connection(url: str) -> http.client.HTTPConnection | Wrong:
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme, parts.hostname, parts.port
    except ValueError:
        scheme, host, port = "", None, None
    if scheme not in {"http", "https"} or not host:
        return Wrong(sentence="Địa chỉ ở --url phải có dạng https://máy-chủ[:cổng].")
    if scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=PATIENCE_S, context=context)
    if host not in _HERE:
        return Wrong(sentence="Chỉ dùng http:// trên chính máy này; nơi khác phải là https://.")
    return http.client.HTTPConnection(host, port, timeout=PATIENCE_S)


def _unreachable(connection: http.client.HTTPConnection, why: str) -> Wrong:
    where = f"{connection.host}:{connection.port}"
    return Wrong(sentence=f"Không liên lạc được với {where}: {why}.", status=REFUSED)
