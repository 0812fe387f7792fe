"""A province's land database: tables named as the land-data structure names them, and their rows.

One SQLite file per province, in the place of that province's PostgreSQL.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from sqlalchemy import Column, Date, Float, Index, Integer, MetaData, String, Table

from sandbox.parcels import Holder, LandPerson, Parcel

metadata = MetaData()

thua_dat = Table(
    "thua_dat",
    metadata,
    Column("thua_dat_id", Integer, primary_key=True),
    Column("ma_xa", String(5), nullable=False),
    Column("so_hieu_to_ban_do", String, nullable=False),
    Column("so_thu_tu_thua", String, nullable=False),
    Column("so_hieu_to_ban_do_cu", String),
    Column("so_thu_tu_thua_cu", String),
    Column("dien_tich", Float, nullable=False),
    Column("dia_chi", String, nullable=False),
    Column("ma_dinh_danh_thua_dat", String, index=True),
    Index("thua_dat_vi_tri", "ma_xa", "so_hieu_to_ban_do", "so_thu_tu_thua"),
)

muc_dich_su_dung = Table(
    "muc_dich_su_dung",
    metadata,
    Column("muc_dich_su_dung_id", Integer, primary_key=True),
    Column("thua_dat_id", Integer, nullable=False, index=True),
    Column("ma_muc_dich_su_dung", String, nullable=False),
    Column("dien_tich", Float),
    Column("thoi_han_su_dung", String),
    Column("nguon_goc", String),
)

giay_chung_nhan = Table(
    "giay_chung_nhan",
    metadata,
    Column("giay_chung_nhan_id", Integer, primary_key=True),
    Column("so_phat_hanh", String, nullable=False, index=True),
    Column("so_vao_so", String, nullable=False, index=True),
    Column("ngay_cap", Date),
    Column("don_vi_cap", String),
)

# For a couple the first columns are the husband and vo_chong_* the wife; for a household the
# first columns are the head and vo_chong_* the head's spouse. in_vo_truoc only says who is
# printed first.
chu = Table(
    "chu",
    metadata,
    Column("chu_id", Integer, primary_key=True),
    Column("loai", String, nullable=False),
    Column("ho_ten", String),
    Column("nam_sinh", Integer),
    Column("ngay_sinh", Date),
    Column("nam_mat", Integer),
    Column("ma_so_dinh_danh", String, index=True),
    Column("so_giay_to", String, index=True),
    Column("vo_chong_ho_ten", String),
    Column("vo_chong_nam_sinh", Integer),
    Column("vo_chong_ngay_sinh", Date),
    Column("vo_chong_nam_mat", Integer),
    Column("vo_chong_ma_so_dinh_danh", String, index=True),
    Column("vo_chong_so_giay_to", String, index=True),
    Column("in_vo_truoc", Integer, nullable=False),
    Column("ten_to_chuc", String),
    Column("ma_doanh_nghiep", String, index=True),
    Column("so_thanh_vien", Integer),
)

thanh_vien = Table(
    "thanh_vien",
    metadata,
    Column("thanh_vien_id", Integer, primary_key=True),
    Column("chu_id", Integer, nullable=False, index=True),
    Column("ho_ten", String, nullable=False),
    Column("ma_so_dinh_danh", String, index=True),
    Column("so_giay_to", String, index=True),
)

quyen_su_dung_dat = Table(
    "quyen_su_dung_dat",
    metadata,
    Column("quyen_su_dung_dat_id", Integer, primary_key=True),
    Column("chu_id", Integer, nullable=False, index=True),
    Column("thua_dat_id", Integer, nullable=False, index=True),
    Column("giay_chung_nhan_id", Integer, index=True),
)

giao_dich_bao_dam = Table(
    "giao_dich_bao_dam",
    metadata,
    Column("giao_dich_bao_dam_id", Integer, primary_key=True),
    Column("thua_dat_id", Integer, nullable=False, index=True),
    Column("loai", String, nullable=False),
    Column("ngay_dang_ky", Date),
    Column("nghia_vu", String),
    Column("ben_nhan", String),
)

Row = dict[str, object]


def rows_of(parcels: Iterable[Parcel]) -> dict[Table, list[Row]]:
    """Return the rows of every table; equal holders become one *chu* with several rights."""
    rows: dict[Table, list[Row]] = {table: [] for table in metadata.sorted_tables}
    holder_ids: dict[Holder, int] = {}
    for parcel_id, parcel in enumerate(parcels, start=1):
        if parcel.holder not in holder_ids:
            holder_id = holder_ids[parcel.holder] = len(holder_ids) + 1
            rows[chu].append(_holder_row(holder_id, parcel.holder))
            rows[thanh_vien] += _member_rows(holder_id, parcel.holder)
        rows[thua_dat].append(_parcel_row(parcel_id, parcel))
        rows[muc_dich_su_dung] += _use_rows(parcel_id, parcel)
        rows[giao_dich_bao_dam] += _burden_rows(parcel_id, parcel)
        right: Row = {"chu_id": holder_ids[parcel.holder], "thua_dat_id": parcel_id}
        if not parcel.certificates:
            rows[quyen_su_dung_dat].append({**right, "giay_chung_nhan_id": None})
        for certificate in parcel.certificates:
            certificate_id = len(rows[giay_chung_nhan]) + 1
            rows[giay_chung_nhan].append(
                {
                    "giay_chung_nhan_id": certificate_id,
                    "so_phat_hanh": certificate.serial,
                    "so_vao_so": certificate.register,
                    "ngay_cap": date.fromisoformat(certificate.issued),
                    "don_vi_cap": certificate.issuer,
                }
            )
            rows[quyen_su_dung_dat].append({**right, "giay_chung_nhan_id": certificate_id})
    return rows


def _parcel_row(parcel_id: int, parcel: Parcel) -> Row:
    return {
        "thua_dat_id": parcel_id,
        "ma_xa": parcel.ward,
        "so_hieu_to_ban_do": parcel.sheet,
        "so_thu_tu_thua": parcel.number,
        "so_hieu_to_ban_do_cu": parcel.old_sheet or None,
        "so_thu_tu_thua_cu": parcel.old_number or None,
        "dien_tich": parcel.area,
        "dia_chi": parcel.address,
        "ma_dinh_danh_thua_dat": parcel.national_id,
    }


def _use_rows(parcel_id: int, parcel: Parcel) -> Iterator[Row]:
    for use in parcel.uses:
        yield {
            "thua_dat_id": parcel_id,
            "ma_muc_dich_su_dung": use.code,
            "dien_tich": use.area,
            "thoi_han_su_dung": use.term,
            "nguon_goc": use.origin,
        }


def _burden_rows(parcel_id: int, parcel: Parcel) -> Iterator[Row]:
    for burden in parcel.burdens:
        yield {
            "thua_dat_id": parcel_id,
            "loai": burden.kind,
            "ngay_dang_ky": date.fromisoformat(burden.registered),
            "nghia_vu": burden.secured,
            "ben_nhan": burden.beneficiary,
        }


def _holder_row(holder_id: int, holder: Holder) -> Row:
    return {
        "chu_id": holder_id,
        "loai": holder.kind.value,
        **_person_columns("", holder.first),
        **_person_columns("vo_chong_", holder.second),
        "in_vo_truoc": int(holder.wife_first),
        "ten_to_chuc": holder.name or None,
        "ma_doanh_nghiep": holder.code or None,
        "so_thanh_vien": len(holder.members) or None,
    }


def _person_columns(prefix: str, person: LandPerson | None) -> Row:
    return {
        f"{prefix}ho_ten": person and person.full_name,
        f"{prefix}nam_sinh": person and person.birth_year,
        f"{prefix}ngay_sinh": person and _date(person.birth_date),
        f"{prefix}nam_mat": person and person.died,
        f"{prefix}ma_so_dinh_danh": (person and person.number) or None,
        f"{prefix}so_giay_to": (person and person.old_number) or None,
    }


def _member_rows(holder_id: int, holder: Holder) -> Iterator[Row]:
    for member in holder.members:
        yield {
            "chu_id": holder_id,
            "ho_ten": member.full_name,
            "ma_so_dinh_danh": member.number or None,
            "so_giay_to": member.old_number or None,
        }


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
