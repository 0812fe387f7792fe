"""Provinces: the 63 of before 2025-07-01 and the 34 since, and what a personal id says of them."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import msgspec

from adapters.places.tables import rows


class Province(msgspec.Struct, frozen=True, kw_only=True):
    """A province or a centrally-run city, by its statistics-office code."""

    code: str
    name: str


class ProvinceHistory(msgspec.Struct, frozen=True, kw_only=True):
    """A province of before 2025-07-01 and where it lies now: as a rule one, never none."""

    prefix: str
    """The first three digits of personal ids whose birth was registered there; kept for ever."""
    then: Province
    now: tuple[Province, ...]


@cache
def _histories() -> Mapping[str, ProvinceHistory]:
    """Read the table once, by the code of before 2025-07-01."""
    return MappingProxyType(
        {
            code: ProvinceHistory(
                prefix=prefix,
                then=Province(code=code, name=name),
                now=tuple(
                    Province(code=code_now, name=name_now)
                    for code_now, name_now in zip(
                        codes_now.split(";"), names_now.split(";"), strict=True
                    )
                ),
            )
            for code, prefix, name, codes_now, names_now in rows("provinces_63_to_34.csv")
        }
    )


@cache
def provinces_before() -> Mapping[str, Province]:
    """Give the 63 provinces by their code."""
    return MappingProxyType({code: history.then for code, history in _histories().items()})


@cache
def provinces_now() -> Mapping[str, Province]:
    """Give the 34 provinces by their code, each with the kind it has since 2026."""
    return MappingProxyType({p.code: p for h in _histories().values() for p in h.now})


def province_of_prefix(prefix: str) -> ProvinceHistory | None:
    """Give the province in which a personal id with this three-digit *prefix* was given.

    None for prefixes that are no province: people registered abroad, and the sandbox.
    """
    if len(prefix) != len("006") or not prefix.startswith("0"):
        return None
    return _histories().get(prefix[1:])
