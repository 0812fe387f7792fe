"""How the insurance services write what they answer.

Two services, two habits: the card check answers one flat object whatever it has to say; social
insurance wraps its records in an envelope. Dates are dd/MM/yyyy in one and yyyyMMdd in the other.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from sandbox.records import HealthCard, SocialInsured

Wire: TypeAlias = Mapping[str, object]

NOTES = {
    "00": "Thông tin thẻ chính xác.",
    "01": "Thẻ hết giá trị sử dụng.",
    "02": "Khám chữa bệnh khi thẻ chưa đến hạn.",
    "03": "Hết hạn thẻ khi chưa ra viện.",
    "04": "Thẻ có giá trị khi đang nằm viện.",
    "05": "Mã thẻ không có trong dữ liệu.",
    "06": "Thẻ sai họ tên.",
    "07": "Thẻ sai ngày sinh.",
    "08": "Thẻ sai giới tính.",
    "09": "Thẻ sai nơi đăng ký khám chữa bệnh ban đầu.",
}


def negative(code: str) -> Wire:
    """Answer a check that failed: its code, and nothing of the card."""
    return {"maKetQua": code, "ghiChu": NOTES[code], "maThe": None, "hoTen": None}


def card(code: str, it: HealthCard, merged: Sequence[str]) -> Wire:
    """Answer a check with the card; *merged* are older insurance codes that lead to its own."""
    return {
        "maKetQua": code,
        "ghiChu": NOTES[code],
        "maThe": it.card,
        "maSoBHXH": it.code,
        "maSoBHXHCu": list(merged),
        "soCCCD": it.personal_id,
        "hoTen": it.full_name,
        "ngaySinh": day(it.birth),
        "gioiTinh": it.sex,
        "diaChi": it.address or None,
        "maDKBD": it.clinic,
        "tenDKBD": it.clinic_name,
        "gtTheTu": day(it.valid_from),
        "gtTheDen": day(it.valid_to),
        "maKV": "",
        "dsLichSuKCB2018": [],
        "dsLichSuKT2018": [],
    }


def envelope(data: Wire | Sequence[Wire] | None) -> Wire:
    """Wrap what was found; nothing found is no success, and no error either."""
    found = data is not None
    message = "Thành công" if found else "Không tìm thấy dữ liệu phù hợp"
    return {"success": found, "message": message, "data": data, "error": None, "type": None}


def complaint(sentence: str) -> Wire:
    """Refuse a question, with status 200 all the same."""
    return {
        "success": False,
        "message": sentence,
        "data": None,
        "error": "INVALID_PARAMETER",
        "type": "BUSINESS",
    }


def participation(it: SocialInsured) -> Wire:
    """Write a participant; the contribution salary is on this wire whoever asks.

    `soThangDong` and `maSoBhxhCu` are INVENTED: the real fields for them were not read.
    """
    home = it.residence
    return {
        "maSoBhxh": it.code,
        "maSoBhxhCu": list(it.merged),
        "hoTen": it.full_name,
        "ngaySinh": it.birth,
        "ngaySinhHienThi": day(it.birth),
        "gioiTinh": it.sex,
        "cmnd": it.cmnd,
        "tenXaNkq": home.ward if home else None,
        "tenHuyenNkq": home.district if home else None,
        "tenTinhNkq": home.province if home else None,
        "soDienThoai": None,
        "trangThai": it.status,
        "maHoGiaDinh": it.household,
        "noiLamViec": it.workplace,
        "thangBatDau": day(it.start),
        "soThangDong": it.months,
        "mucDong": it.salary,
        "isThamGiaBB": it.compulsory,
    }


def day(compact: str) -> str:
    """Write `19850512` as 12/05/1985, `200809` as 09/2008, and `1945` as it is."""
    parts = (compact[6:], compact[4:6], compact[:4])
    return "/".join(part for part in parts if part)
