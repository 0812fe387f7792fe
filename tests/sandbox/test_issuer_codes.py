"""Logging in at the sandbox's issuer: the page, the code (RFC 6749, 7636, 9207), the token."""

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx2
import pytest

from sandbox.codes import Codes, Granted, challenge_of
from sandbox.dpop import new_key, prove
from sandbox.oauth import Refused
from sandbox.personas import PERSONAS, persona_named
from tests.sandbox.portal import (
    HOME,
    PORTAL,
    VERIFIER,
    ask,
    asserting,
    choose,
    claims_for,
    key_of,
    read,
    redeeming,
    said,
    signed,
    told,
    wish,
)
from tests.sandbox.visitor import Running

INVALID = (400, "invalid_grant")


class Page(HTMLParser):
    """What a person finds on a page: the form's address, its hidden fields, its buttons."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.buttons: list[str] = []
        self.described: dict[str, str] = {}
        self.tags: list[str] = []
        self._id = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what is of use."""
        found = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self._id = found.get("id", "")
        if tag == "form":
            self.action = found["action"]
        if tag == "input":
            self.fields[found["name"]] = found["value"]
        if tag == "button" and found["name"] == "persona":
            self.buttons.append(found["value"])
            assert found["value"] == found["aria-describedby"]

    def handle_data(self, data: str) -> None:
        """Note the sentence of a persona."""
        if self._id:
            self.described[self._id] = data
            self._id = ""


def open_page(sandbox: Running, **other: str | None) -> httpx2.Response:
    """Follow a portal's link to the login page."""
    return sandbox.http.get(f"{sandbox.addresses['issuer']}/authorize", params=wish(**other))


def code_for(sandbox: Running, persona: str = "officer-lan", **other: str | None) -> str:
    """Log in, and give the code."""
    return told(choose(sandbox, persona, **other))["code"]


def test_a_person_logs_in_and_the_portal_gets_a_token_of_theirs(sandbox: Running) -> None:
    opened = open_page(sandbox)
    page = Page(opened.text)
    assert ["portal-hanoi", "officer-lan", "citizen-an"] == page.buttons
    address = urljoin(str(opened.url), page.action)

    chosen = sandbox.http.post(address, data={**page.fields, "persona": "officer-lan"})
    answer = ask(sandbox, redeeming(told(chosen)["code"]))

    assert chosen.headers["location"].startswith(f"{HOME}?")
    assert "trạng thái & =" == told(chosen)["state"]
    assert sandbox.addresses["issuer"] == told(chosen)["iss"]
    claims = read(sandbox, answer)
    assert ("officer-lan", PORTAL, "H26.12") == (
        claims["sub"], claims["client_id"], claims["actor"]["unit"],
    )  # fmt: skip
    assert "prefill verify records" == claims["scope"] == answer.json()["scope"]
    assert "no-store" == answer.headers["cache-control"] == chosen.headers["cache-control"]


def test_the_page_says_what_each_persona_may_do_and_needs_no_script(sandbox: Running) -> None:
    opened = open_page(sandbox)
    page = Page(opened.text)
    assert {it.name: it.may for it in PERSONAS if it.client_id == PORTAL} == page.described
    assert '<html lang="vi">' in opened.text
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    assert not re.search(r"\son\w+=|\sstyle=|tabindex", opened.text)
    policy = opened.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self' http://127.0.0.1:5000;" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert ("no-store", "no-referrer") == (
        opened.headers["cache-control"], opened.headers["referrer-policy"],
    )  # fmt: skip


def test_what_came_with_the_link_is_text_on_the_page_and_nothing_more(sandbox: Running) -> None:
    state = "\"><script>alert(1)</script>'"
    opened = open_page(sandbox, state=state)
    assert "<script" not in opened.text
    assert state == Page(opened.text).fields["state"]
    assert state == told(choose(sandbox, state=state))["state"]


def test_whoever_does_not_log_in_is_sent_back_with_that(sandbox: Running) -> None:
    answer = sandbox.http.post(
        f"{sandbox.addresses['issuer']}/authorize", data={**wish(), "cancel": "1"}
    )
    assert "access_denied" == told(answer)["error"]
    assert "trạng thái & =" == told(answer)["state"]
    assert sandbox.addresses["issuer"] == told(answer)["iss"]


def test_a_choice_that_was_not_offered_shows_the_page_again(sandbox: Running) -> None:
    for nobody in ("portal-lamdong", "mayor", ""):
        answer = choose(sandbox, nobody)
        assert 200 == answer.status_code
        assert "citizen-an" in Page(answer.text).buttons


def test_only_who_has_the_scopes_is_offered(sandbox: Running) -> None:
    opened = open_page(sandbox, client_id="developer", scope="developer verify")
    assert ["developer"] == Page(opened.text).buttons
    code = code_for(sandbox, "citizen-an", scope="verify")
    claims = read(sandbox, ask(sandbox, redeeming(code)))
    assert ("verify", "Nguyễn Văn An") == (claims["scope"], claims["name"])


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "http://127.0.0.1:5000/xong?a=1",
        "http://127.0.0.1/",
        "https://localhost:8443/callback",
    ],
)
def test_an_address_of_this_machine_is_sent_to(sandbox: Running, redirect_uri: str) -> None:
    answer = choose(sandbox, redirect_uri=redirect_uri)
    joint = "&" if "?" in redirect_uri else "?"
    assert answer.headers["location"].startswith(f"{redirect_uri}{joint}code=")
    form = redeeming(told(answer)["code"], redirect_uri=redirect_uri)
    assert 200 == ask(sandbox, form).status_code


@pytest.mark.parametrize(
    ("other", "word"),
    [
        ({"client_id": "mayor"}, "client_id"),
        ({"client_id": "officer-lan"}, "client_id"),
        ({"client_id": None}, "client_id"),
        ({"redirect_uri": None}, "redirect_uri"),
        ({"redirect_uri": "https://portal.example.gov.vn/xong"}, "redirect_uri"),
        ({"redirect_uri": "http://127.0.0.1.example.com/"}, "redirect_uri"),
        ({"redirect_uri": "http://127.0.0.1@example.com/"}, "redirect_uri"),
        ({"redirect_uri": "http://example.com\\@127.0.0.1/"}, "redirect_uri"),
        ({"redirect_uri": "http://127.0.0.1:port/"}, "redirect_uri"),
        ({"redirect_uri": "http://127.0.0.1:5000/#x"}, "redirect_uri"),
        ({"redirect_uri": "http://127.0.0.1:5000/#"}, "redirect_uri"),
        ({"redirect_uri": "http://127.0.0.1:5000/\r\nx: y"}, "redirect_uri"),
        ({"redirect_uri": "//127.0.0.1:5000/"}, "redirect_uri"),
        ({"redirect_uri": "javascript:alert(1)//127.0.0.1"}, "redirect_uri"),
    ],
)
def test_a_link_that_leads_nowhere_safe_ends_on_a_page_that_says_what_to_change(
    sandbox: Running, other: dict[str, str | None], word: str
) -> None:
    for answer in (open_page(sandbox, **other), choose(sandbox, **other)):
        assert 400 == answer.status_code
        assert "location" not in answer.headers
        assert f"{word} phải là" in answer.text
        assert "form" not in Page(answer.text).tags
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_parameter_sent_twice_ends_on_that_page_too(sandbox: Running) -> None:
    url = f"{sandbox.addresses['issuer']}/authorize"
    answer = sandbox.http.get(url, params=[*wish().items(), ("state", "x")])
    assert 400 == answer.status_code
    assert "nhiều lần" in answer.text


@pytest.mark.parametrize(
    ("other", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": VERIFIER + "="}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"dpop_jkt": "short"}, "invalid_request"),
        ({"scope": "audit:read"}, "invalid_scope"),
    ],
)
def test_another_mistake_is_told_to_the_client_at_its_address(
    sandbox: Running, other: dict[str, str | None], error: str
) -> None:
    for answer in (open_page(sandbox, **other), choose(sandbox, **other)):
        back = told(answer)
        assert answer.headers["location"].startswith(f"{HOME}?")
        assert (error, "trạng thái & =") == (back["error"], back["state"])
        assert sandbox.addresses["issuer"] == back["iss"]
        assert back["error_description"].isascii()
        assert "code" not in back


def test_a_code_is_good_for_once(sandbox: Running) -> None:
    code = code_for(sandbox)
    answers = [ask(sandbox, redeeming(code)) for _ in range(2)]
    assert 200 == answers[0].status_code
    assert INVALID == said(answers[1])


@pytest.mark.parametrize(
    "other",
    [
        {"code_verifier": "w" * 43},
        {"code_verifier": "v" * 42},
        {"code_verifier": ""},
        {"code_verifier": "ế" * 43},
        {"redirect_uri": HOME + "/"},
        {"redirect_uri": ""},
        {"client_id": "portal-lamdong"},
        {"client_id": "officer-lan"},
    ],
)
def test_whoever_redeems_it_wrongly_gets_nothing_and_has_used_it_up(
    sandbox: Running, other: dict[str, str]
) -> None:
    code = code_for(sandbox)
    assert INVALID == said(ask(sandbox, redeeming(code, **other)))
    assert INVALID == said(ask(sandbox, redeeming(code)))


def test_a_challenge_is_not_its_own_verifier(sandbox: Running) -> None:
    code = code_for(sandbox)
    challenge = challenge_of(VERIFIER)
    assert INVALID == said(ask(sandbox, redeeming(code, code_verifier=challenge)))


def test_a_code_of_nobody_gets_nothing(sandbox: Running) -> None:
    for code in ("", "x"):
        assert INVALID == said(ask(sandbox, redeeming(code)))


def test_a_code_ends_after_a_minute() -> None:
    lan, portal = persona_named("officer-lan"), persona_named(PORTAL)
    assert lan
    assert portal
    granted = Granted(
        persona=lan,
        scopes=lan.scopes,
        redirect_uri=HOME,
        challenge=challenge_of(VERIFIER),
        ends=1060.0,
    )

    def redeemed(now: float) -> Granted | Refused:
        codes = Codes(lambda: "code")
        codes.give(granted, 1000.0)
        return codes.redeem(redeeming("code"), portal, None, now)

    late = redeemed(1060.0)
    assert granted == redeemed(1059.9)
    assert isinstance(late, Refused)
    assert "invalid_grant" == late.error


def test_the_key_that_the_link_named_must_prove_itself_with_the_code(sandbox: Running) -> None:
    key, url = new_key(), f"{sandbox.addresses['issuer']}/token"

    def redeem(**headers: str) -> httpx2.Response:
        code = code_for(sandbox, dpop_jkt=key.thumbprint())
        return ask(sandbox, redeeming(code), **headers)

    bound = redeem(dpop=prove(key, "POST", url))

    assert {"jkt": key.thumbprint()} == read(sandbox, bound)["cnf"]
    assert [INVALID] * 2 == [said(redeem()), said(redeem(dpop=prove(new_key(), "POST", url)))]


def test_a_portal_proves_itself_with_the_code(sandbox: Running) -> None:
    def form(**other: Any) -> dict[str, str]:
        given = redeeming(code_for(sandbox), **asserting(signed(claims_for(sandbox), **other)))
        return {**given, "grant_type": "authorization_code"}

    right = ask(sandbox, form(key=key_of(sandbox)))
    wrong = ask(sandbox, form(key=new_key()))

    assert "officer-lan" == read(sandbox, right)["sub"]
    assert (401, "invalid_client") == said(wrong)


def test_the_metadata_says_what_is_so(sandbox: Running) -> None:
    issuer = sandbox.addresses["issuer"]
    metadata = sandbox.http.get(f"{issuer}/.well-known/oauth-authorization-server").json()
    tls = f"{sandbox.addresses['issuer_tls']}/token"
    assert {"token_endpoint": tls} == metadata["mtls_endpoint_aliases"]
    assert f"{issuer}/authorize" == metadata["authorization_endpoint"]
    assert ["code"] == metadata["response_types_supported"]
    assert ["S256"] == metadata["code_challenge_methods_supported"]
    assert metadata["authorization_response_iss_parameter_supported"]
    assert metadata["tls_client_certificate_bound_access_tokens"]
    assert ["authorization_code", "client_credentials"] == metadata["grant_types_supported"]
    known = metadata["token_endpoint_auth_methods_supported"]
    assert ["none", "private_key_jwt", "tls_client_auth"] == known
    assert "https" == urlsplit(tls).scheme
