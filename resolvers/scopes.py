"""Which scope opens which field: one table, that refuses and that the schema prints.

A field of `Query`, of a dossier or of `me` that the table does not name is nobody's to read: who
adds one must say here whose it is.
"""

from collections.abc import Iterator, Mapping, Sequence

from graphql import GraphQLSchema

from auth.auditor import AUDIT, UNMASK
from auth.caller import Caller
from auth.developer import DEVELOPER, refuse_reading
from auth.paths import refuse_unguarded
from auth.profile import Profile
from auth.refusal import Refused
from resolvers.names import DOSSIER_TYPE, OWN_TYPE, PERSONAL_ROOTS
from resolvers.plan import Selection
from resolvers.preflight import Arguments

QUERY_TYPE = "Query"

SCOPES: Mapping[tuple[str, str], tuple[str, ...]] = {
    (QUERY_TYPE, "dossier"): ("prefill", "verify", "records"),
    (QUERY_TYPE, "me"): ("records",),
    (QUERY_TYPE, "accessLog"): (AUDIT,),
    (QUERY_TYPE, "accessStatistics"): (AUDIT,),
    (QUERY_TYPE, "procedure"): (),
    (QUERY_TYPE, "procedures"): (),
    (QUERY_TYPE, "registries"): (),
    (QUERY_TYPE, "myGrants"): (),
    (QUERY_TYPE, "place"): (),
    (QUERY_TYPE, "__schema"): (DEVELOPER,),
    (QUERY_TYPE, "__type"): (DEVELOPER,),
    (DOSSIER_TYPE, "prefill"): ("prefill",),
    (DOSSIER_TYPE, "verify"): ("verify",),
    (DOSSIER_TYPE, "person"): ("records",),
    (DOSSIER_TYPE, "persons"): ("records",),
    (DOSSIER_TYPE, "business"): ("records",),
    (DOSSIER_TYPE, "parcel"): ("records",),
    (DOSSIER_TYPE, "landCertificate"): ("records",),
    (DOSSIER_TYPE, "nameCheck"): ("records",),
    (OWN_TYPE, "person"): ("records",),
    (OWN_TYPE, "accessLog"): ("records",),
}
"""(type, field) -> one of these scopes is needed; none: any valid token will do.

`__schema` and `__type` need theirs in production only. A field below `dossier` needs its own.
"""

SCOPES_SUPPORTED: tuple[str, ...] = tuple(
    dict.fromkeys([*(scope for scopes in SCOPES.values() for scope in scopes), UNMASK])
)
"""All scopes that open or unmask something, for whoever asks how to get in (RFC 9728)."""


def scopes_of(personal: Selection | None) -> tuple[str, ...]:
    """Name the scopes that the fields below `dossier` or `me` need, all of them."""
    children = personal.children if personal else ()
    needed = {scope for child in children for scope in SCOPES[child.type_name, child.name]}
    return tuple(scope for scope in SCOPES_SUPPORTED if scope in needed) or ("records",)


def check_policies(roots: Sequence[Selection]) -> Refused | None:
    """Refuse an operation with a field for which nobody has said whose it is."""
    unguarded = [path for path, place in _places(roots) if place not in SCOPES]
    return refuse_unguarded(unguarded) if unguarded else None


def _places(roots: Sequence[Selection]) -> Iterator[tuple[str, tuple[str, str]]]:
    for root in roots:
        yield root.name, (root.type_name, root.name)
        if root.name in PERSONAL_ROOTS:
            for child in root.children:
                yield f"{root.name}/{child.name}", (child.type_name, child.name)


def check_developer(
    caller: Caller, profile: Profile, fields: Sequence[Arguments], *, own: bool
) -> Refused | None:
    """Refuse a developer everything that reads a person: all but a prefill's dry run.

    *fields* are those below the dossier; *own* tells that `me` stands in its place.
    """
    for field in fields:
        rehearsal = field.field == "prefill" and field.given.get("dryRun") is True
        if own or not rehearsal:
            scope = SCOPES[OWN_TYPE if own else DOSSIER_TYPE, field.field]
            return refuse_reading(caller, profile, field.field, scope[0])
    return None


def describe(schema: GraphQLSchema) -> None:
    """Let the description of every field of the table end with the scopes it needs."""
    for (type_name, field_name), scopes in SCOPES.items():
        fields = getattr(schema.type_map.get(type_name), "fields", {})
        if field_name in fields:
            field = fields[field_name]
            field.description = f"{field.description} {_sentence(scopes)}"


def _sentence(scopes: Sequence[str]) -> str:
    named = ", ".join(f"`{scope}`" for scope in scopes)
    if not scopes:
        return "Phạm vi: mọi mã truy cập hợp lệ."
    return f"Phạm vi: {named}." if len(scopes) == 1 else f"Phạm vi: một trong {named}."
