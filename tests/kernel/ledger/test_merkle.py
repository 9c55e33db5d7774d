import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.ledger.merkle import (
    GrowingTree,
    inclusion_path,
    joined,
    leaf_hash,
    node_hash,
    peaks,
    root,
    root_from_path,
    sisters,
    verify_inclusion,
)

leaves = st.lists(st.binary(max_size=8), min_size=1, max_size=70).map(
    lambda some: [leaf_hash(d) for d in some]
)


def split(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def naive_root(hashes: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, word for word."""
    if not hashes:
        return sm3(b"")
    if len(hashes) == 1:
        return hashes[0]
    k = split(len(hashes))
    return sm3(b"\x01" + naive_root(hashes[:k]) + naive_root(hashes[k:]))


def naive_path(m: int, hashes: list[bytes]) -> list[bytes]:
    """RFC 9162, 2.1.3.1, word for word."""
    if len(hashes) == 1:
        return []
    k = split(len(hashes))
    if m < k:
        return [*naive_path(m, hashes[:k]), naive_root(hashes[k:])]
    return [*naive_path(m - k, hashes[k:]), naive_root(hashes[:k])]


def test_the_empty_tree_is_the_digest_of_nothing() -> None:
    assert root([]) == sm3(b"")


def test_leaves_and_nodes_are_kept_apart() -> None:
    assert leaf_hash(b"x") == sm3(b"\x00x")
    assert node_hash(b"l" * 32, b"r" * 32) == sm3(b"\x01" + b"l" * 32 + b"r" * 32)


@given(leaves)
def test_the_root_is_the_one_of_the_definition(hashes: list[bytes]) -> None:
    assert root(hashes) == naive_root(hashes)


@given(leaves, st.data())
def test_every_path_is_the_one_of_the_definition_and_leads_to_the_root(
    hashes: list[bytes], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(hashes) - 1))
    path = inclusion_path(hashes, index)
    assert path == naive_path(index, hashes)
    assert root_from_path(hashes[index], index, len(hashes), path) == root(hashes)


@given(leaves, st.data())
def test_a_changed_proof_fails(hashes: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(hashes) - 1))
    path, expected = inclusion_path(hashes, index), root(hashes)
    assert verify_inclusion(hashes[index], index, len(hashes), path, expected)
    assert not verify_inclusion(leaf_hash(b"another leaf"), index, len(hashes), path, expected)
    assert not verify_inclusion(hashes[index], index, len(hashes), [*path, bytes(32)], expected)
    assert not verify_inclusion(hashes[index], index, len(hashes), path, bytes(32))
    assert not verify_inclusion(hashes[index], len(hashes), len(hashes), path, expected)
    if path:
        assert not verify_inclusion(hashes[index], index, len(hashes), path[:-1], expected)
        at = data.draw(st.integers(0, len(path) - 1))
        assert not verify_inclusion(
            hashes[index], index, len(hashes), [*path[:at], sm3(path[at]), *path[at + 1 :]], expected
        )


def test_a_leaf_that_is_not_there_has_no_path() -> None:
    for index in (-1, 3):
        with pytest.raises(IndexError, match="There is no leaf"):
            inclusion_path([leaf_hash(b"a")] * 3, index)


@given(leaves)
def test_a_tree_that_grows_has_the_same_root_at_every_size_and_goes_on_from_its_peaks(
    hashes: list[bytes],
) -> None:
    kept: dict[tuple[int, int], bytes] = {}
    tree = GrowingTree()
    assert tree.root() == root([])
    for size, leaf in enumerate(hashes, 1):
        kept |= dict(tree.add(leaf))
        again = GrowingTree(size, [kept[place] for place in peaks(size)])
        assert tree.root() == again.root() == root(hashes[:size])
    assert len(kept) < 2 * len(hashes)


@given(leaves, st.data())
def test_a_path_is_joined_of_the_complete_subtrees_that_are_kept(
    hashes: list[bytes], data: st.DataObject
) -> None:
    kept: dict[tuple[int, int], bytes] = {}
    tree = GrowingTree()
    for leaf in hashes:
        kept |= dict(tree.add(leaf))
    size = data.draw(st.integers(1, len(hashes)))
    index = data.draw(st.integers(0, size - 1))
    path = [joined([kept[place] for place in step]) for step in sisters(index, size)]
    assert path == inclusion_path(hashes[:size], index)
    with pytest.raises(IndexError, match="There is no leaf"):
        sisters(size, size)
