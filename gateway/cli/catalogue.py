"""`lienthong schema`, `procedures check` and `settings`: what an operator looks up."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from gateway.settings import PREFIX, Settings
from resolvers.catalogue import SHIPPED, load_catalogue
from resolvers.procedure_document import ProcedureInvalidError
from resolvers.schema import build_schema, graphql_schema, print_schema


def add_to(app: typer.Typer) -> None:
    """Add the commands that look things up."""
    app.command()(schema)
    app.command()(settings)
    procedures = typer.Typer(help="Tài liệu thủ tục (procedure documents).")
    procedures.command("check")(check)
    app.add_typer(procedures, name="procedures")


def schema() -> None:
    """In lược đồ GraphQL, như tệp schema.graphql."""
    sys.stdout.write(print_schema())


def settings() -> None:
    """In bảng cấu hình: tên, mặc định, ý nghĩa."""
    for name, field in Settings.model_fields.items():
        print(f"{PREFIX}{name.upper()}\n    {field.description}\n    mặc định: {field.default}")


def check(
    folder: Annotated[Path | None, typer.Argument(help="Thư mục tài liệu của đơn vị.")] = None,
) -> None:
    """Kiểm tra tài liệu thủ tục: tệp, dòng và lý do khi có lỗi."""
    folders = [SHIPPED, *([folder] if folder else [])]
    try:
        catalogue = load_catalogue(graphql_schema(build_schema()), folders)
    except ProcedureInvalidError as invalid:
        sys.stderr.write(f"{invalid}\n")
        raise typer.Exit(1) from None
    for procedure in catalogue:
        print(f"{procedure.code}  {procedure.name}  ({procedure.file})")
