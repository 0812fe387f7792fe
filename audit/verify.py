"""Checks an export of the access log as docs/proofs.md says. This one file is enough.

    python verify.py FOLDER [--kept CHECKPOINT ...] [--receipts FILE] [--vkeys FILE] [--jwks FILE]

It imports nothing of this house and reaches no network: Python 3.11 and `cryptography`.
Exit codes: 0 everything was checked and is right; 1 something is wrong; 2 the command was
misused; 3 what was checked is right, and it is said what could not be checked.
Memory does not grow with the log, only with the number of boots and of receipts given.

Read from below: `verify` is the order of the work, `SAID` every name that a verdict may hold.
"""

import argparse
import base64
import hashlib
import io
import json
import re
import sqlite3
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

# --- What may be said: a name, then the sentence in Vietnamese and in English. ---

WRONG = """
FILE_MISSING       bản xuất thiếu tệp {file}
                   the export has no file {file}
FILE_TOO_LARGE     tệp {file} lớn quá mức cho phép
                   the file {file} is larger than such a file may be
NOTE_FORM          {file} không đúng dạng
                   {file} is not in its form
NOTE_FORGED        {file} có chữ ký sai của {name}
                   {file} bears a wrong signature of {name}
NOTE_UNSIGNED      {file} không có chữ ký đúng của {name}
                   {file} bears no right signature of {name}
KEY_RANGE          {file} (cỡ {size}) ký bằng khóa chỉ được ký từ cỡ {first} đến {last}
                   {file} (size {size}) is signed by a key that may sign sizes {first} to {last}
KEYS_FORM          {file}, dòng {line}: không phải là khóa, hoặc khóa lặp lại
                   {file}, line {line}: not a key, or a key for the second time
KEYS_RANGES        các khóa của {name} không nối tiếp nhau theo cỡ
                   the keys of {name} do not follow each other in size
KEYS_DIFFER        khóa {name} trong danh sách của bạn khác với bản xuất
                   the key {name} of your own list differs from the export's
ORIGIN_UNKNOWN     {file} là của {name}, không phải tên nào của nhật ký này
                   {file} is of {name}, which is no origin of this log
SPLIT_VIEW         {file} và {other} đều đúng chữ ký, cùng cỡ {size}, khác gốc cây: hai nhật ký
                   {file} and {other} are rightly signed, of size {size}, with two roots: two logs
CHANGED            có mục bị sửa trong khoảng {after} đến {last} (so với {file})
                   something was changed among entries {after} to {last} (against {file})
REORDERED          các mục trong khoảng {after} đến {last} bị đổi chỗ (so với {file})
                   entries {after} to {last} stand in another order (against {file})
REMOVED            bản xuất có {lines} mục, {file} nói {size}: có mục bị xóa ở giữa
                   the export has {lines} entries, {file} says {size}: some were removed within
TRUNCATED          bản xuất có {lines} mục, {file} nói {size}: phần cuối bị cắt
                   the export has {lines} entries, {file} says {size}: its end was cut off
INSERTED           bản xuất có {lines} mục, {file} nói {size}: có mục thêm vào
                   the export has {lines} entries, {file} says {size}: some were inserted
REWRITTEN          {size} mục đầu không khớp gốc cây của {file}: nhật ký đã bị viết lại
                   the first {size} entries have not the root of {file}: the log was rewritten
LINE_UNENDED       dòng {seq} không kết thúc, hoặc quá dài; phần sau không đọc được
                   line {seq} has no end, or is too long; nothing after it was read
MALFORMED          mục {seq} không đúng dạng
                   entry {seq} is not in its form
ENTRY_TWICE        mã mục ở vị trí {seq} đã có trước đó
                   the entry id at {seq} was there before
COUNTER_GAP        mục {seq}: lần chạy {boot} thiếu {missing} mục sau số {last}
                   entry {seq}: {missing} entries of boot {boot} are missing after counter {last}
COUNTER_BACK       mục {seq}: lần chạy {boot} quay lại số {counter} sau số {last}
                   entry {seq}: boot {boot} goes back to counter {counter} after {last}
GAPS_OVERDRAWN     thiếu {missing} mục mà chỉ có {blanks} mục đã hủy có thể là chúng
                   {missing} entries are missing, and {blanks} retired ones only may be they
BOOT_START         mục {seq}: lần chạy {boot} không bắt đầu bằng BOOT_START ở số 0
                   entry {seq}: boot {boot} does not begin with BOOT_START at counter 0
AFTER_END          mục {seq}: lần chạy {boot} đã kết thúc trước đó
                   entry {seq}: boot {boot} had ended before
BOOT_LOST_UNTRUE   mục {seq}: lần chạy {boot} không dừng ở số {last} như BOOT_LOST nói
                   entry {seq}: boot {boot} did not end at counter {last}, as BOOT_LOST says
BOOT_UNENDED       lần chạy {boot} dừng ở số {last} mà không có lời kết, và sau nó có lần khác
                   boot {boot} stops at counter {last} without an end, and another came after it
INTENT_OPEN        mục {seq}: lượt hỏi không có kết quả nào
                   entry {seq}: an intent without an outcome
PARENT_UNKNOWN     mục {seq}: kết quả của một lượt hỏi không có trong nhật ký
                   entry {seq}: the outcome of an intent that is not in the log
PARENT_WRONG       mục {seq}: kết quả nhắc tới mục không phải lượt hỏi trước nó của cùng lần chạy
                   entry {seq}: the outcome of what is no earlier intent of its boot
CLOSED_TWICE       mục {seq}: một lượt hỏi có hai kết quả
                   entry {seq}: a second outcome of one intent
RETIRED_UNDECLARED mục {seq} bị hủy nội dung mà không có mục RETENTION nào nói vậy
                   entry {seq} is retired, and no RETENTION entry says so
RETIRED_TOO_MANY   {count} mục bị hủy nội dung, các mục RETENTION chỉ nói {declared}
                   {count} entries are retired, RETENTION entries speak of {declared}
RESTORE_CHAIN      {file} không nối đúng tên cũ với tên mới
                   {file} does not link the old origin to the new one
RESTORE_UNTRUE     {file} trái với {other}: khai báo phục hồi sai sự thật
                   {file} contradicts {other}: the declared restore is untrue
ORIGIN_OPEN        {name} đã đóng mà khóa cuối của nó chưa có cỡ cuối
                   {name} is closed, and its last key has no last size
ORIGIN_TOO_SMALL   {file} của {name} có cỡ {size}, không lớn hơn phần giữ lại
                   {file} of {name} has size {size}, no more than was kept
JWKS_FORM          {file} không phải là danh sách khóa
                   {file} is not a list of keys
RECEIPT_FORM       {file}, dòng {line}: không phải là biên nhận
                   {file}, line {line}: not a receipt
RECEIPT_FORGED     {file}, dòng {line}: biên nhận có chữ ký sai
                   {file}, line {line}: the receipt's signature is wrong
RECEIPT_DIFFERS    {file}, dòng {line}: biên nhận nói về mục khác với mục {seq} đang có
                   {file}, line {line}: the receipt speaks of another entry than is at {seq}
ENTRY_MISSING      {file}, dòng {line}: mục {entry} có biên nhận mà không có trong nhật ký
                   {file}, line {line}: entry {entry} has a receipt and is not in the log
"""
UNCHECKED = """
NO_KEPT            không có điểm kiểm tra nào giữ từ trước: phần cuối có bị cắt không, chưa biết
                   no kept checkpoint was given: whether the end was cut off is not known
NO_WITNESS         không có chữ ký của người làm chứng: người khác có thấy nhật ký khác, chưa biết
                   no witness has signed: whether others were shown another log is not known
NO_RECEIPTS        không có biên nhận nào đưa từ ngoài: có mục nào biến mất không, chưa đối chiếu
                   no receipts were given: no entry was compared with what callers hold
NO_VKEYS           không có danh sách khóa riêng: tin vào khóa trong bản xuất
                   no list of keys was given: the export's own is trusted
NEW_KEYS           {count} khóa của bản xuất không có trong danh sách của bạn
                   {count} keys of the export are not in your own list
NO_TIME            {file} không có chữ ký kèm giờ: không biết được ký lúc nào
                   {file} has no signature with a time: when it was made is not known
RETIRED            {count} mục đã hủy nội dung đúng quy định: nội dung không kiểm tra được
                   {count} entries were lawfully retired: what they said was not checked
RETIRED_NEIGHBOURS {count} chỗ thiếu có thể là mục đã hủy nội dung
                   {count} missing places may be those of retired entries
OTHER_VERSION      {count} mục theo dạng khác: chỉ kiểm tra băm, không kiểm tra nội dung
                   {count} entries of another version: their hash was checked, not what they say
RESTORED           {file}: đã khai phục hồi; {count} mục ({start} đến {end}) mất theo khai báo
                   {file}: a declared restore; {count} entries ({start} to {end}) are lost in it
LOST_CHECKPOINT    {file} (cỡ {size}) thuộc phần mất trong lần phục hồi đã khai
                   {file} (size {size}) is lost in a declared restore
LOST_ENTRIES       {count} mục thiếu, hoặc phần cuối của lần chạy, mất trong lần phục hồi đã khai
                   {count} missing entries or ends of boots are lost in a declared restore
LOST_RECEIPT       {file}, dòng {line}: mục {entry} mất trong lần phục hồi đã khai
                   {file}, line {line}: entry {entry} is lost in a declared restore
RECEIPT_NOT_DUE    {file}, dòng {line}: chưa đến hạn; hãy xin bản xuất mới hơn
                   {file}, line {line}: not yet due; ask for a newer export
RECEIPT_KEY        {file}, dòng {line}: không có khóa để kiểm tra biên nhận
                   {file}, line {line}: there is no key to check this receipt with
"""
NOTED = """
LOG                {lines} mục; gốc cây {root}; điểm kiểm tra mới nhất: {name}, lúc {at}
                   {lines} entries; root {root}; newest checkpoint: {name}, at {at}
KEPT_RIGHT         {file} (cỡ {size}) đúng
                   {file} (size {size}) is right
WITNESSED          {file} (cỡ {size}) có chữ ký của người làm chứng {name}
                   {file} (size {size}) is signed by the witness {name}
RECEIPTS_RIGHT     {count} biên nhận đúng: mục của chúng có trong nhật ký
                   {count} receipts are right: their entries are in the log
STILL_RUNNING      lần chạy {boot} chưa kết thúc: đang chạy, hoặc bị cắt sau số {last}
                   boot {boot} has no end: still running, or cut off after counter {last}
CUT_OFF            {count} lượt hỏi dở dang vì tiến trình chết (BOOT_LOST)
                   {count} intents were cut off when their process died (BOOT_LOST)
PENDING            {count} lượt hỏi chưa quá 60 giây, chưa cần có kết quả
                   {count} intents are younger than 60 seconds and need no outcome yet
"""
VERDICTS = {
    0: (
        "ĐÚNG: mọi điều kiểm tra được đều đã kiểm tra.",
        "RIGHT: everything that can be checked was.",
    ),
    1: ("SAI: nhật ký hoặc giấy tờ đưa kèm không đúng.", "WRONG: the log, or what was given."),
    3: ("CHƯA ĐỦ: phần đã kiểm tra là đúng.", "INCOMPLETE: what was checked is right."),
}
_HEADINGS = {
    "WRONG": ("Sai", "Wrong"),
    "UNCHECKED": ("Chưa kiểm tra", "Not checked"),
    "NOTED": ("Ghi nhận", "Noted"),
}


def _sayings(text: str) -> Iterator[tuple[str, tuple[str, str]]]:
    lines = text.strip("\n").split("\n")
    for vi, en in zip(lines[::2], lines[1::2], strict=True):
        name, _, sentence = vi.partition(" ")
        yield name, (sentence.strip(), en.strip())


SAID = {
    level: dict(_sayings(text))
    for level, text in (("WRONG", WRONG), ("UNCHECKED", UNCHECKED), ("NOTED", NOTED))
}
_EXAMPLES = 10  # of one name are shown; the rest is counted


@dataclass
class Report:
    """What was found. Each name is one of `SAID`; its facts are kept for the first few."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: defaultdict[str, list[dict[str, object]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def add(self, name: str, /, **facts: object) -> None:
        """Say *name* once more."""
        self.counts[name] += 1
        if len(self.examples[name]) < _EXAMPLES:
            self.examples[name].append(facts)

    def names(self, level: str) -> list[str]:
        """Which names of a *level* were said."""
        return [name for name in SAID[level] if self.counts[name]]

    @property
    def code(self) -> int:
        """The exit code."""
        return 1 if self.names("WRONG") else 3 if self.names("UNCHECKED") else 0

    def lines(self, language: str) -> Iterator[str]:
        """Tell it in *language*, `vi` or `en`, the verdict first."""
        which = ("vi", "en").index(language)
        yield VERDICTS[self.code][which]
        for level, sayings in SAID.items():
            for number, name in enumerate(self.names(level)):
                if not number:
                    yield f"\n{_HEADINGS[level][which]}:"
                for facts in self.examples[name]:
                    said = {key: _plain(value) for key, value in facts.items()}
                    yield f"  {name}: {sayings[name][which].format(**said)}"
                if more := self.counts[name] - len(self.examples[name]):
                    yield f"  {name}: + {more}"


def _plain(value: object) -> str:
    """Make printable: what others wrote must not steer a terminal."""
    return "".join(c if c.isprintable() else "?" for c in str(value)[:120])


# --- Small forms (the page's conventions) ---

_NUMBER = r"(?:0|[1-9][0-9]{0,14})"
_UUID7 = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{6})?Z"
_NAME = r"[^\s+]{1,200}"
_uuid7 = re.compile(_UUID7).fullmatch
_time = re.compile(_TIME).fullmatch
_hash_line = re.compile(rb"#[0-9a-f]{64}").fullmatch


def _unbase64(text: str) -> bytes:
    """Decode; empty when *text* is not exactly what encoding would give."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        return b""
    return raw if base64.b64encode(raw).decode() == text else b""


def _unbase64url(text: str) -> bytes:
    if "+" in text or "/" in text or "=" in text:
        return b""
    return _unbase64(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4))


def _instant(text: object) -> datetime | None:
    if not isinstance(text, str) or not _time(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _object(raw: bytes) -> dict[str, object]:
    """Decode one JSON object; anything else has no members."""
    try:
        return _members(json.loads(raw.decode(), strict=False))
    except (ValueError, RecursionError):
        return {}


def _members(value: object) -> dict[str, object]:
    """Give the members of an object; nothing else has any."""
    return value if isinstance(value, dict) else {}


def _whole(value: object) -> int:
    """Give a whole number, or -1."""
    return value if type(value) is int and 0 <= value < 10**15 else -1


def _rightly_signed(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _small_file(path: Path, report: Report, limit: int = 1 << 24) -> bytes | None:
    """Read a file of the export; None, and said, when it is not there or beyond reason."""
    if not path.is_file():
        report.add("FILE_MISSING", file=path.name)
        return None
    with path.open("rb") as file:
        raw = file.read(limit + 1)
    if len(raw) > limit:
        report.add("FILE_TOO_LARGE", file=path.name)
        return None
    return raw


# --- Keys (section 5) ---


class Key(NamedTuple):
    """A key of the log, or of a witness, who has no sizes."""

    name: str
    public: bytes
    first: int
    last: int | None

    def id(self, kind: int) -> bytes:
        """Give the four bytes by which a signature line names it."""
        whole = self.name.encode() + b"\n" + bytes([kind]) + self.public
        return hashlib.sha256(whole).digest()[:4]


_key_line = re.compile(
    rf"({_NAME})\+([0-9a-f]{{8}})\+(\S{{1,100}})(?: ({_NUMBER}) ({_NUMBER}|-))?"
).fullmatch
_LOG, _TIMED = 1, 4


def _read_key(line: str) -> tuple[int, Key] | None:
    """Read a line of `vkeys`: a log's key with its sizes, or a witness's without."""
    match = _key_line(line)
    raw = _unbase64(match[3]) if match else b""
    if not match or len(raw) != 33:  # noqa: PLR2004 - a type byte and 32 of the key
        return None
    last = None if match[5] in (None, "-") else int(match[5])
    key = Key(match[1], raw[1:], int(match[4] or 0), last)
    right = raw[0] == (_LOG if match[4] else _TIMED) and key.id(raw[0]).hex() == match[2]
    return (raw[0], key) if right else None


def _read_keys(raw: bytes, file: str, report: Report) -> tuple[list[Key], list[Key]]:
    """Read a list: the log's keys, and those of witnesses."""
    found: dict[int, list[Key]] = {_LOG: [], _TIMED: []}
    seen = set()
    for number, line in enumerate(raw.decode(errors="replace").split("\n"), 1):
        if not line or line.startswith("#"):
            continue
        read = _read_key(line)
        if read is None or (read[1].name, read[1].public) in seen:
            report.add("KEYS_FORM", file=file, line=number)
            continue
        seen.add((read[1].name, read[1].public))
        found[read[0]].append(read[1])
    return found[_LOG], found[_TIMED]


def _compare_sizes(keys: list[Key], report: Report) -> None:
    """Check that the keys of one name take turns."""
    for name in dict.fromkeys(key.name for key in keys):
        mine = [key for key in keys if key.name == name]
        follow = all(a.last is not None and b.first == a.last + 1 for a, b in pairwise(mine))
        if not follow or any(key.last is not None and key.last < key.first for key in mine):
            report.add("KEYS_RANGES", name=name)


def _compare_keys(own: list[Key], keys: list[Key], report: Report) -> None:
    """Find each own key in the export as it is, or retired since."""
    theirs = {(key.name, key.public): key for key in keys}
    for key in own:
        other = theirs.get((key.name, key.public))
        if other is None or key not in (other, other._replace(last=None)):
            report.add("KEYS_DIFFER", name=key.name)
    if (new := len(keys) - len(own)) > 0:
        report.add("NEW_KEYS", count=new)


# --- Signed notes, checkpoints, statements (sections 4 and 10) ---


class Note(NamedTuple):
    """A signed text, and who has rightly signed it: (type, key, seconds)."""

    text: str
    signed: list[tuple[int, Key, int]]


class Checkpoint(NamedTuple):
    """A checkpoint whose signatures are right."""

    file: str
    origin: str
    size: int
    root: bytes
    at: datetime | None
    witness: str


class Statement(NamedTuple):
    """A declared restore, rightly signed."""

    file: str
    closes: str
    opens: str
    kept: int
    kept_root: bytes
    lost: int
    lost_root: bytes
    start: datetime
    until: datetime
    gaps: frozenset[tuple[str, int]]


_signature_line = re.compile(rf"— ({_NAME}) (\S{{1,10000}})").fullmatch
_checkpoint_text = re.compile(rf"({_NAME})\n({_NUMBER})\n(\S+)\n").fullmatch
_statement_text = re.compile(
    rf"lienthong-restore/v1\ncloses ({_NAME})\nopens ({_NAME})\nkept ({_NUMBER})\n"
    rf"kept-root (\S+)\nlost ({_NUMBER})\nlost-root (\S+)\nfrom ({_TIME})\nuntil ({_TIME})\n"
    rf"declared ({_TIME})\n((?:gap {_UUID7} {_NUMBER}\n)*+)"
).fullmatch


class Notary:
    """Knows the keys, and reads what was signed with them."""

    def __init__(self, keys: list[Key], witnesses: list[Key], report: Report) -> None:
        self.keys = keys
        self._report = report
        self._known = {(key.name, key.id(kind)): (kind, key) for key in keys for kind in (1, 4)}
        self._known |= {(key.name, key.id(_TIMED)): (_TIMED, key) for key in witnesses}

    def note(self, raw: bytes, file: str) -> Note | None:
        """Divide a note and check every signature whose key is known."""
        text, empty, tail = raw.decode(errors="replace").rpartition("\n\n")
        lines = [_signature_line(line) for line in tail[:-1].split("\n")]
        payloads = [_unbase64(match[2]) if match else b"" for match in lines]
        garbled = b"" in payloads or len(lines) > 16 or not empty or tail[-1:] != "\n"  # noqa: PLR2004 - the page's limit
        if garbled or re.search(r"[\x00-\x09\x0b-\x1f\x7f\ufffd]", text + tail):
            self._report.add("NOTE_FORM", file=file)
            return None
        note = Note(text + "\n", [])
        for match, payload in zip(lines, payloads, strict=True):
            name = match[1] if match else ""
            kind, key = self._known.get((name, payload[:4]), (0, None))
            if key is None:
                continue
            signature, seconds, message = payload[4:], 0, note.text.encode()
            if kind == _TIMED:
                seconds, signature = int.from_bytes(signature[:8], "big"), signature[8:]
                message = f"cosignature/v1\ntime {seconds}\n".encode() + message
            if not _rightly_signed(key.public, signature, message) or seconds >= 253402300800:  # noqa: PLR2004 - the year 10000
                self._report.add("NOTE_FORGED", file=file, name=name)
                return None
            note.signed.append((kind, key, seconds))
        return note

    def checkpoint(self, raw: bytes, file: str) -> Checkpoint | None:
        """Read a checkpoint that the log signed with a key that may sign this size."""
        note = self.note(raw, file)
        if note is None:
            return None
        match = _checkpoint_text(note.text)
        root = _unbase64(match[3]) if match else b""
        if not match or len(root) != 32:  # noqa: PLR2004 - bytes of SHA-256
            self._report.add("NOTE_FORM", file=file)
            return None
        origin, size = match[1], int(match[2])
        by = [key for kind, key, _ in note.signed if kind == _LOG and key.name == origin]
        if not by:
            self._report.add("NOTE_UNSIGNED", file=file, name=origin)
            return None
        for key in by:
            if size < key.first or (key.last is not None and size > key.last):
                facts = {"first": key.first, "last": "-" if key.last is None else key.last}
                self._report.add("KEY_RANGE", file=file, size=size, **facts)
                return None
        at, witness = None, ""
        for kind, key, seconds in note.signed:
            if kind == _TIMED and key in by:
                at = datetime.fromtimestamp(seconds, UTC)
            elif kind == _TIMED and key not in self.keys:
                witness = key.name
        return Checkpoint(file, origin, size, root, at, witness)

    def statement(self, raw: bytes, file: str) -> Statement | None:
        """Read a statement that the old origin's last key and the new one's first signed."""
        note = self.note(raw, file)
        if note is None:
            return None
        match = _statement_text(note.text)
        roots = [_unbase64(match[4]), _unbase64(match[6])] if match else []
        times = [_instant(match[n]) for n in (7, 8, 9)] if match else []
        start, until, declared = times or (None, None, None)
        if (
            not match
            or any(len(root) != 32 for root in roots)  # noqa: PLR2004 - bytes of SHA-256
            or not (start and until and declared)
        ):
            self._report.add("NOTE_FORM", file=file)
            return None
        by = [key for kind, key, _ in note.signed if kind == _LOG]
        for name, place in ((match[1], -1), (match[2], 0)):
            of_name = [key for key in self.keys if key.name == name]
            if not of_name or of_name[place] not in by:
                self._report.add("NOTE_UNSIGNED", file=file, name=name)
                return None
        gaps = (line.split(" ") for line in match[10].splitlines())
        return Statement(
            file, match[1], match[2], int(match[3]), roots[0], int(match[5]), roots[1],
            start, until, frozenset((boot, int(counter)) for _, boot, counter in gaps),
        )  # fmt: skip


class History:
    """The origins of this log, one after another, and the restores between them."""

    def __init__(self, folder: Path, notary: Notary, report: Report) -> None:
        self._report = report
        self.checkpoints: dict[int, Checkpoint] = {}
        self.statements: dict[int, Statement] = {}
        numbered = re.compile(r"(?:checkpoint|statement)-([1-9][0-9]{0,2})").fullmatch
        self.last = max([1, *(int(m[1]) for p in folder.iterdir() if (m := numbered(p.name)))])
        for n in range(1, self.last + 1):
            path = folder / f"checkpoint-{n}"
            # An earlier origin of which the restored database knew no checkpoint has none.
            raw = _small_file(path, report) if n == self.last or path.exists() else None
            if raw is not None and (checkpoint := notary.checkpoint(raw, path.name)):
                self.checkpoints[n] = checkpoint
        for n in range(2, self.last + 1):
            raw = _small_file(folder / f"statement-{n}", report)
            if raw is not None and (statement := notary.statement(raw, f"statement-{n}")):
                self.statements[n] = statement
        first = self.checkpoints.get(1) or next(iter(notary.keys), None)
        name = first.origin if isinstance(first, Checkpoint) else first.name if first else ""
        self._number = {name: 1}
        for n, statement in self.statements.items():
            self._chain(n, statement, notary.keys)

    def _chain(self, n: int, said: Statement, keys: list[Key]) -> None:
        before = [origin for origin, number in self._number.items() if number == n - 1]
        opened = self.checkpoints.get(n)
        if (
            before not in ([], [said.closes])
            or said.opens in (said.closes, *self._number)
            or (opened and opened.origin != said.opens)
        ):
            self._report.add("RESTORE_CHAIN", file=said.file)
        self._number.setdefault(said.closes, n - 1)
        self._number[said.opens] = n
        if any(key.name == said.closes and key.last is None for key in keys):
            self._report.add("ORIGIN_OPEN", name=said.closes)
        if said.kept >= said.lost:
            self._report.add("RESTORE_UNTRUE", file=said.file, other=said.file)
        facts = {"count": said.lost - said.kept, "start": said.kept, "end": said.lost - 1}
        self._report.add("RESTORED", file=said.file, **facts)

    def later(self, n: int) -> list[Statement]:
        """Which statements closed origin *n* or came after."""
        return [statement for number, statement in self.statements.items() if number > n]

    def sizes(self) -> set[int]:
        """Sizes whose roots this history speaks of."""
        return {c.size for c in self.checkpoints.values()} | {
            s.kept for s in self.statements.values()
        }

    def still_binds(self, checkpoint: Checkpoint) -> bool:
        """Whether the tree of today must have this root; if not, it is said why."""
        n = self._number.get(checkpoint.origin)
        file, size = checkpoint.file, checkpoint.size
        if n is None:
            self._report.add("ORIGIN_UNKNOWN", file=file, name=checkpoint.origin)
            return False
        opened = self.statements.get(n)
        if opened and size <= opened.kept:
            self._report.add("ORIGIN_TOO_SMALL", file=file, name=checkpoint.origin, size=size)
        closed = self.statements.get(n + 1)
        if closed is None or size <= min(said.kept for said in self.later(n)):
            return True
        if size > closed.lost or (size == closed.lost and checkpoint.root != closed.lost_root):
            self._report.add("RESTORE_UNTRUE", file=closed.file, other=file)
        else:
            self._report.add("LOST_CHECKPOINT", file=file, size=size)
        return False

    def gaps(self) -> dict[str, list[tuple[int, Statement]]]:
        """Boots of which a declared restore lost something: after which counter, and by whom."""
        found: dict[str, list[tuple[int, Statement]]] = {}
        for said in self.statements.values():
            for boot, counter in said.gaps:
                found.setdefault(boot, []).append((counter, said))
        return found

    def lost(self, origin: str, at: datetime) -> bool:
        """Whether an entry made at this time under *origin* is declared lost."""
        later = self.later(self._number.get(origin, self.last))
        return any(said.start <= at <= said.until for said in later)


# --- The tree (section 2) ---


_sha256 = hashlib.sha256


class Tree:
    """The root of what was added so far, in as many hashes as the size has binary ones."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Add the next leaf."""
        peaks, size = self._peaks, self.size
        while size & 1:
            leaf = _sha256(b"\x01" + peaks.pop() + leaf).digest()
            size >>= 1
        peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """Give the root of all of them."""
        if not self._peaks:
            return hashlib.sha256(b"").digest()
        *peaks, root = self._peaks
        for peak in reversed(peaks):
            root = hashlib.sha256(b"\x01" + peak + root).digest()
        return root


# --- What an entry says (section 8) ---


class Entry(NamedTuple):
    """The members of a body that can be checked."""

    replica: str
    boot: str
    counter: int
    entry_id: str
    kind: str
    at: datetime
    written: str
    parents: list[str]
    lost: tuple[str, int] = ("", 0)
    retired: tuple[int, int] = (-1, 0)


_LONE = "INTENT DENIED DRY_RUN AUDIT_READ ADMIN BOOT_START BOOT_END"
_KINDS = frozenset(f"{_LONE} OUTCOME NOT_DELIVERED RETENTION BOOT_LOST".split())
_CLOSERS = {"OUTCOME": 2, "NOT_DELIVERED": 4}

# A body in canonical form is read up to its last member that matters here: the JSON decoder
# takes twice as long. Whatever does not fit goes to the decoder.
_STRING = r'"[^"]*+"'
_WORD = rf"(?:{_STRING}|-?{_NUMBER}|true|false|null)"
_VALUE = rf"(?:{_WORD}|\{{(?:{_STRING}:{_WORD},?)*+\}}|\[(?:{_WORD},?)*+\])"
_quick = re.compile(
    rf'\{{"boot_id":"({_UUID7})","counter":({_NUMBER}),"entry":\{{'
    rf'(?:(?!"at"){_STRING}:{_VALUE},)*+"at":"({_TIME})",'
    rf'(?:(?!"entry_id"){_STRING}:{_VALUE},)*+"entry_id":"({_UUID7})",'
    rf'(?:(?!"kind"){_STRING}:{_VALUE},)*+"kind":"(?:({_LONE.replace(" ", "|")})"|'
    rf'(OUTCOME|NOT_DELIVERED)"(?:,(?!"parent"){_STRING}:{_VALUE})*+'
    rf'(?:,"parent":\["({_UUID7}(?:","{_UUID7})*+)"\])?+(?=,"(?:p[b-z]|[q-z])|\}}))'
).match
_quick_end = re.compile(r'\},"replica":"([^"]+)","salt":"[A-Za-z0-9+/]{22}==","v":1\}').fullmatch


def read_entry(text: str) -> Entry | None:
    """Read a body; None when it is malformed or of another version."""
    head = None if "\\" in text else _quick(text)
    tail = _quick_end(text, text.rfind('},"replica":"')) if head else None
    if head is None or tail is None:
        return decode_entry(text)
    boot, counter, at, entry_id, lone, closer, parents = head.groups()
    try:
        when = datetime.fromisoformat(at)
    except ValueError:
        return None
    listed = parents.split('","') if parents else []
    kind = lone or closer
    said = (tail[1], boot, int(counter), entry_id, kind, when, at, listed, ("", 0), (-1, 0))
    return tuple.__new__(Entry, said)  # three times as fast as calling it


def decode_entry(text: str) -> Entry | None:
    """Read any body with the JSON decoder."""
    body = _object(text.encode())
    said = _members(body.get("entry"))
    replica, boot, salt = body.get("replica"), body.get("boot_id"), body.get("salt")
    counter = _whole(body.get("counter"))
    if not (
        _whole(body.get("v")) == 1
        and (isinstance(replica, str) and replica)
        and (isinstance(boot, str) and _uuid7(boot))
        and (isinstance(salt, str) and len(_unbase64(salt)) == 16)  # noqa: PLR2004 - the page's number
        and counter >= 0
    ):
        return None
    entry_id, kind, at = said.get("entry_id"), said.get("kind"), _instant(said.get("at"))
    parents = said.get("parent", []) if isinstance(kind, str) and kind in _CLOSERS else []
    lost, retired = ("", 0), (-1, 0)
    if not (
        at
        and (isinstance(entry_id, str) and _uuid7(entry_id))
        and (isinstance(kind, str) and kind in _KINDS)
        and (isinstance(parents, list) and all(isinstance(p, str) and _uuid7(p) for p in parents))
    ):
        return None
    if kind == "BOOT_LOST":
        named = _members(said.get("lost"))
        lost = str(named.get("boot_id")), _whole(named.get("last_counter"))
        if not _uuid7(lost[0]) or lost[1] < 0:
            return None
    if kind == "RETENTION":
        named = _members(said.get("retired"))
        retired = _whole(named.get("last_seq")), _whole(named.get("count"))
        if min(retired) < 0:
            return None
    written = str(said["at"])
    return Entry(replica, boot, counter, entry_id, kind, at, written, parents, lost, retired)


@dataclass(slots=True)
class Asked:
    """An intent, and which kinds have closed it."""

    seq: int
    boot: int
    counter: int
    at: str
    closed: int = 0


_HELD = 20_000


class Ids:
    """Every entry id of the tree, so that none comes twice and parents are found.

    Ids are nearly in the order of time. What is larger than all that was forgotten is new, so
    closed intents and other entries are forgotten. Where that is not enough there is *doubt*:
    the log is read once more, *thorough*, and what is old is put in a temporary file.
    """

    def __init__(self, report: Report, *, thorough: bool) -> None:
        self._report = report
        self._thorough = thorough
        self._new: dict[str, Asked | int] = {}
        self._past = ""
        self.doubt = False
        self._old = sqlite3.connect("")
        self._old.execute("PRAGMA journal_mode = OFF")
        self._old.execute(
            "CREATE TABLE old (id TEXT PRIMARY KEY, seq INT, boot INT, counter INT, at TEXT,"
            " closed INT, twice INT) WITHOUT ROWID"
        )

    def close(self) -> None:
        """Remove the temporary file."""
        self._old.close()

    def add(self, entry_id: str, asked: Asked | int) -> None:
        """Take the next entry's id, with the place of one that is no intent."""
        if entry_id in self._new:
            self._report.add("ENTRY_TWICE", seq=asked if isinstance(asked, int) else asked.seq)
            return
        if entry_id <= self._past:
            self.doubt = True
        self._new[entry_id] = asked
        if len(self._new) >= _HELD:
            self._put_away()

    def find(self, entry_id: str) -> Asked | int | None:
        """Find what has this id."""
        found = self._new.get(entry_id)
        if found is not None or not self._past:
            return found
        if not self._thorough:
            self.doubt = True
            return None
        asked = "SELECT seq, boot, counter, at, closed FROM old WHERE id = ?"
        row = self._old.execute(asked, (entry_id,)).fetchone()
        return row and (Asked(*row) if row[4] >= 0 else int(row[0]))

    def close_intent(self, entry_id: str, asked: Asked, kind: int) -> None:
        """Keep that this intent has been closed so."""
        asked.closed |= kind
        if entry_id not in self._new:
            closed = "UPDATE old SET closed = ? WHERE id = ?"
            self._old.execute(closed, (asked.closed, entry_id))

    def open_intents(self) -> Iterable[Asked]:
        """Give the intents that nothing closed, after the last entry."""
        if not self._thorough:
            return [a for a in self._new.values() if isinstance(a, Asked) and not a.closed]
        self._put_away()
        for (seq,) in self._old.execute("SELECT twice FROM old WHERE twice"):
            self._report.add("ENTRY_TWICE", seq=seq)
        still = "SELECT seq, boot, counter, at, closed FROM old WHERE closed = 0 ORDER BY seq"
        return (Asked(*row) for row in self._old.execute(still))

    def _put_away(self) -> None:
        self._past = max(self._past, max(self._new, default=""))
        if not self._thorough:
            asked = {key: a for key, a in self._new.items() if isinstance(a, Asked)}
            self._new = {key: a for key, a in asked.items() if not a.closed}
            self.doubt |= len(self._new) > _HELD // 2
            return
        rows = (
            (key, a, None, None, None, -1)
            if isinstance(a, int)
            else (key, a.seq, a.boot, a.counter, a.at, a.closed)
            for key, a in self._new.items()
        )
        self._old.executemany(
            "INSERT INTO old VALUES (?, ?, ?, ?, ?, ?, 0)"
            " ON CONFLICT (id) DO UPDATE SET twice = excluded.seq",
            rows,
        )
        self._new.clear()


@dataclass(slots=True)
class Boot:
    """One run of a process: how far it has come, and whether it has ended."""

    replica: str
    boot_id: str
    index: int
    last: int = -1
    blanks: int = 0
    """How many lines that say nothing stood before its last entry."""
    ended: bool = False
    lost: bool = False


class Story:
    """Reads the entries in their order: boots, counters, intents and outcomes."""

    def __init__(self, history: History, report: Report, *, thorough: bool) -> None:
        self._report = report
        self._ids = Ids(report, thorough=thorough)
        self._gaps = history.gaps()
        self._boots: dict[tuple[str, str], Boot] = {}
        self._by_index: list[Boot] = []
        self._newest_boot: dict[str, Boot] = {}
        self.blanks = 0
        """Lines that say nothing: retired ones, and those of another version."""
        self._last_blank = -1
        self._excused = self._neighbours = self._lost = 0
        self.newest = datetime.min.replace(tzinfo=UTC)
        self._retired = self._declared = 0
        self._last_retired = self._covered = -1

    def close(self) -> None:
        """Let go of the temporary file."""
        self._ids.close()

    @property
    def doubt(self) -> bool:
        """Whether the log must be read once more, thoroughly."""
        return self._ids.doubt

    def blank(self, seq: int, *, retired: bool) -> None:
        """Pass a line that says nothing; what is missing around it may have been there."""
        self.blanks += 1
        self._last_blank = seq
        if retired:
            self._retired += 1
            self._last_retired = seq

    def tell(self, entry: Entry, seq: int) -> None:
        """Take the next entry."""
        replica, boot_id, counter, entry_id, kind, at, written, parents, _, _ = entry
        boot = self._boots.get((replica, boot_id)) or self._boot(replica, boot_id, new=True)
        if counter != boot.last + 1:
            self._tell_jump(boot, counter, seq)
        else:
            boot.last, boot.blanks = counter, self.blanks
        if (counter == 0) != (kind == "BOOT_START"):
            self._report.add("BOOT_START", seq=seq, boot=boot_id)
        if boot.ended:
            self._report.add("AFTER_END", seq=seq, boot=boot_id)
        if at > self.newest:  # noqa: PLR1730 - twice as fast as max()
            self.newest = at
        asked: Asked | int = seq
        if kind == "INTENT":
            asked = Asked(seq, boot.index, counter, written)
        elif bit := _CLOSERS.get(kind):
            for parent in parents:
                self._close_intent(parent, bit, entry, boot, seq)
        elif kind != "DENIED":
            self._tell_rare(entry, boot, seq)
        self._ids.add(entry_id, asked)

    def _tell_jump(self, boot: Boot, counter: int, seq: int) -> None:
        facts = {"boot": boot.boot_id, "last": boot.last}
        if counter <= boot.last:
            self._report.add("COUNTER_BACK", seq=seq, counter=counter, **facts)
        elif self._unexplained(boot, missing := counter - boot.last - 1):
            self._report.add("COUNTER_GAP", seq=seq, missing=missing, **facts)
        boot.last, boot.blanks = max(counter, boot.last), self.blanks

    def _tell_rare(self, entry: Entry, boot: Boot, seq: int) -> None:
        if entry.kind == "BOOT_END":
            boot.ended = True
        elif entry.kind == "BOOT_LOST":
            self._boot_lost(entry, seq)
        elif entry.kind == "RETENTION":
            self._declared += entry.retired[1]
            self._covered = max(self._covered, min(entry.retired[0], seq - 1))

    def _boot(self, replica: str, boot_id: str, *, new: bool) -> Boot:
        boot = self._boots.get((replica, boot_id))
        if boot is None:
            boot = Boot(replica, boot_id, len(self._by_index))
            self._boots[replica, boot_id] = boot
            self._by_index.append(boot)
            if new:
                self._newest_boot[replica] = boot
        return boot

    def _unexplained(self, boot: Boot, missing: int) -> bool:
        """Whether so many counters after the boot's last one are missing without an excuse."""
        if missing and any(after == boot.last for after, _ in self._gaps.get(boot.boot_id, ())):
            self._lost += missing
            return False
        if missing > self.blanks - boot.blanks:
            return True
        self._excused += missing
        return False

    def _boot_lost(self, entry: Entry, seq: int) -> None:
        boot_id, last = entry.lost
        boot = self._boot(entry.replica, boot_id, new=False)
        late = boot_id == entry.boot or boot.last > last
        if late or self._unexplained(boot, last - boot.last):
            self._report.add("BOOT_LOST_UNTRUE", seq=seq, boot=boot_id, last=last)
        boot.last = max(boot.last, last)
        boot.ended = boot.lost = True

    def _close_intent(self, parent: str, bit: int, entry: Entry, boot: Boot, seq: int) -> None:
        asked = self._ids.find(parent)
        if asked is None:
            if any(entry.at >= said.start for _, said in self._gaps.get(entry.boot, ())):
                self._lost += 1
            elif self.blanks:
                self._neighbours += 1
            else:
                self._report.add("PARENT_UNKNOWN", seq=seq)
        elif isinstance(asked, int) or asked.boot != boot.index or asked.counter >= entry.counter:
            self._report.add("PARENT_WRONG", seq=seq)
        elif asked.closed & bit:
            self._report.add("CLOSED_TWICE", seq=seq)
        else:
            self._ids.close_intent(parent, asked, bit)

    def end(self) -> None:
        """Say what the last entry leaves open."""
        for boot in self._by_index:
            if not boot.ended:
                self._end_of_boot(boot)
        found: Counter[str] = Counter()
        for asked in self._ids.open_intents():
            name = self._name_of_open(asked)
            found[name] += 1
            if name == "INTENT_OPEN":
                self._report.add(name, seq=asked.seq)
        self._lost += found["LOST_ENTRIES"]
        self._neighbours += found["RETIRED_NEIGHBOURS"]
        counts = {"CUT_OFF": found["CUT_OFF"], "PENDING": found["PENDING"]}
        for name, count in (*counts.items(), ("LOST_ENTRIES", self._lost)):
            if count:
                self._report.add(name, count=count)
        self._end_of_retired()

    def _end_of_boot(self, boot: Boot) -> None:
        if boot is self._newest_boot[boot.replica]:
            self._report.add("STILL_RUNNING", boot=boot.boot_id, last=boot.last)
        elif boot.boot_id in self._gaps:
            self._lost += 1
        elif boot.blanks < self.blanks:
            self._neighbours += 1
        else:
            self._report.add("BOOT_UNENDED", boot=boot.boot_id, last=boot.last)

    def _name_of_open(self, asked: Asked) -> str:
        boot, at = self._by_index[asked.boot], datetime.fromisoformat(asked.at)
        if boot.lost:
            return "CUT_OFF"
        running = boot is self._newest_boot[boot.replica] and not boot.ended
        if running and self.newest - at < timedelta(seconds=60):
            return "PENDING"
        if any(said.start <= at <= said.until for _, said in self._gaps.get(boot.boot_id, ())):
            return "LOST_ENTRIES"
        return "RETIRED_NEIGHBOURS" if asked.seq < self._last_blank else "INTENT_OPEN"

    def _end_of_retired(self) -> None:
        if self._last_retired > self._covered:
            self._report.add("RETIRED_UNDECLARED", seq=self._last_retired)
        elif self._retired > self._declared:
            facts = {"count": self._retired, "declared": self._declared}
            self._report.add("RETIRED_TOO_MANY", **facts)
        elif self._retired:
            self._report.add("RETIRED", count=self._retired)
        if self._excused > self.blanks:
            facts = {"missing": self._excused, "blanks": self.blanks}
            self._report.add("GAPS_OVERDRAWN", **facts)
        if other := self.blanks - self._retired:
            self._report.add("OTHER_VERSION", count=other)
        if neighbours := self._excused + self._neighbours:
            self._report.add("RETIRED_NEIGHBOURS", count=neighbours)


# --- Receipts (section 11) ---


class Receipt(NamedTuple):
    """A rightly signed promise that a leaf is in the tree."""

    file: str
    line: int
    entry: str
    leaf: bytes
    at: datetime
    due: datetime
    origin: str


def _jwks(raw: bytes, file: str, report: Report) -> dict[str, bytes]:
    """Read the Ed25519 keys of a list, each under the thumbprint that it really has."""
    listed = _object(raw).get("keys")
    if not isinstance(listed, list):
        report.add("JWKS_FORM", file=file)
        return {}
    keys = {}
    for key in listed:
        x = key.get("x") if isinstance(key, dict) and key.get("crv") == "Ed25519" else None
        if isinstance(x, str) and len(public := _unbase64url(x)) == 32:  # noqa: PLR2004 - of the key
            thumb = hashlib.sha256(f'{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}'.encode()).digest()
            keys[base64.urlsafe_b64encode(thumb).decode().rstrip("=")] = public
    return keys


class Receipts:
    """The receipts that were given, waiting for their leaves."""

    def __init__(self, keys: dict[str, bytes], report: Report) -> None:
        self._keys = keys
        self._report = report
        self._right = 0
        self._seen: set[bytes] = set()
        self.wanted: dict[bytes, list[Receipt]] = {}

    def read(self, path: Path) -> bool:
        """Take a file of receipts, one a line; whether there was any."""
        number = 0
        with path.open("rb") as file:
            while line := file.readline(_LONGEST):
                number += 1
                self._take(line.strip().decode(errors="replace"), path.name, number)
        return number > 0

    def _take(self, jws: str, file: str, line: int) -> None:
        where = {"file": file, "line": line}
        raw = [_unbase64url(part) for part in jws.split(".")]
        header = _object(raw[0]) if len(raw) == 3 else {}  # noqa: PLR2004 - parts of a JWS
        known = header.get("alg") in ("Ed25519", "EdDSA") and "crit" not in header
        if not known or header.get("typ") != "lienthong-receipt+jwt":
            self._report.add("RECEIPT_FORM", **where)
            return
        public = self._keys.get(str(header.get("kid")))
        if public is None:
            self._report.add("RECEIPT_KEY", **where)
            return
        if not _rightly_signed(public, raw[2], jws.rpartition(".")[0].encode()):
            self._report.add("RECEIPT_FORGED", **where)
            return
        said = _object(raw[1])
        entry, leaf, origin = (str(said.get(name)) for name in ("entry", "leaf", "origin"))
        at, mmd = _instant(said.get("at")), _whole(said.get("mmd"))
        whole = _uuid7(entry) and _hash_line(b"#" + leaf.encode(errors="replace"))
        if at is None or not whole or not 0 <= mmd <= 86400 or at.year > 9000:  # noqa: PLR2004 - a day at most
            self._report.add("RECEIPT_FORM", **where)
            return
        due = at + timedelta(seconds=mmd)
        receipt = Receipt(file, line, entry, bytes.fromhex(leaf), at, due, origin)
        self.wanted.setdefault(receipt.leaf, []).append(receipt)

    def meet(self, leaf: bytes, entry: Entry | None, seq: int) -> None:
        """Take a leaf that somebody holds a receipt for."""
        self._seen.add(leaf)
        for said in self.wanted[leaf]:
            if entry and (entry.entry_id, entry.at) != (said.entry, said.at):
                self._report.add("RECEIPT_DIFFERS", file=said.file, line=said.line, seq=seq)
            else:
                self._right += 1

    def end(self, history: History, newest: datetime) -> None:
        """Judge those whose leaf did not come."""
        for leaf in self.wanted.keys() - self._seen:
            for said in self.wanted[leaf]:
                where = {"file": said.file, "line": said.line}
                if history.lost(said.origin, said.at):
                    self._report.add("LOST_RECEIPT", entry=said.entry, **where)
                elif said.due > newest:
                    self._report.add("RECEIPT_NOT_DUE", **where)
                else:
                    self._report.add("ENTRY_MISSING", entry=said.entry, **where)
        if self._right:
            self._report.add("RECEIPTS_RIGHT", count=self._right)


# --- The order of the work ---

_LONGEST = 1 << 20  # of one entry, in bytes: memory stays bounded whatever the file holds


def _bodies(file: BinaryIO, report: Report, progress: Callable[[int], None]) -> Iterator[bytes]:
    """Give the lines of `entries` without their ends."""
    number = 0
    while block := file.read(_LONGEST):
        *bodies, rest = (block + file.readline(_LONGEST)).split(b"\n")
        yield from bodies
        number += len(bodies)
        progress(file.tell())
        if rest:
            report.add("LINE_UNENDED", seq=number)
            return


def _read_entries(
    bodies: Iterable[bytes],
    story: Story,
    receipts: Receipts,
    report: Report,
    sizes: set[int],
) -> tuple[int, dict[int, bytes], bytes]:
    """Walk through all leaves once: how many there are, the roots of *sizes*, and of all."""
    tree, roots, wanted = Tree(), {0: Tree().root()}, receipts.wanted
    for seq, body in enumerate(bodies):
        retired = body[:1] == b"#" and _hash_line(body) is not None
        if retired:
            entry, leaf = None, bytes.fromhex(body[1:].decode())
        else:
            entry = read_entry(body.decode()) if body.isascii() else None
            leaf = _sha256(b"\x00" + body).digest()
        tree.add(leaf)
        if tree.size in sizes:
            roots[tree.size] = tree.root()
        if entry is not None:
            story.tell(entry, seq)
        elif retired or _whole(_object(body).get("v")) not in (-1, 1):
            story.blank(seq, retired=retired)
        else:
            report.add("MALFORMED", seq=seq)
        if leaf in wanted:
            receipts.meet(leaf, entry, seq)
    return tree.size, roots, tree.root()


def verify(
    folder: Path,
    *,
    kept: Iterable[Path] = (),
    receipts: Path | None = None,
    vkeys: Path | None = None,
    jwks: Path | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Report:
    """Check the export in *folder* against what was *kept* elsewhere.

    *progress* is told how many bytes of `entries` have been read.
    """
    given = (folder, list(kept), receipts, vkeys, jwks, progress)
    return _verify(*given, thorough=False) or _verify(*given, thorough=True) or Report()


def _verify(
    folder: Path,
    kept: list[Path],
    receipts: Path | None,
    vkeys: Path | None,
    jwks: Path | None,
    progress: Callable[[int], None],
    *,
    thorough: bool,
) -> Report | None:
    """Do it; None when it must be done thoroughly."""
    report = Report()
    notary = _notary(folder, vkeys, report)
    history = History(folder, notary, report)
    given = []
    for path in kept:
        raw = _small_file(path, report)
        if raw is not None and (checkpoint := notary.checkpoint(raw, str(path)[-60:])):
            given.append(checkpoint)
    signed = [*history.checkpoints.values(), *given]
    _split_views(signed, report)
    binding = [checkpoint for checkpoint in signed if history.still_binds(checkpoint)]
    promises = _receipts(folder, receipts, jwks, report)
    story = Story(history, report, thorough=thorough)
    sizes = {checkpoint.size for checkpoint in binding} | history.sizes()
    try:
        with (folder / "entries").open("rb") as file:
            bodies = _bodies(file, report, progress)
            lines, roots, root = _read_entries(bodies, story, promises, report, sizes)
        if story.doubt and not thorough:
            return None
        story.end()
    except FileNotFoundError:
        report.add("FILE_MISSING", file="entries")
        return report
    finally:
        story.close()
    newest = history.checkpoints.get(history.last)
    _judge(binding, newest, lines, roots, report)
    _judge_restores(history, lines, roots, report)
    at = newest.at if newest else None
    promises.end(history, at or story.newest)
    if newest and not at:
        report.add("NO_TIME", file=newest.file)
    if not given:
        report.add("NO_KEPT")
    name = newest.origin if newest else "-"
    report.add("LOG", lines=lines, root=base64.b64encode(root).decode(), name=name, at=at or "-")
    return report


def _notary(folder: Path, vkeys: Path | None, report: Report) -> Notary:
    """Read the keys: the export's, compared with the reader's own; witnesses' from the latter."""
    raw = _small_file(folder / "vkeys", report)
    keys, _ = _read_keys(raw, "vkeys", report) if raw is not None else ([], [])
    _compare_sizes(keys, report)
    if vkeys is None:
        report.add("NO_VKEYS")
        return Notary(keys, [], report)
    raw = _small_file(vkeys, report)
    own, witnesses = _read_keys(raw, vkeys.name, report) if raw is not None else ([], [])
    _compare_keys(own, keys, report)
    return Notary(keys, witnesses, report)


def _receipts(folder: Path, given: Path | None, jwks: Path | None, report: Report) -> Receipts:
    """Read what receipts there are, in the export and outside."""
    keys: dict[str, bytes] = {}
    for path in (folder / "jwks.json", jwks):
        if path is not None and path.is_file():
            raw = _small_file(path, report)
            keys |= _jwks(raw, path.name, report) if raw is not None else {}
    receipts = Receipts(keys, report)
    if (folder / "receipts").is_file():
        receipts.read(folder / "receipts")
    if given is None or not receipts.read(given):
        report.add("NO_RECEIPTS")
    return receipts


def _split_views(signed: list[Checkpoint], report: Report) -> None:
    first: dict[tuple[str, int], Checkpoint] = {}
    for checkpoint in signed:
        other = first.setdefault((checkpoint.origin, checkpoint.size), checkpoint)
        if other.root != checkpoint.root:
            files = {"file": other.file, "other": checkpoint.file}
            report.add("SPLIT_VIEW", size=other.size, **files)


def _judge(
    binding: list[Checkpoint],
    newest: Checkpoint | None,
    lines: int,
    roots: dict[int, bytes],
    report: Report,
) -> None:
    """Compare the checkpoints with the roots of the same sizes."""
    right = [checkpoint for checkpoint in binding if roots.get(checkpoint.size) == checkpoint.root]
    for checkpoint in binding:
        file, size = checkpoint.file, checkpoint.size
        if checkpoint is newest and (lines != size or checkpoint not in right):
            after = max((c.size for c in right if c.size < size), default=0)
            facts = {"after": after, "last": size - 1, "lines": lines, "size": size}
            report.add(_name_of_change(lines, size, report), file=file, **facts)
        elif checkpoint in right:
            report.add("KEPT_RIGHT", file=file, size=size)
        elif size <= lines:
            report.add("REWRITTEN", file=file, size=size)
        elif newest is None or newest.size < size:
            report.add("TRUNCATED", file=file, size=size, lines=lines)
    witnessed = [checkpoint for checkpoint in right if checkpoint.witness]
    for checkpoint in witnessed:
        report.add("WITNESSED", file=checkpoint.file, name=checkpoint.witness, size=checkpoint.size)
    if not witnessed:
        report.add("NO_WITNESS")


def _name_of_change(lines: int, size: int, report: Report) -> str:
    """Tell what was done from what else was found: a root alone says only that it differs."""
    if lines > size:
        return "INSERTED"
    if lines == size:
        return "REORDERED" if report.counts["COUNTER_BACK"] else "CHANGED"
    within = ("COUNTER_GAP", "PARENT_UNKNOWN", "BOOT_START", "BOOT_UNENDED")
    return "REMOVED" if any(report.counts[name] for name in within) else "TRUNCATED"


def _judge_restores(history: History, lines: int, roots: dict[int, bytes], report: Report) -> None:
    """Compare what each statement says was kept with what is there."""
    for n, said in history.statements.items():
        later = history.later(n)
        if all(said.kept <= other.kept for other in later):
            if said.kept > lines:
                report.add("TRUNCATED", file=said.file, size=said.kept, lines=lines)
            elif roots.get(said.kept) != said.kept_root:
                report.add("REWRITTEN", file=said.file, size=said.kept)
        before = history.checkpoints.get(n - 1)
        if before and before.size != min(other.kept for other in (said, *later)):
            report.add("RESTORE_UNTRUE", file=said.file, other=before.file)


# --- The command line ---


def _bar(total: int) -> Callable[[int], None]:
    """Draw on a terminal how much has been read."""

    def draw(done: int) -> None:
        part = done * 40 // total
        sys.stderr.write(f"\r[{'#' * part}{' ' * (40 - part)}] {done * 100 // total:3} %")
        sys.stderr.flush()

    return draw if sys.stderr.isatty() and total else lambda _: None


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="verify.py",
        description="Kiểm tra bản xuất nhật ký truy cập. / Check an export of the access log.",
        epilog="0: đúng / right; 1: sai / wrong; 2: gọi sai / misuse; 3: chưa đủ / incomplete",
    )
    add = parser.add_argument
    add("folder", type=Path, help="thư mục bản xuất / the export")
    add("--kept", type=Path, nargs="+", action="extend", default=[], metavar="CHECKPOINT",
        help="điểm kiểm tra đã giữ / checkpoints kept before")  # fmt: skip
    add("--receipts", type=Path, metavar="FILE", help="biên nhận, mỗi dòng một / one a line")
    add("--vkeys", type=Path, metavar="FILE", help="danh sách khóa riêng / your own list of keys")
    add("--jwks", type=Path, metavar="FILE", help="khóa của biên nhận / keys of receipts")
    add("--lang", choices=("vi", "en"), default="vi", help="ngôn ngữ / language")
    given = parser.parse_args(argv)
    if not given.folder.is_dir():
        parser.error(f"không phải thư mục / not a folder: {given.folder}")
    for path in (*given.kept, given.receipts, given.vkeys, given.jwks):
        if path is not None and not path.is_file():
            parser.error(f"không có tệp / no such file: {path}")
    return given


def main(argv: list[str] | None = None) -> int:
    """Check, tell, and give the exit code."""
    given = _arguments(argv)
    entries = given.folder / "entries"
    try:
        report = verify(
            given.folder,
            kept=given.kept,
            receipts=given.receipts,
            vkeys=given.vkeys,
            jwks=given.jwks,
            progress=_bar(entries.stat().st_size if entries.is_file() else 0),
        )
    except (OSError, sqlite3.Error) as failure:
        sys.stderr.write(f"không đọc được / cannot read: {type(failure).__name__}\n")
        return 2
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    sys.stdout.write("\n".join(report.lines(given.lang)) + "\n")
    return report.code


if __name__ == "__main__":
    sys.exit(main())
