"""A table whose words stay whole: columns are cut down between words, never within a code."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Group
from rich.table import Table
from rich.text import Text

GAP = 2
"""Blank columns between two cells."""

Row = Sequence[str | Text]
Section = tuple[str, Sequence[Row]]
"""Its title, empty for none, and its rows."""


def grid(headings: Sequence[str], sections: Sequence[Section], width: int) -> Group:
    """Lay out *sections* one below the other under *headings*, in *width* columns."""
    rows = [row for _, rows in sections for row in rows]
    columns = [[heading, *(row[at] for row in rows)] for at, heading in enumerate(headings)]
    widths = _widths(columns, width - GAP * (len(headings) - 1))
    line = Text("─" * min(sum(widths) + GAP * (len(headings) - 1), width), style="dim")
    parts: list[Table | Text] = [_part([headings], widths, style="bold"), line]
    for at, (title, own) in enumerate(sections):
        if title:
            parts += [*([Text()] if at else ()), Text(f"{title}:", style="bold")]
        parts.append(_part(own, widths))
    return Group(*parts)


def _part(rows: Sequence[Row], widths: Sequence[int], style: str = "") -> Table:
    table = Table(
        box=None, show_header=False, show_edge=False, padding=(0, GAP, 0, 0), pad_edge=False
    )
    for wide in widths:
        table.add_column(width=wide, overflow="fold", style=style)
    for row in rows:
        table.add_row(*row)
    return table


def _widths(columns: Sequence[Sequence[str | Text]], room: int) -> list[int]:
    """Give each column its longest word, then the narrowest that wants more one more, and again.

    So a short column is soon as wide as it wants, and the long ones share the rest.
    """
    widths = [max(_longest(cell, words=True) for cell in column) for column in columns]
    most = [max(_longest(cell, words=False) for cell in column) for column in columns]
    while sum(widths) > max(room, len(widths)):
        # Narrower than the words: then words are cut, those of the widest column first.
        widths[widths.index(max(widths))] -= 1
    while sum(widths) < min(room, sum(most)):
        wanting = [at for at, wide in enumerate(widths) if wide < most[at]]
        widths[min(wanting, key=widths.__getitem__)] += 1
    return widths


def _longest(cell: str | Text, *, words: bool) -> int:
    text = cell.plain if isinstance(cell, Text) else cell
    parts = text.split() if words else text.split("\n")
    return max((cell_len(part) for part in parts), default=0)
