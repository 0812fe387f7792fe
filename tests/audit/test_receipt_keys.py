import json
import stat
from pathlib import Path

import pytest
from joserfc.jwk import KeySet

from audit.key_files import KeyUnusableError
from audit.receipt_keys import (
    ReceiptKey,
    jwks,
    load_or_create_receipt_keys,
    read_receipt_keys,
    rotate_receipt_keys,
)


def test_a_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "receipts"
    (made,) = load_or_create_receipt_keys(folder)
    (again,) = load_or_create_receipt_keys(folder)
    assert made.kid == again.kid
    assert [folder / "1.key"] == list(folder.iterdir())
    assert 0o600 == stat.S_IMODE((folder / "1.key").stat().st_mode)
    assert 0o700 == stat.S_IMODE(folder.stat().st_mode)


def test_replicas_that_start_at_once_share_the_first_ones_key(tmp_path: Path) -> None:
    others: list[ReceiptKey] = []

    def overtaken(length: int) -> bytes:
        others.extend(load_or_create_receipt_keys(tmp_path, randomness=lambda _: b"1" * length))
        return b"2" * length

    mine = load_or_create_receipt_keys(tmp_path, randomness=overtaken)
    assert [key.kid for key in others] == [key.kid for key in mine]


def test_a_key_is_named_by_its_thumbprint_and_its_seed_is_never_shown(tmp_path: Path) -> None:
    (key,) = load_or_create_receipt_keys(tmp_path)
    (read,) = KeySet.import_key_set(json.loads(jwks([key]))).keys
    assert read.thumbprint() == key.kid
    [written] = json.loads(jwks([key]))["keys"]
    assert {"kty", "crv", "x", "kid", "alg", "use"} == set(written)
    assert ("Ed25519", "sig") == (written["alg"], written["use"])
    assert f"ReceiptKey({key.kid})" == repr(key)


def test_after_a_rotation_the_new_key_signs_and_the_old_seed_is_gone(tmp_path: Path) -> None:
    (first,) = load_or_create_receipt_keys(tmp_path)
    second = rotate_receipt_keys(tmp_path)
    third = rotate_receipt_keys(tmp_path)
    keys = load_or_create_receipt_keys(tmp_path)
    assert [third.kid, second.kid, first.kid] == [key.kid for key in keys]
    assert [True, False, False] == [key.private is not None for key in keys]
    assert ["1.pub", "2.pub", "3.key"] == sorted(each.name for each in tmp_path.iterdir())


def test_a_rotation_that_was_cut_in_two_is_finished_by_the_next(tmp_path: Path) -> None:
    (first,) = load_or_create_receipt_keys(tmp_path)
    (tmp_path / "2.key").write_bytes(b"2" * 32)
    (tmp_path / "2.key").chmod(0o600)
    assert 2 == len(read_receipt_keys(tmp_path))
    rotate_receipt_keys(tmp_path)
    assert ["1.pub", "2.pub", "3.key"] == sorted(each.name for each in tmp_path.iterdir())
    assert first.kid == read_receipt_keys(tmp_path)[-1].kid


def test_a_folder_that_was_never_used_has_no_keys_and_stays_so(tmp_path: Path) -> None:
    assert () == read_receipt_keys(tmp_path / "receipts")
    assert not (tmp_path / "receipts").exists()


def test_other_files_in_the_folder_are_not_keys(tmp_path: Path) -> None:
    load_or_create_receipt_keys(tmp_path)
    for name in ("0.key", "01.key", "1.key.77.new", "x.key", "2.seed"):
        (tmp_path / name).write_bytes(b"x" * 32)
    assert 1 == len(read_receipt_keys(tmp_path))


def test_a_seed_that_others_may_read_is_refused(tmp_path: Path) -> None:
    load_or_create_receipt_keys(tmp_path)
    (tmp_path / "1.key").chmod(0o644)
    with pytest.raises(KeyUnusableError, match="set its mode to 600"):
        load_or_create_receipt_keys(tmp_path)


def test_a_file_that_is_no_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "1.key").write_bytes(b"short")
    (tmp_path / "1.key").chmod(0o600)
    with pytest.raises(KeyUnusableError, match="does not hold a key of 32 bytes"):
        load_or_create_receipt_keys(tmp_path)


def test_a_folder_whose_newest_seed_is_missing_is_refused(tmp_path: Path) -> None:
    load_or_create_receipt_keys(tmp_path)
    rotate_receipt_keys(tmp_path)
    (tmp_path / "2.key").unlink()
    with pytest.raises(KeyUnusableError, match="does not hold the seed of its newest key"):
        load_or_create_receipt_keys(tmp_path)
