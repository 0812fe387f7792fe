"""A registry with a cache under it: asked only for what is not kept."""

import time
from collections.abc import Hashable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec
import pytest

from adapters.business.records import EnterpriseKey, HouseholdBusinessKey
from adapters.cache import Cache, CachedRegistry
from adapters.dates import PartialDate
from adapters.land.records import (
    CertificateKey,
    HolderCouple,
    HolderPerson,
    Holdings,
    LandCertificate,
    Parcel,
    ParcelKey,
)
from adapters.persons import PersonRef
from adapters.registry import (
    Absent,
    Ambiguous,
    Errand,
    Garbled,
    Maintenance,
    NotConnected,
    Refused,
    RegistryName,
    Source,
    Unavailable,
)

KEY = b"k" * 32
ID, NAME = "097085000101", "Nguyễn Văn An"
MOMENT = datetime(2026, 11, 21, 1, 2, 3, tzinfo=UTC)
LAND = Source(registry=RegistryName.LAND, authority="Sở", fetched_at=MOMENT)


class Clock:
    """Seconds since 1970 that pass only when told."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.now


class Register:
    """A registry that answers from a dictionary and remembers what it was asked."""

    name = RegistryName.LAND

    def __init__(self, answers: dict[Hashable, object]) -> None:
        self.answers = answers
        self.asked: list[list[Hashable]] = []
        self.closed = False

    async def fetch_many(self, keys: Sequence[Hashable], errand: Errand) -> list[object]:
        """Answer from the dictionary."""
        assert errand.request_id
        self.asked.append(list(keys))
        return [self.answers[key] for key in keys]

    async def aclose(self) -> None:
        """Remember that it was closed."""
        self.closed = True


def errand(scope: str = "portal-hanoi/H26.12-261121-0001") -> Errand:
    return Errand(
        procedure="1.004222",
        officer_id="097080000001",
        agency="H26.12",
        request_id="0193",
        deadline=time.monotonic() + 5,
        scope=scope,
    )


def parcel() -> Parcel:
    holder = HolderCouple(
        first=HolderPerson(person=PersonRef(full_name=NAME, personal_id=ID)),
        second=HolderPerson(died_in=PartialDate(2019)),
    )
    certificate = LandCertificate(
        source=LAND, serial_number="AA 01234567", issued_on=date(2024, 1, 2), holder=holder
    )
    return Parcel(source=LAND, area=Decimal("120.50"), holder=holder, certificates=(certificate,))


def cached(register: Register, store: Cache) -> CachedRegistry:
    return CachedRegistry(register, store, records=(Parcel, Holdings, LandCertificate))


async def test_a_kept_record_is_the_same_record_but_says_that_it_was_kept() -> None:
    key = CertificateKey(number="AA 01234567")
    register = Register({key: parcel()})
    registry = cached(register, Cache("memory://", KEY, Clock()))

    [fresh] = await registry.fetch_many([key], errand())
    [kept] = await registry.fetch_many([key], errand())

    assert parcel() == fresh
    assert [[key]] == register.asked
    assert isinstance(kept, Parcel)
    assert kept.source.from_cache
    assert kept.certificates[0].source.from_cache
    # But for that mark, nothing changed on the way.
    mark = msgspec.structs.replace(LAND, from_cache=True)
    certificate = msgspec.structs.replace(parcel().certificates[0], source=mark)
    assert msgspec.structs.replace(parcel(), source=mark, certificates=(certificate,)) == kept


async def test_only_missing_keys_are_asked_and_equal_ones_once_and_the_order_stands() -> None:
    one, two, three = (CertificateKey(number=number) for number in "123")
    answers: dict[Hashable, object] = {
        key: Parcel(source=LAND, parcel=key.number) for key in (one, two, three)
    }
    register = Register(answers)
    registry = cached(register, Cache("memory://", KEY, Clock()))

    await registry.fetch_many([two], errand())
    found = await registry.fetch_many([three, two, one, three], errand())

    assert [[two], [three, one]] == register.asked
    assert ["3", "2", "1", "3"] == [it.parcel for it in found if isinstance(it, Parcel)]
    assert [False, True, False, False] == [
        it.source.from_cache for it in found if isinstance(it, Parcel)
    ]


async def test_one_dossiers_answer_is_not_anothers() -> None:
    key = CertificateKey(number="1")
    register = Register({key: parcel()})
    registry = cached(register, Cache("memory://", KEY, Clock()))

    await registry.fetch_many([key], errand("portal-hanoi/1"))
    await registry.fetch_many([key], errand("portal-lamdong/1"))
    await registry.fetch_many([key], errand("portal-hanoi/2"))

    assert [[key]] * 3 == register.asked


@pytest.mark.parametrize("nothing", [Absent(source=LAND, digitised=False), Ambiguous(source=LAND)])
async def test_an_absence_is_kept_for_half_a_minute(nothing: Absent | Ambiguous) -> None:
    clock, key = Clock(), CertificateKey(number="1")
    register = Register({key: nothing})
    registry = cached(register, Cache("memory://", KEY, clock))
    mark = msgspec.structs.replace(LAND, from_cache=True)

    await registry.fetch_many([key], errand())
    clock.now += 29
    kept = await registry.fetch_many([key], errand())
    clock.now += 1
    fresh = await registry.fetch_many([key], errand())

    assert [msgspec.structs.replace(nothing, source=mark)] == kept
    assert [nothing] == fresh


@pytest.mark.parametrize(
    ("key", "seconds"),
    [
        (CertificateKey(number="1"), 30),
        (ParcelKey(ward="00004", sheet="1", parcel="2"), 30),
        (HouseholdBusinessKey(code=ID, owner_name=NAME), 30),
        (EnterpriseKey(code="9900000016"), 120),
    ],
)
async def test_what_may_be_withheld_is_kept_no_longer_than_nothing(
    key: Hashable, seconds: int
) -> None:
    """Or asking twice, half a minute apart, would tell a stranger that it is there."""
    clock = Clock()
    register = Register({key: parcel()})
    registry = cached(register, Cache("memory://", KEY, clock))

    await registry.fetch_many([key], errand())
    clock.now += seconds - 1
    await registry.fetch_many([key], errand())
    assert [[key]] == register.asked
    clock.now += 1
    await registry.fetch_many([key], errand())
    assert [[key], [key]] == register.asked


async def test_whose_the_several_records_are_survives_being_kept() -> None:
    key = CertificateKey(number="1")
    several = Ambiguous(source=LAND, holders=(PersonRef(full_name=NAME, personal_id=ID),))
    registry = cached(Register({key: several}), Cache("memory://", KEY, Clock()))

    await registry.fetch_many([key], errand())
    [kept] = await registry.fetch_many([key], errand())

    assert isinstance(kept, Ambiguous)
    assert several.holders == kept.holders


@pytest.mark.parametrize(
    "failure",
    [NotConnected(), Unavailable(3), Maintenance(), Refused(), Garbled(another_person=True)],
)
async def test_a_failure_is_never_kept(failure: object) -> None:
    key = CertificateKey(number="1")
    register = Register({key: failure})
    registry = cached(register, Cache("memory://", KEY, Clock()))

    answers = [await registry.fetch_many([key], errand()) for _ in range(2)]

    assert [[failure], [failure]] == answers
    assert [[key], [key]] == register.asked


async def test_an_answer_that_is_not_whole_is_not_kept() -> None:
    key = CertificateKey(number="1")
    register = Register({key: Holdings(source=LAND, silent_provinces=("Lâm Đồng",))})
    registry = CachedRegistry(
        register,
        Cache("memory://", KEY, Clock()),
        records=(Holdings,),
        whole=lambda answer: not (isinstance(answer, Holdings) and answer.silent_provinces),
    )

    await registry.fetch_many([key], errand())
    await registry.fetch_many([key], errand())

    assert [[key], [key]] == register.asked


async def test_what_a_release_with_other_fields_kept_is_a_miss() -> None:
    class OlderParcel(msgspec.Struct, frozen=True, kw_only=True):
        source: Source
        parcel: str

    OlderParcel.__name__ = "Parcel"
    key, cache = CertificateKey(number="1"), Cache("memory://", KEY, Clock())
    older = Register({key: OlderParcel(source=LAND, parcel="1")})
    register = Register({key: parcel()})

    await CachedRegistry(older, cache, records=(OlderParcel,)).fetch_many([key], errand())
    found = await cached(register, cache).fetch_many([key], errand())

    assert [parcel()] == found


async def test_closing_closes_the_registry_below() -> None:
    register = Register({})

    await cached(register, Cache("memory://", KEY, Clock())).aclose()

    assert register.closed


async def test_portals_and_dossiers_in_any_order_never_meet() -> None:
    """Ten thousand interleaved reads: what one dossier warmed, no other is given."""
    key, cache = CertificateKey(number="1"), Cache("memory://", KEY, Clock())
    scopes = [f"portal-{number % 7}/dossier-{number % 11}" for number in range(10_000)]
    registers = {scope: Register({key: Parcel(source=LAND, ward=scope)}) for scope in scopes}
    registries = {scope: cached(register, cache) for scope, register in registers.items()}

    leaks = 0
    for scope in scopes:
        [found] = await registries[scope].fetch_many([key], errand(scope))
        leaks += not (isinstance(found, Parcel) and found.ward == scope)

    assert leaks == 0
    assert {1} == {len(register.asked) for register in registers.values()}
