import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.ledger.signing import FILE_NAME, HeadSigner, KeyUnusable, Signer, Verifier


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return tmp_path / "state" / "keys"


def test_a_signature_verifies_and_a_changed_one_does_not(keys: Path) -> None:
    signer: HeadSigner = Signer.load_or_create(keys)
    signature = signer.sign(b"head")
    verifier = Verifier(signer.public_key)
    assert verifier.verify(signature, b"head")
    assert not verifier.verify(signature, b"Head")
    assert not verifier.verify(bytes([signature[0] ^ 1]) + signature[1:], b"head")
    assert not verifier.verify(b"", b"head")


def test_the_key_is_named_by_its_digest(keys: Path) -> None:
    signer = Signer.load_or_create(keys)
    assert signer.key_id == sm3(signer.public_key)[:8].hex() == Verifier(signer.public_key).key_id
    assert signer.algorithm == "Ed25519"


def test_the_key_is_made_once_and_only_its_owner_reads_it(keys: Path) -> None:
    first = Signer.load_or_create(keys)
    assert stat.S_IMODE((keys / FILE_NAME).stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    assert Signer.load_or_create(keys).public_key == first.public_key
    assert [path.name for path in keys.iterdir()] == [FILE_NAME]


def test_many_first_starts_at_once_end_with_one_key(keys: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: Signer.load_or_create(keys).public_key, range(8)))
    assert len(set(made)) == 1
    assert [path.name for path in keys.iterdir()] == [FILE_NAME]


def test_a_key_others_may_read_is_refused(keys: Path) -> None:
    Signer.load_or_create(keys)
    (keys / FILE_NAME).chmod(0o640)
    with pytest.raises(KeyUnusable, match="chmod 600"):
        Signer.load_or_create(keys)


def test_a_directory_others_may_write_to_is_refused(keys: Path) -> None:
    Signer.load_or_create(keys)
    keys.chmod(0o770)
    with pytest.raises(KeyUnusable, match="chmod 700"):
        Signer.load_or_create(keys)


def test_a_file_that_holds_no_such_key_is_refused_and_left_alone(keys: Path) -> None:
    Signer.load_or_create(keys)
    (keys / FILE_NAME).write_bytes(b"not a key")
    with pytest.raises(KeyUnusable, match="backup of keys"):
        Signer.load_or_create(keys)
    assert (keys / FILE_NAME).read_bytes() == b"not a key"


def test_a_key_of_another_kind_is_refused(keys: Path) -> None:
    Signer.load_or_create(keys)
    other = generate_private_key(SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (keys / FILE_NAME).write_bytes(other)
    with pytest.raises(KeyUnusable, match="another kind"):
        Signer.load_or_create(keys)
