"""How a province's tables look while something is wrong: temporary views in the tables' place.

A temporary view hides the table of its name, so the asker's own statement stays as it is.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import neg
from typing import TypeAlias

from sqlalchemy import ColumnElement, MetaData, Select, Table, literal, select, union_all
from sqlalchemy.dialects import sqlite

from sandbox.faults import Mode
from sandbox.land_tables import chu, giay_chung_nhan, quyen_su_dung_dat, thanh_vien, thua_dat

BROKEN = "6#.5"
ANOTHER_OFFICE = "Văn phòng đăng ký đất đai (bản ghi chuyển đổi)"

Question: TypeAlias = Select[*tuple[object, ...]]
Key: TypeAlias = tuple[object, ...]
Changes: TypeAlias = Mapping[str, Callable[[ColumnElement[object]], ColumnElement[object]]]
"""By name of a column, what a view shows in its place."""


def _with(table: Table, changes: Changes) -> Question:
    """Ask for a table's lines, changed; under its full name, which no view hides."""
    shown = table.to_metadata(MetaData(), schema="main").c
    return select(
        *(changes[it.name](it).label(it.name) if it.name in changes else it for it in shown)
    )


def _text(*questions: Question) -> str:
    asked = questions[0] if len(questions) == 1 else union_all(*questions)
    return str(asked.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))


def _broken(table: Table, column: str) -> str:
    return _text(_with(table, {column: lambda _: literal(BROKEN)}))


def _twice(table: Table, changes: Changes) -> str:
    """Give each line a second time, under numbers of its own, as a careless conversion does."""
    numbers = ("thua_dat_id", "giay_chung_nhan_id", "quyen_su_dung_dat_id")
    return _text(_with(table, {}), _with(table, dict.fromkeys(numbers, neg) | dict(changes)))


_GARBLED = {
    thua_dat.name: _broken(thua_dat, "dien_tich"),
    giay_chung_nhan.name: _broken(giay_chung_nhan, "ngay_cap"),
}

SCENERY: Mapping[Mode, Mapping[str, str]] = {
    Mode.GARBLED: _GARBLED,
    Mode.HTML: _GARBLED,  # no bus, no page: what an asker in SQL sees of it is broken columns
    Mode.DUPLICATED: {
        thua_dat.name: _twice(thua_dat, {"dien_tich": lambda it: it + 1}),
        giay_chung_nhan.name: _twice(
            giay_chung_nhan, {"don_vi_cap": lambda _: literal(ANOTHER_OFFICE)}
        ),
        quyen_su_dung_dat.name: _twice(quyen_su_dung_dat, {}),
    },
}
"""By fault, the views to put up and the question that each of them answers."""

KEYS: Sequence[str] = (
    _text(
        select(thua_dat.c.ma_xa, thua_dat.c.so_hieu_to_ban_do, thua_dat.c.so_thu_tu_thua),
        select(thua_dat.c.ma_xa, thua_dat.c.so_hieu_to_ban_do_cu, thua_dat.c.so_thu_tu_thua_cu),
    ),
    _text(select(giay_chung_nhan.c.so_phat_hanh), select(giay_chung_nhan.c.so_vao_so)),
    _text(
        select(chu.c.ma_so_dinh_danh),
        select(chu.c.vo_chong_ma_so_dinh_danh),
        select(thanh_vien.c.ma_so_dinh_danh),
    ),
    _text(
        select(chu.c.so_giay_to),
        select(chu.c.vo_chong_so_giay_to),
        select(thanh_vien.c.so_giay_to),
    ),
)
"""What a province may be asked by: parcels, certificates, personal ids, old numbers."""


def of_others(known: Sequence[Sequence[Key]], asked: Sequence[object]) -> Iterator[list[object]]:
    """Put other people's keys in the place of those asked for; *known* has the keys of each kind.

    Whether the land under them is another's, only the answer tells: people hold land together.
    """
    words = {it for it in asked if isinstance(it, str)}
    kinds: list[tuple[Sequence[Key], Sequence[Key]]] = []
    for keys in known:
        whole = {key for key in keys if None not in key}
        mine = [key for key in whole if words.issuperset(key)]
        others = [key for key in whole if words.isdisjoint(key)]
        if mine and others:
            kinds.append((mine, sorted(others, key=str)))
    for turn in range(max((len(others) for _, others in kinds), default=0)):
        instead = {
            part: other
            for mine, others in kinds
            for key in mine
            for part, other in zip(key, others[turn % len(others)], strict=True)
        }
        yield [instead.get(it, it) for it in asked]
