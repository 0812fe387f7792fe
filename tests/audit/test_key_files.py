import os
import stat
from pathlib import Path

import pytest

from audit.key_files import (
    KeyUnusableError,
    burn_file,
    burn_left_of,
    create_file,
    load_or_create_key,
    replace_file,
)


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


def test_of_two_replicas_with_one_pid_neither_writes_into_the_key_of_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tags.key"
    link = os.link

    def overtaken(draft: Path, name: Path) -> None:
        monkeypatch.undo()
        link(draft, name)
        create_file(path, b"second")  # whose process had seen no file, either

    monkeypatch.setattr("audit.key_files.os.link", overtaken)
    create_file(path, b"first")
    assert [(path, b"first")] == [(each, each.read_bytes()) for each in tmp_path.iterdir()]


def test_of_two_replicas_with_one_pid_that_replace_a_file_the_last_ones_stays_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "grants"

    def overtaken(draft: Path, name: Path) -> None:
        monkeypatch.undo()
        replace_file(path, b"that of the other")
        draft.replace(name)

    monkeypatch.setattr(Path, "replace", overtaken)
    replace_file(path, b"last")
    assert [(path, b"last")] == [(each, each.read_bytes()) for each in tmp_path.iterdir()]


def test_a_draft_that_a_killed_process_left_is_nobodys_key(tmp_path: Path) -> None:
    path, left = tmp_path / "tags.key", tmp_path / f"tags.key.{os.getpid()}.new"
    left.write_bytes(b"half a k")
    assert 32 == len(load_or_create_key(path))
    assert b"half a k" == left.read_bytes()


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


def test_what_a_killed_process_left_of_its_drafts_is_burnt_too(tmp_path: Path) -> None:
    path = tmp_path / "held-keys"
    create_file(path, b"old")
    left = tmp_path / "held-keys.4711.new"
    left.write_bytes(b"older")
    with path.open("rb") as old, left.open("rb") as draft:
        burn_file(path, b"new")
        assert (bytes(3), bytes(5)) == (old.read(), draft.read())
    assert [(path, b"new")] == [(each, each.read_bytes()) for each in tmp_path.iterdir()]


def test_a_kill_between_the_new_file_and_the_burning_leaves_the_old_bytes_in_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "held-keys"
    create_file(path, b"old")
    with path.open("rb") as old, monkeypatch.context() as killed:
        killed.setattr("audit.key_files._overwrite", _killed)
        with pytest.raises(KeyboardInterrupt):
            burn_file(path, b"new")
        assert b"new" == path.read_bytes()
        killed.undo()
        burn_left_of(path)
        assert bytes(3) == old.read()
    assert [(path, b"new")] == [(each, each.read_bytes()) for each in tmp_path.iterdir()]


def test_a_kill_before_the_new_file_leaves_the_old_one_whole(tmp_path: Path) -> None:
    path = tmp_path / "months.key"
    create_file(path, b"old")
    path.with_name("months.key.4711.old").hardlink_to(path)
    burn_left_of(path)
    assert [(path, b"old")] == [(each, each.read_bytes()) for each in tmp_path.iterdir()]


def _killed(_file: object) -> None:
    raise KeyboardInterrupt
