"""Codes of agencies: which unit lies under which, and which agency a dossier code names.

New codes go from the whole to the part (`H26.12` is a unit of `H26`); codes of before 2020 go the
other way and are filled with zeros (`000.00.12.H26`). Inside this house all are written the new
way.
"""

import re

_NEW = re.compile(r"[A-Z][0-9]{2}(?:\.[0-9]{1,4}){0,4}")
_OLD = re.compile(r"[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2}")


def agency_code(text: str) -> str | None:
    """Write an agency's code in one form, or None when *text* is no such code."""
    if _NEW.fullmatch(text):
        return text
    if not _OLD.fullmatch(text):
        return None
    parts = text.split(".")[::-1]
    while not parts[-1].strip("0"):
        parts.pop()
    return ".".join(parts)


def covers(agency: str, unit: str) -> bool:
    """Tell whether *unit* is this *agency* or lies under it; both as agency_code writes them."""
    return unit == agency or unit.startswith(f"{agency}.")


def upwards(agency: str) -> list[str]:
    """List the agency and those above it, nearest first: H26.12.3, H26.12, H26."""
    parts = agency.split(".")
    return [".".join(parts[:length]) for length in range(len(parts), 0, -1)]


def agency_of_dossier(dossier_code: str) -> str | None:
    """Read the competent agency that a dossier's code begins with, as in `H26.12-250702-0001`.

    Portals may form the code by a pattern of their own; then nothing can be read out of it.
    """
    return agency_code(dossier_code.partition("-")[0])
