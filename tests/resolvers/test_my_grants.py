"""What a portal is told of its own grants before it asks for anything."""

from collections.abc import Mapping
from typing import Any

from tests.resolvers.indoors import grants, graph, told

QUERY = """{
  myGrants {
    procedure attestation ungranted parts subjectsPerMinute subjectsPerHour
    withdrawn { registry ground }
  }
}"""


async def of(procedure: str, **terms: object) -> Mapping[str, Any]:
    answer = await told(graph(grants(**terms)), QUERY)
    [found] = [each for each in answer["data"]["myGrants"] if each["procedure"] == procedure]
    return dict(found)


async def test_my_grants_tell_what_was_agreed() -> None:
    found = await of(
        "1.004222",
        attestation="ATTESTED",
        ungranted="restricted",
        subjects_per_minute=6,
        subjects_per_hour=60,
    )

    expected: dict[str, object] = {
        "procedure": "1.004222",
        "attestation": "ATTESTED",
        "ungranted": "RESTRICTED",
        "parts": None,
        "subjectsPerMinute": 6,
        "subjectsPerHour": 60,
        "withdrawn": [],
    }
    assert expected == found
