"""The Merkle tree of RFC 6962 §2.1: roots and proofs, out of hashes and nothing else.

Two shapes carry everything:

    Span   leaves *begin* to *end* - 1, whose root a proof names; perfect or ragged at the right
    Tile   256 neighbours of one level, as they are stored and served (c2sp.org/tlog-tiles)

A perfect subtree of 2**height leaves lies in one tile, so a proof needs a few tiles however large
the tree is. The rules for readers are in docs/proofs.md.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

HASH_BYTES = 32
TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
EMPTY_ROOT = hashlib.sha256(b"").digest()


class Span(NamedTuple):
    """Leaves *begin* to *end* - 1 of a tree; *begin* is where such a subtree may begin."""

    begin: int
    end: int


class Tile(NamedTuple):
    """The place of a tile: its *number* among those of its *level*."""

    level: int
    number: int


class _Perfect(NamedTuple):
    """The subtree of 2**height leaves at *number* among those of its height."""

    height: int
    number: int


def leaf_hash(body: bytes) -> bytes:
    """Hash a leaf; the prefix keeps anybody from passing a node off as one."""
    return hashlib.sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two neighbours."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def inclusion_path(index: int, size: int) -> list[Span]:
    """Name the subtrees beside the way from the leaf *index* up to the root of *size* leaves."""
    if not 0 <= index < size:
        message = "the leaf is not in a tree of that size"
        raise ValueError(message)
    begin, end, downwards = 0, size, []
    while end - begin > 1:
        middle = begin + _left_size(end - begin)
        if index < middle:
            downwards.append(Span(middle, end))
            end = middle
        else:
            downwards.append(Span(begin, middle))
            begin = middle
    return downwards[::-1]


def consistency_path(old: int, new: int) -> list[Span]:
    """Name the subtrees that show: the first *old* of *new* leaves are those they were."""
    if not 0 < old <= new:
        message = "the older tree is empty or larger than the newer one"
        raise ValueError(message)
    begin, end, downwards = 0, new, []
    while end != old:
        middle = begin + _left_size(end - begin)
        if old <= middle:
            downwards.append(Span(middle, end))
            end = middle
        else:
            downwards.append(Span(begin, middle))
            begin = middle
    if begin:
        downwards.append(Span(begin, end))
    return downwards[::-1]


def tiles_for(spans: Iterable[Span]) -> set[Tile]:
    """Name the tiles that hold what the roots of *spans* are made of."""
    return {_place(each)[0] for span in spans for each in _perfects(span)}


def root_of(span: Span, tiles: Mapping[Tile, bytes]) -> bytes:
    """Make the root of *span* out of *tiles*; KeyError names one that is missing."""
    if span.begin == span.end:
        return EMPTY_ROOT
    return _fold([_perfect_root(each, tiles) for each in _perfects(span)])


class Edge:
    """The right edge of a growing tree: the unfinished tile of each level.

    It is all that appending needs to know of the leaves before, and gives the tiles to store.
    KeyError names a tile that is missing at the start.
    """

    def __init__(self, size: int, tiles: Mapping[Tile, bytes]) -> None:
        self.size = size
        self._levels: list[list[bytes]] = []
        self._grown: dict[Tile, bytes] = {}
        for tile in edge_tiles(size):
            width = (size >> (TILE_HEIGHT * tile.level)) % TILE_WIDTH
            self._level(tile.level).extend(_cut(tiles, tile, 0, width))

    def append(self, leaf: bytes) -> None:
        """Add the hash of the next leaf."""
        self.size += 1
        level, grown = 0, leaf
        while True:
            hashes = self._level(level)
            hashes.append(grown)
            if len(hashes) < TILE_WIDTH:
                return
            number = (self.size >> (TILE_HEIGHT * (level + 1))) - 1
            self._grown[Tile(level, number)] = b"".join(hashes)
            grown = _perfect(hashes)
            hashes.clear()
            level += 1

    def root(self) -> bytes:
        """Give the root of all leaves so far."""
        perfect: list[bytes] = []
        for hashes in reversed(self._levels):
            begin = 0
            for height in reversed(range(TILE_HEIGHT)):
                if len(hashes) & (1 << height):
                    perfect.append(_perfect(hashes[begin : begin + (1 << height)]))
                    begin += 1 << height
        return _fold(perfect) if perfect else EMPTY_ROOT

    def take_tiles(self) -> dict[Tile, bytes]:
        """Give the tiles that grew since the last time, the unfinished ones too."""
        grown, self._grown = self._grown, {}
        for tile in edge_tiles(self.size):
            grown[tile] = b"".join(self._levels[tile.level])
        return grown

    def _level(self, level: int) -> list[bytes]:
        while len(self._levels) <= level:
            self._levels.append([])
        return self._levels[level]


def edge_tiles(size: int) -> list[Tile]:
    """Name the unfinished tiles of a tree of *size* leaves, lowest level first."""
    tiles, level, wide = [], 0, size
    while wide:
        if wide % TILE_WIDTH:
            tiles.append(Tile(level, wide // TILE_WIDTH))
        level, wide = level + 1, wide // TILE_WIDTH
    return tiles


def _left_size(size: int) -> int:
    """Give the largest power of two below *size*."""
    return int(1 << ((size - 1).bit_length() - 1))


def _perfects(span: Span) -> Iterator[_Perfect]:
    """Divide *span* into perfect subtrees, from left to right."""
    begin, left = span.begin, span.end - span.begin
    while left:
        height = left.bit_length() - 1
        yield _Perfect(height, begin >> height)
        begin += 1 << height
        left -= 1 << height


def _place(subtree: _Perfect) -> tuple[Tile, int, int]:
    """Say in which tile *subtree* lies, from which hash on, and how many hashes wide."""
    level, height = divmod(subtree.height, TILE_HEIGHT)
    first = subtree.number << height
    return Tile(level, first // TILE_WIDTH), first % TILE_WIDTH, 1 << height


def _perfect_root(subtree: _Perfect, tiles: Mapping[Tile, bytes]) -> bytes:
    tile, first, width = _place(subtree)
    return _perfect(_cut(tiles, tile, first, width))


def _cut(tiles: Mapping[Tile, bytes], tile: Tile, first: int, width: int) -> list[bytes]:
    """Take *width* hashes out of a tile; one that is not that wide is as good as missing."""
    hashes = tiles[tile]
    if len(hashes) < (first + width) * HASH_BYTES:
        raise KeyError(tile)
    return [hashes[at * HASH_BYTES : (at + 1) * HASH_BYTES] for at in range(first, first + width)]


def _perfect(hashes: Sequence[bytes]) -> bytes:
    """Give the root over as many *hashes* as a power of two."""
    while len(hashes) > 1:
        hashes = [node_hash(*hashes[at : at + 2]) for at in range(0, len(hashes), 2)]
    return hashes[0]


def _fold(perfect: Sequence[bytes]) -> bytes:
    """Join the roots of ever smaller perfect subtrees, from the right."""
    root = perfect[-1]
    for left in reversed(perfect[:-1]):
        root = node_hash(left, root)
    return root
