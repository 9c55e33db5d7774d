"""Bundles and exports of the second version: proofs by a history, a chain of keys, gaps; each forgery is named."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from qingfeng.kernel.ledger import merkle
from qingfeng.kernel.ledger.canonical import encode
from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.ledger.keychain import KeyStatement, stated
from qingfeng.kernel.ledger.signing import Signer
from qingfeng.kernel.ledger.standalone import qingfeng_verify as verifier

Line = dict[str, Any]
AT = datetime(2026, 3, 1, tzinfo=UTC)


class Ledger:
    """A ledger of the second version made with the kernel's own parts, some checkpoints of the first before it."""

    def __init__(self, jurisdiction: str = "demo", older: int = 2) -> None:
        self.jurisdiction = jurisdiction
        self.older = older
        self.signers = [Signer(Ed25519PrivateKey.from_private_bytes(bytes([7]) * 32))]
        self.keys: list[KeyStatement] = [stated(self.signers[0], None, self.signers[0], AT)]
        self.entries: list[Line] = []
        self.checkpoints: list[Line] = []
        self.history = merkle.GrowingTree()
        self.leaves: list[bytes] = []
        self.number = 0

    def enter(self, chain: str, **more: object) -> str:
        body = encode({"chain": chain, "seq": 1, "prev": "", "jurisdiction": self.jurisdiction, **more})
        self.leaves.append(merkle.leaf_hash(body))
        self.entries.append({"kind": "entry", "jurisdiction": self.jurisdiction, "body": body.decode()})
        return self.leaves[-1].hex()

    def change_key(self) -> None:
        self.signers.append(Signer(Ed25519PrivateKey.from_private_bytes(bytes([8 + len(self.keys)]) * 32)))
        self.keys.append(stated(self.signers[-1], self.keys[-1], self.signers[-2], AT))

    def seal(self, by: int = -1, **more: object) -> None:
        self.number = int(str(more.pop("number", self.number + 1)))
        header: Line = {
            "v": 1,
            "jurisdiction": self.jurisdiction,
            "number": self.number,
            "prev": self.head if self.checkpoints else "",
            "root": merkle.root(self.leaves).hex(),
            "size": len(self.leaves),
            "at": "2026-03-01T00:00:00Z",
            "hash": "SM3",
            "signature": "Ed25519",
            "key": self.signers[by].key_id,
        }
        if len(self.checkpoints) >= self.older:
            place = by % len(self.keys) + 1
            header |= {
                "v": 2,
                "history": [self.history.size, self.history.root().hex()],
                "keys": [place, self.keys[place - 1].hash],
            }
        raw = encode({**header, **more})
        self.checkpoints.append(
            {
                "kind": "checkpoint",
                "header": raw.decode(),
                "signature": self.signers[by].sign(raw).hex(),
                "public_key": self.signers[by].public_key.hex(),
                "leaves": [leaf.hex() for leaf in self.leaves],
            }
        )
        self.history.add(merkle.leaf_hash(sm3(raw)))
        self.leaves = []

    @property
    def head(self) -> str:
        return sm3(self.checkpoints[-1]["header"].encode()).hex()

    def key_lines(self) -> list[Line]:
        return [{"kind": "key", "statement": key.body, "signature": key.signature} for key in self.keys]

    def lines(self) -> list[Line]:
        return json.loads(json.dumps([*self.key_lines(), *self.entries, *self.checkpoints]))  # type: ignore[no-any-return]

    def proof(self, place: int, to: int = -1) -> Line:
        """The proof of the first entry of the checkpoint at a place, leading to the one at another."""
        to %= len(self.checkpoints)
        checkpoint, head = self.checkpoints[place], self.checkpoints[to]
        leaves = [bytes.fromhex(leaf) for leaf in checkpoint["leaves"]]
        (entry,) = (one for one in self.entries if merkle.leaf_hash(one["body"].encode()) == leaves[0])
        heads = [merkle.leaf_hash(sm3(one["header"].encode())) for one in self.checkpoints[:to]]
        bundle = {
            "v": 2,
            "entry": entry["body"],
            "index": 0,
            "size": len(leaves),
            "path": [step.hex() for step in merkle.inclusion_path(leaves, 0)],
            "checkpoint": checkpoint["header"],
            "signature": checkpoint["signature"],
            "place": place,
            "history": [step.hex() for step in merkle.inclusion_path(heads, place)] if place < to else [],
            "head": {"header": head["header"], "signature": head["signature"]},
            "keys": [{"statement": key.body, "signature": key.signature} for key in self.keys],
        }
        return json.loads(json.dumps(bundle))  # type: ignore[no-any-return]


def grown() -> Ledger:
    """Twelve checkpoints: two of the first version, then a key changed after the sixth, a gap before the ninth."""
    ledger = Ledger()
    for number in range(12):
        if number == 6:
            ledger.change_key()
        more: Line = {}
        if number == 8:
            gap = {"from": [8, ledger.head], "to": [10, "ab" * 32]}
            entry = ledger.enter("matter:100", notes={"gap": gap})
            more = {"number": 11, "gap": {**gap, "entry": entry}}
        ledger.enter(f"matter:{number}", note=f"第{number}次")
        ledger.seal(**more)
    return ledger


LEDGER = grown()
Verify = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def verify(tmp_path: Path) -> Verify:
    def run(content: Line | list[Line], *options: str) -> tuple[int, list[str]]:
        lines = [content] if isinstance(content, dict) else content
        file = tmp_path / "held"
        file.write_text(
            "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8"
        )
        said: list[str] = []
        return verifier.main([str(file), "--lang", "en", *options], said.append), said

    return run


@pytest.mark.parametrize("to", [3, 5, 7, 8, 11])
def test_a_proof_holds_from_every_checkpoint_to_every_head(to: int, verify: Verify) -> None:
    for place in range(to + 1):
        head = sm3(LEDGER.checkpoints[to]["header"].encode()).hex()
        code, said = verify(LEDGER.proof(place, to), "--head", head)
        assert code == 0, (place, said)


def test_a_proof_grows_as_the_logarithm(verify: Verify) -> None:
    sizes = []
    for many in (64, 4096):
        ledger = Ledger(older=0)
        ledger.enter("matter:1")
        for _each in range(many):
            ledger.seal()
        bundle = ledger.proof(0)
        assert verify(bundle, "--head", ledger.head)[0] == 0
        sizes.append(len(json.dumps(bundle)))
    assert sizes[1] - sizes[0] < 8 * 80


def test_an_export_with_keys_and_a_gap_is_in_order_and_the_gap_is_said(verify: Verify) -> None:
    code, said = verify(LEDGER.lines(), "--head", LEDGER.head, "--key", LEDGER.signers[0].key_id)
    assert code == 0
    assert said[1].startswith("Mind: before demo, checkpoint 11 history was lost, after number 8 up to 10")
    assert verify(LEDGER.lines(), "--head", "ab" * 32)[0] == 0  # the last head that was lost
    assert verify(LEDGER.lines(), "--head", "cd" * 32)[0] == 1


def test_a_letter_is_taken_for_its_heads(verify: Verify, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text(
        f"> 清风区，第 14 号检查点\n> demo/14 {LEDGER.head}\n> other/3 {'cd' * 32}\n", encoding="utf-8"
    )
    assert verify(LEDGER.proof(0), "--head", str(letter))[0] == 0
    assert verify(LEDGER.proof(0, 7), "--head", str(letter))[0] == 1
    assert verify(LEDGER.lines(), "--head", str(letter))[0] == 1  # of `other` there is nothing in it
    letter.write_text("nothing")
    assert verify(LEDGER.proof(0), "--head", str(letter))[0] == 2


def change(edit: Callable[[Ledger, Line], None]) -> Callable[[], Line]:
    def made() -> Line:
        bundle = LEDGER.proof(4)
        edit(LEDGER, bundle)
        return bundle

    return made


def of_a_stranger() -> Line:
    stranger = Ledger()
    stranger.signers[0] = Signer(Ed25519PrivateKey.generate())
    for number in range(5):
        stranger.enter(f"matter:{number}", note="改")
        stranger.seal()
    return stranger.proof(4)


def of_a_stranger_with_its_own_keys() -> Line:
    stranger = Ledger()
    stranger.signers[0] = Signer(Ed25519PrivateKey.generate())
    stranger.keys[0] = stated(stranger.signers[0], None, stranger.signers[0], AT)
    for number in range(5):
        stranger.enter(f"matter:{number}", note="改")
        stranger.seal()
    return stranger.proof(4)


def by_the_old_key() -> Line:
    ledger = grown()
    ledger.enter("matter:77")
    ledger.seal(by=0)
    ledger.seal()
    return {**ledger.proof(11), "head": ledger.proof(12, 12)["head"]}


def with_a_key_nobody_signed_for() -> Line:
    ledger = grown()
    ledger.signers.append(Signer(Ed25519PrivateKey.generate()))
    ledger.keys.append(stated(ledger.signers[-1], ledger.keys[-1], ledger.signers[-1], AT))
    ledger.seal()
    return ledger.proof(4)


FORGED: dict[str, tuple[Callable[[], Line], str]] = {
    "an entry changed": (
        change(lambda _l, b: b.update(entry=b["entry"].replace("第4次", "第9次"))),
        "chain matter:4, entry 1: The path does not lead",
    ),
    "another place in the history": (
        change(lambda _l, b: b.update(place=5)),
        "demo, checkpoint 5: The path through",
    ),
    "a path of the history cut short": (
        change(lambda _l, b: b["history"].pop()),
        "demo, checkpoint 5: The path through the history",
    ),
    "a path of the history made longer": (
        change(lambda _l, b: b["history"].append("00" * 32)),
        "demo, checkpoint 5: The path through the history",
    ),
    "the checkpoint of another place": (
        change(lambda ledger, b: b.update(checkpoint=ledger.checkpoints[5]["header"])),
        "demo, checkpoint 6: The path through the history",
    ),
    "a head from before the entry": (
        change(lambda ledger, b: b.update(head=ledger.proof(3, 3)["head"])),
        "demo, checkpoint 5: The path through the history",
    ),
    "a head without its signature": (
        change(lambda _l, b: b["head"].update(signature="00" * 64)),
        "demo, checkpoint 14: The signature is not valid.",
    ),
    "a head of the first version": (
        change(lambda ledger, b: b.update(head=ledger.proof(1, 1)["head"])),
        "demo, checkpoint 5: The path through the history",
    ),
    "no keys": (
        change(lambda _l, b: b.update(keys=[])),
        "demo, checkpoint 5: The statement of signing key 1 is missing.",
    ),
    "the newer key left out": (
        change(lambda _l, b: b["keys"].pop()),
        "demo, checkpoint 14: The statement of signing key 2 is missing.",
    ),
    "the keys exchanged": (
        change(lambda _l, b: b["keys"].pop(0)),
        "signing key 2: The statement of signing key 1",
    ),
    "a statement changed": (
        change(
            lambda _l, b: b["keys"][1].update(statement=b["keys"][1]["statement"].replace("03-01", "03-02"))
        ),
        "signing key 2: The key before did not sign for it",
    ),
    "a key nobody signed for": (
        with_a_key_nobody_signed_for,
        "signing key 3: The key before did not sign for it",
    ),
    "signed by a stranger": (of_a_stranger, "demo, checkpoint 5: The key"),
    "signed by a stranger with keys of its own": (
        of_a_stranger_with_its_own_keys,
        f"the head you hold, {LEDGER.head}: This proof leads to another head",
    ),
    "signed by the old key after the change": (
        by_the_old_key,
        "demo, checkpoint 15: It is signed by an older key",
    ),
}


@pytest.mark.parametrize("name", FORGED)
def test_each_forged_proof_is_found_and_named(name: str, verify: Verify) -> None:
    made, words = FORGED[name]
    code, said = verify(made(), "--head", LEDGER.head)
    assert code == 1
    assert any(fault.startswith(words) for fault in said), said


def test_a_stranger_is_found_by_the_key_alone(verify: Verify) -> None:
    assert verify(of_a_stranger_with_its_own_keys())[0] == 0
    assert verify(of_a_stranger_with_its_own_keys(), "--key", LEDGER.signers[0].key_id)[0] == 1
    for key in (LEDGER.signers[0].key_id, LEDGER.signers[1].public_key.hex()):
        assert verify(LEDGER.proof(0), "--key", key)[0] == 0


def export(edit: Callable[[list[Line]], None]) -> Callable[[], list[Line]]:
    def made() -> list[Line]:
        lines = LEDGER.lines()
        edit(lines)
        return lines

    return made


def header(lines: list[Line], at: int, /, **changes: object) -> None:
    """Change a header and sign it anew with the key of its time: only the history can give it away."""
    line = lines[at]
    raw = encode({**json.loads(line["header"]), **changes})
    signer = next(one for one in LEDGER.signers if one.public_key.hex() == line["public_key"])
    line.update(header=raw.decode(), signature=signer.sign(raw).hex())


FIRST = 2 + 13
EXPORTS: dict[str, tuple[Callable[[], list[Line]], str]] = {
    "a header signed anew": (
        export(lambda lines: header(lines, FIRST + 3, at="2026-03-02T00:00:00Z")),
        "demo, checkpoint 5: It does not join the checkpoint before.",
    ),
    "a history that lies": (
        export(lambda lines: header(lines, FIRST + 11, history=[11, "00" * 32])),
        "demo, checkpoint 14: The root of its history differs",
    ),
    "a history too short": (
        export(lambda lines: header(lines, FIRST + 11, history=[10, "00" * 32])),
        "demo, checkpoint 14: The root of its history differs",
    ),
    "a gap left out": (
        export(
            lambda lines: header(
                lines, FIRST + 8, gap={"from": [8, "00" * 32], "to": [10, "ab" * 32], "entry": "00" * 32}
            )
        ),
        "demo, checkpoint 11: The gap it names",
    ),
    "the entry of the gap not the first": (
        export(lambda lines: lines[FIRST + 8]["leaves"].reverse()),
        "demo, checkpoint 11: The gap it names",
    ),
    "a checkpoint taken out": (
        export(lambda lines: lines.pop(FIRST + 4)),
        "jurisdiction demo: Checkpoint 5 is missing.",
    ),
    "the keys taken out": (
        export(lambda lines: lines.__delitem__(slice(0, 2))),
        "demo, checkpoint 3: The statement of signing key 1 is missing.",
    ),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_each_forged_export_is_found_and_named(name: str, verify: Verify) -> None:
    made, words = EXPORTS[name]
    code, said = verify(made())
    assert code == 1
    assert any(fault.startswith(words) for fault in said), said
