"""Breaking changes of the schema since the last release must be named in CHANGELOG.md.

`python -m gateway.cli.breaking` compares schema.graphql with that of the last tag `v…`; before the
first release there is nothing that could break.
"""

import re
import subprocess
import sys
from pathlib import Path

from graphql import build_schema, find_breaking_changes

_COORDINATE = re.compile(r"[A-Z]\w*(?:\.\w+)?(?:\(\w+:?\))?")


def unnamed_changes(before: str, after: str, changelog: str) -> list[str]:
    """Give each breaking change whose type or field CHANGELOG's Unreleased part does not name."""
    unreleased = changelog.split("## [", 2)[1] if "## [" in changelog else changelog
    found = find_breaking_changes(build_schema(before), build_schema(after))
    return [
        change.description
        for change in found
        if not any(f"`{name}`" in unreleased for name in _names(change.description))
    ]


def _names(description: str) -> list[str]:
    return _COORDINATE.findall(description)


def last_release() -> str | None:
    """Give schema.graphql as the last release had it, None before the first."""
    tags = _git("tag", "--list", "v*", "--sort=-creatordate").split()
    return _git("show", f"{tags[0]}:schema.graphql") if tags else None


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], capture_output=True, text=True, check=True)  # noqa: S603, S607 - git, with our own words
    return done.stdout


def main() -> int:
    """Say what is not named, and fail when anything is not."""
    before = last_release()
    if before is None:
        print("No release yet: no change of the schema breaks anybody.")
        return 0
    after = Path("schema.graphql").read_text(encoding="utf-8")
    unnamed = unnamed_changes(before, after, Path("CHANGELOG.md").read_text(encoding="utf-8"))
    for change in unnamed:
        sys.stderr.write(f"Breaking, and not named in CHANGELOG.md: {change}\n")
    return 1 if unnamed else 0


if __name__ == "__main__":
    sys.exit(main())
