"""Which entries are the lines of a report, as SQL for both databases.

A line ends a request or a part of it, or is an intent that nothing closed.
Whatever is looked for by a number, an id of a registry's or an entry's id is found in any entry
that names it; the line is the one that closes it. Every join names the time, too, so that
PostgreSQL looks into the month concerned and no other.
"""

from collections.abc import Sequence

import msgspec
from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    exists,
    literal,
    or_,
    select,
    tuple_,
    union,
)

from audit.entry import EntryKind
from audit.reading.accesses import Place, Question
from audit.reading.given import table_of
from audit.stores.schema import CLOSING, ENTRY, LEAF, SUBJECT, UPSTREAM, microseconds

A_DAY = 86_400 * 1_000_000
"""No request takes as long, however a clock is set meanwhile."""

BOOT = "BOOT"
"""What is asked for in place of an outcome by who looks for the entries of boots."""

_BOOTS = (EntryKind.BOOT_START, EntryKind.BOOT_END, EntryKind.BOOT_LOST)
_ENDS = tuple(kind for kind in EntryKind if kind not in {EntryKind.INTENT, *_BOOTS})

Condition = ColumnElement[bool]


MonthTag = tuple[str, int, int]
"""A tag, the first moment of the month for which it was made, and of the month after."""


class Tags(msgspec.Struct, frozen=True, kw_only=True):
    """Under which tags a question is asked; None: not asked for, empty: nothing can be found."""

    subject: Sequence[MonthTag] | None = None
    officer: Sequence[str] | None = None
    dossier: Sequence[str] | None = None
    draft: Sequence[str] | None = None


def page_of(
    dialect: str, question: Question, tags: Tags, *, size: int, after: Place | None, limit: int
) -> Select[tuple[bytes, int, bytes]]:
    """Select body, place and hash of the lines, the newest first, of a log of *size* leaves."""
    return (
        select(ENTRY.c.body, LEAF.c.seq, LEAF.c.leaf_hash)
        .join(LEAF, LEAF.c.entry_id == ENTRY.c.entry_id)
        .where(
            LEAF.c.seq < size,
            _is_line(question, size),
            *_repeated(question),
            *_tagged(dialect, question, tags),
            *_before(after),
        )
        .order_by(ENTRY.c.at.desc(), ENTRY.c.entry_id.desc())
        .limit(limit)
    )


def entries_about(dialect: str, tags: Sequence[MonthTag]) -> Select[tuple[bytes, int, bytes]]:
    """Select body, place and hash of the entries in which a registry was asked, or had answered."""
    return (
        select(ENTRY.c.body, LEAF.c.seq, LEAF.c.leaf_hash)
        .join(LEAF, LEAF.c.entry_id == ENTRY.c.entry_id)
        .where(
            tuple_(ENTRY.c.entry_id, ENTRY.c.at).in_(_about(dialect, tags)),
            ENTRY.c.kind.in_((EntryKind.INTENT, EntryKind.OUTCOME)),
        )
    )


def entries_near(
    dialect: str, places: Sequence[tuple[str, int]]
) -> Select[tuple[str, bytes, bytes | None]]:
    """Select entries by their id, each made a day around the moment beside it, at most."""
    near = table_of(dialect, {"entry_id": str, "at": int}, places)
    of_place = and_(
        ENTRY.c.entry_id == near.c.entry_id,
        ENTRY.c.at.between(near.c.at - A_DAY, near.c.at + A_DAY),
    )
    return (
        select(ENTRY.c.entry_id, ENTRY.c.body, LEAF.c.leaf_hash)
        .join(near, of_place)
        .outerjoin(LEAF, LEAF.c.entry_id == ENTRY.c.entry_id)
    )


def _is_line(question: Question, size: int) -> Condition:
    ends = (*_ENDS, *_BOOTS) if question.entry or question.outcome == BOOT else _ENDS
    closed = exists().where(
        _closes(ENTRY), LEAF.c.entry_id == CLOSING.c.entry_id, LEAF.c.seq < size
    )
    unfinished = and_(ENTRY.c.kind == EntryKind.INTENT, ~closed.correlate(ENTRY))
    if question.outcome == EntryKind.INTENT:
        # Alone, and not as one of two cases: so a database may find all of them in one go.
        return unfinished
    return or_(ENTRY.c.kind.in_(ends), unfinished)


def _closes(intent: FromClause) -> Condition:
    return and_(
        CLOSING.c.intent_id == intent.c.entry_id,
        CLOSING.c.at.between(intent.c.at - A_DAY, intent.c.at + A_DAY),
    )


def _repeated(question: Question) -> list[Condition]:
    """Compare what stands in a column of the line itself."""
    asked: list[Condition] = [
        column == given
        for column, given in (
            (ENTRY.c.consumer_id, question.consumer),
            (ENTRY.c.unit, question.unit),
            (ENTRY.c.procedure, question.procedure),
            (ENTRY.c.request_id, question.request),
            (ENTRY.c.from_cache, question.from_cache),
        )
        if given is not None
    ]
    if question.since is not None:
        asked.append(ENTRY.c.at >= microseconds(question.since))
    if question.until is not None:
        asked.append(ENTRY.c.at < microseconds(question.until))
    if question.agency is not None:
        asked.append(
            or_(
                ENTRY.c.receiving_agency == question.agency,
                ENTRY.c.competent_agency == question.agency,
            )
        )
    if question.outcome is not None:
        kinds = _BOOTS if question.outcome == BOOT else (question.outcome,)
        asked.append(or_(ENTRY.c.outcome == question.outcome, ENTRY.c.kind.in_(kinds)))
    if question.registry is not None and not question.subjects:
        asked.append(_names(question.registry))
    return asked


def _names(registry: str) -> Condition:
    """Name the registry: what was fetched and not delivered is named by its intents alone."""
    intent = ENTRY.alias("intent")
    of_intent = exists().where(
        intent.c.request_id == ENTRY.c.request_id,
        intent.c.at.between(ENTRY.c.at - A_DAY, ENTRY.c.at + A_DAY),
        names_registry(intent, registry),
        CLOSING.c.intent_id == intent.c.entry_id,
        CLOSING.c.at == ENTRY.c.at,
        CLOSING.c.entry_id == ENTRY.c.entry_id,
    )
    undelivered = ENTRY.c.kind == EntryKind.NOT_DELIVERED
    return or_(names_registry(ENTRY, registry), and_(undelivered, of_intent.correlate(ENTRY)))


def names_registry(entry: FromClause, registry: str) -> Condition:
    """Name the registry among those that the entry speaks of."""
    words = literal(" ") + entry.c.registries + " "
    return words.contains(f" {registry} ", autoescape=True)


def _about(dialect: str, tags: Sequence[MonthTag]) -> Select[tuple[str, int]]:
    given = table_of(dialect, {"tag": str, "since": int, "until": int}, tags)
    of_month = and_(SUBJECT.c.at >= given.c.since, SUBJECT.c.at < given.c.until)
    return select(SUBJECT.c.entry_id, SUBJECT.c.at).join(
        given, and_(SUBJECT.c.tag == given.c.tag, of_month)
    )


def _tagged(dialect: str, question: Question, tags: Tags) -> list[Condition]:
    """Look for what stands in the line as a tag, or leads to it from elsewhere."""
    asked: list[Condition] = [
        column.in_(given)
        for column, given in (
            (ENTRY.c.officer_tag, tags.officer),
            (ENTRY.c.dossier_tag, tags.dossier),
            (ENTRY.c.draft_tag, tags.draft),
        )
        if given is not None
    ]
    if tags.subject is not None:
        about = _about(dialect, tags.subject)
        if question.registry is not None:
            about = about.where(SUBJECT.c.registry == question.registry)
        asked.append(_of_these(about))
    if question.upstream_request_id is not None:
        asked.append(
            _of_these(
                select(UPSTREAM.c.entry_id, UPSTREAM.c.at).where(
                    UPSTREAM.c.upstream_request_id == question.upstream_request_id
                )
            )
        )
    if question.entry is not None:
        one = ENTRY.alias("one")
        asked.append(
            _of_these(select(one.c.entry_id, one.c.at).where(one.c.entry_id == question.entry))
        )
    return asked


def _of_these(entries: Select[tuple[str, int]]) -> Condition:
    """Be one of the *entries*, or close one of them."""
    found = entries.cte()
    closing = select(CLOSING.c.entry_id, CLOSING.c.at).join(found, _closes(found))
    lines = union(select(found.c.entry_id, found.c.at), closing)
    return tuple_(ENTRY.c.entry_id, ENTRY.c.at).in_(lines)


def _before(after: Place | None) -> list[Condition]:
    if after is None:
        return []
    earlier = or_(ENTRY.c.at < after.at, ENTRY.c.entry_id < after.entry_id)
    return [ENTRY.c.at <= after.at, earlier]
