"""How a typed claim is compared with a value on file: by what the field means, not by its type.

Against the population registry number, name and birth date never get DIFFERENT: there a look-up
that does not agree is an empty answer, so a contradiction is CANNOT_DECIDE (DESIGN, section 3).
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

import msgspec

from adapters import dates, identifiers, names
from adapters.dates import PartialDate
from adapters.grades import Comparison, Grade
from adapters.places import Address
from adapters.places.compare import compare_address
from adapters.registry import RegistryName
from resolvers.display import as_text
from resolvers.enums import Verdict
from resolvers.plan import Selection
from resolvers.walk import Found


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict, and what had to be done to the claim to come to it."""

    verdict: Verdict
    normalisations: tuple[str, ...] = ()


Rule = Callable[[str, Found], Comparison]

_PLAIN_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
_VIETNAMESE_NUMBER = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?")
_PROOF = frozenset({"fullName", "birthDate", "personalId", "oldIdNumbers", "oldIdNumber"})


def compare(selection: Selection, claim: str, found: Found) -> Agreement:
    """Compare *claim* with what was found for *selection*."""
    rule = _RULES.get(f"{selection.type_name}.{selection.name}") or _rule_for(found.value)
    comparison = rule(claim, found)
    grade = comparison.grade
    source = found.source
    if (
        grade is Grade.DIFFERENT
        and selection.name in _PROOF
        and source is not None
        and source.registry is RegistryName.POPULATION
    ):
        return Agreement(verdict=Verdict.CANNOT_DECIDE)
    return Agreement(verdict=Verdict(grade.value), normalisations=comparison.normalisations)


def _rule_for(value: object) -> Rule:
    if isinstance(value, PartialDate):
        return _date
    if isinstance(value, Decimal):
        return _decimal
    if isinstance(value, list | tuple):
        return _any_of
    return _text


def _name(claim: str, found: Found) -> Comparison:
    return names.compare(claim, str(found.value))


def _company(claim: str, found: Found) -> Comparison:
    return names.compare_company(claim, str(found.value))


def _date(claim: str, found: Found) -> Comparison:
    given = dates.parse(claim) or dates.parse_vietnamese(claim)
    if given is None or not isinstance(found.value, PartialDate):
        return Comparison(grade=Grade.DIFFERENT, normalisations=())
    return dates.compare(given, found.value)


def _decimal(claim: str, found: Found) -> Comparison:
    same = found.value in _numbers(claim.strip())
    return Comparison(grade=Grade.EXACT if same else Grade.DIFFERENT, normalisations=())


def _numbers(text: str) -> tuple[Decimal, ...]:
    """Read a number as people write it: `1200`, `64,5`, `64.5`, `1.012,5`.

    `1.200` is twelve hundred to a clerk and one and a fifth to a program: both are given.
    """
    readings: list[str] = []
    if _PLAIN_NUMBER.fullmatch(text):
        readings.append(text.replace(",", "."))
    if _VIETNAMESE_NUMBER.fullmatch(text):
        readings.append(text.replace(".", "").replace(",", "."))
    return tuple(Decimal(reading) for reading in readings)


def _address(claim: str, found: Found) -> Comparison:
    """Compare with the whole address: a ward renamed or merged since is the same place."""
    address = next((r for r in reversed(found.chain) if isinstance(r, Address)), None)
    return compare_address(claim, address) if address else _text(claim, found)


def _serial(claim: str, found: Found) -> Comparison:
    same = identifiers.normalise_serial(claim) == identifiers.normalise_serial(str(found.value))
    return Comparison(grade=Grade.EXACT if same else Grade.DIFFERENT, normalisations=())


def _enterprise_code(claim: str, found: Found) -> Comparison:
    same = identifiers.normalise_enterprise_code(claim) == found.value
    return Comparison(grade=Grade.EXACT if same else Grade.DIFFERENT, normalisations=())


def _any_of(claim: str, found: Found) -> Comparison:
    texts = [as_text(v) for v in found.value] if isinstance(found.value, list | tuple) else []
    return max(
        (names.compare(claim, text) for text in texts if text),
        key=lambda c: -list(Grade).index(c.grade),
        default=Comparison(grade=Grade.DIFFERENT, normalisations=()),
    )


def _text(claim: str, found: Found) -> Comparison:
    """Compare words: the value as a form shows it, or as the schema names it."""
    shown = as_text(found.value) or ""
    by_words = names.compare(claim, shown)
    if by_words.grade is Grade.DIFFERENT and claim == getattr(found.value, "value", None):
        return Comparison(grade=Grade.EXACT, normalisations=())
    return by_words


_RULES: Mapping[str, Rule] = {
    "Person.fullName": _name,
    "PersonRef.fullName": _name,
    "HouseholdMember.fullName": _name,
    "Enterprise.name": _company,
    "HouseholdBusiness.name": _company,
    "Business.name": _company,
    "Place.display": _address,
    "LandCertificate.serialNumber": _serial,
    "Enterprise.code": _enterprise_code,
}
"""Coordinate -> rule; any other field is compared by the kind of its value."""
