"""Names of the schema that the machinery below it must know."""

from collections.abc import Mapping

from adapters.registry import RegistryName

DOSSIER_TYPE = "Dossier"

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
