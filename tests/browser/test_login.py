"""A person logs in at the sandbox's issuer in a real Chromium, by the keyboard, without scripts."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.sandbox.portal import ask, read, redeeming, wish
from tests.sandbox.visitor import Running

pytestmark = pytest.mark.browser


class Visit(NamedTuple):
    """The login page in a browser, and the portal that sent the person there."""

    page: Page
    sandbox: Running
    home: str
    """The portal's address for the way back."""
    troubles: list[str]

    def open(self, **other: str) -> None:
        """Follow the portal's link."""
        asked = wish(redirect_uri=self.home, **other)
        self.page.goto(f"{self.sandbox.addresses['issuer']}/authorize?{urlencode(asked)}")

    def back(self) -> dict[str, str]:
        """Wait for the way back, and read what came with it."""
        self.page.wait_for_url(f"{self.home}?*")
        found = parse_qs(urlsplit(self.page.url).query)
        return {name: values[0] for name, values in found.items()}


class Home(BaseHTTPRequestHandler):
    """The portal, which greets whoever comes back."""

    def do_GET(self) -> None:
        """Greet."""
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>back</title><link rel=icon href='data:,'>")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def visit(sandbox: Running, chromium: Browser) -> Iterator[Visit]:
    """Open a page that runs no scripts; nothing may go wrong in it."""
    portal = ThreadingHTTPServer(("127.0.0.1", 0), Home)
    thread = threading.Thread(target=portal.serve_forever)
    thread.start()
    troubles: list[str] = []
    context = chromium.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        # A breach of the Content-Security-Policy is an error on the console.
        page.on("console", lambda m: troubles.append(m.text) if m.type == "error" else None)
        yield Visit(page, sandbox, f"http://127.0.0.1:{portal.server_port}/xong", troubles)
    finally:
        context.close()
        portal.shutdown()
        portal.server_close()
        thread.join()
    # A page that says what is wrong has the status of an error, and there is no icon.
    assert [] == [it for it in troubles if "Failed to load resource" not in it]


def test_a_person_chooses_by_the_keyboard_alone_and_is_sent_back(visit: Visit) -> None:
    visit.open()
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Enter")

    told = visit.back()

    answer = ask(visit.sandbox, redeeming(told["code"], redirect_uri=visit.home))
    assert "officer-lan" == read(visit.sandbox, answer)["sub"]
    assert "trạng thái & =" == told["state"]


def test_the_last_button_leads_back_without_a_code(visit: Visit) -> None:
    visit.open()
    visit.page.get_by_role("button", name="Không đăng nhập").click()
    assert "access_denied" == visit.back()["error"]


def test_a_screen_reader_hears_what_each_persona_may_do(visit: Visit) -> None:
    visit.open()
    tree = visit.page.locator("main").aria_snapshot()
    assert 'heading "Bạn là ai?" [level=1]' in tree
    assert ["portal-hanoi", "officer-lan", "citizen-an", "Không đăng nhập"] == [
        button.inner_text() for button in visit.page.get_by_role("button").all()
    ]
    width = visit.page.locator("body").evaluate("it => getComputedStyle(it).maxWidth")
    assert "640px" == width, "the page's own style was refused"
    described = visit.page.get_by_role("button", name="officer-lan")
    assert "officer-lan" == described.get_attribute("aria-describedby")


def test_a_wrong_link_says_what_to_change(visit: Visit) -> None:
    visit.open(client_id="mayor")
    assert "client_id phải là" in visit.page.locator("main").inner_text()
