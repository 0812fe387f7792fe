"""Checks an export of the access log as docs/proofs.md says. This one file is enough.

    python verify.py FOLDER [--every-body] [--kept CHECKPOINT ...] [--receipts FILE] [--help]

It imports nothing of this house and reaches no network: Python 3.11 and `cryptography`.
Exit codes: 0 everything was checked and is right; 1 something is wrong; 2 the command was misused,
or cannot read or write; 3 what was checked is right, and it is said what could not be checked.
Memory grows with the number of boots and of receipts given, not with the log; a temporary file
takes 65 bytes of each entry.

What may be said comes first, then the page section by section, then the order of the work.
"""

import argparse
import base64
import hashlib
import io
import json
import re
import struct
import sys
import tempfile
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

# --- What may be said: a name, then a sentence in Vietnamese and in English. ---

WRONG = """
Sai / Wrong
FILE_MISSING        thiếu tệp / a file is missing
FILE_TOO_LARGE      tệp lớn quá mức cho phép / a file is larger than such a file may be
LINE_UNENDED        dòng không kết thúc hoặc quá dài / a line has no end or is too long
NOTE_FORM           không đúng dạng của tờ ký / this is not a note in its form
NOTE_FORGED         có chữ ký sai / this bears a wrong signature
NOTE_UNSIGNED       không có chữ ký đúng của nhật ký / this bears no right signature of the log
KEY_RANGE           ký bằng khóa không được ký cỡ này / signed by a key that may not sign this size
KEYS_FORM           không phải trọn dòng khóa, hoặc lặp lại / no whole line of a key, or one again
KEYS_RANGES         các khóa không nối tiếp nhau theo cỡ / keys do not follow each other in size
KEYS_DIFFER         khóa trong danh sách của bạn khác bản xuất / a key of yours is another here
ORIGIN_UNKNOWN      không phải tên nào của nhật ký này / this is no origin of this log
SPLIT_VIEW          đều đúng chữ ký, cùng cỡ, khác gốc: hai nhật ký / both are signed: two logs
CHANGED             có mục bị sửa / an entry was changed
REORDERED           có mục bị đổi chỗ / entries stand in another order
REMOVED             có mục bị xóa ở giữa / entries were removed within
TRUNCATED           phần cuối bị cắt / the end was cut off
INSERTED            có mục được thêm vào / entries were inserted
REWRITTEN           các mục đầu khác lúc đã ký: viết lại / the first entries are not those signed
MALFORMED           mục không đúng dạng / an entry is not in its form
ENTRY_TWICE         mã mục đã có trước đó / the id of an entry was there before
COUNTER_GAP         lần chạy bị thiếu mục / entries of a boot are missing
COUNTER_BACK        lần chạy quay lại số cũ / a boot goes back to an older counter
GAPS_OVERDRAWN      thiếu nhiều hơn số mục đã hủy / more is missing than was retired
BOOT_START          BOOT_START không ở số 0, hoặc thiếu / counter 0 is BOOT_START, nothing else is
AFTER_END           lần chạy đã kết thúc trước đó / this boot had ended before
BOOT_LOST_UNTRUE    lần chạy không dừng như đã khai / this boot did not end as BOOT_LOST says
BOOT_UNENDED        lần chạy cũ không có lời kết / an older boot stops without an end
INTENT_OPEN         lượt hỏi không có kết quả / an intent without an outcome
PARENT_UNKNOWN      kết quả của lượt hỏi không có trong nhật ký / the outcome of an unknown intent
PARENT_WRONG        không phải lượt hỏi trước đó / not an outcome of an earlier intent of its boot
CLOSED_TWICE        một lượt hỏi có hai kết quả / a second outcome of one intent
RETIRED_UNDECLARED  mục bị hủy mà không khai / an entry is retired, and no RETENTION says so
RETIRED_TOO_MANY    hủy nhiều hơn số đã khai / more entries are retired than RETENTION says
RESTORE_CHAIN       tờ khai không nối tên cũ với tên mới / the statement does not link its origins
RESTORE_UNTRUE      khai báo phục hồi sai sự thật / a declared restore is untrue
ORIGIN_OPEN         tên đã đóng mà khóa chưa có cỡ cuối / a closed origin's key has no last size
ORIGIN_TOO_SMALL    không lớn hơn phần giữ lại / no larger than what a restore had kept
JWKS_FORM           không phải là danh sách khóa biên nhận / not a list of receipts' keys
RECEIPT_FORM        không phải trọn một dòng biên nhận / not a receipt, whole, alone on its line
RECEIPT_FORGED      biên nhận có chữ ký sai / the receipt's signature is wrong
RECEIPT_DIFFERS     biên nhận nói khác mục / the receipt says another thing than its entry
ENTRY_MISSING       có biên nhận mà không có mục / an entry with a receipt is not in the log
"""
UNCHECKED = """
Chưa kiểm tra / Not checked
NO_KEPT             không có điểm kiểm tra giữ từ trước / whether the end was cut off is not known
NO_WITNESS          không có chữ ký làm chứng / whether others saw another log is not known
NO_RECEIPTS         không có biên nhận đưa từ ngoài / no receipts of callers were given
NO_VKEYS            không có danh sách khóa riêng / the export's own list of keys is trusted
NEW_KEYS            khóa không có trong danh sách của bạn / keys that are not in your own list
NO_EVERY_BODY       nhật ký lớn, chưa đọc hết từng mục / bodies not read to their ends: --every-body
NO_TIME             không có chữ ký kèm giờ / when the newest checkpoint was signed is not known
RETIRED             mục đã hủy đúng quy định / lawfully retired: what they said is not checked
RETIRED_NEIGHBOURS  chỗ thiếu có thể do mục đã hủy / what is missing may be in retired entries
OTHER_VERSION       mục theo dạng khác / of another version: what they say is not checked
RESTORED            đã khai phục hồi / a declared restore: these entries are lost
LOST_CHECKPOINT     thuộc phần mất trong phục hồi đã khai / lost in a declared restore
LOST_ENTRIES        mục mất trong phục hồi đã khai / missing entries, lost in a declared restore
LOST_RECEIPT        mục mất trong phục hồi đã khai / this entry is lost in a declared restore
RECEIPT_NOT_DUE     chưa đến hạn: hãy xin bản xuất mới hơn / not yet due: ask for a newer export
RECEIPT_KEY         không có khóa để kiểm tra biên nhận / there is no key to check this with
"""
NOTED = """
Ghi nhận / Noted
LOG                 nhật ký đã đọc / the log that was read
KEPT_RIGHT          điểm kiểm tra đúng / this checkpoint is right
WITNESSED           có chữ ký của người làm chứng / this is signed by a witness
RECEIPTS_RIGHT      biên nhận đúng / receipts are right: their entries are there
STILL_RUNNING       đang chạy, hoặc bị cắt sau số này / still running, or cut off after this
CUT_OFF             lượt hỏi dở vì tiến trình chết / intents whose process died (BOOT_LOST)
PENDING             lượt hỏi chưa quá 60 giây / intents that need no outcome yet
LATE                mục vào cây muộn hơn 60 giây / entries that came to the tree late
"""
VERDICTS = {
    0: "ĐÚNG: mọi điều kiểm tra được đều đúng. / RIGHT: all that can be checked is right.",
    1: "SAI: nhật ký hoặc giấy tờ kèm theo. / WRONG: the log, or what was given with it.",
    3: "CHƯA ĐỦ: phần đã kiểm tra là đúng. / INCOMPLETE: what was checked is right.",
}

SAID = {
    level: {line[:19].rstrip(): line[20:] for line in table.strip().split("\n")[1:]}
    for level, table in (("WRONG", WRONG), ("UNCHECKED", UNCHECKED), ("NOTED", NOTED))
}
_EXAMPLES = 10  # of one name are shown; the rest is counted


class Report:
    """What was found. Each name is one of `SAID`; its facts are kept for the first few."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._facts: defaultdict[str, list[dict[str, object]]] = defaultdict(list)

    def say(self, name: str, /, **facts: object) -> None:
        """Say *name* once more."""
        self.counts[name] += 1
        if len(self._facts[name]) < _EXAMPLES:
            self._facts[name].append(facts)

    def names(self, level: str) -> list[str]:
        """Which names of a *level* were said."""
        return [name for name in SAID[level] if self.counts[name]]

    @property
    def code(self) -> int:
        """The exit code."""
        return 1 if self.names("WRONG") else 3 if self.names("UNCHECKED") else 0

    def lines(self) -> Iterator[str]:
        """Tell it, the verdict first."""
        yield VERDICTS[self.code]
        for level, table in (("WRONG", WRONG), ("UNCHECKED", UNCHECKED), ("NOTED", NOTED)):
            if names := self.names(level):
                yield "\n" + table.strip().split("\n")[0]
            for name in names:
                yield f"  {name}: {SAID[level][name]}"
                for facts in filter(None, self._facts[name]):
                    yield "    " + ", ".join(f"{key} {_plain(facts[key])}" for key in facts)
                if more := self.counts[name] - len(self._facts[name]):
                    yield f"    + {more}"


def _plain(value: object) -> str:
    """Make printable: what others wrote must not steer a terminal."""
    text = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
    return "".join(c if c.isprintable() else "?" for c in text[:120])


# --- Small forms (the page's conventions) ---

_Form = Callable[[str], re.Match[str] | None]
_NUMBER = r"(?:0|[1-9][0-9]{0,14})"
_UUID7 = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{6})?Z"
_NAME = r"[^\s+]{1,200}"
_ROOT = r"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]="
_uuid7 = re.compile(_UUID7).fullmatch
_time = re.compile(_TIME).fullmatch
_hash_line = re.compile(rb"#[0-9a-f]{64}").fullmatch
_salt = re.compile(r"[A-Za-z0-9+/]{21}[AQgw]==").fullmatch
_some = re.compile(r".+", re.DOTALL).fullmatch
_sha256 = hashlib.sha256
_NEVER = datetime.min.replace(tzinfo=UTC)
_MMD = timedelta(seconds=60)  # from an entry's time to its place in the tree
_LARGEST = 1 << 24  # of a file that is read whole, in bytes
_READ_WHOLE = 1 << 28  # bytes of entries up to which every body is read to its end anyway


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
    try:
        return datetime.fromisoformat(text) if isinstance(text, str) and _time(text) else None
    except ValueError:
        return None


def _once(members: list[tuple[str, object]]) -> dict[str, object]:
    if len(found := dict(members)) < len(members):
        raise ValueError
    return found


# A fraction becomes text, which is written in another way.
_read_json = json.JSONDecoder(object_pairs_hook=_once, parse_float=str, parse_constant=int).decode
_write_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def _object(raw: bytes, *, canonical: bool = False) -> dict[str, object]:
    """Decode one JSON object, written as section 1 says if it must be; else it has no members."""
    try:
        value = _read_json(raw.decode("ascii" if canonical else "utf-8"))
        again = _write_json(value).encode() if canonical else raw
    except (ValueError, RecursionError):
        return {}
    return _members(value) if again == raw else {}


def _members(value: object) -> dict[str, object]:
    """Give the members of an object; nothing else has any."""
    return value if isinstance(value, dict) else {}


def _whole(value: object) -> int:
    """Give a whole number, or -1."""
    return value if type(value) is int and 0 <= value < 10**15 else -1


def _text(value: object, form: _Form) -> bytes:
    """Give text of this *form*; empty if *value* is anything else."""
    right = isinstance(value, str) and form(value)
    return str(value).encode(errors="backslashreplace") if right else b""


def _rightly_signed(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _small_file(path: Path, report: Report) -> bytes | None:
    """Read a file whole; None, and said, when it is not there or beyond reason."""
    if not (there := path.is_file()) or path.stat().st_size > _LARGEST:
        report.say("FILE_TOO_LARGE" if there else "FILE_MISSING", file=path.name)
        return None
    return path.read_bytes()


# --- Sections 1 and 2: leaves, and their tree ---

_leaf = _sha256(b"\x00").copy  # a copy is made faster than a new one


def leaf_hashes(lines: list[bytes]) -> list[bytes]:
    """Hash each body; of a retired one nothing else is there."""
    leaves = []
    for line in lines:
        if len(line) == 65 and _hash_line(line):  # noqa: PLR2004 - bytes of a retired one
            leaves.append(bytes.fromhex(line[1:].decode()))
        else:
            leaf = _leaf()
            leaf.update(line)
            leaves.append(leaf.digest())
    return leaves


class Tree:
    """The root of what was added so far, in as many hashes as the size has binary digits."""

    def __init__(self) -> None:
        self.size = 0
        self._last: list[bytes] = []  # of each level; it waits where the size has a one

    def add(self, leaves: list[bytes]) -> None:
        """Add the next leaves: level by level, in pairs."""
        level, hashes = 0, leaves
        while hashes:
            if self.size >> level & 1:
                hashes = [self._last[level], *hashes]
            self._last[level : level + 1] = hashes[-1:]
            pairs = zip(hashes[::2], hashes[1::2], strict=False)
            hashes = [_sha256(b"\x01" + left + right).digest() for left, right in pairs]
            level += 1
        self.size += len(leaves)

    def root(self) -> bytes:
        """Give the root of all of them."""
        root = b""
        for last in (last for level, last in enumerate(self._last) if self.size >> level & 1):
            root = _sha256(b"\x01" + last + root).digest() if root else last
        return root or _sha256(b"").digest()


# --- Sections 4 and 5: keys, and what was signed with them ---

_LOG, _TIMED = 1, 4  # types of signatures
_YEAR_10000 = 253402300800  # in seconds since 1970


class Key(NamedTuple):
    """A key of the log, or of a witness, who has no sizes."""

    name: str
    public: bytes
    first: int = -1
    last: int | None = None

    def id(self, kind: int) -> bytes:
        """Give the four bytes by which a signature line names it."""
        return _sha256(self.name.encode() + b"\n" + bytes([kind]) + self.public).digest()[:4]

    def may_sign(self, size: int) -> bool:
        """Whether a checkpoint of this size lies in its range."""
        return self.first <= size and (self.last is None or size <= self.last)


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
    gaps: frozenset[tuple[bytes, int]]


Signed = list[tuple[int, Key, int]]
"""Who has rightly signed a note: type, key, seconds since 1970."""

_key_line = re.compile(
    rf"({_NAME})\+([0-9a-f]{{8}})\+(\S{{1,100}})(?: ({_NUMBER}) ({_NUMBER}|-))?"
).fullmatch
_signature_line = re.compile(rf"— ({_NAME}) (\S{{1,10000}})").fullmatch
_control = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\ufffd]").search
_checkpoint_text = re.compile(rf"({_NAME})\n({_NUMBER})\n({_ROOT})\n").fullmatch
_statement_text = re.compile(
    rf"lienthong-restore/v1\ncloses ({_NAME})\nopens ({_NAME})\nkept ({_NUMBER})\n"
    rf"kept-root ({_ROOT})\nlost ({_NUMBER})\nlost-root ({_ROOT})\nfrom ({_TIME})\n"
    rf"until ({_TIME})\ndeclared ({_TIME})\n((?:gap {_UUID7} {_NUMBER}\n)*+)"
).fullmatch


def _read_key(line: str) -> Key | None:
    """Read a line of `vkeys`: a log's key with its sizes, or a witness's without."""
    match = _key_line(line)
    raw = _unbase64(match[3]) if match else b""
    if not match or len(raw) != 33 or raw[0] != (_LOG if match[4] else _TIMED):  # noqa: PLR2004 - a type and 32 bytes of the key
        return None
    last = None if match[5] in (None, "-") else int(match[5])
    key = Key(match[1], raw[1:], int(match[4] or -1), last)
    return key if key.id(raw[0]).hex() == match[2] else None


class Notary:
    """Knows the keys, and reads what was signed with them.

    Those of the log are the export's; *own* is the reader's list, which alone names witnesses.
    """

    def __init__(self, folder: Path, own: Path | None, report: Report) -> None:
        self._say = report.say
        self.keys, _ = self._read_list(folder / "vkeys", report)
        self._compare_sizes()
        mine, witnesses = self._read_list(own, report) if own else (self.keys, [])
        if own is None:
            self._say("NO_VKEYS")
        self._compare(mine)
        self._known = {(k.name, k.id(n)): (n, k) for k in self.keys for n in (_LOG, _TIMED)}
        self._known |= {(key.name, key.id(_TIMED)): (_TIMED, key) for key in witnesses}

    def _read_list(self, path: Path, report: Report) -> tuple[list[Key], list[Key]]:
        """Read a list: the log's keys, and those of witnesses."""
        raw = _small_file(path, report) or b""
        found: dict[tuple[str, bytes], Key] = {}
        lines = raw.decode(errors="replace").split("\n")
        for number, line in enumerate(lines, 1):
            if not line or line.startswith("#"):
                continue
            key = _read_key(line)
            if key is None or (key.name, key.public) in found or number == len(lines):
                self._say("KEYS_FORM", file=path.name, line=number)
            else:
                found[key.name, key.public] = key
        keys = list(found.values())
        return [key for key in keys if key.first >= 0], [key for key in keys if key.first < 0]

    def _compare_sizes(self) -> None:
        """Check that the keys of one name take turns."""
        for name in dict.fromkeys(key.name for key in self.keys):
            mine = [key for key in self.keys if key.name == name]
            follow = all(a.last is not None and b.first == a.last + 1 for a, b in pairwise(mine))
            if not follow or not all(key.may_sign(key.last or key.first) for key in mine):
                self._say("KEYS_RANGES", name=name)

    def _compare(self, own: list[Key]) -> None:
        """Find each own key in the export as it is, or retired since."""
        theirs = {(key.name, key.public): key for key in self.keys}
        for key in own:
            other = theirs.get((key.name, key.public))
            if other is None or key not in (other, other._replace(last=None)):
                self._say("KEYS_DIFFER", name=key.name)
        if new := theirs.keys() - {(key.name, key.public) for key in own}:
            self._say("NEW_KEYS", count=len(new))

    def _note(self, raw: bytes, file: str, form: _Form) -> tuple[re.Match[str], Signed] | None:
        """Divide a note whose text has this *form*, and check each signature of a known key."""
        text, _, tail = raw.decode(errors="replace").rpartition("\n\n")
        match = form(text + "\n")
        lines = [_signature_line(line) for line in tail[:-1].split("\n")]
        payloads = [(line[1], raw) for line in lines if line and (raw := _unbase64(line[2]))[4:]]
        whole = len(payloads) == len(lines) <= 16 and tail.endswith("\n")  # noqa: PLR2004 - the page's limit
        if not match or not whole or _control(text + tail):
            self._say("NOTE_FORM", file=file)
            return None
        signed: Signed = []
        for name, payload in payloads:
            kind, key = self._known.get((name, payload[:4]), (0, None))
            if key is None:
                continue
            seconds, signature, message = 0, payload[4:], match[0].encode()
            if kind == _TIMED:
                seconds, signature = int.from_bytes(signature[:8], "big"), signature[8:]
                message = f"cosignature/v1\ntime {seconds}\n".encode() + message
            if not _rightly_signed(key.public, signature, message) or seconds >= _YEAR_10000:
                self._say("NOTE_FORGED", file=file, name=name)
                return None
            signed.append((kind, key, seconds))
        return match, signed

    def checkpoint(self, raw: bytes, file: str) -> Checkpoint | None:
        """Read a checkpoint that the log signed with a key that may sign this size."""
        read = self._note(raw, file, _checkpoint_text)
        if read is None:
            return None
        match, signed = read
        origin, size, at, witness = match[1], int(match[2]), None, ""
        by = [key for kind, key, _ in signed if kind == _LOG and key.name == origin]
        if not by:
            self._say("NOTE_UNSIGNED", file=file, name=origin)
            return None
        for key in (key for _, key, _ in signed if key.name == origin and key.first >= 0):
            if not key.may_sign(size):
                self._say("KEY_RANGE", file=file, size=size, first=key.first, last=key.last or "-")
                return None
        for kind, key, seconds in signed:
            if kind == _TIMED and key in by:
                at = max(at or _NEVER, datetime.fromtimestamp(seconds, UTC))
            elif kind == _TIMED and key.first < 0:
                witness = key.name
        return Checkpoint(file, origin, size, _unbase64(match[3]), at, witness)

    def statement(self, raw: bytes, file: str) -> Statement | None:
        """Read a statement that the old origin's last key and the new one's first signed."""
        read = self._note(raw, file, _statement_text)
        if read is None:
            return None
        match, signed = read
        start, until, declared = (_instant(match[n]) for n in (7, 8, 9))
        if not (start and until and declared):
            self._say("NOTE_FORM", file=file)
            return None
        by = [key for kind, key, _ in signed if kind == _LOG]
        for name, place in ((match[1], -1), (match[2], 0)):
            of_name = [key for key in self.keys if key.name == name]
            if not of_name or of_name[place] not in by:
                self._say("NOTE_UNSIGNED", file=file, name=name)
                return None
        gaps = (line.split(" ") for line in match[10].splitlines())
        return Statement(
            file, match[1], match[2], int(match[3]), _unbase64(match[4]), int(match[5]),
            _unbase64(match[6]), start, until, frozenset((b.encode(), int(c)) for _, b, c in gaps),
        )  # fmt: skip


# --- Sections 9 and 10: the origins, and the restores between them ---


class History:
    """The origins of this log, one after another, and the restores between them."""

    def __init__(self, folder: Path, notary: Notary, report: Report) -> None:
        self._say = report.say
        self.checkpoints: dict[int, Checkpoint] = {}
        self.statements: dict[int, Statement] = {}
        numbered = re.compile(r"(?:checkpoint|statement)-([1-9][0-9]{0,2})").fullmatch
        self.last = max([1, *(int(m[1]) for p in folder.iterdir() if (m := numbered(p.name)))])
        for n, path in ((n, folder / f"checkpoint-{n}") for n in range(1, self.last + 1)):
            # An earlier origin of which the restored database knew no checkpoint has none.
            raw = _small_file(path, report) if n == self.last or path.exists() else None
            if raw is not None and (checkpoint := notary.checkpoint(raw, path.name)):
                self.checkpoints[n] = checkpoint
        for n in range(2, self.last + 1):
            raw = _small_file(folder / f"statement-{n}", report)
            if raw is not None and (statement := notary.statement(raw, f"statement-{n}")):
                self.statements[n] = statement
        opened = self.checkpoints.get(1)
        name = opened.origin if opened else notary.keys[0].name if notary.keys else ""
        self.newest = self.checkpoints.get(self.last)
        self._number = {name: 1}
        self._signed: dict[tuple[str, int], Checkpoint] = {}
        self.gaps: defaultdict[bytes, list[tuple[int, Statement]]] = defaultdict(list)
        """Boots of which a declared restore lost something: after which counter, and by whom."""
        for n, statement in self.statements.items():
            self._chain(n, statement, notary.keys)

    def _chain(self, n: int, said: Statement, keys: list[Key]) -> None:
        before = [origin for origin, number in self._number.items() if number == n - 1]
        linked = before in ([], [said.closes]) and said.opens not in (said.closes, *self._number)
        opened = self.checkpoints.get(n)
        if not linked or (opened and opened.origin != said.opens):
            self._say("RESTORE_CHAIN", file=said.file)
        self._number.setdefault(said.closes, n - 1)
        self._number[said.opens] = n
        if any(key.name == said.closes and key.last is None for key in keys):
            self._say("ORIGIN_OPEN", name=said.closes)
        if said.kept >= said.lost:
            self._say("RESTORE_UNTRUE", file=said.file, other=said.file)
        self._say("RESTORED", file=said.file, start=said.kept, end=said.lost - 1)
        for boot, counter in said.gaps:
            self.gaps[boot].append((counter, said))

    def later(self, n: int) -> list[Statement]:
        """Which statements closed origin *n* or came after."""
        return [statement for number, statement in self.statements.items() if number > n]

    def still_binds(self, checkpoint: Checkpoint) -> bool:
        """Whether the tree of today must have this root; if not, it is said why."""
        n = self._number.get(checkpoint.origin)
        file, origin, size, root, *_ = checkpoint
        other = self._signed.setdefault((origin, size), checkpoint)
        if other.root != root:
            self._say("SPLIT_VIEW", file=other.file, other=file, size=size)
        if n is None:
            self._say("ORIGIN_UNKNOWN", file=file, name=origin)
            return False
        opened, closed = self.statements.get(n), self.statements.get(n + 1)
        if opened and size <= opened.kept:
            self._say("ORIGIN_TOO_SMALL", file=file, name=origin, size=size)
        if closed is None or size <= min(said.kept for said in self.later(n)):
            return True
        if size > closed.lost or (size == closed.lost and root != closed.lost_root):
            self._say("RESTORE_UNTRUE", file=closed.file, other=file)
        else:
            self._say("LOST_CHECKPOINT", file=file, size=size)
        return False

    def lost(self, origin: str, at: datetime) -> bool:
        """Whether an entry made at this time under *origin* is declared lost."""
        later = self.later(self._number.get(origin, self.last))
        return any(said.start <= at <= said.until for said in later)

    def judge(self, lines: int, roots: dict[int, bytes]) -> None:
        """Compare what each statement says was kept with what is there."""
        for n, said in self.statements.items():
            later = self.later(n)
            if all(said.kept <= other.kept for other in later):
                if said.kept > lines:
                    self._say("TRUNCATED", file=said.file, size=said.kept, lines=lines)
                elif roots.get(said.kept) != said.kept_root:
                    self._say("REWRITTEN", file=said.file, size=said.kept)
            before, opened = self.checkpoints.get(n - 1), self.statements.get(n - 1)
            kept = min(other.kept for other in (said, *later))
            if (before.size != kept) if before else (kept > (opened.kept if opened else 0)):
                self._say("RESTORE_UNTRUE", file=said.file, other=f"checkpoint-{n - 1}")


# --- Sections 8 and 9: what entries say ---

Entry = tuple[bytes, bytes, int, bytes, bytes, datetime, Sequence[bytes], tuple[bytes, int, int]]
"""Of a body: replica, boot, counter, entry id, kind, at, parents, and what it says of others:
the boot that was lost and its last counter, or (after nothing) the last seq retired and the count.
A plain tuple, since nothing with names is made as fast."""

_NO_OTHERS = (b"", -1, -1)
_LONE = "INTENT|DENIED|DRY_RUN|AUDIT_READ|ADMIN"
_KINDS = f"{_LONE}|OUTCOME|NOT_DELIVERED|RETENTION|BOOT_START|BOOT_END|BOOT_LOST"
_kind = re.compile(_KINDS).fullmatch
_lone = frozenset(_LONE.encode().split(b"|"))
_CLOSERS = {b"OUTCOME": 1, b"NOT_DELIVERED": 2}


def _members_from(letters: str) -> str:
    """Members of a canonical object whose names begin so, if nothing in them is nested twice."""
    plain = rf'"[^"]*+"|{_NUMBER}|true|false'
    pair = rf'"[^"]*+":(?:{plain})'
    nested = rf"\[(?:(?:{plain})(?:,(?:{plain}))*+)?+\]|\{{(?:{pair}(?:,{pair})*+)?+\}}"
    return rf'(?:"{letters}[^"]*+":(?:{plain}|{nested}),)*+'


# Of the kinds that make up a log, a body in canonical form is read up to its last member that
# matters here, and at its end: the JSON decoder takes ten times as long. Names are sorted, so it
# is known how those between two members begin. Whatever does not fit goes to the decoder.
_quick = re.compile(
    rf'\{{"boot_id":"({_UUID7})","counter":({_NUMBER}),"entry":\{{{_members_from("a[a-s]")}'
    rf'"at":"({_TIME})",{_members_from("at[a-z]")}{_members_from("[b-d]")}'
    rf'"entry_id":"({_UUID7})",{_members_from("[f-j]")}"kind":"(?:({_LONE})"(?=,"[l-z]|\}})|'
    rf'(OUTCOME|NOT_DELIVERED)",{_members_from("[l-o]")}'
    rf'"parent":\["({_UUID7}(?:","{_UUID7})*+)"\](?=,"[p-z]|\}}))(?s:.*)'
    r'\},"replica":"([^"]+)","salt":"[A-Za-z0-9+/]{21}[AQgw]==","v":1\}'.encode()
).fullmatch


def _plain_json(raw: bytes) -> bool:
    """Whether nothing in it may be spelt in two ways: no escapes, and no space around names."""
    return raw.isascii() and not any(other in raw for other in b"\\ \t\r")


def read_entries(bodies: list[bytes], *, whole: bool = False) -> list[Entry | None]:
    """Read bodies; None for what is malformed or of another version; *whole*: each to its end."""
    entries: list[Entry | None] = []
    add, quick, instant = entries.append, _quick, datetime.fromisoformat
    plain = _plain_json(b"\n".join(bodies))
    for body in bodies:
        match = quick(body) if not whole and (plain or _plain_json(body)) else None
        if match is None:
            add(decode_entry(body))
            continue
        boot, counter, at, entry_id, lone, closer, parents, replica = match.groups()
        try:
            when = instant(at.decode())
        except ValueError:
            add(None)
            continue
        listed = parents.split(b'","') if closer else ()
        add((replica, boot, int(counter), entry_id, lone or closer, when, listed, _NO_OTHERS))
    return entries


def decode_entry(body: bytes) -> Entry | None:
    """Read any body to its end, with the JSON decoder."""
    whole = _object(body, canonical=True)
    said = _members(whole.get("entry"))
    kind, entry_id = _text(said.get("kind"), _kind), _text(said.get("entry_id"), _uuid7)
    replica, boot = _text(whole.get("replica"), _some), _text(whole.get("boot_id"), _uuid7)
    counter, at = _whole(whole.get("counter")), _instant(said.get("at"))
    listed = said.get("parent", ()) if kind in _CLOSERS else ()
    named = listed if listed == () or (isinstance(listed, list) and listed) else [None]
    parents = [_text(each, _uuid7) for each in named]
    lost = _members(said.get("lost") if kind == b"BOOT_LOST" else None)
    retired = _members(said.get("retired") if kind == b"RETENTION" else None)
    others = (
        _text(lost.get("boot_id"), _uuid7),
        _whole(lost.get("last_counter") if lost else retired.get("last_seq")),
        _whole(retired.get("count")),
    )
    right = _whole(whole.get("v")) == 1 and _text(whole.get("salt"), _salt) and counter >= 0
    right = right and all((kind, entry_id, replica, boot, *parents))
    right = right and (kind != b"BOOT_LOST" or (others[0] and others[1] >= 0))
    if not right or at is None or (kind == b"RETENTION" and min(others[1:]) < 0):
        return None
    return replica, boot, counter, entry_id, kind, at, parents or (), others


Facts = tuple[int, int, int, datetime, int]
"""Of an intent: seq, index of its boot, counter, at, and which kinds have closed it."""
_NO_INTENT: Facts = (0, 2**32 - 1, 0, _NEVER, 255)
_RECORD = struct.Struct("<36sQIQdB")
_SIZE = _RECORD.size
_NOTHING = _RECORD.pack(b"", 0, 2**32 - 1, 0, 0, 255)[36:]
_HELD = 10_000


class Ids:
    """Every entry id of the tree, so that none comes twice and parents are found.

    Ids are nearly in the order of time: the largest are held, the others lie in a temporary file,
    in sorted runs of records. An id that comes late is looked up in the runs around it.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._runs: list[tuple[bytes, bytes, int]] = []
        self.past = b""  # the largest that is held no more
        self.held: dict[bytes, Facts] = {}

    def find(self, entry_id: bytes) -> Facts | None:
        """Find the facts of what has this id and is held no more."""
        place = self._place(entry_id) if entry_id <= self.past else -1
        return _facts(self._read(place)) if place >= 0 else None

    def change(self, entry_id: bytes, facts: Facts) -> None:
        """Replace the facts of what was found so."""
        self._file.seek(self._place(entry_id) * _SIZE)
        self._file.write(_record(entry_id, facts))

    def put_away(self) -> None:
        """Hold only the largest."""
        while len(self.held) >= 2 * _HELD:
            old = sorted(self.held)[:_HELD]
            start = self._file.seek(0, io.SEEK_END) // _SIZE
            self._file.write(b"".join([_record(each, self.held.pop(each)) for each in old]))
            self._runs.append((old[0], old[-1], start))
            self.past = max(self.past, old[-1])

    def open_intents(self) -> Iterator[Facts]:
        """Give the intents that nothing closed."""
        self._file.seek(0)
        while some := self._file.read(_SIZE * 1000):
            if 0 in some[_SIZE - 1 :: _SIZE]:
                records = (some[n : n + _SIZE] for n in range(0, len(some), _SIZE))
                yield from (_facts(each) for each in records if not each[-1])
        yield from (facts for facts in self.held.values() if not facts[-1])

    def _place(self, entry_id: bytes) -> int:
        for first, last, start in self._runs:
            if first <= entry_id <= last:
                run = range(start, start + _HELD)
                place = start + bisect_left(run, entry_id, key=lambda n: self._read(n)[:36])
                if self._read(place)[:36] == entry_id:
                    return place
        return -1

    def _read(self, place: int) -> bytes:
        self._file.seek(place * _SIZE)
        return self._file.read(_SIZE)


def _record(entry_id: bytes, facts: Facts) -> bytes:
    if facts is _NO_INTENT:
        return entry_id + _NOTHING
    seq, boot, counter, at, closed = facts
    return _RECORD.pack(entry_id, seq, boot, counter, 0 if closed else at.timestamp(), closed)


def _facts(record: bytes) -> Facts:
    _, seq, boot, counter, at, closed = _RECORD.unpack(record)
    return seq, boot, counter, datetime.fromtimestamp(min(at, _YEAR_10000 - 1), UTC), closed


@dataclass(slots=True)
class Boot:
    """One run of a process: how far it has come, and whether it has ended."""

    replica: bytes
    boot_id: bytes
    index: int
    first: int = -1  # of the counters that are there
    last: int = -1
    blanks: int = 0  # lines that say nothing, before its last entry
    ended: bool = False
    lost: bool = False


class Story:
    """Reads the entries in their order: boots, counters, intents and outcomes."""

    def __init__(self, history: History, file: BinaryIO, report: Report, *, whole: bool) -> None:
        self._say, self._whole = report.say, whole
        self._ids, self._gaps = Ids(file), dict(history.gaps)
        self._boots: dict[tuple[bytes, bytes], Boot] = {}
        self._newest_boot: dict[bytes, Boot] = {}
        self._boot = Boot(b"", b"", -1)  # that of the entry before
        self.newest = self.due = _NEVER
        self._late = self._blanks = self._retired = self._declared = 0
        """Late entries; lines that say nothing, retired ones of these, and how many may be."""
        self._last_blank = self._last_retired = self._covered = -1
        self._excused: Counter[str] = Counter()
        """What is missing: counters (COUNTERS), or else by the name of what excuses it."""

    def tell(self, lines: list[bytes], first: int) -> None:
        """Take the next lines, the first of which has this place in the tree."""
        boot, ids, newest, due = self._boot, self._ids, self.newest, self.due
        held, past = ids.held, ids.past
        for seq, entry in enumerate(read_entries(lines, whole=self._whole), first):
            if entry is None:
                self._unread(lines[seq - first], seq)
                continue
            replica, boot_id, counter, entry_id, kind, at, _, _ = entry
            if boot_id != boot.boot_id or replica != boot.replica:
                boot = self._boots.get((replica, boot_id)) or self._new_boot(*entry[:3])
            if counter != boot.last + 1 or boot.ended or not counter or kind == b"BOOT_START":
                self._check_place(boot, counter, kind, seq)
            else:
                boot.last, boot.blanks = counter, self._blanks
            if at > newest:  # noqa: PLR1730 - twice as fast as max()
                newest = at
            if at < due:
                self._late += 1
            facts = _NO_INTENT
            if kind == b"INTENT":
                facts = (seq, boot.index, counter, at, 0)
            elif kind not in _lone:
                self._more(boot, entry, seq)
            if entry_id in held or (entry_id <= past and ids.find(entry_id)):
                self._say("ENTRY_TWICE", seq=seq)
            else:
                held[entry_id] = facts
        ids.put_away()
        self._boot, self.newest = boot, newest

    def _unread(self, line: bytes, seq: int) -> None:
        """Pass a line that says nothing; what is missing around it may have been there."""
        if _hash_line(line):
            self._retired, self._last_retired = self._retired + 1, seq
        elif _whole(_object(line, canonical=True).get("v")) in (-1, 1):
            self._say("MALFORMED", seq=seq)
            return
        self._blanks, self._last_blank = self._blanks + 1, seq

    def _new_boot(self, replica: bytes, boot_id: bytes, first: int) -> Boot:
        boot = Boot(replica, boot_id, len(self._boots), first)
        self._boots[replica, boot_id] = self._newest_boot[replica] = boot
        return boot

    def _check_place(self, boot: Boot, counter: int, kind: bytes, seq: int) -> None:
        last, boot_id = boot.last, boot.boot_id
        if counter <= last:
            self._say("COUNTER_BACK", seq=seq, boot=boot_id, counter=counter, last=last)
        elif self._unexplained(boot, counter):
            self._say("COUNTER_GAP", seq=seq, boot=boot_id, missing=counter - last - 1, last=last)
        if (counter == 0) != (kind == b"BOOT_START"):
            self._say("BOOT_START", seq=seq, boot=boot_id)
        if boot.ended:
            self._say("AFTER_END", seq=seq, boot=boot_id)
        boot.last, boot.blanks = max(counter, last), self._blanks

    def _unexplained(self, boot: Boot, counter: int) -> bool:
        """Whether what is missing between the boot's last counter and this one has no excuse."""
        named = [after + 1 for after, _ in self._gaps.get(boot.boot_id, ())]
        lost = min((n for n in named if boot.last < n < counter), default=counter)
        missing = lost - boot.last - 1  # up to the counter that the gap line names, if there is one
        if missing > self._blanks - boot.blanks:
            return True
        self._excused["COUNTERS"] += missing
        self._excused["LOST_ENTRIES"] += counter - lost
        return False

    def _more(self, boot: Boot, entry: Entry, seq: int) -> None:
        _, _, _, _, kind, _, parents, (lost, last, count) = entry
        for parent in parents:
            self._close(parent, boot, entry, seq)
        if kind == b"BOOT_END":
            boot.ended = True
        elif kind == b"BOOT_LOST":
            self._boot_lost(boot, lost, last, seq)
        elif kind == b"RETENTION":
            self._declared += count
            self._covered = max(self._covered, min(last, seq - 1))

    def _boot_lost(self, by: Boot, boot_id: bytes, last: int, seq: int) -> None:
        boot = Boot(by.replica, boot_id, len(self._boots))
        boot = self._boots.setdefault((by.replica, boot_id), boot)
        no_older = boot is by or (boot.first == 0 and boot.index > by.index)
        untrue = no_older or (boot.ended and not boot.lost) or boot.last > last
        if untrue or self._unexplained(boot, last + 1):
            self._say("BOOT_LOST_UNTRUE", seq=seq, boot=boot_id, last=last)
        boot.last = max(boot.last, last)
        boot.ended = boot.lost = True

    def _close(self, parent: bytes, boot: Boot, entry: Entry, seq: int) -> None:
        _, _, counter, _, kind, at, _, _ = entry
        held = self._ids.held
        facts = held.get(parent) or self._ids.find(parent)
        if facts is None:
            self._no_parent(boot, at, seq)
            return
        seq_of, index, counter_of, at_of, closed = facts
        bit = _CLOSERS[kind]
        facts = (seq_of, index, counter_of, at_of, closed | bit)
        if index != boot.index or counter_of >= counter:
            self._say("PARENT_WRONG", seq=seq)
        elif closed & bit:
            self._say("CLOSED_TWICE", seq=seq)
        elif parent in held:
            held[parent] = facts
        else:
            self._ids.change(parent, facts)

    def _no_parent(self, boot: Boot, at: datetime, seq: int) -> None:
        if any(at >= said.start for _, said in self._gaps.get(boot.boot_id, ())):
            self._excused["LOST_ENTRIES"] += 1
        elif self._blanks:
            self._excused["RETIRED_NEIGHBOURS"] += 1
        else:
            self._say("PARENT_UNKNOWN", seq=seq)

    def end(self) -> None:
        """Say what the last entry leaves open."""
        by_index = list(self._boots.values())
        for boot in (each for each in by_index if not each.ended):
            self._end_of_boot(boot)
        for seq, index, _, at, _ in self._ids.open_intents():
            name = self._name_of_open(by_index[index], seq, at)
            if name == "INTENT_OPEN":
                self._say(name, seq=seq)
            else:
                self._excused[name] += 1
        self._end_of_retired()
        counters = self._excused.pop("COUNTERS", 0)
        if counters > self._blanks:
            self._say("GAPS_OVERDRAWN", missing=counters, blanks=self._blanks)
        self._excused["RETIRED_NEIGHBOURS"] += counters
        self._excused["LATE"] = self._late
        for name, count in (+self._excused).items():
            self._say(name, count=count)

    def _end_of_boot(self, boot: Boot) -> None:
        ends = [after for after, _ in self._gaps.get(boot.boot_id, ()) if after >= boot.last]
        if boot is self._newest_boot[boot.replica]:
            self._say("STILL_RUNNING", boot=boot.boot_id, last=boot.last)
        elif not ends or self._unexplained(boot, min(ends) + 2):
            if boot.blanks < self._blanks:
                self._excused["RETIRED_NEIGHBOURS"] += 1
            else:
                self._say("BOOT_UNENDED", boot=boot.boot_id, last=boot.last)

    def _name_of_open(self, boot: Boot, seq: int, at: datetime) -> str:
        if boot.lost:
            return "CUT_OFF"
        if not boot.ended and boot is self._newest_boot[boot.replica] and self.newest - at < _MMD:
            return "PENDING"
        if any(said.start <= at <= said.until for _, said in self._gaps.get(boot.boot_id, ())):
            return "LOST_ENTRIES"
        return "RETIRED_NEIGHBOURS" if seq < self._last_blank else "INTENT_OPEN"

    def _end_of_retired(self) -> None:
        if self._last_retired > self._covered:
            self._say("RETIRED_UNDECLARED", seq=self._last_retired)
        elif self._retired > self._declared:
            self._say("RETIRED_TOO_MANY", count=self._retired, declared=self._declared)
        elif self._retired:
            self._say("RETIRED", count=self._retired)
        if other := self._blanks - self._retired:
            self._say("OTHER_VERSION", count=other)


# --- Section 11: receipts ---


class Receipt(NamedTuple):
    """A rightly signed promise that a leaf is in the tree."""

    file: str
    line: int
    at: datetime
    due: datetime
    said: dict[str, object]


class Receipts:
    """The receipts that were given, waiting for their leaves."""

    def __init__(self, report: Report) -> None:
        self._report, self._say = report, report.say
        self._keys: dict[str, bytes] = {}
        self._right = 0
        self._met: set[bytes] = set()
        self.wanted: dict[bytes, list[Receipt]] = {}

    def read_keys(self, path: Path) -> None:
        """Take the Ed25519 keys of a list, each under the thumbprint that it really has."""
        listed = _object(_small_file(path, self._report) or b"").get("keys")
        if not isinstance(listed, list):
            self._say("JWKS_FORM", file=path.name)
            return
        for key in map(_members, listed):
            x, kind = str(key.get("x")), (key.get("kty"), key.get("crv"))
            if kind == ("OKP", "Ed25519") and len(public := _unbase64url(x)) == 32:  # noqa: PLR2004 - bytes of the key
                thumb = _sha256(f'{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}'.encode()).digest()
                self._keys[base64.urlsafe_b64encode(thumb).decode().rstrip("=")] = public

    def read(self, path: Path) -> int:
        """Take a file of receipts, one a line; how many there are."""
        number = 0
        with path.open("rb") as file:
            for number, line in enumerate(iter(partial(file.readline, _LONGEST), b""), 1):
                jws = line[:-1] if line.endswith(b"\n") else b""  # refused, not repaired
                self.take(jws.decode(errors="replace"), path.name, number)
        return number

    def take(self, jws: str, file: str, line: int) -> None:
        """Take a receipt that is in its form and rightly signed."""
        header, said, signature = (_unbase64url(part) for part in f"{jws}...".split(".")[:3])
        named, signed = _object(header), jws.rpartition(".")[0].encode()
        known = signature and named.get("alg") in ("Ed25519", "EdDSA") and "crit" not in named
        if not known or named.get("typ") != "lienthong-receipt+jwt" or jws.count(".") != 2:  # noqa: PLR2004 - between parts of a JWS
            self._say("RECEIPT_FORM", file=file, line=line)
        elif (public := self._keys.get(str(named.get("kid")))) is None:
            self._say("RECEIPT_KEY", file=file, line=line)
        elif not _rightly_signed(public, signature, signed):
            self._say("RECEIPT_FORGED", file=file, line=line)
        else:
            self._want(_object(said), file, line)

    def _want(self, said: dict[str, object], file: str, line: int) -> None:
        leaf, at, mmd = str(said.get("leaf")), _instant(said.get("at")), _whole(said.get("mmd"))
        named = _uuid7(str(said.get("entry"))) and _hash_line(b"#" + leaf.encode(errors="replace"))
        if at is None or not named or not 0 <= mmd <= 86400 or at.year > 9000:  # noqa: PLR2004 - a day at most
            self._say("RECEIPT_FORM", file=file, line=line)
        else:
            receipt = Receipt(file, line, at, at + timedelta(seconds=mmd), said)
            self.wanted.setdefault(bytes.fromhex(leaf), []).append(receipt)

    def meet(self, leaf: bytes, line: bytes, seq: int) -> None:
        """Take a leaf that somebody holds a receipt for, with its body or what is left of it."""
        self._met.add(leaf)
        whole = _object(line, canonical=True)
        promise = _promise(entry := _members(whole.get("entry")))
        unread = _hash_line(line) or _whole(whole.get("v")) not in (-1, 1)
        for receipt in self.wanted[leaf]:
            same = all(receipt.said.get(name, value) == value for name, value in promise.items())
            if unread or (same and _instant(entry.get("at")) == receipt.at):
                self._right += 1
            else:
                self._say("RECEIPT_DIFFERS", file=receipt.file, line=receipt.line, seq=seq)

    def end(self, history: History, newest: datetime) -> None:
        """Judge those whose leaf did not come."""
        for leaf in self.wanted.keys() - self._met:
            for file, line, at, due, said in self.wanted[leaf]:
                name = "RECEIPT_NOT_DUE" if due > newest else "ENTRY_MISSING"
                if history.lost(str(said.get("origin")), at):
                    name = "LOST_RECEIPT"
                self._say(name, file=file, line=line, entry=said["entry"])
        if self._right:
            self._say("RECEIPTS_RIGHT", count=self._right)


def _promise(entry: dict[str, object]) -> dict[str, object]:
    """Give what a receipt of this entry says of it, where it says it at all."""
    grant = {"id": entry.get("grant_id"), "version": entry.get("grant_version")}
    procedure = {"code": entry.get("procedure"), "version": entry.get("procedure_version")}
    listed = entry.get("sources")
    return {
        "entry": entry.get("entry_id"),
        "grant": {name: value for name, value in grant.items() if value is not None},
        "procedure": {name: value for name, value in procedure.items() if value is not None},
        "sources": [
            {"registry": of.get("registry"), "state": of.get("state")}
            | {"cached": of.get("from_cache", False)}
            for of in map(_members, listed if isinstance(listed, list) else [])
        ],
        "answer_hmac": entry.get("answer_hmac"),
    }


# --- The order of the work ---

_LONGEST = 1 << 20  # of one body, in bytes
_AT_ONCE = 1 << 18  # of lines that are read and checked together, in bytes


def _blocks(
    file: BinaryIO, ends: Iterable[int], report: Report, progress: Callable[[int, int], None]
) -> Iterator[list[bytes]]:
    """Give the lines of `entries` without their ends, some at a time, and up to each of *ends*."""
    lines: list[bytes] = []
    stops, size = set(ends), 0
    for number, line in enumerate(iter(partial(file.readline, _LONGEST + 1), b""), 1):
        if line[-1:] != b"\n":
            report.say("LINE_UNENDED", seq=number - 1)
            break
        lines.append(line[:-1])
        size += len(line)
        if size >= _AT_ONCE or number in stops:
            yield lines
            progress(file.tell(), number)
            lines, size = [], 0
    yield lines


def _read_entries(
    blocks: Iterable[list[bytes]], story: Story, receipts: Receipts, sizes: dict[int, datetime]
) -> tuple[int, dict[int, bytes]]:
    """Give the number of leaves, and roots; before each of *sizes* stands what is older than it."""
    tree = Tree()
    roots = {0: tree.root()}
    for lines in blocks:
        story.tell(lines, tree.size)
        leaves = leaf_hashes(lines)
        for seq, leaf in enumerate(leaves, tree.size):
            if leaf in receipts.wanted:
                receipts.meet(leaf, lines[seq - tree.size], seq)
        tree.add(leaves)
        if tree.size in sizes:
            roots[tree.size] = tree.root()
            story.due = max(story.due, sizes[tree.size])
    roots[tree.size] = tree.root()
    return tree.size, roots


def verify(
    folder: Path,
    *,
    kept: Iterable[Path] = (),
    receipts: Path | None = None,
    vkeys: Path | None = None,
    jwks: Path | None = None,
    every_body: bool = False,
    read_whole: int = _READ_WHOLE,
    progress: Callable[[int, int], None] = lambda _bytes, _entries: None,
) -> Report:
    """Check the export in *folder* against what was *kept* elsewhere.

    Bodies are read to their ends where *every_body* is wanted, or where they have no more than
    *read_whole* bytes. *progress* is told how many bytes and lines of `entries` have been read.
    """
    report = Report()
    notary = Notary(folder, vkeys, report)
    history = History(folder, notary, report)
    found = [(path, raw) for path in kept if (raw := _small_file(path, report)) is not None]
    given = [c for path, raw in found if (c := notary.checkpoint(raw, str(path)[-60:]))]
    if not given:
        report.say("NO_KEPT")
    binding = [c for c in (*history.checkpoints.values(), *given) if history.still_binds(c)]
    promises = _receipts(folder, receipts, jwks, report)
    sizes = dict.fromkeys((said.kept for said in history.statements.values()), _NEVER)
    sizes |= {each.size: each.at - _MMD if each.at else _NEVER for each in binding}
    entries = folder / "entries"
    if not entries.is_file():
        report.say("FILE_MISSING", file=entries.name)
        return report
    if not (whole := every_body or entries.stat().st_size <= read_whole):
        report.say("NO_EVERY_BODY")
    with entries.open("rb", buffering=1 << 16) as file, tempfile.TemporaryFile() as old:
        story = Story(history, old, report, whole=whole)
        blocks = _blocks(file, sizes, report, progress)
        lines, roots = _read_entries(blocks, story, promises, sizes)
        story.end()
    newest = history.newest
    _judge(binding, newest, roots, report)
    history.judge(lines, roots)
    at = newest.at if newest else None
    promises.end(history, at or story.newest)
    if newest and not at:
        report.say("NO_TIME", file=newest.file)
    root, origin = base64.b64encode(roots[lines]).decode(), newest.origin if newest else "-"
    report.say("LOG", entries=lines, root=root, origin=origin, at=at or "-")
    return report


def _receipts(folder: Path, given: Path | None, jwks: Path | None, report: Report) -> Receipts:
    """Read what receipts there are, in the export and outside."""
    receipts = Receipts(report)
    for path in (folder / "jwks.json", jwks):
        if path is not None and path.is_file():
            receipts.read_keys(path)
    if (folder / "receipts").is_file():
        receipts.read(folder / "receipts")
    if given is None or not receipts.read(given):
        report.say("NO_RECEIPTS")
    return receipts


def _judge(
    binding: list[Checkpoint], newest: Checkpoint | None, roots: dict[int, bytes], report: Report
) -> None:
    """Compare the checkpoints with the roots of the same sizes, the largest that of all lines."""
    lines = max(roots)
    right = [checkpoint for checkpoint in binding if roots.get(checkpoint.size) == checkpoint.root]
    for checkpoint in binding:
        file, _, size, *_ = checkpoint
        if checkpoint is newest and (lines != size or checkpoint not in right):
            after = max((c.size for c in right if c.size < size), default=0)
            facts = {"lines": lines, "size": size, "after": after}
            report.say(_name_of_change(lines, size, report), file=file, **facts)
        elif checkpoint in right:
            report.say("KEPT_RIGHT", file=file, size=size)
        elif size <= lines:
            report.say("REWRITTEN", file=file, size=size)
        elif newest is None or newest.size < size:
            report.say("TRUNCATED", file=file, size=size, lines=lines)
    for checkpoint in (checkpoint for checkpoint in right if checkpoint.witness):
        report.say("WITNESSED", file=checkpoint.file, name=checkpoint.witness, size=checkpoint.size)
    if not report.counts["WITNESSED"]:
        report.say("NO_WITNESS")


def _name_of_change(lines: int, size: int, report: Report) -> str:
    """Tell what was done from what else was found: a root alone says only that it differs."""
    if lines > size:
        return "INSERTED"
    if lines == size:
        return "REORDERED" if report.counts["COUNTER_BACK"] else "CHANGED"
    within = ("COUNTER_GAP", "PARENT_UNKNOWN", "BOOT_START", "BOOT_UNENDED")
    return "REMOVED" if any(report.counts[name] for name in within) else "TRUNCATED"


# --- The command line ---

# Closed, and so at their ends, inside *main*: what Python flushes later fails with another code.
_stream = partial(open, mode="w", encoding="utf-8", errors="replace", closefd=False)


def _bar(total: int) -> Callable[[int, int], None]:
    """Draw on a terminal how much has been read."""

    def draw(done: int, lines: int) -> None:
        sys.stderr.write(f"\r[{'#' * (done * 40 // total):40}] {done * 100 // total:3} % {lines:,}")

    return draw if sys.stderr.isatty() and total else lambda _bytes, _entries: None


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="verify.py",
        description="Kiểm tra bản xuất nhật ký truy cập. / Check an export of the access log.",
        epilog="0: đúng / right; 1: sai / wrong; 2: gọi sai / misuse; 3: chưa đủ / incomplete",
    )
    add = parser.add_argument
    add("folder", type=Path, help="thư mục bản xuất / the export")
    add("--every-body", action="store_true", help="đọc hết từng mục, chậm / read all of each body")
    add("--kept", type=Path, nargs="+", action="extend", default=[], metavar="CHECKPOINT",
        help="điểm kiểm tra đã giữ / checkpoints kept before")  # fmt: skip
    add("--receipts", type=Path, metavar="FILE", help="biên nhận, mỗi dòng một / one a line")
    add("--vkeys", type=Path, metavar="FILE", help="danh sách khóa riêng / your own list of keys")
    add("--jwks", type=Path, metavar="FILE", help="khóa của biên nhận / keys of receipts")
    given = parser.parse_args(argv)
    if not given.folder.is_dir():
        parser.error(f"không phải thư mục / not a folder: {given.folder}")
    for path in (*given.kept, given.receipts, given.vkeys, given.jwks):
        if path is not None and not path.is_file():
            parser.error(f"không có tệp / no such file: {path}")
    return given


def main(argv: list[str] | None = None) -> int:
    """Check, tell, and give the exit code; 2 where something can be neither read nor told."""
    with suppress(OSError), _stream(2) as err, redirect_stderr(err):
        try:
            with _stream(1) as out, redirect_stdout(out):
                given = vars(_arguments(argv))
                entries = given["folder"] / "entries"
                given["progress"] = _bar(entries.stat().st_size if entries.is_file() else 0)
                report = verify(**given)
                if err.isatty():
                    err.write("\r\x1b[K")
                out.write("\n".join(report.lines()) + "\n")
                return report.code
        except (OSError, UnicodeError) as failure:
            err.write(f"không đọc hay ghi được / cannot read or write: {type(failure).__name__}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())
