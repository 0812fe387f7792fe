"""Form data: the values under the keys of the portal's own form, or of the procedure document.

A key is a path: dots open objects, a trailing [] takes a list. `nguoiKhai.hoTen` becomes
`{"nguoiKhai": {"hoTen": …}}`.
"""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

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
        _put(filled, (keys[key] if keys else key).removesuffix("[]").split("."), value)
    return filled


def _put(into: dict[str, object], path: list[str], value: object) -> None:
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
        form = msgspec.convert({"name": file.stem, **given}, Form)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        msg = f"{file.name}: {error}"
        raise FormInvalidError(msg) from error
    if form.procedure not in fields:
        msg = f"{file.name}: there is no procedure {form.procedure}"
        raise FormInvalidError(msg)
    if unknown := sorted(set(form.keys) - set(fields[form.procedure])):
        msg = f"{file.name}: {form.procedure} has no field {', '.join(unknown)}"
        raise FormInvalidError(msg)
    if len(set(form.keys.values())) != len(form.keys):
        msg = f"{file.name}: two fields fill one key"
        raise FormInvalidError(msg)
    yield form
