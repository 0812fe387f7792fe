"""Form data: the values under the keys of the portal's own form, or of the procedure document.

A key is a path: dots open objects, a trailing [] takes a list. `nguoiKhai.hoTen` becomes
`{"nguoiKhai": {"hoTen": …}}`.
"""

import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NoReturn

import msgspec


class FormInvalidError(Exception):
    """A form document cannot be used: file and reason in words."""


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """A portal's form: whose, for which procedure, and its keys by ours."""

    name: str
    procedure: str
    keys: Mapping[str, str]
    """The procedure document's key -> the form's own key."""


def fill(values: Mapping[str, object], keys: Mapping[str, str] | None) -> dict[str, object]:
    """Put *values* (by document key) under the form's keys; what it does not name is left out."""
    filled: dict[str, object] = {}
    for key, value in values.items():
        if keys is not None and key not in keys:
            continue
        _put(filled, path_of(keys[key] if keys else key), value)
    return filled


def path_of(key: str) -> tuple[str, ...]:
    """Give the groups that *key* opens, and the name of its value; brackets are no part of it."""
    return tuple(key.removesuffix("[]").split("."))


def nested(keys: Iterable[str]) -> tuple[str, str] | None:
    """Give a key that another opens as a group, and that other: one value would be lost."""
    named = {path_of(key): key for key in keys}
    return next(
        (
            (named[path[:end]], key)
            for path, key in named.items()
            for end in range(1, len(path))
            if path[:end] in named
        ),
        None,
    )


def _put(into: dict[str, object], path: tuple[str, ...], value: object) -> None:
    *parents, last = path
    for parent in parents:
        below = into.setdefault(parent, {})
        if not isinstance(below, dict):
            return
        into = below
    into[last] = value


def load_forms(folder: Path | None, fields: Mapping[str, Collection[str]]) -> Mapping[str, Form]:
    """Read every `*.toml` of *folder*; *fields* gives each procedure's keys.

    A form that names an unknown procedure or field, or a key twice, stops the start:
    FormInvalidError names file and reason.
    """
    if folder is None:
        return {}
    files = sorted(folder.glob("*.toml"))
    return {form.name: form for file in files for form in _read(file, fields)}


def _read(file: Path, fields: Mapping[str, Collection[str]]) -> Iterator[Form]:
    try:
        given = tomllib.loads(file.read_text(encoding="utf-8"))
        form = msgspec.convert({**given, "name": file.stem}, Form)
    except UnicodeDecodeError:
        _refuse(file, "not UTF-8")
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        _refuse(file, str(error))
    if form.procedure not in fields:
        _refuse(file, f"there is no procedure {form.procedure}")
    if unknown := sorted(set(form.keys) - set(fields[form.procedure])):
        _refuse(file, f"{form.procedure} has no field {', '.join(unknown)}")
    if len(set(map(path_of, form.keys.values()))) != len(form.keys):
        _refuse(file, "two fields fill one key")
    if pair := nested(form.keys.values()):
        _refuse(file, f"the key {pair[0]} is a group as well: {pair[1]}")
    yield form


def _refuse(file: Path, reason: str) -> NoReturn:
    msg = f"{file.name}: {reason}"
    raise FormInvalidError(msg) from None
