"""May this document: the role paths it selects against those its procedure grants.

A path is `role/field/field`, aliases removed: `applicant/permanentResidence/today/display`.
What is granted for one role is not granted for another, nor at another depth.
"""

import re
from collections.abc import Iterable

import msgspec

from auth.refusal import Refused, refuse

MOST_NAMED = 20
"""Paths a refusal lists; the rest is counted."""

# A role in a document is the caller's word: whatever is no name is not repeated.
_PATH = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}(?:/[A-Za-z_][A-Za-z0-9_]{0,63}){0,15}")


class PathOutside(msgspec.Struct, frozen=True, kw_only=True):
    """A path that is not granted, and the *roles* for which the same fields are."""

    path: str
    roles: tuple[str, ...]


def paths_outside(paths: frozenset[str], granted: frozenset[str]) -> tuple[str, ...]:
    """List, in order, the *paths* that are not *granted*."""
    return tuple(sorted(paths - granted))


def explain_paths(outside: Iterable[str], granted: frozenset[str]) -> tuple[PathOutside, ...]:
    """Say of each path *outside* which other roles have its fields: mostly a slip of the role."""
    roles: dict[str, list[str]] = {}
    for path in sorted(granted):
        role, between, fields = path.partition("/")
        if between:
            roles.setdefault(fields, []).append(role)
    return tuple(
        PathOutside(path=path, roles=tuple(roles.get(path.partition("/")[2], ())))
        for path in outside
    )


def refuse_paths(paths: frozenset[str], granted: frozenset[str]) -> Refused | None:
    """Refuse a document that reaches outside its procedure, naming where."""
    outside = explain_paths(paths_outside(paths, granted), granted)
    if not outside:
        return None
    listed = _listed([reached.path for reached in outside])
    roles = sorted({role for reached in outside for role in reached.roles})
    if not roles:
        return refuse("path-outside-procedure", paths=listed)
    return refuse("path-of-another-role", paths=listed, roles=", ".join(roles))


def refuse_parts(paths: Iterable[str]) -> Refused:
    """Refuse what the procedure has, but not the parts of it that were agreed on."""
    return refuse("path-of-another-part", paths=_listed(sorted(paths)))


def refuse_unguarded(paths: Iterable[str]) -> Refused:
    """Refuse fields for which nobody has said whose they are."""
    return refuse("field-without-policy", paths=_listed(sorted(paths)))


def _listed(paths: list[str]) -> str:
    named = [path if _PATH.fullmatch(path) else "?" for path in paths[:MOST_NAMED]]
    more = len(paths) - len(named)
    return ", ".join([*named, f"+{more}"] if more else named)
