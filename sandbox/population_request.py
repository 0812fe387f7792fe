"""What the population service demands of a call before it looks anybody up.

Number, name and birth date are the proof; officer, agency and procedure say who asks and why.
A refusal is a SOAP fault that names the rule that was broken and never a value.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec
from lxml import etree

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
REQUEST = "http://dancuquocgia.bca"

ACCOUNT = "lienthong"
SECRET = "sandbox-secret"  # noqa: S105 - the sandbox's public password, printed in its documents
CLOCK_SKEW = timedelta(minutes=5)

OPERATIONS = ("TraCuuThongTinCongDan", "XacThucThongTinCongDan", "TraCuuHoGiaDinh")
NUMBERS = ("SoDinhDanh", "SoCMND")
BIRTHS = {"NgayThangNam": re.compile(r"[0-9]{8}"), "Nam": re.compile(r"[0-9]{4}")}
BEFORE_NUMBER = (
    "MaYeuCau",
    "MaDVC",
    "MaTichHop",
    "MaCanBo",
    "MaDonVi",
    "TaiKhoan",
    "SoDienThoai",
)
AFTER_NUMBER = ("HoVaTen", "NgayThangNamSinh")


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """Why a call is not answered; *status* is HTTP's."""

    code: str
    sentence: str
    status: int = 500


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A well-formed call: the proof, and the id that the asker gave it."""

    operation: str
    request_id: str
    number: str
    old_number: bool
    name: str
    birth: str
    """`yyyyMMdd` or `yyyy`, as claimed."""


def refuse_caller(headers: Mapping[str, str], url: str, now: datetime) -> Refusal | None:
    """Check who calls: the timestamp first, since the digest is made with it.

    *url* is where the call was posted to, and is part of what the caller signed.
    """
    timestamp = headers.get("Timestamp", "")
    if not re.fullmatch(r"[0-9]{1,16}", timestamp):
        return Refusal(code="TIMESTAMP", sentence="Thiếu Timestamp (mili giây từ 1970).")
    if abs(now.timestamp() * 1000 - int(timestamp)) > CLOCK_SKEW.total_seconds() * 1000:
        return Refusal(code="TIMESTAMP", sentence="Timestamp lệch quá 5 phút so với máy chủ.")
    if not (headers.get("X-Road-Client") and headers.get("ApiKey")):
        sentence = "Thiếu X-Road-Client hoặc ApiKey."
        return Refusal(code="UNAUTHORIZED", sentence=sentence, status=401)
    credentials = _basic(headers.get("Authorization", ""))
    # A client may write the root of a host with or without its slash.
    expected = {f"{ACCOUNT}:{signature(it, timestamp)}" for it in (url, url.rstrip("/"))}
    if not any(hmac.compare_digest(credentials, it.encode()) for it in expected):
        return Refusal(code="UNAUTHORIZED", sentence="Tài khoản kết nối không đúng.", status=401)
    return None


def signature(url: str, timestamp: str) -> str:
    """Make the hexadecimal digest that stands in the place of a password."""
    return hashlib.sha256(f"{url}{ACCOUNT}{timestamp}{SECRET}".encode()).hexdigest()


def read(body: bytes) -> Question | Refusal:
    """Read the envelope; the order of elements matters, as with the real service."""
    call = _call(body)
    if isinstance(call, Refusal):
        return call
    operation = etree.QName(call)
    fields = [etree.QName(field) for field in call]
    if operation.namespace != REQUEST or operation.localname not in OPERATIONS:
        return Refusal(code="OPERATION", sentence=f"Chỉ có các hàm: {', '.join(OPERATIONS)}.")
    if any(field.namespace != REQUEST for field in fields):
        return Refusal(code="ELEMENTS", sentence=f"Mọi phần tử thuộc không gian tên {REQUEST}.")
    names = tuple(field.localname for field in fields)
    if names not in {(*BEFORE_NUMBER, number, *AFTER_NUMBER) for number in NUMBERS}:
        order = ", ".join((*BEFORE_NUMBER, " | ".join(NUMBERS), *AFTER_NUMBER))
        return Refusal(code="ELEMENTS", sentence=f"Cần đúng các phần tử theo thứ tự: {order}.")
    return _question(operation.localname, call)


def _call(body: bytes) -> etree._Element | Refusal:
    """Find the one element in the SOAP body; no DTD, so no entities either."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        envelope = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        return Refusal(code="XML", sentence="Nội dung không phải XML hợp lệ.")
    if envelope.getroottree().docinfo.internalDTD is not None:
        return Refusal(code="XML", sentence="Không chấp nhận DOCTYPE.")
    calls = envelope.findall(f"{{{SOAP}}}Body/*")
    if envelope.tag != f"{{{SOAP}}}Envelope" or len(calls) != 1:
        return Refusal(code="SOAP", sentence="Cần phong bì SOAP 1.1 với một lời gọi trong Body.")
    return calls[0]


def _question(operation: str, call: etree._Element) -> Question | Refusal:
    texts = {etree.QName(field).localname: (field.text or "").strip() for field in call}
    if not texts["MaYeuCau"]:
        return Refusal(code="MA_YEU_CAU", sentence="MaYeuCau không được để trống.")
    if not texts["MaDVC"]:
        return Refusal(code="MA_DVC", sentence="MaDVC không được để trống.")
    if not re.fullmatch(r"[0-9]{12}", texts["MaCanBo"]):
        return Refusal(code="MA_CAN_BO", sentence="MaCanBo phải là số định danh 12 chữ số.")
    births = list(call[-1])
    kind = etree.QName(births[0]) if len(births) == 1 else None
    shape = BIRTHS.get(kind.localname) if kind and kind.namespace == REQUEST else None
    birth = (births[0].text or "").strip() if births else ""
    if not shape or not shape.fullmatch(birth):
        sentence = "NgayThangNamSinh cần một phần tử: NgayThangNam (yyyyMMdd) hoặc Nam (yyyy)."
        return Refusal(code="NGAY_SINH", sentence=sentence)
    old_number = "SoCMND" in texts
    return Question(
        operation=operation,
        request_id=texts["MaYeuCau"],
        number=texts["SoCMND" if old_number else "SoDinhDanh"],
        old_number=old_number,
        name=texts["HoVaTen"],
        birth=birth,
    )


def _basic(header: str) -> bytes:
    """Return the bytes after the word Basic; nothing when they are no base64."""
    scheme, _, encoded = header.partition(" ")
    try:
        return base64.b64decode(encoded, validate=True) if scheme == "Basic" else b""
    except ValueError:
        return b""
