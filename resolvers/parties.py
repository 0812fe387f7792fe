"""The subjects that a request names, role by role, before anything is asked.

One written form for each kind of number: quotas count by it, a dossier is bound to it, and a
portal's attestation digests it (docs/attestation.md).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from adapters.identifiers import normalise_serial
from resolvers.names import ROLE_FIELDS
from resolvers.preflight import Arguments


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody or something in a role."""

    role: str
    kind: str
    """person, business, parcel or certificate."""
    number: str

    def __repr__(self) -> str:
        """Name the role without the number."""
        return f"Subject(role={self.role!r}, kind={self.kind!r})"

    @property
    def counted(self) -> str:
        """The text under which a quota counts it: equal numbers of two kinds are two subjects."""
        return f"{self.kind}:{self.number}"


def subjects_of(fields: Sequence[Arguments]) -> tuple[Subject, ...]:
    """Give every subject that would be asked about; a dry run asks about nobody."""
    return tuple(dict.fromkeys(subject for field in fields for subject in _of_field(field)))


def by_role(subjects: Iterable[Subject]) -> dict[str, list[str]]:
    """Sort the numbers of *subjects* by role."""
    found: dict[str, list[str]] = {}
    for subject in subjects:
        found.setdefault(subject.role, []).append(subject.number)
    return found


def _of_field(field: Arguments) -> Iterator[Subject]:
    if field.field in {"prefill", "verify"}:
        if field.given.get("dryRun") is True:
            return
        for subject in _listed(field.given.get("subjects")):
            given = subject.get("is")
            for kind, key in given.items() if isinstance(given, Mapping) else ():
                yield from _one(str(subject["role"]), kind, key)
    elif field.field in ROLE_FIELDS and field.role is not None:
        kind = ROLE_FIELDS[field.field]
        for key in (field.given.get("key"), *_listed(field.given.get("keys"))):
            yield from _one(field.role, kind, key)


def _one(role: str, kind: str, key: object) -> Iterator[Subject]:
    if not isinstance(key, Mapping):
        return
    number = _number(kind, key)
    if number is not None:
        yield Subject(role=role, kind=kind, number=number)


def _number(kind: str, key: Mapping[str, object]) -> str | None:
    """Write the number of *key* in its one form; who is only declared has none."""
    if kind == "person" and isinstance(key.get("number"), Mapping):
        number = key["number"]
        given = [v for v in number.values() if v is not None] if isinstance(number, Mapping) else []
        return str(given[0]) if given else None
    if kind == "business":
        return str(key["code"])
    if kind == "parcel":
        return f"{key['ward']}/{key['sheet']}/{key['parcel']}"
    return normalise_serial(str(key["number"])) if kind == "certificate" else None


def _listed(value: object) -> list[Mapping[str, object]]:
    return [v for v in value if isinstance(v, Mapping)] if isinstance(value, list) else []
