"""`lienthong schema`, `procedures check` and `settings`: what an operator looks up.

The rooms are imported by the command that looks into them: loading them all takes seconds, and
most commands only ask a gateway that already runs.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.ends import REFUSED, stop


def add_to(app: typer.Typer) -> None:
    """Add the commands that look things up."""
    app.command()(schema)
    app.command()(settings)
    procedures = typer.Typer(help="Tài liệu thủ tục (procedure documents).", no_args_is_help=True)
    procedures.command("check")(check)
    app.add_typer(procedures, name="procedures")


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
    from resolvers.catalogue import SHIPPED, load_catalogue  # noqa: PLC0415 - see the module
    from resolvers.procedure_document import ProcedureInvalidError  # noqa: PLC0415 - likewise
    from resolvers.schema import build_schema, graphql_schema  # noqa: PLC0415 - likewise

    folders = [SHIPPED, *([folder] if folder else [])]
    try:
        catalogue = load_catalogue(graphql_schema(build_schema()), folders)
    except ProcedureInvalidError as invalid:
        stop(str(invalid), REFUSED)
    for procedure in catalogue:
        print(f"{procedure.code}  {procedure.name}  ({procedure.file})")
