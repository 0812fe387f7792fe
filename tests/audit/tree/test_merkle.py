"""The tree out of tiles is the tree of RFC 6962, at every size and for every proof."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.tree.merkle import (
    EMPTY_ROOT,
    Edge,
    Span,
    Tile,
    consistency_path,
    edge_tiles,
    inclusion_path,
    leaf_hash,
    root_of,
    tiles_for,
)
from tests.audit.tree import slow_merkle

LEAVES = [leaf_hash(str(number).encode()) for number in range(2_000)]
MANY = 70_000
SIZES = st.integers(1, len(LEAVES))

# The leaves and roots that the authors of Certificate Transparency test their logs with.
CT_LEAVES = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]  # fmt: skip
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def grown(leaves: list[bytes]) -> tuple[Edge, dict[Tile, bytes]]:
    edge = Edge(0, {})
    for leaf in leaves:
        edge.append(leaf)
    return edge, edge.take_tiles()


def test_roots_are_those_of_certificate_transparency() -> None:
    edge = Edge(0, {})
    roots = []
    for leaf in CT_LEAVES:
        edge.append(leaf_hash(bytes.fromhex(leaf)))
        roots.append(edge.root().hex())
    assert CT_ROOTS == roots
    assert sha256(b"").digest() == EMPTY_ROOT == Edge(0, {}).root()


def test_the_paths_printed_in_the_rfc_are_ours() -> None:
    """RFC 6962, section 2.1.3: a tree of seven leaves."""
    assert [Span(1, 2), Span(2, 4), Span(4, 7)] == inclusion_path(0, 7)
    assert [Span(2, 3), Span(0, 2), Span(4, 7)] == inclusion_path(3, 7)
    assert [Span(5, 6), Span(6, 7), Span(0, 4)] == inclusion_path(4, 7)
    assert [Span(4, 6), Span(0, 4)] == inclusion_path(6, 7)
    assert [Span(2, 3), Span(3, 4), Span(0, 2), Span(4, 7)] == consistency_path(3, 7)
    assert [Span(4, 7)] == consistency_path(4, 7)
    assert [Span(4, 6), Span(6, 7), Span(0, 4)] == consistency_path(6, 7)


@settings(deadline=None)
@given(SIZES)
def test_a_root_is_that_of_the_naive_tree(size: int) -> None:
    edge, tiles = grown(LEAVES[:size])
    assert slow_merkle.root(LEAVES[:size]) == edge.root() == root_of(Span(0, size), tiles)


@settings(deadline=None)
@given(SIZES.flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1))))
def test_an_inclusion_proof_is_that_of_the_naive_tree_and_convinces(pair: tuple[int, int]) -> None:
    size, index = pair
    edge, tiles = grown(LEAVES[:size])
    hashes = [root_of(span, tiles) for span in inclusion_path(index, size)]
    assert slow_merkle.path(index, LEAVES[:size]) == hashes
    assert slow_merkle.includes(index, size, LEAVES[index], hashes, edge.root())
    assert not slow_merkle.includes(index, size, leaf_hash(b"another"), hashes, edge.root())


@settings(deadline=None)
@given(SIZES.flatmap(lambda size: st.tuples(st.just(size), st.integers(1, size))))
def test_a_consistency_proof_is_that_of_the_naive_tree_and_convinces(
    pair: tuple[int, int],
) -> None:
    new, old = pair
    edge, tiles = grown(LEAVES[:new])
    tops = (root_of(Span(0, old), tiles), edge.root())
    hashes = [root_of(span, tiles) for span in consistency_path(old, new)]
    assert slow_merkle.proof(old, LEAVES[:new]) == hashes
    assert slow_merkle.consistent(old, new, tops, hashes)
    assert old == new or not slow_merkle.consistent(old, new, (tops[1], tops[0]), hashes)


@settings(deadline=None)
@given(SIZES, st.integers(0, 600))
def test_a_tree_goes_on_from_the_tiles_of_its_edge(size: int, more: int) -> None:
    _, tiles = grown(LEAVES[:size])
    edge = Edge(size, {tile: tiles[tile] for tile in edge_tiles(size)})
    leaves = LEAVES[:size] + LEAVES[:more]
    for leaf in LEAVES[:more]:
        edge.append(leaf)
    whole, stored = grown(leaves)
    assert whole.root() == edge.root()
    assert stored == tiles | edge.take_tiles()


def test_a_tree_of_seventy_thousand_leaves_has_the_tiles_that_the_specification_counts() -> None:
    _, tiles = grown([LEAVES[number % 2_000] for number in range(MANY)])
    widths = {(tile.level, len(hashes) // 32) for tile, hashes in tiles.items()}
    assert {(0, 256), (0, 112), (1, 256), (1, 17), (2, 1)} == widths
    assert [274, 2, 1] == [sum(tile.level == level for tile in tiles) for level in range(3)]
    assert 4 >= max(len(tiles_for(inclusion_path(number, MANY))) for number in range(0, MANY, 997))


@pytest.mark.parametrize(("index", "size"), [(0, 0), (7, 7), (-1, 3)])
def test_there_is_no_path_to_a_leaf_outside_the_tree(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="not in a tree"):
        inclusion_path(index, size)


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3)])
def test_a_tree_is_not_shown_to_begin_with_a_larger_or_empty_one(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="empty or larger"):
        consistency_path(old, new)
