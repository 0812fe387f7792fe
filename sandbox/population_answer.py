"""How the population service writes its answers.

Whether a record prints an empty element for what is not recorded, or leaves the element out,
depends on the office that typed it: here, on whether its number ends in an even or an odd digit.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from lxml import etree

from sandbox.population_request import SOAP, Refusal
from sandbox.records import Citizen, Head, Household, Kin, Member, Place

ANSWER = "http://www.mic.gov.vn/dancu/1.0"

INVENTED = (
    " TraCuuHoGiaDinh là hàm do sandbox tự đặt theo hai hàm thật: dịch vụ hộ gia đình thật "
    "chưa được đọc. INVENTED after the two real operations; the real household service was "
    "not read. "
)

Tree: TypeAlias = Mapping[str, "str | Tree | None"]
"""Elements in their order: text, elements within, or nothing recorded."""


def citizens(found: Sequence[Citizen]) -> bytes:
    """Answer a look-up: an empty collection is the only way to say no."""
    envelope, body = _envelope()
    collection = _element(body, "CongdanCollection")
    for it in found:
        _write(_element(collection, "CongDan"), _citizen(it), terse=_terse(it.number))
    return _bytes(envelope)


def confirmation(*, agrees: bool) -> bytes:
    """Answer a confirmation: everything agrees with the record, or not."""
    envelope, body = _envelope()
    answer: Tree = {"KetQuaXacThuc": {"TonTai": "true" if agrees else "false"}}
    _write(body, answer, terse=True)
    return _bytes(envelope)


def households(found: Sequence[Household]) -> bytes:
    """Answer the invented question for a household, and say in the answer that it is invented.

    Nothing found is one household without members.
    """
    envelope, body = _envelope()
    body.append(etree.Comment(INVENTED))
    for members in [it.members for it in found] or [()]:
        element = _element(body, "HoGiaDinh")
        for member in members:
            line = _element(element, "ThanhVien")
            _write(line, _member(member), terse=_terse(member.number))
    return _bytes(envelope)


def fault(refusal: Refusal) -> bytes:
    """Answer a call that broke a rule; SOAP 1.1 keeps a fault's parts outside of namespaces."""
    envelope, body = _envelope()
    element = etree.SubElement(body, f"{{{SOAP}}}Fault")
    etree.SubElement(element, "faultcode").text = "soapenv:Client"
    etree.SubElement(element, "faultstring").text = refusal.sentence
    _element(etree.SubElement(element, "detail"), "MaLoi").text = refusal.code
    return _bytes(envelope)


def _citizen(it: Citizen) -> Tree:
    in_one = not it.family_name
    return {
        "SoDinhDanh": it.number,
        "SoCMND": it.old_numbers[0] if it.old_numbers else None,
        "SoCCCD": it.number,
        "HoVaTen": {"Ho": it.family_name, "ChuDem": it.middle_name, "Ten": it.given_name},
        "GioiTinh": it.sex,
        "DanToc": it.ethnic,
        "TonGiao": it.religion,
        "TinhTrangHonNhan": it.marital,
        "NhomMau": it.blood,
        "NgayThangNamSinh": _birth(it.birth),
        "NoiDangKyKhaiSinh": _place(it.birth_registration),
        "QuocTich": it.nationality,
        "QueQuan": _place(it.native_place),
        "ThuongTru": _place(it.permanent),
        "NoiOHienTai": _place(it.current),
        "Cha": _kin(it.father, in_one=in_one),
        "Me": _kin(it.mother, in_one=in_one),
        "VoChong": _kin(it.spouse, in_one=in_one),
        "NguoiDaiDien": _kin(it.representative, in_one=in_one),
        "ChuHo": _head(it.head),
        "SoSoHoKhau": None,
    }


def _member(it: Member) -> Tree:
    return {
        "SoDinhDanh": it.number,
        "HoVaTen": {"Ten": it.full_name},
        "NgayThangNamSinh": _birth(it.birth),
        "GioiTinh": it.sex,
        "QuanHe": it.relation,
    }


def _birth(birth: str) -> Tree:
    return {"Nam": birth[:4], "NgayThangNam": birth if len(birth) > len("yyyy") else None}


def _place(it: Place | None) -> Tree | None:
    if it is None:
        return None
    return {
        "MaTinhThanh": it.province,
        "MaQuanHuyen": it.district,
        "MaPhuongXa": it.ward,
        "ChiTiet": it.detail,
        "QuocGia": it.country,
    }


def _kin(it: Kin | None, *, in_one: bool) -> Tree | None:
    if it is None:
        return None
    return {
        "HoVaTen": {"Ten": it.full_name} if in_one else _parts(it.full_name),
        "QuocTich": it.nationality,
        "SoDinhDanh": it.number,
        "SoCMND": it.old_number,
    }


def _parts(full_name: str) -> Tree:
    family, *rest = full_name.split()
    if not rest:
        return {"Ten": family}
    return {"Ho": family, "ChuDem": " ".join(rest[:-1]), "Ten": rest[-1]}


def _head(it: Head | None) -> Tree | None:
    if it is None:
        return None
    return {
        "QuanHe": it.relation,
        "SoDinhDanh": it.number,
        "SoCMND": it.old_number,
        "HoVaTen": it.full_name,
    }


def _terse(number: str) -> bool:
    return int(number[-1]) % 2 == 1


def _write(parent: etree._Element, tree: Tree, *, terse: bool) -> None:
    """Write *tree* below *parent*; a *terse* record leaves out what others leave empty."""
    for name, value in tree.items():
        if not value and terse:
            continue
        element = _element(parent, name)
        if isinstance(value, str):
            element.text = value
        elif value is not None:
            _write(element, value, terse=terse)


def _element(parent: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{ANSWER}}}{name}")


def _envelope() -> tuple[etree._Element, etree._Element]:
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soapenv": SOAP, "dan": ANSWER})
    return envelope, etree.SubElement(envelope, f"{{{SOAP}}}Body")


def _bytes(envelope: etree._Element) -> bytes:
    return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")
