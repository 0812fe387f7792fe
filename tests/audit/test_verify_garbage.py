"""Whatever the verifier is given, it ends in a verdict; and no changed byte escapes it."""

import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit import verify
from tests.audit.export_maker import Export, Process, canonical, root, two_boots, uuid7

_QUIET = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
FILES = ["entries", "vkeys", "checkpoint-1", "jwks.json", "statement-2", "checkpoint-2"]
BESIDE = ["held", "kept", "own"]


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return Export().sign().write(tmp_path_factory.mktemp("export"))


def code_with(arguments: list[str], name: str, content: bytes, folder: Path) -> int:
    """Verify with the content of one file replaced."""
    shutil.rmtree(folder / "try", ignore_errors=True)
    shutil.copytree(Path(arguments[0]).parent, folder / "try")
    whole = folder / "try" / (name if name in BESIDE else f"export/{name}")
    whole.write_bytes(content)
    was, now = str(Path(arguments[0]).parent), str(folder / "try")
    return verify.main([argument.replace(was, now) for argument in arguments])


@_QUIET
@given(st.data())
def test_any_changed_byte_of_the_entries_is_found(
    export: list[str], tmp_path: Path, data: st.DataObject
) -> None:
    whole = bytearray((Path(export[0]) / "entries").read_bytes())
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= data.draw(st.integers(1, 255))
    assert 1 == code_with(export, "entries", bytes(whole), tmp_path)


garbage = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200).map(lambda text: text.encode(errors="replace")),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["v", "entry", "keys", "boot_id", "counter", "lost", "kind", "x"]),
                inner,
            )
        ),
    ).map(lambda value: json.dumps(value).encode() + b"\n"),
    st.sampled_from([b"", b"\n", b"[" * 100_000, b"9" * 5000 + b"\n", b"#" * 65 + b"\n"]),
)


@_QUIET
@given(name=st.sampled_from(FILES + BESIDE), content=garbage)
def test_garbage_ends_in_a_verdict(
    export: list[str], tmp_path: Path, name: str, content: bytes
) -> None:
    assert code_with(export, name, content, tmp_path) in (1, 3)


@_QUIET
@given(data=st.data())
def test_a_damaged_file_ends_in_a_verdict(
    export: list[str], tmp_path: Path, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(["vkeys", "checkpoint-1", "jwks.json", *BESIDE]))
    path = Path(export[0]).parent / name if name in BESIDE else Path(export[0]) / name
    whole = path.read_bytes()
    cut = data.draw(st.integers(0, len(whole)))
    content = whole[:cut] + data.draw(st.binary(max_size=4)) + whole[cut + 1 :]
    assert code_with(export, name, content, tmp_path) in (0, 1, 3)


members = st.fixed_dictionaries(
    {},
    optional={
        "v": st.sampled_from([1, 2, True, "1"]),
        "counter": st.sampled_from([0, 7, -1, 10**20, 1.5, True, "0"]),
        "boot_id": st.sampled_from(["x", uuid7(5), "\ud800", None]),
        "replica": st.sampled_from(["", "a", "\u202e", 3]),
        "salt": st.sampled_from(["", "AAECAwQFBgcICQoLDA0ODw==", "AAECAwQFBgcICQoLDA0OD!=="]),
        "extra": st.just({"entry": {"kind": "INTENT"}}),
    },
)
said = st.fixed_dictionaries(
    {},
    optional={
        "at": st.sampled_from(["2026-11-21T09:30:00Z", "2026-13-21T09:30:00Z", "", 5]),
        "entry_id": st.sampled_from([uuid7(1), uuid7(2), "x", {}]),
        "kind": st.sampled_from([*sorted(verify._KINDS), "ELSE", None]),
        "parent": st.sampled_from([[], [uuid7(1)], ["x"], "x", [uuid7(1), uuid7(1)]]),
        "lost": st.sampled_from([None, {}, {"boot_id": uuid7(5), "last_counter": 3}]),
        "retired": st.sampled_from([None, {"last_seq": 10**9, "count": 10**9}, {"last_seq": "1"}]),
        "reads": st.just([{"fields": ["a"], "at": "x"}]),
        "code": st.sampled_from(["x", 'a"b', "{", {"kind": "OUTCOME"}, ["[", "]"]]),
        "states": st.just({"parent": "VALUE"}),
    },
)


@_QUIET
@given(bodies=st.lists(st.tuples(members, said), max_size=6))
def test_entries_that_say_anything_end_in_a_verdict(
    export: list[str], tmp_path: Path, bodies: list[tuple[dict[str, object], dict[str, object]]]
) -> None:
    lines = []
    for outer, inner in bodies:
        good = json.loads(two_boots(1)[0])
        lines.append(canonical(good | outer | {"entry": good["entry"] | inner}) + b"\n")
    assert 1 == code_with(export, "entries", b"".join(lines), tmp_path)


@settings(max_examples=400, deadline=None)
@given(outer=members, inner=said)
def test_both_readers_of_an_entry_read_the_same(
    outer: dict[str, object], inner: dict[str, object]
) -> None:
    good = json.loads(two_boots(1)[2])
    text = canonical(good | outer | {"entry": good["entry"] | inner}).decode()
    assert verify.decode_entry(text) == verify.read_entry(text)


def test_the_quick_reader_reads_what_the_log_writes() -> None:
    for line in two_boots():
        kind = json.loads(line)["entry"]["kind"]
        assert (kind == "BOOT_LOST") == (verify._quick(line.decode()) is None)


@given(st.lists(st.binary(max_size=8), max_size=40))
def test_the_tree_is_that_of_the_definition(bodies: list[bytes]) -> None:
    leaves = [hashlib.sha256(b"\x00" + body).digest() for body in bodies]
    tree = verify.Tree()
    for leaf in leaves:
        tree.add(leaf)
    assert root(leaves) == tree.root()


def page() -> str:
    return (Path(__file__).parents[2] / "docs" / "proofs.md").read_text()


def test_the_examples_of_the_page_are_read_as_the_page_says() -> None:
    report = verify.Report()
    blocks = re.findall(r"```\n(.*?)```", page().partition("## 13.")[2], re.DOTALL)
    body, leaf = blocks[0].splitlines()
    assert leaf == hashlib.sha256(b"\x00" + body.encode()).hexdigest()
    entry = verify.read_entry(body)
    assert entry is not None
    assert (4, "OUTCOME") == (entry.counter, entry.kind)
    keys, _ = verify._read_keys(blocks[3].splitlines()[0].encode(), "vkeys", report)
    notary = verify.Notary(keys, [], report)
    checkpoint = notary.checkpoint(blocks[4].encode(), "checkpoint")
    assert checkpoint is not None
    assert ("example.vn/log", 7, blocks[1].splitlines()[6]) == (
        checkpoint.origin,
        checkpoint.size,
        checkpoint.root.hex(),
    )
    jws, _, jwks = blocks[7].partition("\n\n")
    receipts = verify.Receipts(verify._jwks(jwks.encode(), "jwks", report), report)
    receipts._take(jws, "receipts", 1)
    assert [bytes.fromhex(leaf)] == list(receipts.wanted)
    assert {} == dict(report.counts)


def test_the_statement_of_the_page_is_right() -> None:
    report = verify.Report()
    blocks = re.findall(r"```\n(.*?)```", page().partition("## 13.")[2], re.DOTALL)
    keys, _ = verify._read_keys(blocks[3].splitlines()[0].encode(), "vkeys", report)
    seed = bytes(range(0x20, 0x40))
    private = Ed25519PrivateKey.from_private_bytes(seed)
    new = verify.Key("example.vn/log/2", private.public_key().public_bytes_raw(), 8, None)
    statement = verify.Notary([*keys, new], [], report).statement(blocks[6].encode(), "statement-2")
    assert statement is not None
    assert (7, 8, {("01a1fd70-f1c0-7323-a232-323232323232", 4)}) == (
        statement.kept,
        statement.lost,
        set(statement.gaps),
    )


def test_a_process_writes_ids_in_order() -> None:
    process = Process(uuid7(1))
    ids = [json.loads(process.write("DENIED"))["entry"]["entry_id"] for _ in range(3)]
    assert sorted(ids) == ids
