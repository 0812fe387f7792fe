"""Names of the schema that the machinery below it must know."""

from collections.abc import Mapping

from adapters.registry import RegistryName

DOSSIER_TYPE = "Dossier"

OWN_TYPE = "Me"
"""What `Query.me` gives: the citizen behind the token, as a dossier with one role."""

OWN_ROLE = "self"
"""The role in which a citizen stands below `me`."""

ROOT_ROLES: Mapping[str, str | None] = {DOSSIER_TYPE: None, OWN_TYPE: OWN_ROLE}
"""The types whose fields are look-ups with proof, and the role where no argument says it."""

PERSONAL_ROOTS = frozenset({"dossier", "me"})
"""The fields of Query below which personal data lies: one of them once in an operation."""

LOG_ROOTS = frozenset({"accessLog", "accessStatistics"})
"""The fields of Query that read the access log: one of them, alone, once in an operation."""

OWN_LOG = "accessLog"
"""The field of `me` that reads the access log; it needs no role and no grant of fields."""

WITHOUT_ROLE = frozenset({"prefill", "verify", OWN_LOG})
"""Fields of a dossier or of `me` that are no look-up: nothing below them is a role path."""

MINOR_CHILD = "minorChildOf"
"""Of a role: its subject is a minor child of another role's (directives.graphql)."""

ROLE_FIELDS = {
    "person": "person",
    "persons": "person",
    "business": "business",
    "parcel": "parcel",
    "landCertificate": "certificate",
}
"""Dossier fields that take a role, and the kind of subject the role then is."""

ALWAYS_INSIDE = frozenset({"source"})
"""Fields that need no grant of their own: provenance belongs to every granted value."""

SENSITIVE_FIELDS = frozenset(
    {"Person.religion", "Person.ethnicGroup", "Person.bloodGroup", "SocialInsurance.salary"}
)
"""Fields that a procedure document may select only under @sensitive(ground:)."""

REGISTRY_OF: Mapping[tuple[str, str], RegistryName] = {
    (OWN_TYPE, "person"): RegistryName.POPULATION,
    (DOSSIER_TYPE, "person"): RegistryName.POPULATION,
    (DOSSIER_TYPE, "persons"): RegistryName.POPULATION,
    (DOSSIER_TYPE, "business"): RegistryName.BUSINESS,
    (DOSSIER_TYPE, "parcel"): RegistryName.LAND,
    (DOSSIER_TYPE, "landCertificate"): RegistryName.LAND,
    (DOSSIER_TYPE, "nameCheck"): RegistryName.BUSINESS,
    ("Person", "household"): RegistryName.POPULATION,
    ("Person", "socialInsurance"): RegistryName.INSURANCE,
    ("Person", "healthInsurance"): RegistryName.INSURANCE,
    ("Person", "businesses"): RegistryName.BUSINESS,
    ("Person", "parcels"): RegistryName.LAND,
    ("HouseholdMember", "socialInsurance"): RegistryName.INSURANCE,
    ("HouseholdMember", "healthInsurance"): RegistryName.INSURANCE,
    ("HouseholdMember", "businesses"): RegistryName.BUSINESS,
}
"""The registry that each edge asks."""

EDGE_FIELDS = frozenset(REGISTRY_OF)
"""The fields that cross to a registry; resolvers/edges.py holds the function behind each."""
