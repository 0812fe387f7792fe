"""Names of persons and companies: whether what was typed is the name on file.

Two spellings of one name may differ in code points and be the same to every reader (`Hoà` and
`Hòa`, a composed and a decomposed `ễ`), and may differ in one mark and be two people (`Hùng`
and `Hưng`). So a comparison folds, step by step, what no official would call a difference, and
says which steps were needed. It never measures a distance.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from itertools import product

import msgspec

from adapters.grades import Comparison, Grade

LONGEST_NAME = 200
LONGEST_COMPARED = 500
"""Signs beyond which a text is not folded at all: it is no name, and costs time."""

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_QUALITIES = "\u0302\u0306\u031b"
_COMBINING = re.compile("[\u0300-\u036f]")
_TONE_FIRST = re.compile(f"([{_TONES}])([{_QUALITIES}])")
_VOWELS = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
_LETTERS = re.compile(r"(?:[^\W\d_][\u0300-\u036f]*)+")
_APOSTROPHES = str.maketrans(dict.fromkeys("\u2019\u2018\u02bc", "'"))
# Icelandic eth and African D are drawn like the Vietnamese letter and sit near it on keyboards.
_ETHS = str.maketrans("\u00d0\u00f0\u0189\u0256", "ĐđĐđ")
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Fold(msgspec.Struct, frozen=True):
    """One thing that no official would call a difference, and how to take it away."""

    word: str
    apply: Callable[[str], str]


def compose(text: str) -> str:
    """One code point per letter: NFC, also where the tone was typed before the letter's own mark.

    Unicode keeps `e` + tilde + circumflex as it came; readers see `ễ` all the same.
    """
    composed = unicodedata.normalize("NFC", text)
    if not _COMBINING.search(composed):
        return composed
    ordered = _TONE_FIRST.sub(r"\2\1", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", ordered)


def _single_spaces(text: str) -> str:
    return " ".join(text.split())


def _fold_eths(text: str) -> str:
    return text.translate(_ETHS)


def _fold_apostrophes(text: str) -> str:
    return text.translate(_APOSTROPHES)


def _drop_marks(text: str) -> str:
    """Take away every mark; `đ` has no decomposition, so it is named here."""
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _composed(letters: str) -> str:
    return unicodedata.normalize("NFC", letters)


# `hoà` and `hòa` are one syllable in two school spellings; NFC keeps them apart.
_OLD_PLACE = {
    _composed(first + second + tone): _composed(first + tone + second)
    for low, tone in product(("oa", "oe", "uy"), _TONES)
    for first, second in product((low[0], low[0].upper()), (low[1], low[1].upper()))
}
_OPEN_SYLLABLE = re.compile(rf"(?<![qQ])({'|'.join(_OLD_PLACE)})(?![^\W\d_])")
# After q the u is no vowel: `Qúy` can only be `Quý`.
_AFTER_Q = {
    _composed(glide + tone) + vowel: glide + _composed(vowel + tone)
    for glide, tone, vowel in product("uU", _TONES, _VOWELS)
}
_QU_SYLLABLE = re.compile(rf"(?<=[qQ])({'|'.join(_AFTER_Q)})")


def _place_tones(text: str) -> str:
    """Put the tone where the older spelling has it, in composed text."""
    text = _QU_SYLLABLE.sub(lambda match: _AFTER_Q[match[0]], text)
    return _OPEN_SYLLABLE.sub(lambda match: _OLD_PLACE[match[0]], text)


_LONE_Y = re.compile(
    r"(?<![^\W\d_])((?:qu|[bcdđghklmnprstvx]*))([yỳýỹỷỵ])(?![^\W\d_])", re.IGNORECASE
)
_Y_TO_I = str.maketrans("yỳýỹỷỵYỲÝỸỶỴ", "iìíĩỉịIÌÍĨỈỊ")


def _fold_i_y(text: str) -> str:
    """Write `i` for a `y` that is its syllable's only vowel: `Lý` and `Lí`, not `Hay` and `Hai`."""
    return _LONE_Y.sub(lambda match: match[1] + match[2].translate(_Y_TO_I), text)


_FOLDS = (
    Fold("unicode-nfc", compose),
    Fold("spaces", _single_spaces),
    Fold("case", str.casefold),
    Fold("tone-placement", _place_tones),
    Fold("eth", _fold_eths),
    Fold("apostrophe", _fold_apostrophes),
)
_LOOK_ALIKES = frozenset({"eth", "apostrophe"})
_MARKS_IGNORED = Fold("marks-ignored", _drop_marks)
_I_Y = Fold("i-y", _fold_i_y)


def _folded(folds: Sequence[Fold], text: str) -> str:
    for fold in folds:
        text = fold.apply(text)
    return text


def _fewest(folds: Sequence[Fold], claimed: str, registered: str) -> tuple[str, ...] | None:
    """Name the folds without which the two would not agree, the mildest kept; None: they differ."""

    def agree(steps: Sequence[Fold]) -> bool:
        return _folded(steps, claimed) == _folded(steps, registered)

    if not agree(folds):
        return None
    needed = tuple(folds)
    for fold in reversed(folds):
        fewer = tuple(step for step in needed if step is not fold)
        if agree(fewer):
            needed = fewer
    return tuple(step.word for step in needed)


def compare(claimed: str, registered: str) -> Comparison:
    """Grade a person's name as typed against the name on file."""
    return _compare(claimed, registered, (), ())


def _compare(
    claimed: str, registered: str, marked: tuple[Fold, ...], unmarked: tuple[Fold, ...]
) -> Comparison:
    """Try the ladder of grades; *marked* and *unmarked* are further folds for either spelling."""
    if len(claimed) > LONGEST_COMPARED:
        return Comparison(grade=Grade.DIFFERENT)
    words = _fewest((*_FOLDS, *marked), claimed, registered)
    if words is not None:
        alike = not _LOOK_ALIKES.isdisjoint(words)
        return Comparison(grade=Grade.EQUIVALENT if alike else Grade.EXACT, normalisations=words)
    # Marks may be lost on one side only; where both carry marks, a differing mark is another name.
    if not (has_marks(claimed) and has_marks(registered)):
        words = _fewest((*_FOLDS, _MARKS_IGNORED, *unmarked), claimed, registered)
        if words is not None:
            return Comparison(grade=Grade.UNACCENTED_ONLY, normalisations=words)
    words = _fewest((*_FOLDS, *marked, _I_Y), claimed, registered)
    if words is not None:
        return Comparison(grade=Grade.PARTIAL, normalisations=words)
    return Comparison(grade=Grade.DIFFERENT)


def canonical(name: str) -> str:
    """Fold *name* to the form in which its spellings are equal; never shown to anyone."""
    return _folded(_FOLDS, name)


def bare(name: str) -> str:
    """Write *name* without marks, in capitals, as a machine-readable zone prints it."""
    return _drop_marks(canonical(name)).upper()


def has_marks(name: str) -> bool:
    """Whether any letter carries a tone or a mark of its own; `đ` counts."""
    composed = _fold_eths(compose(name))
    return _drop_marks(composed) != unicodedata.normalize("NFD", composed)


def display(name: str) -> str:
    """Write a registry's CAPITALS as a person writes the name: `H'Hen Niê`, `Y Moan Êñuôl`.

    A name that is not all capitals is somebody's own spelling and stays.
    """
    composed = compose(name)
    if not composed.isupper():
        return composed
    spaced = _single_spaces(composed)

    def capitalise(run: re.Match[str]) -> str:
        before = _fold_apostrophes(spaced[max(0, run.start() - 3) : run.start()])
        # `K'Tèo` but `Ch'ơm`: a one-letter prefix leaves the capital to the name after it.
        inside = re.search(r"[^\W\d_][^\W\d_]'$", before)
        return run[0].lower() if inside else run[0].capitalize()

    return _LETTERS.sub(capitalise, spaced)


_FORMS = (
    (r"c(?:ông |\.\s?)ty|cty\.?", "cty"),
    (r"ctcp", "cty cp"),
    (r"cổ phần", "cp"),
    (r"trách nhiệm hữu hạn", "tnhh"),
    (r"(?:một|1) ?(?:thành viên|tv)", "mtv"),
    (r"hợp danh", "hd"),
    (r"doanh nghiệp tư nhân", "dntn"),
    (r"hộ kinh doanh", "hkd"),
    (r"hợp tác xã", "htx"),
)


def _company_forms(spell: Callable[[str], str]) -> Fold:
    """Abbreviate legal forms, and write `&` out, in folded text spelled as *spell* leaves it."""
    forms = tuple(
        (re.compile(rf"(?<!\w)(?:{spell(compose(form))}|{short})(?!\w)", re.IGNORECASE), short)
        for form, short in _FORMS
    )
    conjunction = f" {spell('và')} "

    def apply(text: str) -> str:
        text = re.sub(r"\s*&\s*", conjunction, text)
        for form, short in forms:
            text = form.sub(short, text)
        return text

    return Fold("company-form", apply)


_MARKED_FORMS = _company_forms(str)
_UNMARKED_FORMS = _company_forms(_drop_marks)


def compare_company(claimed: str, registered: str) -> Comparison:
    """Grade a company's name: the legal form may be abbreviated, the rest must be the name."""
    return _compare(claimed, registered, (_MARKED_FORMS,), (_UNMARKED_FORMS,))


_SEARCH_I = re.compile(r"\b(qu|[hklmstv])i\b")


def search_form(text: str) -> str:
    """Fold *text* for catalogue search: no marks, no case, `đăng kí` finds `đăng ký`."""
    plain = _drop_marks(canonical(text))
    words = re.findall(r"[^\W_]+(?:[.'][^\W_]+)*", plain)
    return _SEARCH_I.sub(r"\1y", " ".join(words))


_NO_NAME_HOLDS = {
    **dict.fromkeys(("Cc", "Zl", "Zp"), "control"),
    "Cf": "invisible",
    **dict.fromkeys(("Cs", "Co", "Cn"), "unassigned"),
}


def check_name(text: str) -> str | None:
    """Say in one stable word why *text* cannot be a name; None when it can.

    The words: `length`, `empty`, `bidi`, `control`, `invisible`, `unassigned`, `no-letters`.
    """
    if len(text) > LONGEST_NAME:
        return "length"
    if not text.strip():
        return "empty"
    if reason := check_signs(text):
        return reason
    named = any(unicodedata.category(letter).startswith("L") for letter in text)
    return None if named else "no-letters"


def check_signs(text: str) -> str | None:
    """Say in one stable word which sign of *text* no reader sees: the four of `check_name`."""
    if not _BIDI.isdisjoint(text):
        return "bidi"
    kinds = {unicodedata.category(letter) for letter in text}
    return next((reason for kind, reason in _NO_NAME_HOLDS.items() if kind in kinds), None)
