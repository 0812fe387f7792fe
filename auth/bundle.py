"""A file with its signature around it: grants, revocations, a registry owner's notice.

One compact JWS (RFC 7515) whose payload is the TOML as its author wrote it: what a lawyer read is,
byte for byte, what is in force. The kind stands in the protected header, so that a list of
revocations can never be taken for grants; version and days stand in the TOML.
"""

from collections.abc import Mapping
from enum import StrEnum

import msgspec
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry, extract_compact, serialize_compact, validate_compact

from auth.claims import Header
from auth.compact import parts, read_part
from auth.keys import ALGORITHMS, Key, Ring
from auth.signing_key import SigningKey

LONGEST = 4 * 1024 * 1024
"""Bytes of a sealed file; thousands of grants take a tenth of it."""


class BundleKind(StrEnum):
    """What is inside, as the header's `typ` says it."""

    GRANTS = "lienthong-grants"
    REVOCATIONS = "lienthong-revocations"
    WITHDRAWAL = "lienthong-withdrawal"


REJECTIONS: Mapping[str, str] = {
    "too-large": "lớn hơn 4 MiB",
    "not-signed": "chưa được ký; hãy ký bằng `lienthong grants sign`",
    "header": "có phần đầu chữ ký tự chỉ định khóa hoặc cách kiểm tra, nên không được tin",
    "wrong-kind": "là gói của loại khác; hãy ký lại với đúng --kind",
    "algorithm": "được ký bằng thuật toán không được phép; chỉ nhận ES256, PS256, Ed25519",
    "key-unknown": "được ký bằng khóa không nằm trong tệp khóa công khai đã cấu hình",
    "signature": "có chữ ký không đúng: nội dung đã bị sửa, hoặc khóa khác đã ký",
    "not-text": "không phải văn bản UTF-8",
    "invalid": "có nội dung sai",
    "expired": "đã hết hạn; hãy ký phiên bản mới với ngày expires mới",
    "older": "có phiên bản cũ hơn phiên bản đang dùng; hãy tăng version",
    "same-version": "có nội dung khác dưới cùng một version; hãy tăng version",
    "own-issuer-taken": "cho một hệ thống tự ký dưới tên của nơi cấp mã trong LIENTHONG_ISSUERS",
    "issuer-unknown": "nêu một nơi cấp mã không có trong LIENTHONG_ISSUERS",
}
"""Why a file is not taken, in the words an operator reads."""


class Rejected(msgspec.Struct, frozen=True, kw_only=True):
    """A file is not taken, by a *rule* of the table; *detail* names line and field, no value."""

    rule: str
    detail: str = ""

    @property
    def sentence(self) -> str:
        """Say why, to follow the name of the file."""
        detail = f": {self.detail}" if self.detail else ""
        return f"{REJECTIONS[self.rule]}{detail} ({self.rule})"


class _Sizes(JWSRegistry):
    max_payload_length = LONGEST


_SIGNATURES = _Sizes(algorithms=ALGORITHMS, strict_check_header=False)


def seal(text: str, kind: BundleKind, key: SigningKey) -> str:
    """Sign *text* as it is."""
    header = {"alg": key.algorithm, "typ": str(kind), "kid": key.kid}
    return serialize_compact(header, text.encode(), key.key, registry=_SIGNATURES)


def is_sealed(text: str) -> bool:
    """Tell whether *text* has the form of a signed file; TOML never has it."""
    return parts(text.strip()) is not None


def unseal(sealed: str, kind: BundleKind, ring: Ring) -> str | Rejected:
    """Give the text that one of the *ring*'s keys has signed as this *kind*."""
    sealed = sealed.strip()
    if len(sealed) > LONGEST:
        return Rejected(rule="too-large")
    found = parts(sealed)
    header = read_part(found[0], Header) if found is not None else None
    if header is None:
        return Rejected(rule="not-signed")
    key = _key_of(header, kind, ring)
    if isinstance(key, Rejected):
        return key
    payload = _payload(sealed, key)
    if payload is None:
        return Rejected(rule="signature")
    try:
        return payload.decode()
    except UnicodeDecodeError:
        return Rejected(rule="not-text")


def _key_of(header: Header, kind: BundleKind, ring: Ring) -> Key | Rejected:
    """Choose the key by what the header says, before anything of it is believed."""
    if header.oversteps:
        return Rejected(rule="header")
    if header.typ != kind:
        return Rejected(rule="wrong-kind")
    if header.alg not in ALGORITHMS:
        return Rejected(rule="algorithm")
    key = ring.get((header.kid, header.alg)) if header.kid is not None else None
    return key if key is not None else Rejected(rule="key-unknown")


def _payload(sealed: str, key: Key) -> bytes | None:
    try:
        signed = extract_compact(sealed.encode("ascii"), registry=_SIGNATURES)
        genuine = validate_compact(signed, key, registry=_SIGNATURES)
    except (JoseError, ValueError):
        return None
    return signed.payload if genuine else None
