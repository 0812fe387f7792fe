"""A developer opens GraphiQL in a real Chromium; no other host is asked for anything."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Request,
    Response,
    expect,
)

from tests.journeys.house import GRAPHQL_JSON, House

pytestmark = pytest.mark.browser


class Visit:
    """One opening of the page, with everything that went wrong in it."""

    def __init__(self, house: House, context: BrowserContext) -> None:
        self.gateway: str = house.addresses["gateway"]
        self.context = context
        self.troubles: list[str] = []
        # A breach of the Content-Security-Policy, in a worker too, is an error on the console.
        context.on("request", self._watch)
        context.on("console", lambda m: self._note(m.text) if m.type == "error" else None)
        context.on("weberror", lambda e: self._note(e.error.message))
        context.set_default_timeout(60_000)
        self.page: Page = context.new_page()
        with self.page.expect_response(f"{self.gateway}/graphql/config.json") as read:
            self.page.goto(f"{self.gateway}/graphql")
        self.configuration: dict[str, Any] = read.value.json()
        self.page.locator(".graphiql-query-editor .view-line").first.wait_for()

    def run(self) -> Response:
        """Press Ctrl+Enter in the query editor, and give the answer of the gateway."""
        self.page.locator(".graphiql-query-editor textarea").focus()
        with self.page.expect_response(_is_operation) as answered:
            self.page.keyboard.press("Control+Enter")
        return answered.value

    def shown(self) -> str:
        """Give what the answer's editor shows; it draws spaces as no-break spaces."""
        lines = self.page.locator(".graphiql-response .view-lines")
        lines.get_by_text("data").first.wait_for()
        return lines.inner_text().replace("\N{NO-BREAK SPACE}", " ")

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((f"{self.gateway}/", "data:", "blob:")):
            self._note(f"another host was asked: {request.url}")

    def _note(self, trouble: str) -> None:
        self.troubles.append(trouble)


def sent(response: Response) -> dict[str, Any]:
    operation: dict[str, Any] = response.request.post_data_json or {}
    return operation


def _is_operation(response: Response) -> bool:
    return sent(response).get("operationName") not in {None, "IntrospectionQuery"}


def bearer(response: Response) -> str:
    return response.request.headers["authorization"].removeprefix("Bearer ")


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Start sandbox and gateway."""
    started = House(tmp_path_factory.mktemp("browser"))
    yield started
    assert 0 == started.stop()


@pytest.fixture
def visit(house: House, chromium: Browser) -> Iterator[Visit]:
    """Open the page; at the end nothing may have gone wrong in it."""
    house.calm()
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    visit = Visit(house, context)
    yield visit
    context.close()
    assert [] == visit.troubles


def test_the_page_opens_with_a_tab_for_each_sandbox_person(visit: Visit) -> None:
    assert "Liên Thông" == visit.page.title()
    tabs = visit.page.locator(".graphiql-tab-button").all()
    names = [tab["title"] for tab in visit.configuration["tabs"]]
    assert "Nguyễn Văn An" == names[0]
    assert names == [tab.get_attribute("data-person") for tab in tabs]


def test_the_first_tab_runs_by_the_keyboard_as_the_first_persona(visit: Visit) -> None:
    answer = visit.run()
    assert GRAPHQL_JSON == answer.request.headers["accept"]
    assert visit.configuration["tokens"]["portal-hanoi"] == bearer(answer)
    assert "errors" not in answer.json()
    assert '"display": "Nguyễn Văn An"' in visit.shown()


def test_every_example_opens_in_a_tab_of_its_own_and_runs(visit: Visit) -> None:
    examples = visit.configuration["examples"]
    opened = len(visit.configuration["tabs"])
    for count, example in enumerate(examples, start=opened + 1):
        visit.page.get_by_role("button", name=example["title"], exact=True).click()
        # The editor reads the new document a moment later, and names the tab after it.
        (name,) = re.findall(r"^query (\w+)", example["query"], re.MULTILINE)
        tab = visit.page.locator(".graphiql-tab-button").nth(count - 1)
        expect(tab).to_have_attribute("title", name)
        answer = visit.run()
        assert example["query"] == sent(answer)["query"]
        assert example["variables"] == sent(answer)["variables"]
        assert "errors" not in answer.json()
    assert 3 <= len(examples)


def test_a_persons_tab_keeps_its_name_and_variables_when_another_was_open(visit: Visit) -> None:
    tabs = visit.page.locator(".graphiql-tab-button")
    tabs.nth(1).click()
    second = sent(visit.run())["variables"]
    tabs.nth(0).click()
    first = sent(visit.run())["variables"]
    assert visit.configuration["tabs"][1]["variables"] == second
    assert visit.configuration["tabs"][0]["variables"] == first
    assert "Nguyễn Văn An" == tabs.nth(0).get_attribute("data-person")


def test_choosing_another_persona_sends_that_personas_token(visit: Visit) -> None:
    menu = visit.page.get_by_label("Người dùng:")
    assert list(visit.configuration["tokens"]) == menu.locator("option").all_inner_texts()
    menu.select_option("officer-lan")
    answer = visit.run()
    assert visit.configuration["tokens"]["officer-lan"] == bearer(answer)
    assert "errors" not in answer.json()


def test_a_token_that_has_expired_is_renewed_once(visit: Visit) -> None:
    refusals = iter([401])
    visit.page.route(
        "**/graphql",
        lambda route: (
            route.fulfill(status=status, body="{}")
            if (status := next(refusals, None))
            else route.continue_()
        ),
    )
    with visit.page.expect_response(lambda r: _is_operation(r) and r.ok) as answered:
        visit.run()
    assert visit.configuration["tokens"]["portal-hanoi"] != bearer(answered.value)
    assert '"display": "Nguyễn Văn An"' in visit.shown()
    # Chromium itself reports the refusal that this test invented.
    assert ["401"] == [trouble.split("status of ")[1][:3] for trouble in visit.troubles]
    visit.troubles.clear()


def test_the_documentation_explains_in_vietnamese(visit: Visit) -> None:
    visit.page.get_by_role("button", name="Show Documentation Explorer").click()
    explorer = visit.page.locator(".graphiql-doc-explorer")
    explorer.get_by_text("Query", exact=True).first.click()
    explorer.get_by_text("Hồ sơ: ").wait_for()
    visit.page.keyboard.press("Control+Alt+K")
    # The box takes the focus a frame later; letters typed before that would be lost.
    expect(explorer.get_by_role("combobox")).to_be_focused()
    visit.page.keyboard.type("permanentRes")
    explorer.get_by_role("option").filter(has_text="permanentResidence").first.click()
    explorer.get_by_text("Nơi thường trú: ").wait_for()


def test_nothing_stays_in_the_browser(visit: Visit) -> None:
    """Variables and answers are personal data."""
    visit.run()
    visit.shown()
    kept = visit.page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")
    assert [0, 0, ""] == kept
    assert [] == visit.context.cookies()
