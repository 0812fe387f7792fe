"""A breaking change of the schema is named in the changelog, or the check fails."""

from gateway.cli.breaking import unnamed_changes

BEFORE = "type Query { person(id: ID): Person } type Person { name: String sex: String }"
AFTER = "type Query { person(id: ID): Person } type Person { name: String }"
LOG = "# Changelog\n\n## [Unreleased]\n\n### Removed\n\n- {}\n\n## [0.1.0]\n\n- `Person.sex`\n"


def test_a_removed_field_that_is_not_named_is_found() -> None:
    (found,) = unnamed_changes(BEFORE, AFTER, LOG.format("something else"))
    assert "Person.sex" in found


def test_a_removed_field_named_under_unreleased_passes() -> None:
    assert [] == unnamed_changes(BEFORE, AFTER, LOG.format("`Person.sex` is gone."))


def test_an_added_field_breaks_nobody() -> None:
    assert [] == unnamed_changes(AFTER, BEFORE, LOG.format("nothing"))
