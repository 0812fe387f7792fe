"""The commands of `lienthong`, and what a failure looks like on a terminal."""

import sys

import typer

from gateway.cli import catalogue, serving

app = typer.Typer(
    name="lienthong",
    help="Liên Thông: một lược đồ GraphQL trên các cơ sở dữ liệu quốc gia.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
serving.add_to(app)
catalogue.add_to(app)


def main() -> None:
    """Run the command that was typed."""
    sys.exit(app(standalone_mode=True))
