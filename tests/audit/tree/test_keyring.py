"""The folder of keys: made once, rotated without a gap, never taken for another."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from audit.tree.checkpoint import Checkpoint
from audit.tree.keyring import Keyring, KeyringBroken
from audit.tree.signing import check_checkpoint

ORIGIN = "example.vn/log"
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def loaded(folder: Path) -> Keyring:
    keyring = Keyring(folder)
    keyring.load(ORIGIN, new=True)
    return keyring


def sign(keyring: Keyring, size: int) -> str:
    checkpoint = Checkpoint(origin=keyring.origin, size=size, root=bytes(32))
    return keyring.signer.sign_checkpoint(checkpoint, NOW).write()


def test_the_seed_is_its_owners_only_and_stays_the_same(tmp_path: Path) -> None:
    keyring = loaded(tmp_path / "log")
    assert 0o600 == stat.S_IMODE((tmp_path / "log" / "signing.key").stat().st_mode)
    assert 0o700 == stat.S_IMODE((tmp_path / "log").stat().st_mode)
    assert keyring.signer.key == loaded(tmp_path / "log").signer.key


def test_a_rotation_leaves_no_size_without_a_key_and_none_with_two(tmp_path: Path) -> None:
    keyring = loaded(tmp_path)
    old = sign(keyring, 7)
    keyring.prepare_next()
    assert keyring.next_is_due()
    keyring.appoint_next(ORIGIN, last=7, first=8)
    assert not keyring.next_is_due()
    assert [(1, 7), (8, None)] == [(each.first, each.last) for each in keyring.tenures]
    assert [7, 8] == [
        check_checkpoint(note, keyring.tenures).checkpoint.size for note in (old, sign(keyring, 8))
    ]
    assert keyring.signer.key == loaded(tmp_path).signer.key
    assert keyring.vkeys() == (tmp_path / "vkeys").read_text()


def test_a_rotation_that_a_crash_cut_in_two_is_finished(tmp_path: Path) -> None:
    keyring = loaded(tmp_path)
    keyring.prepare_next()
    seeds = {name: (tmp_path / name).read_bytes() for name in ("signing.key", "next.key")}
    keyring.appoint_next(ORIGIN, last=7, first=8)
    (tmp_path / "signing.key").write_bytes(seeds["signing.key"])
    (tmp_path / "next.key").write_bytes(seeds["next.key"])
    (tmp_path / "next.key").chmod(0o600)
    assert keyring.signer.key == loaded(tmp_path).signer.key
    assert seeds["next.key"] == (tmp_path / "signing.key").read_bytes()
    assert not (tmp_path / "next.key").exists()


def test_keys_of_another_log_are_not_used(tmp_path: Path) -> None:
    loaded(tmp_path)
    (tmp_path / "signing.key").write_bytes(b"x" * 32)
    with pytest.raises(KeyringBroken, match="not the last one of its list"):
        loaded(tmp_path)


def test_a_log_that_was_signed_gets_no_new_keys_silently(tmp_path: Path) -> None:
    with pytest.raises(KeyringBroken, match="are not in the folder"):
        Keyring(tmp_path).load(ORIGIN, new=False)
    assert [] == list(tmp_path.iterdir())


def test_what_was_signed_last_is_remembered_under_its_origin_only(tmp_path: Path) -> None:
    keyring = loaded(tmp_path)
    assert keyring.remembered() is None
    keyring.remember(sign(keyring, 9))
    again = loaded(tmp_path)
    remembered = again.remembered()
    assert remembered is not None
    assert 9 == remembered.checkpoint.size
    again.prepare_next()
    again.appoint_next(f"{ORIGIN}/2", last=9, first=5)
    assert again.remembered() is None


def test_a_file_that_was_tampered_with_is_named_as_unusable(tmp_path: Path) -> None:
    keyring = loaded(tmp_path)
    keyring.remember(sign(keyring, 9).replace("\n9\n", "\n8\n"))
    with pytest.raises(KeyringBroken, match="a signature by a key of the log is wrong"):
        loaded(tmp_path).remembered()


@pytest.mark.parametrize("origin", ["", "two words", "a+b", "line\nbreak"])
def test_an_origin_that_no_note_can_carry_is_refused(tmp_path: Path, origin: str) -> None:
    with pytest.raises(KeyringBroken, match="neither spaces nor a plus"):
        Keyring(tmp_path).load(origin, new=True)
