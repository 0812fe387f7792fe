"""Names of agencies, where a list shows people the codes of agencies.

A code is what the log holds, and what stays when an agency gets another name. The names are the
operator's: one TOML file, read at start, of lines such as `"H26" = "Ủy ban nhân dân …"`.
"""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NoReturn

from auth.agency import agency_code, upwards

SANDBOX = Path(__file__).parent / "sandbox_agencies.toml"
PART_OF = "Đơn vị thuộc {name}"
LONGEST_NAME = 200


class AgencyNamesInvalidError(Exception):
    """The file of names cannot be used: file and reason in words."""


class AgencyNames:
    """Calls agencies by their names. Made once, at start."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names

    def of(self, code: str | None) -> str | None:
        """Name an agency; a unit without a name is called after the nearest above it that has one.

        None where nothing above it has a name either.
        """
        if code is None:
            return None
        own = self._names.get(code)
        if own is not None:
            return own
        above = next((self._names[one] for one in upwards(code) if one in self._names), None)
        return None if above is None else PART_OF.format(name=above)


NAMELESS = AgencyNames({})


def load_agency_names(file: Path | None) -> AgencyNames:
    """Read the names of *file*; AgencyNamesInvalidError says what is wrong with it."""
    return NAMELESS if file is None else AgencyNames(dict(_read(file)))


def _read(file: Path) -> Iterator[tuple[str, str]]:
    try:
        given = tomllib.loads(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        _refuse(file, "not UTF-8")
    except tomllib.TOMLDecodeError as error:
        _refuse(file, str(error))
    except OSError as error:
        _refuse(file, error.strerror or "cannot be read")
    named = set()
    for written, name in given.items():
        code = agency_code(written)
        if code is None:
            _refuse(file, f"{written} is not the code of an agency, such as H26 or H26.12")
        if isinstance(name, dict):
            _refuse(file, f'a code with dots needs quotes: "{written}.…" = "…"')
        if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
            _refuse(file, f"{written} needs a name of one line, at most {LONGEST_NAME} characters")
        if code in named:
            _refuse(file, f"{written} stands there twice, once as a code of before 2020")
        named.add(code)
        yield code, name


def _refuse(file: Path, reason: str) -> NoReturn:
    msg = f"{file.name}: {reason}"
    raise AgencyNamesInvalidError(msg) from None
