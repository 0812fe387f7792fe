import stat
from pathlib import Path

import pytest

from audit.key_files import KeyUnusableError, load_or_create_key


def test_a_missing_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "tags.key"
    first = load_or_create_key(path)
    assert 32 == len(first)
    assert first == load_or_create_key(path)
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)
    assert [path] == list(path.parent.iterdir())


def test_of_two_that_start_at_once_the_first_ones_key_stays(tmp_path: Path) -> None:
    path = tmp_path / "tags.key"

    def overtaken(length: int) -> bytes:
        load_or_create_key(path, randomness=lambda _: b"1" * length)
        return b"2" * length

    assert b"1" * 32 == load_or_create_key(path, randomness=overtaken)


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tags.key"
    load_or_create_key(path)
    path.chmod(0o640)
    with pytest.raises(KeyUnusableError, match="set its mode to 600"):
        load_or_create_key(path)


def test_a_file_that_is_no_key_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "tags.key"
    path.write_bytes(b"something else")
    with pytest.raises(KeyUnusableError, match="does not hold a key of 32 bytes"):
        load_or_create_key(path)
    assert b"something else" == path.read_bytes()
