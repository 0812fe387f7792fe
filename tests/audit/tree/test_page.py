"""docs/proofs.md tells strangers what the code does."""

from tests.audit.tree.examples import PAGE, section


def test_the_examples_of_the_page_are_those_of_the_code() -> None:
    assert PAGE.read_text("utf-8").endswith(section())
