"""The sandbox's directory: which databases lie in it, and when they are laid anew."""

import hashlib
from pathlib import Path

from sandbox.database import REGISTRIES_FILE, fill, land_file
from sandbox.generator import generate
from sandbox.world import World, load_world

PROGRAM = Path(__file__).parent
FINGERPRINT_FILE = "world.fingerprint"


def lay(directory: Path, people: int, seed: int) -> World:
    """Return the named world, and have it in *directory* with *people* invented ones besides.

    Databases of the very same world are kept as they are: the second start is the quick one.
    """
    directory.mkdir(parents=True, exist_ok=True)
    world = load_world()
    mark = directory / FINGERPRINT_FILE
    fingerprint = _fingerprint(people, seed)
    files = [REGISTRIES_FILE, *(land_file(province) for province in world.land_provinces)]
    laid = mark.exists() and mark.read_text() == fingerprint
    if not laid or not all((directory / file).exists() for file in files):
        mark.unlink(missing_ok=True)
        fill(directory, generate(world, people, seed))
        # Last, so that a laying that was broken off is done again.
        mark.write_text(fingerprint)
    return world


def _fingerprint(people: int, seed: int) -> str:
    """Digest everything that the databases are made from: the script, the tables, the program."""
    digest = hashlib.sha256(f"{people} {seed}".encode())
    for file in sorted(it for it in PROGRAM.iterdir() if it.suffix in {".py", ".toml", ".csv"}):
        digest.update(file.read_bytes())
    return digest.hexdigest()
