"""What the documents say is so: links lead somewhere, names exist, examples are real answers."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from adapters.registry import RegistryName
from auth.refusal import RULES as AUTH_RULES
from gateway.cli.main import app
from gateway.cli.serving import start
from gateway.settings import PREFIX, Settings
from resolvers.notices import NOTICES
from resolvers.reasons import REASONS
from resolvers.refusals import RULES
from resolvers.sentences import of_state
from resolvers.sentences_of_auth import OF_AUTH
from resolvers.states import RETRYABLE
from sandbox.server import DOORS
from tests.journeys.house import House

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
READMES = ("README.md", "README.vi.md")

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.+?)\s*$", re.MULTILINE)
_CODE = re.compile(r"`([^`\n]+)`")

STATUS = {rule: status for rule, (_, status, _, _) in RULES.items()} | {
    rule: known.status for rule, known in AUTH_RULES.items()
}
SENTENCES = {rule: (vi, en) for rule, (_, _, vi, en) in RULES.items()} | dict(OF_AUTH)
CODE_OF = {rule: code for rule, (code, _, _, _) in RULES.items()} | {
    rule: known.code for rule, known in AUTH_RULES.items()
}
ERROR_PAGES = sorted(p.name for p in (DOCS / "errors").glob("*.md") if p.name != "README.md")


def written(*words: str) -> list[str]:
    """Give the names of the files that belong to the house and end so."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *words],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return sorted(name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file())


PAGES = written("*.md")


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def prose_of(page: str) -> str:
    """Give a page without its fenced blocks."""
    return _FENCE.sub("", text_of(page))


def code_of(page: str) -> list[str]:
    """Give what a reader may type: code spans, and the lines of shell blocks."""
    lines = [line for kind, body in _FENCE.findall(text_of(page)) if kind == "sh"
             for line in body.splitlines()]  # fmt: skip
    return [*_CODE.findall(prose_of(page)), *lines]


def anchors(page: Path) -> set[str]:
    """Give the anchors of a page as GitHub makes them."""
    prose = _FENCE.sub("", page.read_text(encoding="utf-8"))
    plain = [re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", h) for h in _HEADING.findall(prose)]
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in plain}


def links(page: str) -> Iterator[tuple[str, Path, str]]:
    """Give each relative link: as written, the file, the anchor."""
    for link in _LINK.findall(prose_of(page)):
        if not re.match(r"[a-z]+:", link):
            file, _, anchor = link.partition("#")
            yield link, (ROOT / page).parent / file if file else ROOT / page, anchor


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    lost = [
        link
        for link, file, anchor in links(page)
        if not file.exists() or (anchor and anchor not in anchors(file))
    ]
    assert [] == lost


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached: set[str] = set()
    waiting = ["README.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        found = {str(file.resolve().relative_to(ROOT)) for _, file, _ in links(page)}
        waiting += [name for name in found & set(PAGES) if name not in reached]
    assert [] == [page for page in PAGES if page.startswith("docs/") and page not in reached]


@pytest.mark.parametrize("page", PAGES)
def test_every_make_target_exists(page: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
    named = {m[1] for code in code_of(page) if (m := re.match(r"make ([a-z-]+)", code))}
    assert set() == named - targets


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_lienthong_exists(page: str) -> None:
    known = typer.main.get_command(app).commands  # type: ignore[attr-defined] # a group has them
    for code in code_of(page):
        for name, below in re.findall(r"\blienthong ([a-z]+)(?: ([a-z]+))?", code):
            assert name in known, code
            if hasattr(known[name], "commands") and below:
                assert below in known[name].commands, code


@pytest.mark.parametrize("page", PAGES)
def test_every_file_and_test_named_exists(page: str) -> None:
    named = [c for c in _CODE.findall(prose_of(page)) if re.fullmatch(r"[\w.-]+/[\w./-]+.*", c)]
    for name in named:
        path, _, test = name.partition("::")
        if re.search(r"\.(py|toml|graphql|md|json)$", path) and "DIR" not in path:
            # Settings name files of an operator's machine; those are absolute.
            assert (ROOT / path).is_file(), name
            assert not test or f"def {test}(" in text_of(path), name


def test_the_functions_on_the_way_of_a_request_are_there() -> None:
    steps = re.findall(r"`([\w/]+\.py)` `([\w.]+)`", text_of("docs/life-of-a-request.md"))
    assert len(steps) > 20
    for file, name in steps:
        for part in name.split("."):
            assert re.search(rf"(def|class) {part}\b", text_of(file)), (file, name)


@pytest.mark.parametrize("page", PAGES)
def test_every_local_port_is_one_of_ours(page: str) -> None:
    first = start.__defaults__
    assert first
    ours = {Settings.model_fields["port"].default, *range(first[1], first[1] + len(DOORS))}
    assert {first[0]} <= ours
    named = {int(port) for port in re.findall(r"(?:127\.0\.0\.1|localhost):(\d+)", text_of(page))}
    assert set() == named - ours


@pytest.mark.parametrize("page", PAGES)
def test_every_address_named_is_a_route(page: str) -> None:
    sources = (
        *("gateway/app.py", "gateway/beside.py", "gateway/log_routes.py"),
        *("gateway/graphiql_page.py", "sandbox/control.py"),
    )
    routes = set(re.findall(r'Route\(\s*"([^"]+)"', "".join(map(text_of, sources))))
    forms = [re.compile(re.sub(r"\{\w+\}", "[^/ ]+", route)) for route in routes]
    for code in code_of(page):
        if asked := re.match(r"(?:GET|POST|PUT|DELETE) (/[^ ?]*)", code):
            assert any(form.fullmatch(asked[1]) for form in forms), code


def test_every_sentence_of_the_log_is_explained_to_operators() -> None:
    call = re.compile(r'\b_?log\.(?:debug|info|warning|error|critical)\)?\(\s*"([^"]+)"')
    rooms = ("gateway", "resolvers", "adapters", "auth", "audit")
    sources = written(*(f"{room}/*.py" for room in rooms))
    said = {sentence for source in sources for sentence in call.findall(text_of(source))}
    page = text_of("docs/operate.md")
    assert "a registry was called" in said
    assert set() == {sentence for sentence in said if f"`{sentence}`" not in page}


def test_every_page_of_a_folder_stands_in_its_table() -> None:
    for folder in ("errors", "notices", "decisions"):
        listed = {file.name for _, file, _ in links(f"docs/{folder}/README.md")}
        pages = {p.name for p in (DOCS / folder).glob("*.md")} - {"README.md"}
        assert set() == pages - listed


@pytest.mark.parametrize("rule", SENTENCES)
def test_every_rule_stands_on_the_page_of_its_code(rule: str) -> None:
    page = text_of(f"docs/errors/{CODE_OF[rule].lower().replace('_', '-')}.md")
    assert f"| `{rule}` |" in page
    assert str(STATUS[rule]) in page


@pytest.mark.parametrize("page", ERROR_PAGES)
def test_the_example_of_an_error_page_says_what_the_code_says(page: str) -> None:
    text = text_of(f"docs/errors/{page}")
    code = text.splitlines()[0].removeprefix("# ")
    [(_, body)] = [block for block in _FENCE.findall(text) if block[0] == "json"]
    error = json.loads(body)["errors"][0]
    told = error["extensions"]
    assert code == told["code"]
    if rule := told.get("rule"):
        assert any(_fits(sentence, error["message"]) for sentence in SENTENCES[rule])
    else:
        assert error["message"] in {of_state(code, "vi"), of_state(code, "en")}
        assert told["retryable"] == (code in {state.value for state in RETRYABLE})


def _fits(sentence: str, message: str) -> bool:
    parts = re.split(r"\{\w+\}", sentence)
    return re.fullmatch(".+".join(map(re.escape, parts)), message) is not None


@pytest.mark.parametrize("code", NOTICES)
def test_every_notice_has_its_page_with_its_sentences(code: str) -> None:
    severity, vietnamese, english, suggests = NOTICES[code]
    page = text_of(f"docs/notices/{code.lower().replace('_', '-')}.md")
    assert page.startswith(f"# {code}\n")
    for said in (vietnamese, english, f"`{severity.value}`", suggests or ""):
        assert said in page


def test_every_reason_stands_in_the_table_of_reasons() -> None:
    page = text_of("docs/reasons.md")
    assert [] == [code for code in REASONS if f"| `{code}` |" not in page]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_default_of_a_setting_is_the_one_in_code(name: str) -> None:
    default = Settings.model_fields[name].get_default(call_default_factory=True)
    plain = getattr(default, "get_secret_value", lambda: default)()
    section = text_of("docs/settings.md").split(f"### `{PREFIX}{name.upper()}`\n")[1]
    said = section.split("default: ", 1)[1].splitlines()[0]
    assert said == (f"`{plain}`" if plain not in ("", None) else "không có / none")


def example(page: str, name: str) -> Any:
    """Give the JSON block after the mark of this *name*."""
    body = text_of(page).split(f"<!-- example: {name} -->\n```json\n")[1].split("```")[0]
    return json.loads(body)


@pytest.mark.parametrize("page", READMES)
def test_the_question_of_a_readme_has_the_answer_of_the_readme(house: House, page: str) -> None:
    asked = example(page, "request")
    answer = house.ask(asked["query"], asked["variables"])
    del answer["extensions"]
    told = answer["data"]["dossier"]["prefill"]
    told["sources"].sort(key=lambda source: list(RegistryName).index(source["registry"]))
    assert example(page, "answer") == answer
