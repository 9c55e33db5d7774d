import ast
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qingfeng.kernel.ledger import merkle
from qingfeng.kernel.ledger.canonical import encode
from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.ledger.signing import Signer
from qingfeng.kernel.ledger.standalone import qingfeng_verify as verifier

Line = dict[str, Any]


@dataclass
class Ledger:
    """A small ledger made with the kernel's own parts, so that the verifier is held against them."""

    jurisdiction: str = "demo"
    signer: Signer = field(
        default_factory=lambda: Signer(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
    )
    entries: list[Line] = field(default_factory=list)
    checkpoints: list[Line] = field(default_factory=list)
    last: dict[str, tuple[int, str]] = field(default_factory=dict)
    unsealed: list[bytes] = field(default_factory=list)

    def enter(self, chain: str, **more: object) -> None:
        seq, prev = self.last.get(chain, (0, ""))
        body = encode(
            {"chain": chain, "seq": seq + 1, "prev": prev, "jurisdiction": self.jurisdiction, **more}
        )
        leaf = merkle.leaf_hash(body)
        self.last[chain] = (seq + 1, leaf.hex())
        self.unsealed.append(leaf)
        self.entries.append({"kind": "entry", "jurisdiction": self.jurisdiction, "body": body.decode()})

    def seal(self) -> None:
        prev = sm3(self.checkpoints[-1]["header"].encode()).hex() if self.checkpoints else ""
        self.sign(
            {
                "v": 1,
                "jurisdiction": self.jurisdiction,
                "number": len(self.checkpoints) + 1,
                "prev": prev,
                "root": merkle.root(self.unsealed).hex(),
                "size": len(self.unsealed),
                "at": "2026-03-01T00:00:00Z",
                "hash": "SM3",
                "signature": "Ed25519",
                "key": self.signer.key_id,
            }
        )
        self.unsealed = []

    def sign(self, header: Line) -> None:
        """Put a header at the end of the chain, whatever it says: also one that lies."""
        data = encode(header)
        self.checkpoints.append(
            {
                "kind": "checkpoint",
                "header": data.decode(),
                "signature": self.signer.sign(data).hex(),
                "public_key": self.signer.public_key.hex(),
                "leaves": [leaf.hex() for leaf in self.unsealed],
            }
        )

    @property
    def head(self) -> str:
        return sm3(self.checkpoints[-1]["header"].encode()).hex()

    def lines(self) -> list[Line]:
        return json.loads(json.dumps([*self.entries, *self.checkpoints]))  # type: ignore[no-any-return]

    def proof(self, number: int, index: int) -> Line:
        """Return the proof of the leaf at `index` of checkpoint `number`."""
        checkpoint = self.checkpoints[number - 1]
        leaves = [bytes.fromhex(leaf) for leaf in checkpoint["leaves"]]
        (entry,) = (e for e in self.entries if merkle.leaf_hash(e["body"].encode()) == leaves[index])
        return {
            "entry": entry["body"],
            "index": index,
            "size": len(leaves),
            "path": [sister.hex() for sister in merkle.inclusion_path(leaves, index)],
            "checkpoint": checkpoint["header"],
            "signature": checkpoint["signature"],
            "public_key": checkpoint["public_key"],
            "later": [
                {"header": later["header"], "signature": later["signature"]}
                for later in self.checkpoints[number:]
            ],
        }


def small_ledger() -> Ledger:
    ledger = Ledger()
    for n in range(5):
        ledger.enter("matter:12", act="assign", note=f"第{n}次")
        ledger.enter(f"matter:{20 + n}", act="open")
    ledger.seal()
    ledger.enter("matter:12", act="write_off")
    ledger.seal()
    ledger.seal()
    return ledger


LEDGER = small_ledger()
HEAD = LEDGER.head
Verify = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def verify(tmp_path: Path) -> Verify:
    def run(content: str | Line | Sequence[Line], *options: str, lang: str = "en") -> tuple[int, list[str]]:
        if isinstance(content, dict):
            content = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        elif not isinstance(content, str):
            content = "".join(
                json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in content
            )
        file = tmp_path / "held"
        file.write_text(content, encoding="utf-8")
        said: list[str] = []
        return verifier.main([str(file), "--lang", lang, *options], said.append), said

    return run


def test_a_whole_export_is_in_order(verify: Verify) -> None:
    code, said = verify(LEDGER.lines(), "--head", HEAD, "--key", LEDGER.signer.key_id)
    assert said == [
        f"All is in order: 11 entries, 6 chains, 3 checkpoints; heads demo:{HEAD}.",
        "Compared with the heads or keys you gave.",
    ]
    assert code == 0


def test_a_whole_export_is_in_order_in_whatever_order_its_lines_stand(verify: Verify) -> None:
    assert verify(LEDGER.lines()[::-1])[0] == 0


def test_without_a_head_it_says_how_little_that_shows(verify: Verify) -> None:
    assert verify(LEDGER.lines())[1][-1].startswith("Mind: without --head or --key")


@pytest.mark.parametrize(("number", "index"), [(1, 0), (1, 7), (1, 9), (2, 0)])
def test_a_proof_holds(number: int, index: int, verify: Verify) -> None:
    code, said = verify(LEDGER.proof(number, index), "--head", HEAD, "--key", LEDGER.signer.public_key.hex())
    assert code == 0
    assert f"sealed in demo, checkpoint {number}" in said[0]
    assert said[0].endswith(f"head {HEAD}.")


def test_words_are_chinese_unless_english_is_asked_for(verify: Verify) -> None:
    assert verify(LEDGER.proof(1, 0), lang="zh")[1][0].startswith("证明有效：链 matter:12 第 1 条")
    assert all(len(both) == 2 and all(both) for both in verifier.WORDS.values())


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_any_character_changed_in_a_proof_is_found(verify: Verify, data: st.DataObject) -> None:
    whole = json.dumps(LEDGER.proof(1, 3), ensure_ascii=False, separators=(",", ":"))
    assert verify(flipped(whole, data), "--head", HEAD)[0] != 0


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_any_character_changed_in_an_export_is_found(verify: Verify, data: st.DataObject) -> None:
    lines = [json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in LEDGER.lines()]
    assert verify(flipped("\n".join(lines), data), "--head", HEAD)[0] != 0


def flipped(whole: str, data: st.DataObject) -> str:
    at = data.draw(st.integers(0, len(whole) - 1))
    letter = data.draw(st.sampled_from('01ax" ,').filter(lambda letter: letter != whole[at]))
    return whole[:at] + letter + whole[at + 1 :]


def of_another_jurisdiction() -> Line:
    other = small_ledger()
    second = edited(other.checkpoints[1]["header"], jurisdiction="other")
    return {"header": second, "signature": other.signer.sign(second.encode()).hex()}


def edited(text: str, /, **changes: object) -> str:
    return encode({**json.loads(text), **changes}).decode()


def drop(at: int) -> Callable[[list[Line]], None]:
    return lambda lines: lines.__delitem__(at)


def put(at: int, /, **changes: object) -> Callable[[list[Line]], None]:
    return lambda lines: lines[at].update(changes)


def put_in(at: int, part: str, /, **changes: object) -> Callable[[list[Line]], None]:
    return lambda lines: lines[at].update({part: edited(lines[at][part], **changes)})


def swap_bodies(lines: list[Line]) -> None:
    lines[0]["body"], lines[2]["body"] = (
        edited(lines[0]["body"], note="第1次"),
        edited(lines[2]["body"], note="第0次"),
    )


def swap_leaves(lines: list[Line]) -> None:
    leaves = lines[11]["leaves"]
    leaves[0], leaves[1] = leaves[1], leaves[0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (put_in(2, "body", note="改"), "chain matter:12, entry 3: It does not join the entry before"),
        (put_in(2, "body", note="改"), "demo, checkpoint 1: It seals"),
        (put_in(1, "body", act="shut"), "chain matter:20, entry 1: No checkpoint seals this entry."),
        (drop(2), "chain matter:12: Entry 2 is missing."),
        (drop(10), "demo, checkpoint 2: It seals"),
        (swap_bodies, "chain matter:12, entry 2: It does not join the entry before"),
        (lambda lines: lines.append(lines[0]), "chain matter:12, entry 1: It stands here more than once."),
        (put(0, jurisdiction="other"), "chain matter:12, entry 1: The jurisdictions differ: other, demo."),
        (put_in(0, "body", prev="00" * 32), "chain matter:12, entry 1: It does not join the entry before"),
        (put_in(0, "body", prev="00"), "line 1: “prev” is missing or of the wrong type."),
        (put_in(0, "body", seq="1"), "line 1: “seq” is missing or of the wrong type."),
        (lambda lines: lines[0].update(body=lines[0]["body"] + " "), "line 1: This is not canonical JSON."),
        (put(0, body='{"a":1.5}'), "line 1: This is no valid JSON."),
        (put(0, body='{"a":"\ud800"}'), "line 1: This is not canonical JSON."),
        (put(0, kind="note"), "line 1: The kind of this line is unknown."),
        (drop(11), "jurisdiction demo: Checkpoint 1 is missing."),
        (drop(12), "jurisdiction demo: Checkpoint 2 is missing."),
        (drop(13), f"the head you hold, {HEAD}: It is not in this file"),
        (lambda lines: lines.append(lines[11]), "demo, checkpoint 1: It stands here more than once."),
        (swap_leaves, "demo, checkpoint 1: The root differs"),
        (lambda lines: lines[11]["leaves"].pop(), "demo, checkpoint 1: It states 10 entries; there are 9."),
        (
            lambda lines: lines[11]["leaves"].pop(),
            "chain matter:24, entry 1: No checkpoint seals this entry.",
        ),
        (put_in(11, "header", at="2026-03-02T00:00:00Z"), "demo, checkpoint 1: The signature is not valid."),
        (
            put_in(11, "header", at="2026-03-02T00:00:00Z"),
            "demo, checkpoint 2: It does not join the checkpoint",
        ),
        (put_in(11, "header", v=3), "demo, checkpoint 1: Its version or algorithms"),
        (put_in(11, "header", hash="SHA-256"), "demo, checkpoint 1: Its version or algorithms"),
        (put_in(11, "header", prev="00" * 32), "demo, checkpoint 1: It does not join the checkpoint before."),
        (put(12, signature="00" * 64), "demo, checkpoint 2: The signature is not valid."),
        (put(12, signature="00"), "line 13: “signature” is missing or of the wrong type."),
        (put(12, public_key="00" * 32), "demo, checkpoint 2: The public key is not the one"),
    ],
)
def test_each_way_of_changing_an_export_is_named(
    change: Callable[[list[Line]], None], words: str, verify: Verify
) -> None:
    lines = LEDGER.lines()
    change(lines)
    if any("\ud800" in str(line.get("body")) for line in lines):
        code, said = verify("\n".join(json.dumps(line) for line in lines), "--head", HEAD)
    else:
        code, said = verify(lines, "--head", HEAD)
    assert code == 1
    assert any(fault.startswith(words) for fault in said), said
    assert said[-1] == f"{len(said) - 1} faults found."


OTHERS = of_another_jurisdiction()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"index": 4}, "chain matter:12, entry 2: The path does not lead"),
        ({"index": 99}, "chain matter:12, entry 2: The path does not lead"),
        ({"index": -1}, "proof: “index” is missing"),
        ({"size": 9}, "proof: It states 10 entries; there are 9."),
        ({"path": []}, "chain matter:12, entry 2: The path does not lead"),
        ({"path": ["00" * 32] * 4}, "chain matter:12, entry 2: The path does not lead"),
        ({"path": ["00" * 32] * 99}, "chain matter:12, entry 2: The path does not lead"),
        ({"path": "none"}, "proof: “path” is missing"),
        ({"path": 5}, "proof: “path” is missing"),
        ({"later": None}, "proof: “later” is missing"),
        ({"later": [OTHERS]}, "other, checkpoint 2: The jurisdictions differ: demo, other."),
        ({"signature": "00" * 64}, "demo, checkpoint 1: The signature is not valid."),
        ({"public_key": None}, "proof: “public_key” is missing"),
        ({"later": []}, f"the head you hold, {HEAD}: It is not in this file"),
        ({"later": LEDGER.proof(2, 0)["later"]}, "demo, checkpoint 3: Its number should be 2."),
        (
            {"later": LEDGER.proof(2, 0)["later"]},
            "demo, checkpoint 3: It does not join the checkpoint before.",
        ),
        ({"later": [1]}, "later checkpoint no. 1: “header” is missing"),
        (
            {"entry": edited(LEDGER.proof(1, 2)["entry"], note="改")},
            "chain matter:12, entry 2: The path does not",
        ),
        (
            {"entry": edited(LEDGER.proof(1, 2)["entry"], jurisdiction="b")},
            "proof: The jurisdictions differ: b, demo.",
        ),
    ],
)
def test_each_way_of_changing_a_proof_is_named(change: Line, words: str, verify: Verify) -> None:
    code, said = verify({**LEDGER.proof(1, 2), **change}, "--head", HEAD)
    assert code == 1
    assert any(fault.startswith(words) for fault in said), said


def test_a_ledger_rewritten_and_signed_with_another_key_is_found_by_key_and_by_head(verify: Verify) -> None:
    forged = Ledger(signer=Signer(Ed25519PrivateKey.generate()))
    forged.enter("matter:12", act="nothing happened")
    forged.seal()
    assert verify(forged.lines())[0] == 0
    assert verify(forged.lines(), "--head", HEAD)[0] == 1
    code, said = verify(forged.lines(), "--key", LEDGER.signer.key_id)
    assert code == 1
    assert said[0] == f"demo, checkpoint 1: The key {forged.signer.key_id} is not among those you gave."


def test_an_entry_sealed_twice_or_by_another_jurisdiction_is_found(verify: Verify) -> None:
    ledger = small_ledger()
    ledger.unsealed = [bytes.fromhex(ledger.checkpoints[0]["leaves"][0])]
    ledger.seal()
    assert any("which was sealed before" in fault for fault in verify(ledger.lines())[1])
    other = Ledger(jurisdiction="other", unsealed=[bytes.fromhex(ledger.checkpoints[1]["leaves"][0])])
    other.seal()
    said = verify([*LEDGER.lines(), *other.lines()])[1]
    assert any("which belongs to demo" in fault for fault in said)


def test_two_jurisdictions_with_their_own_keys_stand_in_one_export(verify: Verify) -> None:
    other = Ledger(jurisdiction="other", signer=Signer(Ed25519PrivateKey.generate()))
    other.enter("matter:99")
    other.seal()
    code, said = verify([*other.lines(), *LEDGER.lines()], "--head", HEAD, "--head", other.head)
    assert code == 0
    assert f"demo:{HEAD} other:{other.head}" in said[0]


def test_a_key_renewed_without_a_word_of_the_old_one_is_refused(verify: Verify) -> None:
    ledger = small_ledger()
    old, ledger.signer = ledger.signer, Signer(Ed25519PrivateKey.generate())
    ledger.seal()
    proof = ledger.proof(1, 0)
    assert verify(proof)[0] == 1
    proof["later"][-1]["public_key"] = ledger.signer.public_key.hex()
    words = f"demo, checkpoint 4: The key {ledger.signer.key_id} is not in this ledger's chain of keys."
    assert words in verify(proof, "--head", ledger.head)[1]
    assert words in verify(ledger.lines(), "--key", old.key_id)[1]


def test_a_name_cannot_command_the_terminal(verify: Verify) -> None:
    ledger = Ledger()
    ledger.enter("matter:1\x1b[2K\rAll is in order")
    said = verify(ledger.lines())[1]
    assert all(line.isprintable() for line in said)


@pytest.mark.parametrize("content", ["", "[]", "{}", "hello", '{"entry"', "[" * 100_000])
def test_what_is_neither_is_told_so(content: str, verify: Verify) -> None:
    code, said = verify(content)
    assert code == 2
    assert said[0].endswith("is neither a proof nor an export.")


def test_a_file_that_is_not_there_or_not_text_is_told_so(tmp_path: Path) -> None:
    said: list[str] = []
    assert verifier.main([str(tmp_path / "absent"), "--lang", "en"], said.append) == 2
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    assert verifier.main([str(tmp_path / "bytes"), "--lang", "en"], said.append) == 2
    assert all("cannot be read" in line for line in said)


def test_it_runs_alone_on_python_3_9_syntax_and_imports_nothing_of_the_project(tmp_path: Path) -> None:
    source = Path(verifier.__file__)
    tree = ast.parse(source.read_text(encoding="utf-8"), feature_version=(3, 9))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    allowed = sys.stdlib_module_names | {"cryptography"}
    assert {name.split(".")[0] for name in imported} <= allowed
    alone = shutil.copy(source, tmp_path / "verify.py")
    (tmp_path / "proof.json").write_text(json.dumps(LEDGER.proof(1, 4)), encoding="utf-8")
    command = [sys.executable, "-I", "-X", "utf8", str(alone), str(tmp_path / "proof.json"), "--head", HEAD]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("证明有效")
