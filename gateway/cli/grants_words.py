"""What a grants file holds, in the words of an operator."""

from collections.abc import Iterator

import msgspec

from auth.grant import Grant
from auth.grants import Grants
from auth.revocations import Revocations
from auth.withdrawals import Withdrawal
from resolvers.procedure import Procedure


class GrantedField(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A role path, with the label of the form field it fills, where it fills one."""

    path: str
    label: str | None


class Explained(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a grant opens for one procedure; numbers of officers are never shown."""

    grant: str
    consumer: str
    procedure: str
    name: str
    valid_from: str
    valid_until: str
    legal_basis: str
    agencies: tuple[str, ...]
    officers: tuple[str, ...]
    """Agencies for which an accountable officer is named."""
    officers_by: str
    scopes: tuple[str, ...] | None
    parts: tuple[str, ...] | None
    attestation: str
    assertion_ground: str | None
    ungranted: str
    subjects_per_minute: int
    subjects_per_hour: int
    requests_per_minute: int
    roles: dict[str, tuple[GrantedField, ...]]


def explained(grant: Grant, procedure: Procedure, role: str | None) -> Explained:
    """Say what *grant* opens of *procedure*, for one *role* or for all."""
    labels = {field.selection.path: field.label for field in procedure.fields}
    return Explained(
        grant=grant.grant_id,
        consumer=grant.consumer_id,
        procedure=procedure.code,
        name=procedure.name,
        valid_from=grant.valid_from.isoformat(),
        valid_until=grant.valid_until.isoformat(),
        legal_basis=grant.legal_basis,
        agencies=grant.agencies,
        officers=tuple(sorted(grant.accountable)),
        officers_by=grant.officers_by,
        scopes=tuple(sorted(grant.scopes)) if grant.scopes is not None else None,
        parts=tuple(sorted(grant.parts)) if grant.parts is not None else None,
        attestation=grant.attestation,
        assertion_ground=grant.assertion_ground,
        ungranted=grant.ungranted,
        subjects_per_minute=grant.subjects_per_minute,
        subjects_per_hour=grant.subjects_per_hour,
        requests_per_minute=grant.requests_per_minute,
        roles={
            name: tuple(
                GrantedField(path=path, label=labels.get(path))
                for path in sorted(procedure.paths)
                if path.startswith(f"{name}/")
            )
            for name in procedure.roles
            if role in (None, name)
        },
    )


def as_json(told: list[Explained]) -> str:
    """Write it for a program."""
    return msgspec.json.format(msgspec.json.encode(told), indent=2).decode() + "\n"


def lines(told: Explained) -> Iterator[str]:
    """Write it for a reader."""
    yield f"{told.consumer} · {told.procedure} {told.name}"
    yield f"  quyền            {told.grant}, từ {told.valid_from} đến hết {told.valid_until}"
    yield f"  căn cứ           {told.legal_basis}"
    yield f"  thay mặt         {', '.join(told.agencies)} và các đơn vị trực thuộc"
    named = ", ".join(told.officers) or "không có"
    yield f"  cán bộ chịu trách nhiệm khi không có cán bộ trực: {named}"
    yield f"  cán bộ tại quầy  {_OFFICERS_BY[told.officers_by]}"
    yield f"  phạm vi          {', '.join(told.scopes) if told.scopes is not None else 'theo mã'}"
    yield f"  thủ tục thành phần  {', '.join(told.parts) if told.parts is not None else 'tất cả'}"
    ground = f" ({told.assertion_ground})" if told.assertion_ground else ""
    yield f"  hồ sơ có thật    {_ATTESTATION[told.attestation]}{ground}"
    yield f"  trường ngoài quyền  {_UNGRANTED[told.ungranted]}"
    yield (
        f"  hạn mức          {told.subjects_per_minute} chủ thể/phút, {told.subjects_per_hour} "
        f"chủ thể/giờ cho mỗi cán bộ; {told.requests_per_minute} yêu cầu/phút"
    )
    for role, fields in told.roles.items():
        yield f"  vai trò {role}: {len(fields)} trường"
        for field in fields:
            yield f"    {field.path}" + (f"  ({field.label})" if field.label else "")


def contents(loaded: object) -> Iterator[str]:
    """Say what is in a file, one thing a line."""
    match loaded:
        case Grants():
            days = f"ký ngày {loaded.issued}, dùng đến hết {loaded.expires}"
            yield f"phiên bản {loaded.version}, {days}"
            for consumer in loaded.consumers.values():
                whose = "tự ký mã" if consumer.signs_its_own else (consumer.issuer or "mọi nơi cấp")
                yield f"hệ thống  {consumer.consumer_id}  {len(consumer.keys)} khóa  {whose}"
            for registry, ring in loaded.owners.items():
                yield f"cơ quan chủ quản  {registry}  {len(ring)} khóa"
            for grant in loaded.grants:
                codes = ", ".join(sorted(grant.procedures)) if grant.procedures else "mọi thủ tục"
                yield (
                    f"quyền  {grant.grant_id}  {grant.consumer_id}  {', '.join(grant.agencies)}  "
                    f"{codes}  {grant.attestation}  {grant.valid_from}..{grant.valid_until}"
                )
        case Revocations():
            yield (
                f"phiên bản {loaded.version}: thu hồi {len(loaded.tokens)} mã, "
                f"{len(loaded.clients)} hệ thống, {len(loaded.keys)} khóa"
            )
        case Withdrawal():
            until = f"đến hết {loaded.until}" if loaded.until else "đến khi được rút lại"
            yield (
                f"{loaded.registry}: {loaded.consumer or 'mọi hệ thống'}, "
                f"{loaded.procedure or 'mọi thủ tục'}, từ {loaded.begins} {until}"
            )


_OFFICERS_BY = {
    "token": "chỉ theo mã truy cập",
    "request": "theo mã truy cập hoặc theo lời cổng dịch vụ",
}
_ATTESTATION = {
    "ASSERTED": "theo lời cổng dịch vụ (ASSERTED)",
    "ATTESTED": "cổng dịch vụ phải ký xác nhận từng hồ sơ (ATTESTED)",
}
_UNGRANTED = {
    "refuse": "từ chối cả yêu cầu",
    "restricted": "trả lời rỗng với trạng thái RESTRICTED",
}
