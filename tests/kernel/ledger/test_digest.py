import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingfeng.kernel.ledger import digest
from qingfeng.kernel.ledger.digest import PROVIDERS, RunningDigest, choose, sm3, sm3_of


def test_gives_the_standard_vectors() -> None:
    assert sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert sm3(b"abcd" * 16).hex() == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


@given(st.binary(max_size=300))
def test_every_provider_gives_the_same(data: bytes) -> None:
    for provider in PROVIDERS:
        running = choose([provider]).copy()
        running.update(data)
        assert running.digest() == sm3(data)


@given(st.lists(st.binary(max_size=50)))
def test_chunks_give_the_digest_of_the_whole(chunks: list[bytes]) -> None:
    assert sm3_of(chunks) == sm3(b"".join(chunks))


def missing() -> RunningDigest:
    raise ValueError("unsupported hash type sm3")


class Broken:
    def copy(self) -> "Broken":
        return self

    def update(self, data: bytes, /) -> None:
        pass

    def digest(self) -> bytes:
        return bytes(32)


def test_a_missing_or_wrong_provider_is_passed_over() -> None:
    assert choose([missing, Broken, *PROVIDERS]).digest() == sm3(b"")


def test_without_any_sm3_it_fails_closed_and_says_what_to_install() -> None:
    with pytest.raises(RuntimeError, match="Install an OpenSSL"):
        digest.choose([missing, Broken])
