"""Checkpoints, keys and proofs as texts: written, read, and refused with a reason."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.tree.checkpoint import (
    Checkpoint,
    Note,
    NoteRefused,
    from_base64,
    parse_checkpoint,
    parse_note,
)
from audit.tree.signing import Signer, Tenure, check_checkpoint, parse_vkeys
from audit.tree.tlog_proof import TlogProof, parse_tlog_proof

ORIGIN = "example.vn/log"
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
OLD, NEW = Signer(ORIGIN, bytes(range(32))), Signer(ORIGIN, bytes(32))
TENURES = [Tenure(key=OLD.key, first=1, last=10), Tenure(key=NEW.key, first=11)]
ROOT = bytes(32)


def signed(signer: Signer, size: int, origin: str = ORIGIN) -> str:
    checkpoint = Checkpoint(origin=origin, size=size, root=ROOT)
    return signer.sign_checkpoint(checkpoint, NOW).write()


def test_the_note_of_the_specification_is_read() -> None:
    """The example that c2sp.org/tlog-checkpoint prints."""
    note = parse_note(
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/"
        "Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    )
    assert 20852163 == parse_checkpoint(note.text).size
    assert ["033de0ae"] == [each.key_id.hex() for each in note.signatures]
    assert [64] == [len(each.signature) for each in note.signatures]


def test_a_checkpoint_says_what_was_signed_and_when() -> None:
    read = check_checkpoint(signed(NEW, 11), TENURES)
    assert (Checkpoint(origin=ORIGIN, size=11, root=ROOT), NOW) == (read.checkpoint, read.at)


def test_what_a_retired_key_signed_before_stays_right() -> None:
    assert 10 == check_checkpoint(signed(OLD, 10), TENURES).checkpoint.size


@pytest.mark.parametrize(("signer", "size"), [(OLD, 11), (NEW, 10)])
def test_a_key_does_not_sign_outside_its_sizes(signer: Signer, size: int) -> None:
    with pytest.raises(NoteRefused, match="not valid for a tree of this size"):
        check_checkpoint(signed(signer, size), TENURES)


@pytest.mark.parametrize(
    ("signer", "origin"),
    [(Signer(ORIGIN, b"x" * 32), ORIGIN), (NEW, "example.vn/log/2")],
    ids=["an unknown key", "another origin"],
)
def test_without_a_key_of_the_origin_it_is_not_signed(signer: Signer, origin: str) -> None:
    with pytest.raises(NoteRefused, match="no key of the log signed it"):
        check_checkpoint(signed(signer, 11, origin), TENURES)


@pytest.mark.parametrize("line", [0, 1], ids=["the log's signature", "the signature with the time"])
def test_a_wrong_signature_by_a_known_key_refuses_the_note(line: int) -> None:
    note = parse_note(signed(NEW, 11))
    other = parse_note(signed(NEW, 12))
    lines = list(note.signatures)
    lines[line] = other.signatures[line]
    with pytest.raises(NoteRefused, match="is wrong"):
        check_checkpoint(Note(text=note.text, signatures=tuple(lines)).write(), TENURES)


def test_a_witness_adds_a_line_and_changes_nothing() -> None:
    note = parse_note(signed(NEW, 11))
    witness = Signer("witness.example.vn", b"w" * 32)
    cosigned = witness.sign_checkpoint(parse_checkpoint(note.text), NOW)
    both = Note(text=note.text, signatures=note.signatures + cosigned.signatures)
    assert 11 == check_checkpoint(both.write(), TENURES).checkpoint.size


def test_without_the_second_line_nobody_says_when() -> None:
    note = parse_note(signed(NEW, 11))
    assert check_checkpoint(
        Note(text=note.text, signatures=note.signatures[:1]).write(), TENURES
    ).at is None  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        f"a\n01\n{'A' * 43}=\n",
        f"a\n-1\n{'A' * 43}=\n",
        "a\n1\nAAAA\n",
        f"a\n1\n{'A' * 43}=\nmore\n",
        f"\n1\n{'A' * 43}=\n",
    ],
)
def test_a_checkpoint_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(NoteRefused):
        parse_checkpoint(text)


@pytest.mark.parametrize("written", ["AAAA=", "AAA", "A A=", "AAB=", "QQ==\n"])
def test_base64_is_read_in_one_form_only(written: str) -> None:
    with pytest.raises(NoteRefused):
        from_base64(written)


@settings(deadline=None)
@given(st.text())
def test_no_text_is_worse_than_refused(text: str) -> None:
    for read in (parse_note, parse_checkpoint, parse_tlog_proof, parse_vkeys):
        try:
            read(text)
        except NoteRefused:
            continue
    with pytest.raises(NoteRefused):
        check_checkpoint(text, TENURES)


def test_a_list_of_keys_is_read_as_it_was_written() -> None:
    written = "# keys\n\n" + "".join(each.line() for each in TENURES)
    assert TENURES == parse_vkeys(written)


@pytest.mark.parametrize("change", [("+", "+0"), ("example", "another"), (" 1 10", " 0 10")])
def test_a_line_of_keys_that_contradicts_itself_is_refused(change: tuple[str, str]) -> None:
    with pytest.raises(NoteRefused):
        parse_vkeys(TENURES[0].line().replace(*change, 1))


@settings(deadline=None)
@given(st.integers(0, 2**53), st.lists(st.binary(min_size=32, max_size=32), max_size=40))
def test_a_proof_is_read_as_it_was_written(index: int, path: list[bytes]) -> None:
    proof = TlogProof(index=index, path=tuple(path), note=signed(NEW, 11))
    assert proof == parse_tlog_proof(proof.write())


def test_extra_data_in_a_proof_is_passed_over() -> None:
    proof = TlogProof(index=0, path=(), note=signed(NEW, 11))
    first, rest = proof.write().split("\n", 1)
    assert proof == parse_tlog_proof(f"{first}\nextra QUJD\n{rest}")


def test_a_private_key_does_not_print() -> None:
    assert bytes(range(32)).hex() not in repr(OLD)
    assert f"Signer({OLD.key.vkey()})" == repr(OLD)
