"""What anyone with a token may know: the catalogue, the registries, the own grants, places."""

import base64
from collections.abc import Mapping
from datetime import date

from adapters.places import Place, place
from adapters.registry import RegistryName
from resolvers.enums import FieldState
from resolvers.enums_of_grants import DossierAttestation, UngrantedField
from resolvers.parts import given_of
from resolvers.procedure import Procedure
from resolvers.results import (
    Grant,
    GrantedRole,
    PageInfo,
    ProcedureConnection,
    RegistryInfo,
    WithdrawnRegistry,
)
from resolvers.visit import Visit

LARGEST_PAGE = 100

_REGISTRIES: Mapping[RegistryName, tuple[str, str]] = {
    RegistryName.POPULATION: ("Cơ sở dữ liệu quốc gia về dân cư", "Bộ Công an"),
    RegistryName.BUSINESS: ("Cơ sở dữ liệu quốc gia về đăng ký doanh nghiệp", "Bộ Tài chính"),
    RegistryName.INSURANCE: ("Cơ sở dữ liệu quốc gia về bảo hiểm", "Bảo hiểm xã hội Việt Nam"),
    RegistryName.LAND: (
        "Cơ sở dữ liệu quốc gia về đất đai",
        "Bộ Nông nghiệp và Môi trường và các tỉnh",
    ),
}


def procedure_of(visit: Visit, code: str) -> Procedure | None:
    """Find a procedure by its national code, with or without a local suffix."""
    return visit.public.catalogue.find(code)


def procedures_of(
    visit: Visit, search: str | None, first: int, after: str | None
) -> ProcedureConnection:
    """Give one page of the catalogue; the cursor is the last code of the page before."""
    catalogue = visit.public.catalogue
    found = catalogue.search(search) if search else list(catalogue)
    start = _after(after)
    codes = [p.code for p in found]
    rest = found[codes.index(start) + 1 :] if start in codes else found
    page = rest[: max(0, min(first, LARGEST_PAGE))]
    return ProcedureConnection(
        nodes=tuple(page),
        page_info=PageInfo(
            has_next_page=len(rest) > len(page),
            end_cursor=_cursor(page[-1].code) if page else None,
        ),
        total_count=len(found),
    )


def registries_of(visit: Visit) -> list[RegistryInfo]:
    """Say of each registry whether this installation is connected to it."""
    connected = visit.public.registries
    return [
        RegistryInfo(
            name=name,
            label=label,
            authority=authority,
            state=FieldState.VALUE if name in connected else FieldState.SOURCE_NOT_CONNECTED,
        )
        for name, (label, authority) in _REGISTRIES.items()
    ]


def grants_of(visit: Visit) -> list[Grant]:
    """Say what the caller's grants open, procedure by procedure."""
    return [
        Grant(
            procedure=procedure.code,
            name=procedure.name,
            scopes=tuple(
                sorted(
                    visit.caller.scopes
                    if grant.scopes is None
                    else visit.caller.scopes & grant.scopes
                )
            ),
            roles=tuple(
                GrantedRole(
                    role=role.name,
                    label=role.label,
                    paths=_paths_of(given_of(procedure, grant.parts), role.name),
                )
                for role in procedure.roles.values()
            ),
            version=procedure.version,
            agencies=grant.agencies,
            valid_from=grant.valid_from,
            valid_until=grant.valid_until,
            has_accountable_officer=bool(grant.accountable),
            legal_basis=grant.legal_basis,
            attestation=DossierAttestation(grant.attestation),
            ungranted=UngrantedField(grant.ungranted.upper()),
            parts=tuple(sorted(grant.parts)) if grant.parts is not None else None,
            subjects_per_minute=grant.subjects_per_minute,
            subjects_per_hour=grant.subjects_per_hour,
            withdrawn=_withdrawn(visit, procedure.code),
        )
        for grant in visit.public.grants.of(visit.caller.consumer_id)
        for procedure in visit.public.catalogue
        if grant.includes(procedure.code) and grant.in_force(visit.today())
    ]


def _withdrawn(visit: Visit, procedure: str) -> tuple[WithdrawnRegistry, ...]:
    """Name the registries whose owners have taken back what the grant would open."""
    asked = ((name, name.value.lower()) for name in RegistryName)
    return tuple(
        WithdrawnRegistry(registry=name, ground=ground)
        for name, registry in asked
        if (
            ground := visit.public.withdrawn(
                registry, visit.caller.consumer_id, procedure, visit.today()
            )
        )
    )


def _paths_of(procedure: Procedure, role: str) -> tuple[str, ...]:
    return tuple(sorted(path for path in procedure.paths if path.startswith(f"{role}/")))


def place_of(visit: Visit, code: str, on: date | None) -> Place | None:
    """Give a ward as it was on a day."""
    return place(code, on or visit.today())


def _cursor(code: str) -> str:
    return base64.urlsafe_b64encode(code.encode()).decode().rstrip("=")


def _after(cursor: str | None) -> str:
    if not cursor:
        return ""
    try:
        return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError:
        return ""
