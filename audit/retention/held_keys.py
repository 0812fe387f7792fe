"""The keys of entries on hold whose months are burnt: a file, one entry and its key a line.

Each opens the detail of its one entry (audit/detail.py) and nothing else.
"""

from collections.abc import Mapping
from pathlib import Path

from audit.key_files import KeyUnusableError, burn_file, check_owner_only, create_file


def held_keys_in(keys_dir: Path) -> Path:
    """Name the file, in the folder of the installation's keys."""
    return keys_dir / "held-keys"


def read_held_keys(path: Path) -> dict[str, bytes]:
    """Give the key of each entry in *path*; without a file nothing was ever held that long."""
    if not path.exists():
        return {}
    check_owner_only(path)
    keys = {}
    for line in path.read_bytes().splitlines():
        entry_id, _, key = line.partition(b" ")
        try:
            keys[entry_id.decode("ascii")] = bytes.fromhex(key.decode("ascii"))
        except ValueError:
            break
    else:
        return keys
    # Outside of the handler: the library's message repeats what it found.
    message = f"{path} does not hold entries and their keys"
    raise KeyUnusableError(message)


def write_held_keys(path: Path, keys: Mapping[str, bytes]) -> None:
    """Let *path* hold exactly these *keys*, on the disk; what stood there is overwritten."""
    if not path.exists() and not keys:
        return
    content = "".join(f"{entry_id} {keys[entry_id].hex()}\n" for entry_id in sorted(keys))
    if path.exists():
        burn_file(path, content.encode("ascii"))
    else:
        create_file(path, content.encode("ascii"))
