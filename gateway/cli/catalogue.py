"""`lienthong schema`, `procedures check`, `forms check` and `settings`: what an operator looks up.

The rooms are imported by the command that looks into them: loading them all takes seconds, and
most commands only ask a gateway that already runs.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.cli.ends import MISUSE, REFUSED, stop

if TYPE_CHECKING:
    from gateway.settings import Settings
    from resolvers.catalogue import Catalogue


def add_to(app: typer.Typer) -> None:
    """Add the commands that look things up."""
    app.command()(schema)
    app.command()(settings)
    procedures = typer.Typer(help="Tài liệu thủ tục (procedure documents).", no_args_is_help=True)
    procedures.command("check")(check)
    app.add_typer(procedures, name="procedures")
    forms = typer.Typer(help="Tài liệu biểu mẫu (form documents).", no_args_is_help=True)
    forms.command("check")(check_forms)
    app.add_typer(forms, name="forms")


def schema() -> None:
    """In lược đồ GraphQL, như tệp schema.graphql."""
    from resolvers.schema import print_schema  # noqa: PLC0415 - see the module

    sys.stdout.write(print_schema())


def settings() -> None:
    """In bảng cấu hình: tên, mặc định, ý nghĩa."""
    from gateway.settings import PREFIX, Settings  # noqa: PLC0415 - see the module

    for name, field in Settings.model_fields.items():
        print(f"{PREFIX}{name.upper()}\n    {field.description}\n    mặc định: {field.default}")


def check(
    folder: Annotated[Path | None, typer.Argument(help="Thư mục tài liệu của đơn vị.")] = None,
) -> None:
    """Kiểm tra tài liệu thủ tục: tệp, dòng và lý do khi có lỗi."""
    for procedure in catalogue_of(folder):
        print(f"{procedure.code}  {procedure.name}  ({procedure.file})")


def check_forms(
    folder: Annotated[
        Path | None, typer.Argument(help="Thư mục biểu mẫu; để trống: LIENTHONG_FORMS.")
    ] = None,
    procedures: Annotated[
        Path | None,
        typer.Option(help="Thư mục tài liệu thủ tục; để trống: LIENTHONG_PROCEDURES."),
    ] = None,
) -> None:
    """Kiểm tra tài liệu biểu mẫu: mỗi biểu mẫu dùng và bỏ qua những trường nào của thủ tục."""
    from resolvers.forms import FormInvalidError, load_forms  # noqa: PLC0415 - see the module

    if folder is None or procedures is None:
        configured = _settings()
        folder, procedures = folder or configured.forms, procedures or configured.procedures
    if folder is None:
        stop("Hãy ghi thư mục biểu mẫu sau lệnh, hoặc đặt LIENTHONG_FORMS.", MISUSE)
    if not folder.is_dir():
        stop(f"Không có thư mục {folder}.", MISUSE)
    keys = {p.code: [f.key for f in p.fields] for p in catalogue_of(procedures)}
    try:
        forms = load_forms(folder, keys)
    except FormInvalidError as invalid:
        stop(str(invalid), REFUSED)
    if not forms:
        print(f"Không có biểu mẫu nào trong {folder}.")
    for form in forms.values():
        known = keys[form.procedure]
        left_out = [key for key in known if key not in form.keys]
        print(f"{form.name}  {form.procedure}  {len(form.keys)}/{len(known)} trường")
        print(f"    bỏ qua: {', '.join(left_out) or 'không trường nào'}")


def _settings() -> "Settings":
    """Read the settings, or end with what is wrong with them."""
    from gateway.settings import (  # noqa: PLC0415 - see the module
        SettingsInvalidError,
        read_settings,
    )

    try:
        return read_settings()
    except SettingsInvalidError as invalid:
        stop(f"Cấu hình không dùng được: {invalid}", MISUSE)


def catalogue_of(folder: Path | None) -> "Catalogue":
    """Load the shipped documents and those of *folder*, or end with what is wrong with them."""
    from resolvers.catalogue import SHIPPED, load_catalogue  # noqa: PLC0415 - see the module
    from resolvers.procedure_document import ProcedureInvalidError  # noqa: PLC0415 - likewise
    from resolvers.schema import build_schema, graphql_schema  # noqa: PLC0415 - likewise

    folders = [SHIPPED, *([folder] if folder else [])]
    try:
        return load_catalogue(graphql_schema(build_schema()), folders)
    except ProcedureInvalidError as invalid:
        stop(str(invalid), REFUSED)
