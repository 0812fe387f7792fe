"""The commands of `lienthong`, and what a failure looks like on a terminal."""

import sys

import typer

from gateway.cli import asking, catalogue, grants, log, people, serving, token
from gateway.cli.ends import STATUSES
from gateway.cli.terminal import speak_unicode

app = typer.Typer(
    name="lienthong",
    help="Liên Thông: một lược đồ GraphQL trên các cơ sở dữ liệu quốc gia.",
    epilog=STATUSES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for room in (serving, asking, people, token, catalogue, grants, log):
    room.add_to(app)


def main() -> None:
    """Run the command that was typed."""
    speak_unicode()
    sys.exit(app(standalone_mode=True))
