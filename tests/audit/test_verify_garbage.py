"""Whatever the verifier is given, it ends in a verdict; and no changed byte escapes it."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit import verify
from audit.entry import Entry
from tests.audit.export_maker import Export, Process, canonical, root, two_boots, uuid7
from tests.audit.judging import quick_report_of

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
    """Verify with the content of one file replaced; a quick look comes to the same."""
    shutil.rmtree(folder / "try", ignore_errors=True)
    shutil.copytree(Path(arguments[0]).parent, folder / "try")
    whole = folder / "try" / (name if name in BESIDE else f"export/{name}")
    whole.write_bytes(content)
    was, now = str(Path(arguments[0]).parent), str(folder / "try")
    changed = [argument.replace(was, now) for argument in arguments]
    code, quick = verify.main(changed), quick_report_of(changed).code
    assert quick == (code or 3)
    return code


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
        "kind": st.sampled_from([*verify._KINDS.split("|"), "ELSE", None]),
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
    body = canonical(good | outer | {"entry": good["entry"] | inner})
    assert [verify.decode_entry(body)] == verify.read_entries([body])


def test_the_quick_reader_reads_what_the_log_writes() -> None:
    slow = {json.loads(line)["entry"]["kind"] for line in two_boots() if not verify._quick(line)}
    assert {"BOOT_START", "BOOT_LOST"} == slow


@pytest.mark.parametrize("kind", ["INTENT", "DENIED", "DRY_RUN", "AUDIT_READ", "ADMIN", "OUTCOME"])
def test_the_quick_reader_passes_over_every_member_that_an_entry_may_have(kind: str) -> None:
    simple = dict.fromkeys(set(Entry.__struct_fields__) - {"parent", "at"}, "x")
    nested = {"components": {"a": "b", "c": "d"}, "reads": [{"fields": ["x"]}], "wave": 1}
    parent = {"parent": [uuid7(8), uuid7(9)]} if kind == "OUTCOME" else {}
    members = {**simple, **nested, **parent, "kind": kind, "entry_id": uuid7(3)}
    del members["kind"]
    body = Process(uuid7(1)).write(kind, **members)
    assert verify._quick(body)
    assert [verify.decode_entry(body)] == verify.read_entries([body])


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        (b'"at":"2026', b'"at":"2025-01-01T00:00:00Z","at":"2026'),
        (b'"entry_id"', b'"entry_id":"x","entry_id"'),
        (b'"at":"2026', b'"aa":{"at":"2025-01-01T00:00:00Z"},"at":"2026'),
        (b'"at":"2026', b'"aa":"\\",at":"2026'),
        (b'"at":"2026', b'"aa":01,"at":"2026'),
        (b'"at":"2026-11', b'"at":"2026-13'),
        (b'"kind":"DENIED"', b'"kind":"DENIED"x'),
        (b'"kind":"DENIED"', b'"kind":"DENIED","kind":"ELSE"'),
        (b'"x":"y"', b'"x":"\xc4\x91"'),
        (b'"v":1}', b'"v":2}'),
        (b'==","v"', b'=","v"'),
    ],
)
def test_what_is_not_canonical_is_read_as_the_decoder_reads_it(
    there: bytes, instead: bytes
) -> None:
    body = Process(uuid7(1)).write("DENIED", x="y")
    changed = body.replace(there, instead)
    assert changed != body
    assert [verify.decode_entry(changed)] == verify.read_entries([changed])


@given(st.lists(st.binary(max_size=8), max_size=40), st.integers(1, 40))
def test_the_tree_is_that_of_the_definition(bodies: list[bytes], at_once: int) -> None:
    leaves = [hashlib.sha256(b"\x00" + body).digest() for body in bodies]
    tree = verify.Tree()
    while leaves[tree.size :]:
        tree.add(leaves[tree.size :][:at_once])
    assert root(leaves) == tree.root()


def test_a_process_writes_ids_in_order() -> None:
    process = Process(uuid7(1))
    ids = [json.loads(process.write("DENIED"))["entry"]["entry_id"] for _ in range(3)]
    assert sorted(ids) == ids
