"""Whether a business name is free: taken when it is borne already, similar when one holds another.

The real registry's rules are longer; these show the three answers that there are.
"""

import re
import unicodedata
from collections.abc import Iterable

MOST_SIMILAR = 5
SHORTEST_SIMILAR = 3

_FORM = re.compile(
    r"^(hộ kinh doanh|doanh nghiệp tư nhân|công ty (cổ phần|hợp danh)|"
    r"công ty (tnhh|trách nhiệm hữu hạn)"
    r"( (mtv|một thành viên|hai thành viên trở lên))?)\s+"
)


def compare(asked: str, known: Iterable[str]) -> tuple[bool, list[str]]:
    """Tell whether *asked* is borne by one of *known*, and list those that resemble it."""
    proper = proper_name(asked)
    plain = without_marks(proper)
    taken = False
    similar = []
    for name in known:
        theirs = without_marks(proper_name(name))
        taken = taken or proper_name(name) == proper
        if plain == theirs or _holds(plain, theirs) or _holds(theirs, plain):
            similar.append(name)
    return taken, similar[:MOST_SIMILAR]


def proper_name(name: str) -> str:
    """Leave the name without the words for the legal form, in lower case."""
    return _FORM.sub("", " ".join(unicodedata.normalize("NFC", name).casefold().split()))


def without_marks(text: str) -> str:
    """Leave the bare letters."""
    bare = unicodedata.normalize("NFD", text.replace("đ", "d"))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def _holds(whole: str, part: str) -> bool:
    return len(part) >= SHORTEST_SIMILAR and f" {part} " in f" {whole} "
