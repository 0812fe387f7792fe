"""A citizen online: what the own token lets the request ask about, and how `me` is put.

The rules are in auth/citizen.py; here a request is written in its words. `Query.me` is the dossier
of nobody's file: the same decision, guard, desk and log, under the document `self-access`, with the
proof that the token's verified claims make and no argument can change.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from adapters import dates
from auth.caller import Caller
from auth.citizen import Asked
from auth.purpose import SELF_ACCESS, Ask
from resolvers import inputs
from resolvers.names import OWN_ROLE, ROLE_FIELDS
from resolvers.preflight import Arguments
from resolvers.procedure import Procedure
from resolvers.scalars import PersonalId

OWN_ASK = Ask(procedure_raw=SELF_ACCESS, procedure=SELF_ACCESS)
"""What `me` is for: no dossier, no step but the reading."""


def own_key(caller: Caller) -> inputs.PersonKey | None:
    """Give the proof that a citizen's token makes of itself; None when a claim is missing."""
    birth = dates.parse(caller.subject_birth or "")
    if caller.subject is None or not caller.subject_name or birth is None:
        return None
    return inputs.PersonKey(
        number=inputs.PersonNumber(personal_id=PersonalId(caller.subject), old_id_number=None),
        full_name=caller.subject_name,
        birth_date=birth,
    )


def own_arguments(caller: Caller) -> tuple[Arguments, ...]:
    """Write `me` as the field of a dossier that it stands for: the citizen in the own role."""
    key = {"number": {"personalId": caller.subject}, "fullName": caller.subject_name}
    return (Arguments(field="person", key="person", role=OWN_ROLE, given={"key": key}),)


def asked_of(fields: Sequence[Arguments], procedure: Procedure, today: date) -> tuple[Asked, ...]:
    """Give everybody and everything that *fields* ask about; who is only declared is not."""
    return tuple(
        _asked(role, kind, key, procedure, today, rehearsed=field.given.get("dryRun") is True)
        for field in fields
        for role, kind, key in _keys(field)
    )


def _keys(field: Arguments) -> Iterator[tuple[str, str, Mapping[str, object]]]:
    if field.field in {"prefill", "verify"}:
        for subject in _mappings(field.given.get("subjects")):
            for kind, key in _mapping(subject.get("is")).items():
                if kind != "declared" and isinstance(key, Mapping):
                    yield str(subject["role"]), kind, key
    elif field.field in ROLE_FIELDS:
        for key in _mappings([field.given.get("key"), *_listed(field.given.get("keys"))]):
            yield field.role or "", ROLE_FIELDS[field.field], key


def _asked(
    role: str,
    kind: str,
    key: Mapping[str, object],
    procedure: Procedure,
    today: date,
    *,
    rehearsed: bool,
) -> Asked:
    known = procedure.roles.get(role)
    birth = key.get("birthDate")
    numbers = _mapping(key.get("number")) if kind == "person" else {}
    return Asked(
        role=role,
        kind=kind,
        number=str(numbers.get("personalId") or key.get("code") or ""),
        by_old_number=numbers.get("oldIdNumber") is not None,
        holders=tuple(map(str, _listed(key.get("holder")))),
        minor_of=known.minor_child_of if known else None,
        rehearsed=rehearsed,
        oldest=dates.age_on(birth, today)[1] if isinstance(birth, dates.PartialDate) else None,
    )


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _mappings(value: object) -> list[Mapping[str, object]]:
    return [v for v in _listed(value) if isinstance(v, Mapping)]


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []
