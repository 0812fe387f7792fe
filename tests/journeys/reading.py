"""How the journeys read the access log: documents, cases, and waiting for the tree."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from tests.journeys.house import House

SEARCH = """
query Search($filter: AccessLogFilter!, $case: CaseRef!, $first: Int, $after: String) {
  accessLog(filter: $filter, case: $case, first: $first, after: $after) {
    edges {
      cursor
      node {
        entryId seq at outcome requestId consumer tokenId operationName
        receivingAgency competentAgency unit
        officer { kind standing personalId name unit }
        actor { kind standing personalId name unit employer }
        assistedBy { kind personalId unit employer }
        actingFor { kind role evidence }
        procedure { code name version }
        dossier draft step legalBasis consent
        grant { id version }
        attestation documentHash
        reads { registry operation fields subjects { roles numbers { kind value } } }
        states { path state }
        components { id outcome }
        sources { registry state upstreamRequestIds fromCache waitedMs }
        code rule refusedPaths action case { number ground decision } found
        httpStatus durationMs answerBytes detailState intents proof
      }
    }
    pageInfo { hasNextPage endCursor }
    logSize
  }
}
"""

OWN = """
query Own($first: Int, $after: String, $since: DateTime, $until: DateTime) {
  me {
    accessLog(first: $first, after: $after, since: $since, until: $until) {
      edges {
        cursor
        node {
          entryId at agency agencyName unit unitName procedure { code name }
          registries fields step who officerName outcome
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""

CASE = {"number": "TT-2026/17", "ground": "INSPECTION", "decision": "12/QĐ-TTr"}
LONG_ENOUGH_S = 30.0


def search(
    house: House,
    given: Mapping[str, Any],
    *,
    persona: str = "auditor",
    case: Mapping[str, Any] = CASE,
    **more: Any,
) -> dict[str, Any]:
    """Read the log as an auditor, and give the connection."""
    answer = house.ask(SEARCH, {"filter": given, "case": case, **more}, persona=persona)
    assert "errors" not in answer, answer
    found: dict[str, Any] = answer["data"]["accessLog"]
    return found


def lines(
    house: House, given: Mapping[str, Any], *, persona: str = "auditor"
) -> list[dict[str, Any]]:
    """Give the lines of one page."""
    return [edge["node"] for edge in search(house, given, persona=persona)["edges"]]


def own(house: House, *, persona: str = "citizen-an", **more: Any) -> list[dict[str, Any]]:
    """Give the citizen's own lines."""
    answer = house.ask(OWN, more, persona=persona)
    assert "errors" not in answer, answer
    return [edge["node"] for edge in answer["data"]["me"]["accessLog"]["edges"]]


def citizen(house: House, name: str) -> str:
    """Let the sandbox's issuer sign a citizen's token for these tests, and name its persona.

    Answers are kept by token: with one of their own these tests warm nobody else's cache.
    """
    persona = f"{name}-at-home"
    key = house.people[name]["key"]
    house.sign(persona, subject=key["number"], name=key["fullName"], birthdate=key["birthDate"])
    return persona


def until(found: Callable[[], Any]) -> Any:
    """Look again until there is something: entries get their place in the tree each second.

    More and more seldom: each look at the log is a line more in it, before the one looked for.
    """
    ends = time.monotonic() + LONG_ENOUGH_S
    pause = 0.2
    while time.monotonic() < ends:
        if seen := found():
            return seen
        time.sleep(pause)
        pause = min(1.5 * pause, 3.0)
    return found()


def in_tree(house: House, request_id: str) -> dict[str, Any]:
    """Wait for the access of one request, and give its line."""

    def ended() -> list[dict[str, Any]]:
        # For a moment the tree may hold intents, and not yet the outcome that closes them.
        found = lines(house, {"requestId": request_id})
        return [line for line in found if line["outcome"] != "UNFINISHED"]

    (line,) = until(ended)
    return dict(line)
