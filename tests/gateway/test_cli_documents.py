"""The documents that the command line sends, and prints to be pasted, are valid."""

from pathlib import Path

import pytest
from graphql import build_schema, parse, validate

from gateway.cli import documents

SCHEMA = build_schema((Path(__file__).parents[2] / "schema.graphql").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["PREFILL", "VERIFY", "PROCEDURE"])
def test_a_document_fits_the_schema(name: str) -> None:
    assert [] == validate(SCHEMA, parse(getattr(documents, name)))
