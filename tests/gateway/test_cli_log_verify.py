"""`lienthong log verify` as somebody types it who was given an export and papers beside it."""

from pathlib import Path

import pytest

from tests.audit.export_maker import Export
from tests.gateway.lienthong import Said, lienthong


@pytest.fixture
def given(tmp_path: Path) -> list[str]:
    """Make a right export and what is held beside it; the keys of receipts are a portal's own."""
    words = Export().sign().write(tmp_path)
    (tmp_path / "export" / "jwks.json").rename(tmp_path / "portal.jwks")
    return words


def _verify(*words: str) -> Said:
    return lienthong("log", "verify", *words)


def test_with_everything_that_may_be_held_beside_it_an_export_is_right(
    given: list[str], tmp_path: Path
) -> None:
    told = _verify(*given, "--every-body", "--jwks", str(tmp_path / "portal.jwks"))
    assert (0, "") == (told.status, told.err), told.out
    assert "RECEIPTS_RIGHT" in told.out


def test_without_their_keys_receipts_are_not_checked(given: list[str]) -> None:
    told = _verify(*given, "--every-body")
    assert 3 == told.status, told.out
    assert "RECEIPT_KEY" in told.out
    assert "RECEIPTS_RIGHT" not in told.out


@pytest.mark.parametrize("option", ["--kept", "--receipts", "--vkeys", "--jwks"])
def test_a_file_that_is_not_there_is_named_in_vietnamese(
    option: str, given: list[str], tmp_path: Path
) -> None:
    told = _verify(given[0], option, str(tmp_path / "missing"))
    sentence = f"Không có tệp {tmp_path / 'missing'}. Hãy kiểm tra đường dẫn.\n"
    assert (2, "", sentence) == (told.status, told.out, told.err)


def test_what_is_no_folder_is_named_with_what_is_wanted(given: list[str], tmp_path: Path) -> None:
    for wrong in (str(tmp_path / "missing"), f"{given[0]}/entries"):
        told = _verify(wrong)
        assert (2, "") == (told.status, told.out)
        assert told.err.startswith(f"{wrong} không phải là thư mục.")
        assert "lienthong log export" in told.err


def test_a_path_that_cannot_be_looked_at_is_misuse(given: list[str], tmp_path: Path) -> None:
    unreadable = str(tmp_path / ("x" * 300))
    for words in ([unreadable], [given[0], "--kept", unreadable]):
        sentence = f"Không đọc được {unreadable} (ENAMETOOLONG).\n"
        assert (2, "", sentence) == _verify(*words)
