"""Before anything is asked: the subjects, claims and keys of a request against its procedure.

All checks here need the variables but no registry; a request that fails one makes no call at all.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from adapters.names import check_name
from auth.refusal import Refused
from resolvers.forms import Form
from resolvers.names import ROLE_FIELDS
from resolvers.procedure import Procedure
from resolvers.refusals import refuse
from resolvers.texts import check_business_name, check_claim, check_key

MOST_SUBJECTS = 50
MOST_CLAIMS = 100
MOST_CLAIMS_OF_A_LIST = 10
PERSONAL_CODE = 12
"""Digits of a household business's code, which is its owner's personal id."""
SHORTEST_NUMBER = 6
"""Digits from which a word of the caller is not repeated: a number may hide in it."""

Given = Mapping[str, object]


class Arguments(msgspec.Struct, frozen=True, kw_only=True):
    """The coerced arguments of one field below the dossier, by its response key."""

    field: str
    key: str
    role: str | None
    given: Given


def check(
    fields: Sequence[Arguments],
    procedure: Procedure,
    forms: Mapping[str, Form],
) -> tuple[Refused, ...]:
    """Check every field below the dossier; empty when the request may go on."""
    people = frozenset(f.role for f in fields if f.role and f.field in {"person", "persons"})
    found: list[Refused] = []
    for field in fields:
        if field.field in {"prefill", "verify"}:
            found.extend(_filled(field, procedure, forms))
        elif field.field == "nameCheck":
            found.extend(check_business_name(field.given))
        elif field.field in ROLE_FIELDS:
            found.extend(_typed(field, procedure, people))
    claims = [c for f in fields if f.field == "verify" for c in _mappings(f.given.get("claims"))]
    found.extend(_repeated(claims, procedure))
    return tuple(found[:5])


def _typed(field: Arguments, procedure: Procedure, people: frozenset[str]) -> Iterator[Refused]:
    kind = ROLE_FIELDS[field.field]
    role = field.role or ""
    yield from _role(role, kind, procedure)
    keys = field.given.get("keys")
    if isinstance(keys, list):
        if len(keys) > MOST_SUBJECTS:
            yield refuse("too-many-subjects", argument="keys", limit=MOST_SUBJECTS)
            return
        for index, key in enumerate(keys):
            yield from _key(kind, key, f"keys[{index}]", role, people)
    elif (key := field.given.get("key")) is not None:
        yield from _key(kind, key, "key", role, people)


def _filled(field: Arguments, procedure: Procedure, forms: Mapping[str, Form]) -> Iterator[Refused]:
    subjects = _mappings(field.given.get("subjects"))
    by_role: dict[str, list[str]] = {}
    for index, subject in enumerate(subjects):
        role, key = str(subject["role"]), subject["is"]
        given = _kind_of(key)
        where = f"subjects[{index}].is.{given}"
        by_role.setdefault(role, []).append(given)
        known = procedure.roles.get(role)
        if known is None:
            yield refuse(
                "role-unknown",
                role=_name(role),
                procedure=procedure.code,
                roles=", ".join(procedure.roles),
            )
        elif given == "declared" and not known.may_be_declared:
            yield refuse("role-not-declarable", role=role)
        elif given not in {"declared", known.kind}:
            yield refuse("role-of-another-kind", role=role, kind=known.kind, given=given)
        else:
            people = frozenset(str(s["role"]) for s in subjects if _kind_of(s["is"]) == "person")
            yield from _key(given, _below(key, given), where, role, people)
    yield from _counted(by_role, procedure)
    if field.field == "prefill":
        yield from _only(field.given.get("only"), procedure)
    else:
        yield from _claims(_mappings(field.given.get("claims")), procedure)
    form = field.given.get("form")
    if isinstance(form, str) and (form not in forms or forms[form].procedure != procedure.code):
        fitting = [f.name for f in forms.values() if f.procedure == procedure.code]
        yield refuse(
            "form-unknown",
            form=_name(form),
            procedure=procedure.code,
            forms=", ".join(fitting) or "-",
        )


def _counted(by_role: Mapping[str, Sequence[str]], procedure: Procedure) -> Iterator[Refused]:
    for role in procedure.roles.values():
        if role.required and role.granted and role.name not in by_role:
            yield refuse("role-required", role=role.name, label=role.label)
    for name, given in by_role.items():
        known = procedure.roles.get(name)
        if known is not None and len(given) > 1 and not known.many:
            yield refuse("role-given-twice", role=name)
        if len(given) > MOST_SUBJECTS:
            yield refuse("too-many-subjects", argument="subjects", limit=MOST_SUBJECTS)


def _only(only: object, procedure: Procedure) -> Iterator[Refused]:
    keys = {f.key for f in procedure.fields} | {f"{role}.*" for role in procedure.roles}
    for key in only if isinstance(only, list) else ():
        if key not in keys:
            yield refuse("only-unknown", key=_name(str(key)), procedure=procedure.code)


def _claims(claims: Sequence[Given], procedure: Procedure) -> Iterator[Refused]:
    if not 0 < len(claims) <= MOST_CLAIMS:
        yield refuse("claims-missing", limit=MOST_CLAIMS)
        return
    known = {(f.role, f.key) for f in procedure.fields}
    for index, claim in enumerate(claims):
        yield from check_claim(f"claims[{index}]", claim)
        role, key = str(claim["role"]), str(claim["key"])
        if (role, key) not in known:
            yield refuse(
                "field-unknown", procedure=procedure.code, key=_name(key), role=_name(role)
            )


def _repeated(claims: Sequence[Given], procedure: Procedure) -> Iterator[Refused]:
    """Refuse guessing: a field is claimed once in a request, over all its aliases."""
    lists = {
        (field.role, field.key)
        for field in procedure.fields
        if field.collects or procedure.roles[field.role].many
    }
    claimed = Counter((str(claim["role"]), str(claim["key"])) for claim in claims)
    for (role, key), times in claimed.items():
        limit = MOST_CLAIMS_OF_A_LIST if (role, key) in lists else 1
        if times > limit:
            yield refuse("claim-repeated", key=_name(key), role=_name(role), limit=limit)


def _role(role: str, kind: str, procedure: Procedure) -> Iterator[Refused]:
    known = procedure.roles.get(role)
    if known is None:
        yield refuse(
            "role-unknown",
            role=_name(role),
            procedure=procedure.code,
            roles=", ".join(procedure.roles),
        )
    elif known.kind != kind:
        yield refuse("role-of-another-kind", role=role, kind=known.kind, given=kind)


def _key(
    kind: str, key: object, where: str, role: str, people: frozenset[str]
) -> Iterator[Refused]:
    if not isinstance(key, Mapping):
        return
    for name in ("fullName", "ownerName"):
        text = key.get(name)
        if isinstance(text, str) and (reason := check_name(text)):
            yield refuse("name-malformed", argument=f"{where}.{name}", reason=reason)
    if kind in {"parcel", "certificate"}:
        yield from check_key(where, key)
    of_household = kind == "business" and len(str(key.get("code"))) == PERSONAL_CODE
    if of_household and not key.get("ownerName"):
        yield refuse("owner-name-required")
    for holder in key.get("holder") or () if kind in {"parcel", "certificate"} else ():
        if holder not in people:
            yield refuse("holder-unknown", role=role, holder=_name(str(holder)))


def _mappings(value: object) -> list[Given]:
    return [v for v in value if isinstance(v, Mapping)] if isinstance(value, list) else []


def _kind_of(key: object) -> str:
    if not isinstance(key, Mapping):
        return ""
    return next((name for name, value in key.items() if value is not None), "")


def _below(key: object, name: str) -> object:
    return key.get(name) if isinstance(key, Mapping) else None


def _name(text: str) -> str:
    """Repeat a caller's word only as long as no number hides in it."""
    plain = sum(c.isdigit() for c in text) < SHORTEST_NUMBER and text.isprintable()
    return text[:60] if plain else "…"
