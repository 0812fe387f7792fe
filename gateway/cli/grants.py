"""`lienthong grants keygen|sign|check|explain`: what an operator does with the grants file."""

import os
import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.ends import MISUSE, REFUSED, stop

if TYPE_CHECKING:
    from auth.grants import Grants
    from auth.revocations import Revocations
    from auth.withdrawals import Withdrawal


class Kind(StrEnum):
    """What a file holds."""

    GRANTS = "grants"
    REVOCATIONS = "revocations"
    WITHDRAWAL = "withdrawal"


_File = Annotated[Path, typer.Argument(help="Tệp TOML, hoặc tệp đã ký.")]
_Kind = Annotated[Kind, typer.Option("--kind", help="Tệp chứa gì.")]
_Keys = Annotated[
    Path | None, typer.Option("--keys", help="Tệp khóa công khai (JWKS) để kiểm tra chữ ký.")
]
_Sandbox = Annotated[
    bool, typer.Option("--sandbox", help="Theo quy tắc của môi trường thử nghiệm.")
]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    room = typer.Typer(help="Quyền khai thác (grants).", no_args_is_help=True)
    room.command()(keygen)
    room.command()(sign)
    room.command()(check)
    room.command()(explain)
    app.add_typer(room, name="grants")


def keygen(
    out: Annotated[Path, typer.Option("--out", help="Tệp khóa bí mật (PEM) sẽ được tạo.")],
) -> None:
    """Tạo cặp khóa để ký: khóa bí mật (quyền 0600) và, bên cạnh, khóa công khai (.jwks.json)."""
    from auth.signing_key import new_signing_key  # noqa: PLC0415 - only this command needs it

    key = new_signing_key()
    public = out.with_suffix(".jwks.json")
    _create(out, key.hidden(), 0o600)
    _create(public, key.published(), 0o644)
    print(f"khóa bí mật: {out}  (giữ kín, không chép lên máy chạy cổng)")
    print(f"khóa công khai: {public}  (LIENTHONG_GRANTS_KEYS)")
    print(f"kid: {key.kid}")


def sign(
    file: _File,
    key: Annotated[Path, typer.Option("--key", help="Khóa bí mật: PEM hoặc JWK.")],
    out: Annotated[Path, typer.Option("--out", help="Tệp đã ký; tệp cũ được thay trọn vẹn.")],
    kind: _Kind = Kind.GRANTS,
) -> None:
    """Kiểm tra tệp rồi ký; tệp sai thì không ký."""
    from auth.bundle import BundleKind, is_sealed, seal  # noqa: PLC0415 - see the module
    from auth.signing_key import read_signing_key  # noqa: PLC0415 - likewise

    text = _read(file).decode("utf-8", "replace")
    if is_sealed(text):
        stop(f"{file} đã được ký rồi; hãy ký tệp TOML.", MISUSE)
    _load(file, text, kind, sandbox=False)
    signing = read_signing_key(_read(key))
    if signing is None:
        stop(
            f"{key} không phải khóa bí mật dùng được (EC P-256, Ed25519, RSA từ 2048 bit).", MISUSE
        )
    sealed = seal(text, BundleKind[kind.name], signing)
    draft = out.with_name(f"{out.name}.new")
    try:
        draft.write_text(f"{sealed}\n", encoding="ascii")
        draft.replace(out)
    except OSError:
        stop(f"Không ghi được {out}.", REFUSED)
    print(f"{out}  ({signing.algorithm}, kid {signing.kid})")


def check(
    file: _File, keys: _Keys = None, kind: _Kind = Kind.GRANTS, sandbox: _Sandbox = False
) -> None:
    """Kiểm tra một tệp: chữ ký (khi có --keys), nội dung, và có những gì ở trong."""
    from auth.purpose import VIETNAM  # noqa: PLC0415 - see the module
    from gateway.cli import grants_words  # noqa: PLC0415 - likewise

    loaded = _load(file, _open(file, keys, kind), kind, sandbox=sandbox)
    print("\n".join(grants_words.contents(loaded)))
    expires = getattr(loaded, "expires", None)
    if expires is not None and expires < datetime.now(VIETNAM).date():
        stop(f"{file} đã hết hạn ngày {expires}; cổng sẽ không nhận.", REFUSED)


def explain(
    file: _File,
    consumer: Annotated[str, typer.Option("--consumer", help="Mã hệ thống khai thác.")],
    procedure: Annotated[str, typer.Option("--procedure", help="Mã thủ tục.")],
    role: Annotated[str | None, typer.Option("--role", help="Chỉ vai trò này.")] = None,
    keys: _Keys = None,
    procedures: Annotated[
        Path | None, typer.Option(help="Thư mục tài liệu thủ tục của đơn vị.")
    ] = None,
    sandbox: _Sandbox = False,
    as_json: Annotated[bool, typer.Option("--json", help="In JSON.")] = False,
) -> None:
    """Hệ thống này được hỏi gì cho thủ tục này: vai trò, trường, cán bộ, hạn mức, hiệu lực."""
    from gateway.cli import grants_words  # noqa: PLC0415 - see the module
    from gateway.cli.catalogue import catalogue_of  # noqa: PLC0415 - likewise

    grants = _grants(file, _open(file, keys, Kind.GRANTS), sandbox=sandbox)
    found = catalogue_of(procedures).find(procedure)
    if found is None:
        stop("Không có thủ tục mang mã này; hãy xem `lienthong procedures check`.", REFUSED)
    if role is not None and role not in found.roles:
        stop(f"Thủ tục này không có vai trò đó; có: {', '.join(found.roles)}.", REFUSED)
    own = [grant for grant in grants.of(consumer) if grant.includes(found.code)]
    if not own:
        stop("Không có quyền nào của hệ thống này bao gồm thủ tục này.", REFUSED)
    told = [grants_words.explained(grant, found, role) for grant in own]
    if as_json:
        sys.stdout.write(grants_words.as_json(told))
    else:
        print("\n\n".join("\n".join(grants_words.lines(each)) for each in told))


def _open(file: Path, keys: Path | None, kind: Kind) -> str:
    """Read a file; undo its signature where it has one, which needs *keys*."""
    from auth.bundle import BundleKind, Rejected, is_sealed, unseal  # noqa: PLC0415 - see above
    from auth.signing_key import read_public_keys  # noqa: PLC0415 - likewise

    text = _read(file).decode("utf-8", "replace")
    if not is_sealed(text):
        if keys is not None:
            stop(f"{file} chưa được ký; hãy ký bằng `lienthong grants sign`.", REFUSED)
        return text
    if keys is None:
        stop(f"{file} đã được ký: hãy chỉ khóa công khai bằng --keys.", MISUSE)
    ring = read_public_keys(_read(keys))
    if ring is None:
        stop(f"{keys} không phải tệp khóa công khai (JWKS) dùng được.", MISUSE)
    opened = unseal(text, BundleKind[kind.name], ring)
    if isinstance(opened, Rejected):
        stop(f"{file} {opened.sentence}.", REFUSED)
    return opened


def _load(
    file: Path, text: str, kind: Kind, *, sandbox: bool
) -> "Grants | Revocations | Withdrawal":
    """Read the content, or end with the line that is wrong."""
    from auth.grant_table import GrantsInvalid  # noqa: PLC0415 - see the module
    from auth.revocations import load_revocations  # noqa: PLC0415 - likewise
    from auth.withdrawals import load_withdrawal  # noqa: PLC0415 - likewise

    try:
        match kind:
            case Kind.GRANTS:
                return _grants(file, text, sandbox=sandbox)
            case Kind.REVOCATIONS:
                return load_revocations(text)
            case Kind.WITHDRAWAL:
                return load_withdrawal(text)
    except GrantsInvalid as invalid:
        stop(f"{file}: {invalid}", REFUSED)


def _grants(file: Path, text: str, *, sandbox: bool) -> "Grants":
    from auth.grants import GrantsInvalid, load_grants  # noqa: PLC0415 - see the module
    from auth.profile import Profile  # noqa: PLC0415 - likewise

    try:
        return load_grants(text, profile=Profile.SANDBOX if sandbox else Profile.PRODUCTION)
    except GrantsInvalid as invalid:
        stop(f"{file}: {invalid}", REFUSED)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        stop(f"Không đọc được {file}.", MISUSE)


def _create(file: Path, content: bytes, mode: int) -> None:
    """Write a new file; one that is there is never overwritten: it may be a key in use."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:
        stop(f"{file} đã có; hãy chọn tên khác, khóa đang dùng không bị ghi đè.", MISUSE)
    except OSError:
        stop(f"Không ghi được {file}.", REFUSED)
    with os.fdopen(handle, "wb") as opened:
        opened.write(content)
