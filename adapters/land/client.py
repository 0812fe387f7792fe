"""The land registry: a database per province, each asked in SQL and once for all that concerns it.

One statement finds the parcels to any mixture of keys, marks which key found them, and brings what
is registered about them. Whether a record is what was asked for is settled here all the same, in
settling.py.
"""

import asyncio
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache

import msgspec
import sqlalchemy as sa
import structlog

from adapters import columns, identifiers, places, registry
from adapters.channel import ATTEMPT_TIMEOUT
from adapters.circuit import Circuit
from adapters.land import records
from adapters.land.records import CertificateKey, HolderKey, Holdings, Parcel, ParcelKey
from adapters.land.settling import LandKey, Records, settled, wards
from adapters.places.provinces import provinces_now
from adapters.registry import Errand, Failure, RegistryName, Source
from adapters.sql import CONNECTIONS, LARGEST_ANSWER, Line, Question

AUTHORITY = "Sở Nông nghiệp và Môi trường, cơ sở dữ liệu đất đai"

# What a province lets us read, as tables or views. While the first has a row, the province is in
# an announced window until *den_luc*.
_NOTICES = sa.table("thong_bao_bao_tri", sa.column("den_luc"))
_TABLES = {
    name: sa.table(name, *(sa.column(it) for it in its_columns.split()))
    for name, its_columns in {
        "thua_dat": "thua_dat_id ma_xa so_hieu_to_ban_do so_thu_tu_thua so_hieu_to_ban_do_cu"
        " so_thu_tu_thua_cu dien_tich dia_chi ma_dinh_danh_thua_dat",
        "muc_dich_su_dung": "muc_dich_su_dung_id thua_dat_id ma_muc_dich_su_dung dien_tich"
        " thoi_han_su_dung nguon_goc",
        "quyen_su_dung_dat": "chu_id thua_dat_id giay_chung_nhan_id",
        "giay_chung_nhan": "giay_chung_nhan_id so_phat_hanh so_vao_so ngay_cap don_vi_cap",
        "chu": "chu_id loai ho_ten nam_sinh ngay_sinh nam_mat ma_so_dinh_danh so_giay_to"
        " vo_chong_ho_ten vo_chong_nam_sinh vo_chong_ngay_sinh vo_chong_nam_mat"
        " vo_chong_ma_so_dinh_danh vo_chong_so_giay_to in_vo_truoc ten_to_chuc ma_doanh_nghiep"
        " so_thanh_vien",
        "thanh_vien": "thanh_vien_id chu_id ho_ten ma_so_dinh_danh so_giay_to",
        "giao_dich_bao_dam": "giao_dich_bao_dam_id thua_dat_id loai ngay_dang_ky nghia_vu ben_nhan",
    }.items()
}
_PERSON = "ma_so_dinh_danh so_giay_to"
_BEARERS = (
    (CertificateKey, "giay_chung_nhan", "giay_chung_nhan_id", "so_phat_hanh so_vao_so"),
    (HolderKey, "chu", "chu_id", f"{_PERSON} vo_chong_ma_so_dinh_danh vo_chong_so_giay_to"),
    (HolderKey, "thanh_vien", "chu_id", _PERSON),
)

log = structlog.get_logger()


class LandRegistry:
    """The provinces' land databases; *provinces* gives an URL for a province's code of today.

    *circuit* makes one circuit per province: one that is down closes no other.
    """

    name = RegistryName.LAND

    def __init__(
        self,
        provinces: Mapping[str, str],
        *,
        clock: Callable[[], datetime],
        circuit: Callable[[], Circuit],
        bulkhead: int = CONNECTIONS,
        attempt_timeout: float = ATTEMPT_TIMEOUT,
    ) -> None:
        self._clock = clock
        self._names = {code: provinces_now()[code].name for code in provinces}
        self._lines = {
            code: Line(f"{self.name}-{code}", url, circuit(), bulkhead, attempt_timeout)
            for code, url in provinces.items()
        }

    async def fetch_many(self, keys: Sequence[Hashable], errand: Errand) -> list[object]:
        """Answer ParcelKeys, CertificateKeys and HolderKeys; a province is asked at most once.

        The provinces are asked at the same time, each for those keys that may be found in it.
        """
        concerned = {_land_key(key): self._concerned(key) for key in keys}
        # One text for one mixture of keys, whatever their order.
        in_order = sorted(concerned.items(), key=lambda it: type(it[0]).__name__)
        async with asyncio.TaskGroup() as wave:
            asked = {
                code: wave.create_task(self._ask(code, theirs, errand))
                for code in self._lines
                if (theirs := [key for key, codes in in_order if code in codes])
            }
        return [
            self._combined(key, {it: asked[it].result()[key] for it in concerned[key]}, errand)
            for key in map(_land_key, keys)
        ]

    async def aclose(self) -> None:
        """Give back connections."""
        await asyncio.gather(*(line.aclose() for line in self._lines.values()))

    def _concerned(self, key: Hashable) -> Sequence[str]:
        """Name the provinces to ask: the ward's, or all; none when the ward's is not here."""
        if isinstance(key, ParcelKey):
            # A code of old may come without its day.
            ward = places.place(key.ward, key.ward_as_of) or places.place(key.ward, date.min)
            if ward is not None:
                lies_in = {it.province_code for it in ward.successors or (ward,)}
                return [code for code in self._lines if code in lies_in]
        return list(self._lines)

    async def _ask(
        self, code: str, keys: Sequence[LandKey], errand: Errand
    ) -> Mapping[LandKey, Records | Failure]:
        """Ask one province for all keys, and settle what each of them found."""
        request_id = f"{errand.request_id}-{code}"
        statement = _statement(tuple(type(key) for key in keys))
        values = _parameters(keys) | {"request_id": request_id}
        heard = await self._lines[code].rows(statement, values, errand.deadline)
        if isinstance(heard, Failure):
            return dict.fromkeys(keys, heard)
        if heard and (until := heard[0]["den_luc"]) is not None:
            return dict.fromkeys(keys, registry.Maintenance(columns.moment(until)))
        source = self._source(self._names[code], request_id)
        return {
            key: settled(key, [row for row in heard if row["tim_thay_khoa"] == at], source)
            for at, key in enumerate(keys)
        }

    def _combined(
        self, key: LandKey, heard: Mapping[str, Records | Failure], errand: Errand
    ) -> object:
        """Make one answer of what the provinces said, and say which said nothing."""
        if not heard:
            return registry.NotConnected()
        silent = {code: it for code, it in heard.items() if isinstance(it, Failure)}
        found = [record for it in heard.values() if not isinstance(it, Failure) for record in it]
        source, failure = self._source_of(heard, errand), next(iter(silent.values()), None)
        if isinstance(key, HolderKey):
            return self._held(found, silent, source) if len(silent) < len(heard) else failure
        source = msgspec.structs.replace(source, unheard=failure)
        if len(found) > 1:
            holders = (person for it in found for person in records.persons(it.holder))
            return registry.Ambiguous(source=source, holders=tuple(dict.fromkeys(holders)))
        for record in found:
            # One province names it; what was asked is told as if none had.
            asked = {"calls": source.calls, "unheard": source.unheard}
            known = msgspec.structs.replace(record.source, **asked)
            return msgspec.structs.replace(record, source=known)
        return source.unheard or registry.Absent(source=source)

    def _held(
        self, found: Records, silent: Mapping[str, Failure], source: Source
    ) -> Holdings | registry.Ambiguous:
        """Give what a person holds; what contradicts itself about one parcel spoils the rest."""
        parcels = {(it.ward, it.sheet, it.parcel): it for it in found if isinstance(it, Parcel)}
        if len(found) > len(parcels):
            return registry.Ambiguous(source=source)
        unheard = tuple(self._names[code] for code in silent)
        return Holdings(source=source, parcels=tuple(parcels.values()), silent_provinces=unheard)

    def _source_of(self, heard: Mapping[str, Records | Failure], errand: Errand) -> Source:
        """Say whom an answer comes from: the one province asked, or several together."""
        if len(heard) == 1:
            [code] = heard
            return self._source(self._names[code], f"{errand.request_id}-{code}")
        answered = [code for code, it in heard.items() if not isinstance(it, Failure)]
        return msgspec.structs.replace(
            self._source("các tỉnh, thành phố", errand.request_id),
            calls=tuple(f"{errand.request_id}-{code}" for code in answered),
        )

    def _source(self, of: str, request_id: str) -> Source:
        return Source(
            registry=self.name,
            authority=f"{AUTHORITY} {of}",
            fetched_at=self._clock(),
            upstream_request_id=request_id,
        )


def _land_key(key: Hashable) -> LandKey:
    if not isinstance(key, ParcelKey | CertificateKey | HolderKey):
        msg = "the land registry answers ParcelKey, CertificateKey and HolderKey"
        raise TypeError(msg)
    return key


@lru_cache(maxsize=256)
def _statement(kinds: tuple[type[LandKey], ...]) -> Question:
    """Write the one question; its answer has a line even when a province has nothing to say.

    Our id goes along as a value and comes back, so that both journals name the call alike.
    """
    wanted = sa.union(*(it for at, kind in enumerate(kinds) for it in _questions(at, kind)))
    found = wanted.subquery("tim_thay")
    parcels, rights = _TABLES["thua_dat"], _TABLES["quyen_su_dung_dat"]
    joined = found.join(parcels, parcels.c.thua_dat_id == found.c.thua_dat_id)
    for name, to, *by in (
        ("quyen_su_dung_dat", found, "thua_dat_id", "chu_id"),
        ("chu", found, "chu_id"),
        ("thanh_vien", found, "chu_id"),
        ("giay_chung_nhan", rights, "giay_chung_nhan_id"),
        ("muc_dich_su_dung", found, "thua_dat_id"),
        ("giao_dich_bao_dam", found, "thua_dat_id"),
    ):
        other = _TABLES[name]
        joined = joined.outerjoin(other, sa.and_(*(other.c[it] == to.c[it] for it in by)))
    data = (
        sa.select(found.c.khoa, *(it for table in _TABLES.values() for it in table.c))
        .select_from(joined)
        .set_label_style(sa.LABEL_STYLE_TABLENAME_PLUS_COL)
        .subquery("du_lieu")
    )
    window = sa.select(sa.func.max(_NOTICES.c.den_luc).label("den_luc")).subquery("bao_tri")
    in_order = {f"{name}_{name}_id" for name in _TABLES}
    request_id = sa.bindparam("request_id", type_=sa.String)
    return (
        sa.select(request_id.label("ma_yeu_cau"), window.c.den_luc, *data.c)
        .select_from(window.outerjoin(data, window.c.den_luc.is_(None)))
        .order_by(*(it for it in data.c if it.name in in_order))
        .limit(LARGEST_ANSWER + 1)
    )


def _questions(at: int, kind: type[LandKey]) -> Iterator[Question]:
    """Ask which parcels, as held by whom, the key *at* this place may be about."""
    parcels, rights = _TABLES["thua_dat"], _TABLES["quyen_su_dung_dat"]
    mark: sa.Label[int] = sa.literal_column(str(at)).label("khoa")
    codes: sa.BindParameter[str] = sa.bindparam(f"codes_{at}", expanding=True)
    if kind is ParcelKey:
        for era in ("", "_cu"):
            yield (
                sa.select(mark, parcels.c.thua_dat_id, rights.c.chu_id)
                .outerjoin_from(parcels, rights, rights.c.thua_dat_id == parcels.c.thua_dat_id)
                .where(parcels.c.ma_xa.in_(codes))
                .where(parcels.c[f"so_hieu_to_ban_do{era}"] == sa.bindparam(f"sheet_{at}"))
                .where(parcels.c[f"so_thu_tu_thua{era}"] == sa.bindparam(f"parcel_{at}"))
            )
    for whose, name, by, numbered in _BEARERS:
        if whose is kind:
            bearer = _TABLES[name]
            yield (
                sa.select(mark, rights.c.thua_dat_id, rights.c.chu_id)
                .join_from(rights, bearer, bearer.c[by] == rights.c[by])
                .where(sa.or_(*(bearer.c[it].in_(codes) for it in numbered.split())))
            )


def _parameters(keys: Sequence[LandKey]) -> dict[str, object]:
    values: dict[str, object] = {}
    for at, key in enumerate(keys):
        if isinstance(key, ParcelKey):
            values |= {f"sheet_{at}": key.sheet, f"parcel_{at}": key.parcel}
        values[f"codes_{at}"] = wards(key) if isinstance(key, ParcelKey) else _numbers(key)
    return values


def _numbers(key: CertificateKey | HolderKey) -> Sequence[str]:
    if isinstance(key, HolderKey):
        return [key.personal_id, *key.old_numbers]
    spaced = identifiers.normalise_serial(key.number)
    return sorted({key.number.strip(), spaced, spaced.replace(" ", "")})
