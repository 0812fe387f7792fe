"""`--input FILE`: subjects, claims and purpose as JSON, which must not stand in arguments."""

import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec

from gateway.cli.ends import Wrong

STDIN = Path("-")
FORM = (
    'Tệp --input phải là JSON dạng {"subjects": [{"role": …, "is": {"person": …}}], "claims": '
    '[{"role": …, "key": …, "value": …}], "purpose": {…}}; chỉ `subjects` là bắt buộc. Xem mẫu: '
    "lienthong people an --json."
)


class Inputs(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the file says, in the schema's own form; *purpose* is laid over the usual one."""

    subjects: list[Mapping[str, object]]
    claims: list[Mapping[str, object]] = []
    purpose: dict[str, object] = {}

    def __repr__(self) -> str:
        return "Inputs(…)"


def read_input(file: Path) -> Inputs | Wrong:
    """Read *file*, or standard input for `-`; nothing of its content is repeated."""
    try:
        content = sys.stdin.buffer.read() if file == STDIN else file.read_bytes()
    except OSError:
        return Wrong(sentence="Không đọc được tệp --input. Hãy kiểm tra đường dẫn và quyền đọc.")
    try:
        return msgspec.json.decode(content, type=Inputs)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Wrong(sentence=FORM)
