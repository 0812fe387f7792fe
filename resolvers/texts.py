"""How long a caller's free texts may be, and which signs none of them holds.

Scalars check their own shape; what the schema calls a String is checked here, before it is
compared, logged or sent. A value is never repeated, only where it stands.
"""

from collections.abc import Iterator, Mapping

from adapters.names import LONGEST_NAME, check_signs
from auth.refusal import Refused
from resolvers.refusals import refuse
from resolvers.seals import LONGEST_SEAL

LONGEST_CLAIM = 500
LONGEST_SEALED = 10_000
"""Of a claim that came back with its seal: a whole list may be in it."""
LONGEST_NUMBER = 40
LONGEST_REFERENCE = 500

_LINES = str.maketrans(dict.fromkeys("\r\n\t", " "))
_OF_A_KEY = {"sheet": LONGEST_NUMBER, "parcel": LONGEST_NUMBER, "number": LONGEST_NUMBER}
_OF_A_PURPOSE = (
    ("", "consent"),
    ("actor", "employer"),
    ("assistedBy", "employer"),
    ("actingFor", "evidence"),
)

Given = Mapping[str, object]


def check_text(argument: str, text: object, limit: int) -> Iterator[Refused]:
    """Refuse a text that is longer than *limit*, or holds signs that no reader sees."""
    if not isinstance(text, str):
        return
    if len(text) > limit:
        yield refuse("text-too-long", argument=argument, limit=limit)
    elif reason := check_signs(text):
        yield refuse("text-malformed", argument=argument, reason=reason)


def check_claim(argument: str, claim: Given) -> Iterator[Refused]:
    """Check a claim's value, typed or sent back; a form's address box may hold several lines."""
    value, sealed = claim.get("value"), claim.get("sealed")
    text = value.translate(_LINES) if isinstance(value, str) else value
    yield from check_text(f"{argument}.value", text, LONGEST_SEALED if sealed else LONGEST_CLAIM)
    yield from check_text(f"{argument}.sealed", sealed, LONGEST_SEAL)
    if sealed and value is None:
        yield refuse("seal-without-value", argument=argument)


def check_key(where: str, key: Given) -> Iterator[Refused]:
    """Check the numbers of parcels and certificates, which every province writes its own way."""
    for name, limit in _OF_A_KEY.items():
        yield from check_text(f"{where}.{name}", key.get(name), limit)


def check_business_name(given: Given) -> Iterator[Refused]:
    """Check a name proposed for a business."""
    yield from check_text("name", given.get("name"), LONGEST_NAME)


def check_purpose(purpose: Given) -> tuple[Refused, ...]:
    """Check the texts of a coerced Purpose, which the log and the policy are to hear of."""
    found: list[Refused] = []
    for group, name in _OF_A_PURPOSE:
        given = purpose.get(group) if group else purpose
        if isinstance(given, Mapping):
            argument = ".".join(part for part in ("purpose", group, name) if part)
            found.extend(check_text(argument, given.get(name), LONGEST_REFERENCE))
    return tuple(found)
