"""The real graph without network and log: registries that hold a full record for every key."""

import secrets
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, cast

import msgspec
import orjson

from adapters.business.records import (
    Businesses,
    Enterprise,
    EnterpriseKey,
    HouseholdBusiness,
    NameCheck,
    NameKey,
    RepresentativeKey,
)
from adapters.insurance.records import (
    HealthCardKey,
    HealthInsurance,
    SocialInsurance,
    SocialInsuranceKey,
)
from adapters.land.records import (
    CertificateKey,
    HolderKey,
    Holdings,
    LandCertificate,
    Parcel,
    ParcelKey,
)
from adapters.population.records import Household, HouseholdKey, Person, PersonKey
from adapters.registry import Errand, Registry, RegistryName
from audit.log import AccessLog, MemoryAccessLog
from audit.months import MonthKeys
from audit.receipt_keys import key_of_seed
from audit.receipts import Receipts
from auth.caller import Caller
from auth.grants import SANDBOX_GRANTS, Grants, load_grants
from auth.profile import Profile
from resolvers.admission import Admission
from resolvers.answers import RESPONSE_JSON, Reply
from resolvers.catalogue import SHIPPED, Catalogue, load_catalogue
from resolvers.desk import Reads
from resolvers.graph import Asked, Graph
from resolvers.log.reading import Readers
from resolvers.readings import Reading
from resolvers.schema import build_schema, graphql_schema
from tests.admitting import admission
from tests.resolvers.invented import AN, held_by, source
from tests.resolvers.vocabulary import filled

NOW = datetime(2026, 11, 21, tzinfo=UTC)
SCHEMA = build_schema()
CATALOGUE = load_catalogue(graphql_schema(SCHEMA), [SHIPPED])
AN_KEY = {
    "number": {"personalId": AN.personal_id},
    "fullName": AN.full_name,
    "birthDate": "1985-05-12",
}
HOME_KEY = {"ward": "00004", "sheet": "12", "parcel": "7", "holder": ["applicant"]}
PORTAL = Caller(
    consumer_id="portal-hanoi",
    scopes=frozenset({"prefill", "verify", "records"}),
    token_id="a-token",
    issuer="an-issuer",
    expires_at=datetime(2099, 1, 1, tzinfo=UTC),
)


_full = cache(filled)


def _made(record: type[Any], **known: object) -> Any:
    made = cast("Any", _full(cast("Hashable", record)))
    return msgspec.structs.replace(
        made, **{n: v for n, v in known.items() if n in made.__struct_fields__}
    )


def _person(key: PersonKey) -> Person:
    made: Person = _made(
        Person,
        personal_id=key.number,
        full_name=key.full_name,
        birth_date=key.birth_date,
        under_review=(),
        key=key,
    )
    return made


_BUSINESSES = Businesses(
    source=source(RegistryName.BUSINESS),
    businesses=(_made(Enterprise), _made(HouseholdBusiness)),
)
_HOLDINGS = Holdings(source=source(RegistryName.LAND), parcels=(_made(Parcel),))
RECORDS: Mapping[type, Callable[[Any], object]] = {
    PersonKey: _person,
    HouseholdKey: lambda key: _made(Household, key=key),
    HealthCardKey: lambda key: _made(HealthInsurance, key=key),
    SocialInsuranceKey: lambda key: _made(SocialInsurance, key=key),
    EnterpriseKey: lambda _: _made(Enterprise),
    RepresentativeKey: lambda _: _BUSINESSES,
    NameKey: lambda _: _made(NameCheck),
    ParcelKey: lambda _: _made(Parcel, holder=held_by(AN)),
    CertificateKey: lambda _: _made(LandCertificate, holder=held_by(AN)),
    HolderKey: lambda _: _HOLDINGS,
}


class Full:
    """A registry that has a record of everything, and whose land is all An's."""

    def __init__(self, name: RegistryName) -> None:
        self.name = name

    async def fetch_many(self, keys: Sequence[Hashable], errand: Errand) -> list[object]:
        """Answer each key."""
        del errand
        return [RECORDS[type(key)](key) for key in keys]

    async def aclose(self) -> None:
        """Nothing is open."""


def grants(**terms: object) -> Grants:
    """Give the sandbox's grants, with other *terms*."""
    known = load_grants(SANDBOX_GRANTS, profile=Profile.SANDBOX)
    changed = tuple(msgspec.structs.replace(grant, **terms) for grant in known.grants)
    return msgspec.structs.replace(known, grants=changed)


def graph(
    agreed: Grants,
    *,
    catalogue: Catalogue = CATALOGUE,
    profile: Profile = Profile.PRODUCTION,
    log: AccessLog | None = None,
    registries: Mapping[RegistryName, Registry] | None = None,
    readers: Readers | None = None,
    admitting: Admission | None = None,
) -> Graph:
    """Build the graph under *agreed* grants."""
    return Graph(
        schema=SCHEMA,
        catalogue=catalogue,
        forms={},
        registries=registries or {name: Full(name) for name in RegistryName},
        grants=lambda: agreed,
        log=log or MemoryAccessLog(),
        months=MonthKeys(bytes(32)),
        receipts=Receipts([key_of_seed(bytes(32))], lambda: "example.vn/log"),
        now=lambda: NOW,
        randomness=secrets.token_bytes,
        admission=admitting or admission(lambda: NOW),
        deadline_s=5.0,
        profile=profile,
        readers=readers,
    )


async def told(
    answering: Graph, document: str, caller: Caller = PORTAL, /, **variables: object
) -> Mapping[str, Any]:
    """Ask, and read the answer."""
    asked = Asked(
        document=document,
        operation_name=None,
        variables=variables,
        to=Reply(request_id="a-request", language="vi", media=RESPONSE_JSON),
    )
    answer: Mapping[str, Any] = orjson.loads((await answering.answer(asked, caller)).body)
    return answer


def purpose(procedure: str = "1.004222") -> Mapping[str, object]:
    """Give a purpose."""
    return {"procedure": procedure, "dossier": {"code": "H26.12-261121-0001"}}


class Counted(Reads):
    """A desk's reads that remember every path they were asked for, on the class."""

    paths: set[str] = set()  # noqa: RUF012 - emptied by each test

    async def read(self, readings: Sequence[Reading]) -> list[object]:
        """Remember, and read."""
        self.paths.update(path for reading in readings for path in reading.fields)
        return await super().read(readings)
