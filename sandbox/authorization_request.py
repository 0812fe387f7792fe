"""What a client asks at the authorization endpoint, and how it is told that it asks wrongly.

Whom to send back to must be certain before anybody is sent anywhere: where the client or its
address is wrong, the person sees a page instead (RFC 6749, section 4.1.2.1).
"""

import re
from collections.abc import Mapping
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from sandbox.oauth import Refused, parameters
from sandbox.personas import CLIENTS, PERSONAS, Persona

HOSTS = ("127.0.0.1", "localhost")

_SHA256 = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_ADDRESS = re.compile(r"[!#$%&'()*+,./0-9:;=?@A-Z\[\]_a-z~-]{1,2000}", re.ASCII)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A request that a person may answer."""

    client_id: str
    redirect_uri: str
    state: str | None
    scopes: tuple[str, ...]
    """Empty: whatever the persona has."""
    challenge: str
    jkt: str | None
    raw: Mapping[str, str]
    """The parameters as they came; the page sends them back with the person's choice."""

    def personas(self) -> tuple[Persona, ...]:
        """Tell who can log in there and has what is asked for."""
        return tuple(
            it
            for it in PERSONAS
            if it.client_id == self.client_id and set(self.scopes) <= set(it.scopes)
        )


class Unanswerable(msgspec.Struct, frozen=True, kw_only=True):
    """There is nobody to send back to: what to change, in Vietnamese, for a page."""

    sentence: str


class SentBack(msgspec.Struct, frozen=True, kw_only=True):
    """An error that the client is told at its own address."""

    redirect_uri: str
    state: str | None
    refused: Refused


def judge(encoded: bytes) -> Asked | Unanswerable | SentBack:
    """Read a request, a query or the form of the login page."""
    told = parameters(encoded)
    if isinstance(told, Refused):
        return Unanswerable(sentence="Có tham số được gửi nhiều lần; mỗi tham số chỉ gửi một lần.")
    client, address = told.get("client_id", ""), told.get("redirect_uri", "")
    if client not in CLIENTS:
        known = ", ".join(CLIENTS)
        return Unanswerable(sentence=f"client_id phải là một trong các hệ thống: {known}.")
    if not _leads_home(address):
        return Unanswerable(
            sentence="redirect_uri phải là địa chỉ trên chính máy này, như "
            f"http://{HOSTS[0]}:5000/xong, không có phần sau dấu #."
        )
    asked = Asked(
        client_id=client,
        redirect_uri=address,
        state=told.get("state"),
        scopes=tuple(told.get("scope", "").split()),
        challenge=told.get("code_challenge", ""),
        jkt=told.get("dpop_jkt"),
        raw=told,
    )
    refused = _refuse(asked)
    return SentBack(redirect_uri=address, state=asked.state, refused=refused) if refused else asked


def answer_url(redirect_uri: str, state: str | None, issuer: str, **told: str) -> str:
    """Write where the person is sent back to, with *state* and who answers (RFC 9207)."""
    more = {**told, **({} if state is None else {"state": state}), "iss": issuer}
    joint = "&" if "?" in redirect_uri else "?"
    return f"{redirect_uri}{joint}{urlencode(more, quote_via=quote)}"


def _refuse(asked: Asked) -> Refused | None:
    if asked.raw.get("response_type") != "code":
        return Refused(
            error="unsupported_response_type", error_description="response_type must be code."
        )
    if asked.raw.get("code_challenge_method") != "S256" or not _SHA256.fullmatch(asked.challenge):
        return _invalid("Send code_challenge with code_challenge_method S256 (RFC 7636).")
    if asked.jkt is not None and not _SHA256.fullmatch(asked.jkt):
        return _invalid("dpop_jkt must be the SHA-256 thumbprint of a key (RFC 7638).")
    if not asked.personas():
        has = sorted({s for it in PERSONAS if it.client_id == asked.client_id for s in it.scopes})
        return Refused(error="invalid_scope", error_description=f"It has: {' '.join(has)}.")
    return None


def _invalid(description: str) -> Refused:
    return Refused(error="invalid_request", error_description=description)


def _leads_home(address: str) -> bool:
    """Tell whether it is an address of this machine, and of nothing else."""
    if not _ADDRESS.fullmatch(address):
        return False
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"}
        and parts.netloc in {host if port is None else f"{host}:{port}" for host in HOSTS}
        and "#" not in address
    )
