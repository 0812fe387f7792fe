"""Seals without a gateway: a value told in one room, and sent back in the same or in another."""

from datetime import UTC, datetime

import msgspec

from adapters.dates import PartialDate
from adapters.registry import RegistryName, Source
from audit.months import MonthKeys
from auth.dossiers import Binding, Dossiers
from auth.opaque import Opaque
from auth.policy import Granted
from auth.shared_memory import MemoryShared
from resolvers.enums import FieldState
from resolvers.results import PrefilledField
from resolvers.seals import Judgement, Seals
from tests.auth.request import judge as decided

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
CODE, DRAFT = "H26.12-261121-0001", "a-draft-of-the-portal"
AN, BINH = "097085000101", "097187000102"
SOURCE = Source(
    registry=RegistryName.POPULATION,
    authority="Bộ Công an, Cơ sở dữ liệu quốc gia về dân cư",
    fetched_at=datetime(2026, 11, 21, 7, 59, tzinfo=UTC),
    record_date=PartialDate(2021, 7),
)
MONTHS = MonthKeys(bytes(32))


class Room(msgspec.Struct, frozen=True, kw_only=True):
    """Where a value is told, and where it comes back."""

    consumer: str = "portal-hanoi"
    procedure: str = "1.004222"
    code: str | None = CODE
    draft: str | None = None
    role: str = "applicant"
    numbers: tuple[str, ...] = (AN,)
    key: str = "nguoiKhai.hoTen"
    at: datetime = NOW


OURS = Room()


class House:
    """Keeps the dossiers of all rooms."""

    def __init__(self, months: MonthKeys = MONTHS) -> None:
        self._dossiers = Dossiers(MemoryShared(NOW.timestamp), Opaque(bytes(32)))
        self._months = months

    async def seals(self, room: Room) -> Seals:
        """Open the seals of a request from *room*, whose dossier it binds."""
        binding = await self._dossiers.bind(
            room.consumer,
            room.procedure,
            code=room.code,
            draft=room.draft,
            parties={room.role: room.numbers},
        )
        assert isinstance(binding, Binding)
        granted = decided()
        assert isinstance(granted, Granted)
        granted = msgspec.structs.replace(
            granted, consumer_id=room.consumer, procedure=room.procedure
        )
        return Seals(self._months, granted, binding, lambda: room.at)

    async def seal(
        self, value: object, room: Room = OURS, *, display: str | None = None, **more: object
    ) -> str:
        """Tell *value* in *room*, and give its seal."""
        field = PrefilledField(
            key=room.key,
            role=room.role,
            label="Họ tên",
            state=FieldState.VALUE,
            editable=False,
            value=value,
            display=str(value) if display is None else display,
            source=SOURCE,
        )
        seals = await self.seals(room)
        (told,) = seals.put_on([msgspec.structs.replace(field, **more)], {room.role: room.numbers})
        return told.sealed or ""

    async def back(self, seal: str, value: str, room: Room = OURS) -> Judgement:
        """Send *value* back in *room*."""
        seals = await self.seals(room)
        return await seals.judge(seal, room.role, room.numbers, room.key, value)
