"""What a procedure document must keep to beyond GraphQL: one function for each kind of annotation.

Each gives what is wrong, with the line, the first thing to mend first; a later check relies on
what an earlier one found in order.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date

import msgspec

from adapters.identifiers import check_national_procedure_code
from auth.purpose import SELF_ACCESS
from resolvers import shapes
from resolvers.forms import nested, path_of
from resolvers.names import MINOR_CHILD, OWN_ROLE, ROLE_FIELDS, SENSITIVE_FIELDS
from resolvers.plan import Selection
from resolvers.procedure import ComponentSource
from resolvers.procedure_draft import Draft, Note, Place

# The access log keeps these words, as ASCII of at most 200 characters.
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,99}")
_KEY = re.compile(rf"{_WORD.pattern}(\[\])?")
_REFERENCE = "PersonRef"


class Fault(msgspec.Struct, frozen=True):
    """Something that is wrong with a document: the line, and the reason in words."""

    line: int
    reason: str


Faults = Iterator[Fault]


def faults(draft: Draft) -> Faults:
    """Give everything that is wrong with *draft*."""
    yield from _procedure(draft)
    yield from _roles(draft)
    yield from _parts(draft)
    yield from _components(draft)
    yield from _sensitive(draft)
    yield from _form_fields(draft)
    yield from _evidences(draft)
    yield from _unproven(draft)


def _procedure(draft: Draft) -> Faults:
    heads = draft.all("procedure")
    if not heads:
        yield Fault(1, "exactly one @procedure is needed")
    for head in heads:
        own = head.text("code") == SELF_ACCESS
        if own and set(draft.roles()) != {OWN_ROLE}:
            yield Fault(head.at("code"), f"`{SELF_ACCESS}` has the one role `{OWN_ROLE}`")
        if not own and (reason := check_national_procedure_code(head.text("code"))):
            yield Fault(head.at("code"), f"@procedure(code:) is not a national code ({reason})")
        for old in head.words("supersedes"):
            if reason := check_national_procedure_code(old):
                yield Fault(
                    head.at("supersedes"),
                    f"@procedure(supersedes:) is not a national code ({reason}): `{old}`",
                )
        yield from _days(head)


def _days(head: Note) -> Faults:
    days: list[date] = []
    for argument in ("validFrom", "validUntil"):
        written = head.word(argument)
        found = None if written is None else shapes.day(written)
        if isinstance(found, date):
            days.append(found)
        elif written is not None:
            yield Fault(
                head.at(argument),
                "@procedure(validFrom:, validUntil:) take dates such as 2025-07-01",
            )
    if days != sorted(days):
        yield Fault(head.at("validUntil"), "@procedure(validUntil:) is before validFrom")


def _roles(draft: Draft) -> Faults:
    seen: set[str] = set()
    for child in draft.dossier.children:
        name = child.role()
        if name is None:
            if child.name != "nameCheck":
                yield Fault(child.line, f"`{child.name}` needs a role written as a literal")
        elif name in seen:
            yield Fault(child.line, f"the role `{name}` is selected twice")
        else:
            seen.add(name)
    yield from _words(draft, "role", "name")
    selected = draft.roles()
    declared = {note.text("name"): note for note in draft.all("role")}
    lines = {name: child.line for name, child in selected.items()}
    lines |= {name: note.at("name") for name, note in declared.items()}
    for name, line in lines.items():
        if name not in declared or name not in selected:
            yield Fault(line, f"the role `{name}` must be both declared by @role and selected")
    for note in declared.values():
        yield from _minor_child(note, selected)
    for name, note in declared.items():
        if note.flag("many", default=False) != (selected[name].name == "persons"):
            yield Fault(
                note.at("many"),
                f"the role `{name}` must be `many: true` with `persons`, and only with it",
            )


def _minor_child(note: Note, selected: Mapping[str, Selection]) -> Faults:
    """Check that a minor child and the parent are two persons of the dossier."""
    parent = note.word(MINOR_CHILD)
    if parent is None:
        return
    line = note.at(MINOR_CHILD)
    if ROLE_FIELDS[selected[note.text("name")].name] != "person":
        yield Fault(line, f"@role({MINOR_CHILD}:) stands on a role of persons")
    if parent == note.text("name") or parent not in selected:
        yield Fault(line, f"@role({MINOR_CHILD}:) names no other role: `{parent}`")
    elif selected[parent].name != "person":
        yield Fault(line, f"@role({MINOR_CHILD}:) names no person: `{parent}`")


def _parts(draft: Draft) -> Faults:
    seen: set[str] = set()
    for part in draft.all("part"):
        code = part.text("code")
        if reason := check_national_procedure_code(code):
            yield Fault(
                part.at("code"), f"@part(code:) is not a national code ({reason}): `{code}`"
            )
        if code in seen:
            yield Fault(part.at("code"), f"the part `{code}` is declared twice")
        seen.add(code)


def _components(draft: Draft) -> Faults:
    yield from _words(draft, "component", "id")
    for note in draft.all("component"):
        only_when = note.word("onlyWhen")
        if only_when is not None and only_when not in draft.roles():
            yield Fault(note.at("onlyWhen"), f"@component(onlyWhen:) names no role: `{only_when}`")
        yield from _part_of(draft, note)


def _words(draft: Draft, name: str, argument: str) -> Faults:
    """Check the words by which the rest of the document, and the access log, name a thing."""
    seen: set[str] = set()
    for note in draft.all(name):
        word = note.text(argument)
        if not _WORD.fullmatch(word):
            yield Fault(note.at(argument), f"@{name}({argument}:) is no plain word: `{word}`")
        if word in seen:
            yield Fault(note.at(argument), f"the {name} `{word}` is declared twice")
        seen.add(word)


def _part_of(draft: Draft, note: Note) -> Faults:
    part = note.word("part")
    if part is not None and part not in {known.text("code") for known in draft.all("part")}:
        yield Fault(note.at("part"), f"@{note.name}(part:) names no @part: `{part}`")


def _sensitive(draft: Draft) -> Faults:
    for place in draft.places:
        coordinate = f"{place.selection.type_name}.{place.selection.name}"
        marked = any(note.name == "sensitive" for note in place.notes)
        if coordinate in SENSITIVE_FIELDS and not marked:
            yield Fault(
                place.selection.line,
                f"`{coordinate}` is sensitive: name the form and article that ask for it"
                " with @sensitive(ground:)",
            )


def _form_fields(draft: Draft) -> Faults:
    seen: list[str] = []
    for place, note in draft.noted("formField"):
        key, line = note.text("key"), note.at("key")
        if place.selection.children:
            yield Fault(note.line, "@formField stands on a value, not on an object")
        if not _KEY.fullmatch(key):
            yield Fault(line, f"@formField(key:) is no plain key: `{key}`")
        if path_of(key) in map(path_of, seen):
            yield Fault(line, f"the form field `{key}` is filled twice")
        seen.append(key)
        if pair := nested(seen):
            yield Fault(line, f"the form field `{pair[0]}` is a group as well: `{pair[1]}`")
        yield from _brackets(place, key, line)
        yield from _part_of(draft, note)


def _brackets(place: Place, key: str, line: int) -> Faults:
    """Check that a key collects where there is something to collect, and nowhere else."""
    if place.below_list and not key.endswith("[]"):
        yield Fault(line, f"the form field `{key}` lies below a list: write `{key}[]`")
    elif key.endswith("[]") and not place.below_list and not place.many:
        yield Fault(line, f"the form field `{key}` lies below no list: write it without []")


def _evidences(draft: Draft) -> Faults:
    papers = {note.text("id") for note in draft.all("component")}
    roles = draft.roles()
    for place, note in draft.noted("evidences"):
        paper = note.text("component")
        if paper not in papers:
            yield Fault(note.at("component"), f"@evidences names no component: `{paper}`")
        for argument in ("holderIs", "pointsTo"):
            for role in note.words(argument):
                if role not in roles:
                    yield Fault(note.at(argument), f"@evidences names no role: `{role}`")
                elif ROLE_FIELDS[roles[role].name] != "person":
                    yield Fault(
                        note.at(argument), f"@evidences({argument}:) names no person: `{role}`"
                    )
        if note.words("pointsTo") and not _in_reference(place):
            yield Fault(
                note.at("pointsTo"),
                "@evidences(pointsTo:) stands inside a person whom the record mentions, such as"
                " `spouse`",
            )


def _in_reference(place: Place) -> bool:
    return any(selection.result_type == _REFERENCE for selection in place.above)


def _unproven(draft: Draft) -> Faults:
    proven = {note.text("component") for _, note in draft.noted("evidences")}
    for note in draft.all("component"):
        source = ComponentSource(note.word("source") or ComponentSource.DATA)
        if source is ComponentSource.DATA and note.text("id") not in proven:
            yield Fault(note.at("id"), f"no @evidences names the component `{note.text('id')}`")
