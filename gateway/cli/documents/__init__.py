"""The GraphQL documents that the command line sends, as anybody may paste them elsewhere."""

from pathlib import Path


def _read(name: str) -> str:
    return Path(__file__).with_name(f"{name}.graphql").read_text(encoding="utf-8")


PREFILL = _read("prefill")
VERIFY = _read("verify")
PROCEDURE = _read("procedure")
