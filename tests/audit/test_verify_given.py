"""What stands beside the entries is in its form, or refused: keys, notes, receipts."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.audit.export_maker import (
    LOG,
    RECEIPTS,
    START,
    WITNESS,
    Export,
    Process,
    Signer,
    base64url,
    canonical,
    checkpoint,
    leaf_of,
    receipt,
    root,
    two_boots,
    uuid7,
)
from tests.audit.judging import judged, report_of
from tests.audit.lawful import restored_export

LATER = START + timedelta(hours=1)
OLD, NEW = Signer(LOG.name, 1, 1, 12), Signer(LOG.name, 9, 13)


def text_of(export: Export) -> str:
    """Give the text of its checkpoint."""
    leaves = export.leaves
    return f"{LOG.name}\n{len(leaves)}\n{base64.b64encode(root(leaves)).decode()}\n"


def test_a_receipt_of_an_entry_of_another_version_is_right_as_far_as_it_can_be_read(
    tmp_path: Path,
) -> None:
    export = Export()
    process = Process(uuid7(3 << 33), "b", ids=iter(range(1 << 38, 1 << 39)))
    start, body = process.write("BOOT_START"), process.write("DRY_RUN")
    other = canonical({"v": 2, "what": {"id": process.last_id}})
    export.lines += [start, other, process.write("DENIED")]
    export.sign().receipts = [receipt(body, leaf=leaf_of(other).hex())]
    code, wrong, said = judged(export.write(tmp_path))
    assert (3, set()) == (code, wrong)
    assert "OTHER_VERSION" in said


@pytest.mark.parametrize("around", ["  {}", "{} ", "{}\r", "\t{}", "{}\n"])
def test_a_receipt_with_something_around_it_is_refused(around: str, tmp_path: Path) -> None:
    export = Export().sign()
    export.receipts.append(around.format(export.receipts[0]))
    assert {"RECEIPT_FORM"} == judged(export.write(tmp_path))[1]


@pytest.mark.parametrize(
    ("file", "name"),
    [("held", "RECEIPT_FORM"), ("own", "KEYS_FORM"), ("export/vkeys", "KEYS_FORM")],
)
def test_a_line_without_its_end_is_refused(file: str, name: str, tmp_path: Path) -> None:
    arguments = Export().sign().write(tmp_path)
    assert 0 == report_of(arguments).code
    whole = (tmp_path / file).read_bytes()
    (tmp_path / file).write_bytes(whole.removesuffix(b"\n"))
    assert name in report_of(arguments).names("WRONG")


X = base64url(RECEIPTS.public)


@pytest.mark.parametrize(
    "keys",
    [
        f'{{"keys":[{{"kty":"OKP","crv":"Ed25519","x":"{X}","kid":"a\x01"}}]}}',
        f'{{"keys":[],"keys":[{{"kty":"OKP","crv":"Ed25519","x":"{X}"}}]}}',
        f'{{"keys":[{{"kty":"OKP","crv":"Ed25519","x":"","x":"{X}"}}]}}',
        f'{{"keys":[{{"kty":"OKP","crv":"Ed25519","x":"{X}","n":NaN}}]}}',
    ],
)
def test_a_list_of_keys_that_may_be_read_in_two_ways_is_refused(keys: str, tmp_path: Path) -> None:
    export = Export().sign()
    export.files["jwks.json"] = keys
    assert {"JWKS_FORM"} == judged(export.write(tmp_path))[1]


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ({"kty": "OKP", "crv": "Ed25519", "x": X, "kid": "of another"}, set()),
        ({"kty": "EC", "crv": "Ed25519", "x": X}, {"RECEIPT_KEY"}),
        ({"kty": "OKP", "crv": "X25519", "x": X}, {"RECEIPT_KEY"}),
    ],
)
def test_a_key_of_receipts_is_known_by_its_own_thumbprint(
    key: dict[str, str], said: set[str], tmp_path: Path
) -> None:
    export = Export().sign()
    export.files["jwks.json"] = json.dumps({"keys": [key]})
    assert (3 if said else 0, set(), said) == judged(export.write(tmp_path))


@pytest.mark.parametrize(
    "add",
    [
        OLD.sign,
        lambda text: OLD.sign_timed(text, LATER),
    ],
)
def test_a_retired_key_signs_a_later_checkpoint_in_no_way(
    add: Callable[[str], str], tmp_path: Path
) -> None:
    export = Export(keys=[OLD, NEW]).sign()
    export.own_keys = OLD.vkey() + NEW.vkey() + WITNESS.vkey(4)
    export.files["checkpoint-1"] = checkpoint(NEW, export.leaves, witness=WITNESS)
    assert (0, set(), set()) == judged(export.write(tmp_path / "right"))
    export.files["checkpoint-1"] += add(text_of(export))
    assert "KEY_RANGE" in judged(export.write(tmp_path / "wrong"))[1]


@pytest.mark.parametrize("first", [START, LATER])
def test_of_several_right_times_the_latest_counts(first: object, tmp_path: Path) -> None:
    export = Export().sign()
    text = text_of(export)
    times = [START, LATER] if first is START else [LATER, START]
    signed = "".join(LOG.sign_timed(text, at) for at in times)
    export.files["checkpoint-1"] = f"{text}\n{LOG.sign(text)}{signed}{WITNESS.sign_timed(text)}"
    export.receipts = [receipt(two_boots(6)[-1].replace(b'"counter":14', b'"counter":13'))]
    assert {"ENTRY_MISSING"} == judged(export.write(tmp_path))[1]


def test_keys_that_only_the_export_names_are_counted_whatever_the_own_list_has_too_many(
    tmp_path: Path,
) -> None:
    stranger = Signer(LOG.name, 77, 1, 3)
    export = Export(keys=[OLD, NEW]).sign()
    export.own_keys = stranger.vkey() + OLD.vkey() + WITNESS.vkey(4)
    export.files["checkpoint-1"] = checkpoint(NEW, export.leaves, witness=WITNESS)
    report = report_of(export.write(tmp_path))
    assert (["KEYS_DIFFER"], ["NEW_KEYS"]) == (report.names("WRONG"), report.names("UNCHECKED"))


@pytest.mark.parametrize(("payload", "code"), [(b"abcd", 1), (b"abcde", 0)])
def test_a_signature_of_somebody_unknown_has_at_least_a_key_id_and_a_byte(
    payload: bytes, code: int, tmp_path: Path
) -> None:
    export = Export().sign()
    line = f"— x.vn {base64.b64encode(payload).decode()}\n"
    export.files["checkpoint-1"] += line
    assert code == judged(export.write(tmp_path))[0]


def test_receipts_within_an_export_are_checked_and_do_not_count_as_given(tmp_path: Path) -> None:
    export = Export().sign()
    [held], export.receipts = export.receipts, []
    export.files["receipts"] = f"{held}\n"
    assert (3, set(), {"NO_RECEIPTS"}) == judged(export.write(tmp_path / "right"))
    export.files["receipts"] = f"{held[:-8]}AAAAAAAA\n"
    assert {"RECEIPT_FORGED"} == judged(export.write(tmp_path / "wrong"))[1]


def test_a_receipt_whose_leaf_is_there_is_right_whatever_origin_it_names(tmp_path: Path) -> None:
    export = Export().sign()
    export.receipts = [receipt(export.lines[-1], origin="other.example.vn/log")]
    assert (0, set(), set()) == judged(export.write(tmp_path))


def test_a_receipt_of_no_origin_of_this_log_is_not_lost_in_a_restore(tmp_path: Path) -> None:
    export, lost = restored_export()
    export.receipts = [receipt(lost[-1])]
    assert "LOST_RECEIPT" in judged(export.write(tmp_path / "own"))[2]
    export.receipts = [receipt(lost[-1], origin="other.example.vn/log")]
    assert {"ENTRY_MISSING"} == judged(export.write(tmp_path / "other"))[1]


@pytest.mark.parametrize(("mmd", "wrong"), [(86400, set()), (86401, {"RECEIPT_FORM"})])
def test_a_receipt_promises_a_day_at_most(mmd: int, wrong: set[str], tmp_path: Path) -> None:
    export = Export().sign()
    export.receipts = [receipt(export.lines[-1], mmd=mmd)]
    assert wrong == judged(export.write(tmp_path))[1]


def test_without_a_time_on_the_newest_checkpoint_the_log_is_not_called_right(
    tmp_path: Path,
) -> None:
    export = Export().sign()
    text = text_of(export)
    export.files["checkpoint-1"] = f"{text}\n{LOG.sign(text)}{WITNESS.sign_timed(text)}"
    assert (3, set(), {"NO_TIME"}) == judged(export.write(tmp_path))
