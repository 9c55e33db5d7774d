#!/usr/bin/env python3
"""Verify a Qingfeng ledger (台账链) without Qingfeng.

One file for anyone who holds a proof or an export and trusts nobody: Python 3.9 or later and the package
`cryptography`; it imports nothing of the project whose records it checks.

    python3 qingfeng_verify.py FILE [--head HEX|LETTER]... [--key HEX]... [--lang zh|en]

FILE is a proof of one entry or a full export; which of them is seen from its content. `--head` is the hash
of a checkpoint that you hold from elsewhere (a receipt, a circular), or the letter with heads that you were
sent, as a file; each must be found in FILE (in a proof, that of its jurisdiction). `--key` is the public key,
or its 16-digit name, that you know to be the ledger's first or a later one; no key is then accepted but it and
those that it signed for, or that signed for it. With neither, the file is only shown to agree with itself.
A head of version 2 names the keys of its time: whoever holds it needs no key besides.

Exit: 0 all is in order · 1 faults, each named on a line of its own · 2 the file cannot be read as either.

Formats (all hex in small letters, all text UTF-8):

  canonical JSON      keys sorted by code point, each once, no spaces, nothing escaped that need not be, no
                      floats.
  entry body          canonical JSON with at least "chain" ("matter:12"), "seq" (1, 2, …), "prev" (hash of the
                      chain's entry before, "" for the first) and "jurisdiction".
  entry hash          SM3(0x00 ‖ body): also its leaf in the checkpoint's tree.
  tree                RFC 9162, section 2.1, with SM3: node = SM3(0x01 ‖ left ‖ right).
  checkpoint header   canonical JSON {"v":2,"jurisdiction":code,"number":1…,"prev":hash of the header before
                      or "","root":hex,"size":count of leaves,"history":[count, root],"keys":[number, hash],
                      "at":time,"hash":"SM3","signature":"Ed25519","key":name of key}; its hash is SM3(header).
                      Version 1 has neither history nor keys; it is signed by key 1.
  history             the tree over all checkpoints of the jurisdiction before this one, in their order: leaf =
                      SM3(0x00 ‖ hash of the header, 32 bytes).
  keys                the number of the key that signs, and SM3 of its statement.
  key statement       canonical JSON {"v":1,"number":1…,"prev":hash of the statement before or "","public_key",
                      …}, signed by the key before; the first by itself.
  gap                 in the header of a checkpoint after history was lost: "gap":{"from":[number, hash of the
                      checkpoint before it],"to":[number, hash of the last head that was lost],"entry":hash of
                      the entry that declares it}, which is its first leaf; numbers go on after the lost ones.
  signature           Ed25519 (RFC 8032) upon the bytes of the header.
  name of a key       the first 8 bytes of SM3(public key), in hex.
  proof               one JSON object {"v": 2, "entry": body, "index": from 0, "size", "path": [hex, lowest
                      first], "checkpoint": header, "signature": hex, "place": the checkpoint's place in the
                      history, from 0, "history": [hex, lowest first], "head": {"header", "signature"}, "keys":
                      [{"statement", "signature"}, …]}. Where the checkpoint is the head, "history" is empty.
  older proof         {"entry", "index", "size", "path", "checkpoint", "signature", "public_key",
                      "later": [{"header", "signature", "public_key" if it is another}, …]}, all of version 1
  export              JSON Lines: {"kind":"key","statement","signature"}, {"kind":"entry","jurisdiction":code,
                      "body":body} and {"kind":"checkpoint","header":header,"signature":hex,"public_key":hex,
                      "leaves":[entry hash, …]}, in any order. Every entry stands in exactly one checkpoint of
                      its jurisdiction. An older export has no keys: one key signs in each jurisdiction.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from email import message_from_bytes, policy
from functools import reduce
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

WORDS = {
    "no_sm3": (
        "本机没有可用的 SM3 算法。请升级 cryptography 软件包后再试。",
        "This machine has no SM3. Upgrade the package `cryptography` and try again.",
    ),
    "unreadable": ("无法读取 {file}：{why}", "{file} cannot be read: {why}"),
    "neither": ("{file} 既不是单条证明，也不是完整导出。", "{file} is neither a proof nor an export."),
    "line": ("第 {line} 行", "line {line}"),
    "proof": ("证明", "proof"),
    "later": ("后续检查点第 {n} 个", "later checkpoint no. {n}"),
    "entry": ("链 {chain} 第 {seq} 条", "chain {chain}, entry {seq}"),
    "checkpoint": ("{jurisdiction} 第 {number} 号检查点", "{jurisdiction}, checkpoint {number}"),
    "chain": ("链 {chain}", "chain {chain}"),
    "jurisdiction": ("辖区 {jurisdiction}", "jurisdiction {jurisdiction}"),
    "head": ("所持链头 {head}", "the head you hold, {head}"),
    "not_json": ("不是有效的 JSON。", "This is no valid JSON."),
    "not_canonical": ("不是规范化 JSON。", "This is not canonical JSON."),
    "field": ("缺少“{field}”，或其类型不符。", "“{field}” is missing or of the wrong type."),
    "kind": ("未知的行类型。", "The kind of this line is unknown."),
    "other_jurisdiction": ("辖区前后不一致：{one}、{other}。", "The jurisdictions differ: {one}, {other}."),
    "double": ("出现了不止一次。", "It stands here more than once."),
    "missing_entry": ("缺第 {seq} 条。", "Entry {seq} is missing."),
    "prev_entry": (
        "与上一条的哈希不相接：内容被改，或有记录被换。",
        "It does not join the entry before: one was changed or exchanged.",
    ),
    "missing_checkpoint": ("缺第 {number} 号检查点。", "Checkpoint {number} is missing."),
    "prev_header": ("与上一个检查点的哈希不相接。", "It does not join the checkpoint before."),
    "number": ("编号应为 {number}。", "Its number should be {number}."),
    "version": (
        "版本或算法不是本工具所认的（1 或 2、SM3、Ed25519）。",
        "Its version or algorithms are not those known here (1 or 2, SM3, Ed25519).",
    ),
    "key_name": ("公钥与检查点写明的密钥名不符。", "The public key is not the one the checkpoint names."),
    "key_unknown": ("签名密钥 {key} 不在您给出的密钥之中。", "The key {key} is not among those you gave."),
    "key": ("第 {number} 个签名密钥", "signing key {number}"),
    "key_statement": (
        "前一密钥未为其签名，或声明不相接。",
        "The key before did not sign for it, or its statement does not join the one before.",
    ),
    "key_missing": ("缺第 {number} 个签名密钥的声明。", "The statement of signing key {number} is missing."),
    "key_foreign": (
        "签名密钥 {key} 不在本台账的密钥链中。",
        "The key {key} is not in this ledger's chain of keys.",
    ),
    "key_older": (
        "用已更换的旧密钥签名。",
        "It is signed by an older key than the checkpoint before it.",
    ),
    "signature": ("签名无效。", "The signature is not valid."),
    "size": ("写明 {stated} 条，实为 {found} 条。", "It states {stated} entries; there are {found}."),
    "root": (
        "根哈希不符：有记录被改、被删或被换序。",
        "The root differs: an entry was changed, removed or moved.",
    ),
    "path": (
        "证明路径不通向检查点的根：记录、位置或路径有改动。",
        "The path does not lead to the root: entry, place or path was changed.",
    ),
    "history": (
        "历史根不符：此前的检查点被改、被删或被换。",
        "The root of its history differs: a checkpoint before it was changed, removed or exchanged.",
    ),
    "history_path": (
        "历史路径不通向链头：检查点、位置或路径有改动。",
        "The path through the history does not lead to the head: checkpoint, place or path was changed.",
    ),
    "gap_wrong": (
        "所写断档与此前的检查点或声明记录不符。",
        "The gap it names is not that before it, or its first entry does not declare it.",
    ),
    "gap": (
        "注意：{checkpoint}之前缺失历史：第 {after} 号之后至第 {upto} 号（链头 {head}），由两人声明。",
        "Mind: before {checkpoint} history was lost, after number {after} up to {upto} (head {head}); two people "
        "declared it.",
    ),
    "no_heads": ("{file} 中没有链头。", "There is no head in {file}."),
    "leaf_unknown": (
        "所封的 {leaf} 在导出中没有对应记录：记录被删或被改。",
        "It seals {leaf}, which is no entry of this export: removed or changed.",
    ),
    "leaf_elsewhere": ("所封的 {leaf} 属于辖区 {other}。", "It seals {leaf}, which belongs to {other}."),
    "leaf_twice": ("所封的 {leaf} 已封存过。", "It seals {leaf}, which was sealed before."),
    "uncovered": ("没有检查点封存这条记录。", "No checkpoint seals this entry."),
    "head_missing": (
        "文件中没有这个链头：历史与您手中的不同，或导出不全。",
        "It is not in this file: the history differs from yours, or the file is not whole.",
    ),
    "head_other": (
        "这份证明通向另一个链头。请索取通向您所持链头的证明（ledger prove … --head）；早于该记录的链头不能证明它。",
        "This proof leads to another head. Ask for one that leads to yours (ledger prove … --head); a head older than "
        "the entry cannot prove it.",
    ),
    "faults": ("发现 {n} 处问题。", "{n} faults found."),
    "proof_ok": (
        "证明有效：{entry}，封存于{checkpoint}（{at}）；链头 {head}。",
        "The proof holds: {entry}, sealed in {checkpoint} ({at}); head {head}.",
    ),
    "export_ok": (
        "全部一致：{entries} 条记录、{chains} 条链、{checkpoints} 个检查点；链头 {heads}。",
        "All is in order: {entries} entries, {chains} chains, {checkpoints} checkpoints; heads {heads}.",
    ),
    "anchored": ("已与您所持的链头或密钥核对。", "Compared with the heads or keys you gave."),
    "unanchored": (
        "注意：未给出 --head 或 --key，只能说明文件自身前后一致。",
        "Mind: without --head or --key this only shows that the file agrees with itself.",
    ),
}

HEX = re.compile(r"(?:[0-9a-f]{2})+")


class Unusable(Exception):
    """The file cannot be checked at all; the text says why."""


class Bad(Exception):
    """A part of the file is faulty; carries the message's key and what fills it."""

    def __init__(self, message: str, **fill: object) -> None:
        super().__init__(message)
        self.message = message
        self.fill = fill


class Report:
    """Collects faults in the reader's language."""

    def __init__(self, language: str) -> None:
        self._column = 0 if language == "zh" else 1
        self.faults: list[str] = []
        self.notices: list[str] = []

    def say(self, message: str, **fill: object) -> str:
        """Return the message; what a terminal would obey rather than show is replaced."""
        text = WORDS[message][self._column].format(**fill)
        return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)

    def fault(self, place: str, message: str, **fill: object) -> None:
        self.faults.append(place + ("：" if self._column == 0 else ": ") + self.say(message, **fill))


def sm3(data: bytes) -> bytes:
    """Return SM3 (GB/T 32905) of data, from whichever library has it."""
    try:
        return hashlib.new("sm3", data).digest()
    except ValueError:
        running = hashes.Hash(hashes.SM3())
        running.update(data)
        return running.finalize()


def node(left: bytes, right: bytes) -> bytes:
    return sm3(b"\x01" + left + right)


def tree_root(leaves: list[bytes]) -> bytes:
    """Return the root after RFC 9162, 2.1.1."""
    level = list(leaves)
    if not level:
        return sm3(b"")
    while len(level) > 1:
        lifted = [level[-1]] if len(level) % 2 else []
        level = [node(level[n], level[n + 1]) for n in range(0, len(level) - 1, 2)] + lifted
    return level[0]


class Growing:
    """The root of a tree that leaves are added to one by one."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        place = self.size
        while place % 2:
            leaf, place = node(self._peaks.pop(), leaf), place // 2
        self._peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        if not self._peaks:
            return sm3(b"")
        return reduce(lambda right, left: node(left, right), reversed(self._peaks))


def root_from_path(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """Return the root the path leads to, or None if it does not fit the tree (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return None
    place, last, here = index, size - 1, leaf
    for sister in path:
        if last == 0:
            return None
        if place % 2 or place == last:
            here = node(sister, here)
            while place % 2 == 0 and place:
                place, last = place >> 1, last >> 1
        else:
            here = node(here, sister)
        place, last = place >> 1, last >> 1
    return here if last == 0 else None


def no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("double key")
    return found


def no_float(text: str) -> Any:
    raise ValueError("float " + text)


def parse(text: str) -> Any:
    """Read JSON that has no double keys and no floats."""
    try:
        return json.loads(text, object_pairs_hook=no_doubles, parse_float=no_float, parse_constant=no_float)
    except (ValueError, RecursionError):
        raise Bad("not_json") from None


def canonical(text: str) -> dict[str, Any]:
    """Read a canonical JSON object."""
    value = parse(text)
    try:
        again = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        again.encode("utf-8")
    except (UnicodeEncodeError, RecursionError):
        raise Bad("not_canonical") from None
    if not isinstance(value, dict) or again != text:
        raise Bad("not_canonical")
    return value


def text_of(holder: Any, field: str) -> str:
    value = holder.get(field) if isinstance(holder, dict) else None
    if not isinstance(value, str):
        raise Bad("field", field=field)
    return value


def int_of(holder: Any, field: str) -> int:
    value = holder.get(field) if isinstance(holder, dict) else None
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Bad("field", field=field)
    return value


def list_of(holder: Any, field: str) -> list[Any]:
    value = holder.get(field) if isinstance(holder, dict) else None
    if not isinstance(value, list):
        raise Bad("field", field=field)
    return value


def hex_of(value: Any, field: str, size: int) -> bytes:
    if not isinstance(value, str) or len(value) != 2 * size or not HEX.fullmatch(value):
        raise Bad("field", field=field)
    return bytes.fromhex(value)


class Entry:
    """An entry as its body states it; raises Bad."""

    def __init__(self, body: str) -> None:
        stated = canonical(body)
        self.chain = text_of(stated, "chain")
        self.seq = int_of(stated, "seq")
        self.prev = hex_of(stated["prev"], "prev", 32) if text_of(stated, "prev") else b""
        self.jurisdiction = text_of(stated, "jurisdiction")
        notes = stated.get("notes")
        self.gap = notes.get("gap") if isinstance(notes, dict) else None
        self.hash = sm3(b"\x00" + body.encode("utf-8"))

    def place(self, report: Report) -> str:
        return report.say("entry", chain=self.chain, seq=self.seq)


class Keys:
    """The keys that may sign: a chain of statements, or, in files of version 1, whatever each jurisdiction began with."""

    def __init__(self, report: Report, pinned: set[str]) -> None:
        self._report = report
        self._pinned = pinned
        self._statements: list[tuple[bytes, bytes]] = []
        self._first: dict[str, bytes] = {}

    def take(self, statements: list[Any]) -> None:
        """Take the statements in, in the order of their numbers; raises Bad if one cannot be read."""
        read = []
        for item in statements:
            body = text_of(item, "statement")
            stated = canonical(body)
            read.append(
                (int_of(stated, "number"), body, stated, hex_of(item.get("signature"), "signature", 64))
            )
        for expected, (number, body, stated, signature) in enumerate(sorted(read, key=lambda one: one[0]), 1):
            place = self._report.say("key", number=number)
            if number != expected:
                self._report.fault(place, "key_missing", number=expected)
                return
            public = hex_of(stated.get("public_key"), "public_key", 32)
            signer = self._statements[-1][1] if self._statements else public
            before = self._statements[-1][0] if self._statements else b""
            if text_of(stated, "prev") != before.hex() or not signed(signer, signature, body.encode("utf-8")):
                self._report.fault(place, "key_statement")
                return
            self._statements.append((sm3(body.encode("utf-8")), public))
        known = {name for _digest, public in self._statements for name in names_of(public)}
        if self._statements and self._pinned and not self._pinned & known:
            self._report.fault(
                self._report.say("key", number=1), "key_unknown", key=key_name(self._statements[0][1])
            )

    def of(self, checkpoint: Checkpoint) -> bytes:
        """The public key that must have signed a checkpoint; raises Bad where there is none."""
        number, named = checkpoint.keys
        if self._statements:
            if number > len(self._statements):
                raise Bad("key_missing", number=number)
            digest, public = self._statements[number - 1]
            if named and named != digest:
                raise Bad("key_foreign", key=checkpoint.key)
        elif named or checkpoint.public_key is None:
            raise Bad("key_missing", number=number)
        else:
            public = self._first.setdefault(checkpoint.jurisdiction, checkpoint.public_key)
            if self._pinned and not self._pinned & names_of(public):
                raise Bad("key_unknown", key=key_name(public))
        if checkpoint.key != key_name(public):
            raise Bad("key_foreign", key=checkpoint.key)
        if checkpoint.public_key not in (None, public):
            raise Bad("key_name")
        return public


def key_name(public: bytes) -> str:
    return sm3(public)[:8].hex()


def names_of(public: bytes) -> set[str]:
    return {key_name(public), public.hex()}


def signed(public: bytes, signature: bytes, data: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


class Checkpoint:
    """A checkpoint as its header states it, with the signature it came with; raises Bad."""

    def __init__(self, header: str, signature: Any, public_key: Any) -> None:
        stated = canonical(header)
        self.jurisdiction = text_of(stated, "jurisdiction")
        self.number = int_of(stated, "number")
        self.prev = hex_of(stated["prev"], "prev", 32) if text_of(stated, "prev") else b""
        self.root = hex_of(stated.get("root"), "root", 32)
        self.size = int_of(stated, "size")
        self.at = text_of(stated, "at")
        self.key = text_of(stated, "key")
        self.version = int_of(stated, "v")
        self.known = (stated.get("hash"), stated.get("signature")) == ("SM3", "Ed25519")
        self.known = self.known and self.version in (1, 2)
        self.history: tuple[int, bytes] | None = None
        self.keys: tuple[int, bytes] = (1, b"")
        self.gap: tuple[tuple[int, str], tuple[int, str], bytes] | None = None
        if self.version == 2:
            self.history = counted(stated, "history")
            self.keys = counted(stated, "keys")
            if not self.keys[0]:
                raise Bad("field", field="keys")
        if "gap" in stated:
            gap = stated["gap"]
            after, upto = numbered(gap, "from"), numbered(gap, "to")
            self.gap = (after, upto, hex_of(gap.get("entry"), "entry", 32))
        self.header = header.encode("utf-8")
        self.hash = sm3(self.header)
        self.signature = hex_of(signature, "signature", 64)
        self.public_key = None if public_key is None else hex_of(public_key, "public_key", 32)
        self.leaves: list[bytes] = []

    def place(self, report: Report) -> str:
        return report.say("checkpoint", jurisdiction=self.jurisdiction, number=self.number)

    def check(self, report: Report, keys: Keys) -> None:
        """Check version, key and signature."""
        place = self.place(report)
        if not self.known:
            report.fault(place, "version")
        try:
            if not signed(keys.of(self), self.signature, self.header):
                report.fault(place, "signature")
        except Bad as bad:
            report.fault(place, bad.message, **bad.fill)
        if self.gap is not None:
            after, upto, _entry = self.gap
            fill = {"after": after[0], "upto": upto[0], "head": upto[1]}
            report.notices.append(report.say("gap", checkpoint=place, **fill))


def counted(stated: dict[str, Any], field: str) -> tuple[int, bytes]:
    number, digest = numbered(stated, field)
    return number, hex_of(digest, field, 32)


def numbered(stated: Any, field: str) -> tuple[int, str]:
    value = list_of(stated, field)
    if len(value) != 2 or type(value[0]) is not int or value[0] < 0 or not isinstance(value[1], str):
        raise Bad("field", field=field)
    return value[0], value[1]


NAMED = re.compile(r"(?<![^\s>])([^\s>]+)/([0-9]+)[\s>]+([0-9a-f]{64})(?![0-9a-f])")
BARE = re.compile(r"^[ \t\xa0>]*([0-9a-f]{64})\s*$", re.MULTILINE)


def heads_given(given: list[str], report: Report) -> list[tuple[str, str]]:
    """The heads held: each a hash, or the letter they came in, as (jurisdiction or "", hash); raises Unusable."""
    heads: list[tuple[str, str]] = []
    for one in given:
        if HEX.fullmatch(one.lower()) and len(one) == 64:
            heads.append(("", one.lower()))
            continue
        try:
            with open(one, "rb") as handle:
                data = handle.read()
        except OSError as error:
            raise Unusable(report.say("unreadable", file=one, why=error)) from None
        mail = message_from_bytes(data, policy=policy.default)
        body = mail.get_body(preferencelist=("plain",)) if mail.keys() else None
        text = body.get_content() if body is not None else data.decode("utf-8", "replace")
        found = [(code.lstrip(">"), head) for code, _number, head in NAMED.findall(text)]
        places = {head for _code, head in found}
        found += [("", head) for head in BARE.findall(text) if head not in places]
        if not found:
            raise Unusable(report.say("no_heads", file=one))
        heads += found
    return heads


def check_heads(report: Report, heads: Iterable[tuple[str, str]], present: set[str], lost: set[str]) -> None:
    for _code, head in heads:
        if head not in present and head not in lost:
            report.fault(report.say("head", head=head), "head_missing")


def check_proof(bundle: dict[str, Any], heads: list[tuple[str, str]], keys: Keys, report: Report) -> str:
    """Check a proof of one entry; return the summary, which holds if the report stays empty."""
    place = report.say("proof")
    older = "head" not in bundle
    try:
        entry = Entry(text_of(bundle, "entry"))
        first = Checkpoint(
            text_of(bundle, "checkpoint"),
            bundle.get("signature"),
            (bundle.get("public_key") or "") if older else None,
        )
        index, size = int_of(bundle, "index"), int_of(bundle, "size")
        path = [hex_of(sister, "path", 32) for sister in list_of(bundle, "path")]
        later = list_of(bundle, "later") if older else []
        keys.take([] if older else list_of(bundle, "keys"))
    except Bad as bad:
        report.fault(place, bad.message, **bad.fill)
        return ""
    if entry.jurisdiction != first.jurisdiction:
        report.fault(place, "other_jurisdiction", one=entry.jurisdiction, other=first.jurisdiction)
    if size != first.size:
        report.fault(place, "size", stated=first.size, found=size)
    if root_from_path(entry.hash, index, size, path) != first.root:
        report.fault(entry.place(report), "path")
    first.check(report, keys)
    chain = _later(bundle, first, later, keys, report) if older else _head(bundle, first, keys, report)
    if chain is None:
        return ""
    own = [head for code, head in heads if code in ("", first.jurisdiction)]
    if heads and not {checkpoint.hash.hex() for checkpoint in chain}.intersection(own):
        held = report.say("head", head=" ".join(own) or "–")
        report.fault(held, "head_missing" if older else "head_other", jurisdiction=first.jurisdiction)
    return report.say(
        "proof_ok",
        entry=entry.place(report),
        checkpoint=first.place(report),
        at=first.at,
        head=chain[-1].hash.hex(),
    )


def _later(
    bundle: dict[str, Any], first: Checkpoint, later: list[Any], keys: Keys, report: Report
) -> list[Checkpoint] | None:
    """The checkpoints since, of an older proof, each joined to the one before it."""
    chain = [first]
    for n, item in enumerate(later, 1):
        try:
            own_key = item.get("public_key", bundle["public_key"]) if isinstance(item, dict) else None
            checkpoint = Checkpoint(text_of(item, "header"), item.get("signature"), own_key)
        except Bad as bad:
            report.fault(report.say("later", n=n), bad.message, **bad.fill)
            return None
        checkpoint.check(report, keys)
        check_joined(chain[-1], checkpoint, report)
        chain.append(checkpoint)
    return chain


def _head(bundle: dict[str, Any], first: Checkpoint, keys: Keys, report: Report) -> list[Checkpoint] | None:
    """The head, whose history holds the checkpoint at its place."""
    place = report.say("proof")
    try:
        item = bundle["head"]
        head = Checkpoint(text_of(item, "header"), item.get("signature"), None)
        path = [hex_of(sister, "history", 32) for sister in list_of(bundle, "history")]
        at = int_of(bundle, "place")
    except Bad as bad:
        report.fault(place, bad.message, **bad.fill)
        return None
    if head.header == first.header:
        if path or (first.history and at != first.history[0]):
            report.fault(first.place(report), "history_path")
        return [first]
    head.check(report, keys)
    if head.jurisdiction != first.jurisdiction:
        report.fault(
            head.place(report), "other_jurisdiction", one=first.jurisdiction, other=head.jurisdiction
        )
    size, root = head.history or (0, b"")
    stated = first.history[0] if first.history else first.number - 1
    if at != stated or root_from_path(sm3(b"\x00" + first.hash), at, size, path) != root:
        report.fault(first.place(report), "history_path")
    if head.keys[0] < first.keys[0]:
        report.fault(head.place(report), "key_older")
    return [first, head]


def check_joined(before: Checkpoint, after: Checkpoint, report: Report) -> None:
    place = after.place(report)
    if after.jurisdiction != before.jurisdiction:
        report.fault(place, "other_jurisdiction", one=before.jurisdiction, other=after.jurisdiction)
    number = max(before.number, after.gap[1][0] if after.gap else 0) + 1
    if after.number != number:
        report.fault(place, "number", number=number)
    if after.prev != before.hash:
        report.fault(place, "prev_header")
    if after.keys[0] < before.keys[0]:
        report.fault(place, "key_older")


class Export:
    """A full export, gathered line by line and then checked as a whole."""

    def __init__(self, report: Report, keys: Keys) -> None:
        self._report = report
        self._keys = keys
        self.statements: list[Any] = []
        self.chains: dict[str, dict[int, Entry]] = {}
        self.entries: dict[bytes, Entry] = {}
        self.checkpoints: dict[str, dict[int, Checkpoint]] = {}

    def take(self, line: Any) -> None:
        """Take in one line; raises Bad if it cannot be read."""
        kind = line.get("kind") if isinstance(line, dict) else None
        if kind == "entry":
            self._take_entry(line)
        elif kind == "checkpoint":
            self._take_checkpoint(line)
        elif kind == "key":
            self.statements.append(line)
        else:
            raise Bad("kind")

    def _take_entry(self, line: dict[str, Any]) -> None:
        entry = Entry(text_of(line, "body"))
        stated = text_of(line, "jurisdiction")
        if stated != entry.jurisdiction:
            self._report.fault(
                entry.place(self._report), "other_jurisdiction", one=stated, other=entry.jurisdiction
            )
        chain = self.chains.setdefault(entry.chain, {})
        if entry.seq in chain:
            self._report.fault(entry.place(self._report), "double")
        chain.setdefault(entry.seq, entry)
        self.entries.setdefault(entry.hash, entry)

    def _take_checkpoint(self, line: dict[str, Any]) -> None:
        checkpoint = Checkpoint(text_of(line, "header"), line.get("signature"), line.get("public_key") or "")
        checkpoint.leaves = [hex_of(leaf, "leaves", 32) for leaf in list_of(line, "leaves")]
        of_jurisdiction = self.checkpoints.setdefault(checkpoint.jurisdiction, {})
        if checkpoint.number in of_jurisdiction:
            self._report.fault(checkpoint.place(self._report), "double")
        of_jurisdiction.setdefault(checkpoint.number, checkpoint)

    def check(self, heads: list[tuple[str, str]]) -> str:
        """Check everything taken in; return the summary, which holds if the report stays empty."""
        try:
            self._keys.take(self.statements)
        except Bad as bad:
            self._report.fault(self._report.say("key", number="?"), bad.message, **bad.fill)
        for chain in self.chains.values():
            self._check_chain(chain)
        sealed: set[bytes] = set()
        for of_jurisdiction in self.checkpoints.values():
            self._check_checkpoints(of_jurisdiction, sealed)
        for digest, entry in self.entries.items():
            if digest not in sealed:
                self._report.fault(entry.place(self._report), "uncovered")
        every = [found for some in self.checkpoints.values() for found in some.values()]
        lost = {checkpoint.gap[1][1] for checkpoint in every if checkpoint.gap}
        check_heads(self._report, heads, {checkpoint.hash.hex() for checkpoint in every}, lost)
        return self._report.say(
            "export_ok",
            entries=len(self.entries),
            chains=len(self.chains),
            checkpoints=len(every),
            heads=" ".join(
                f"{code}:{some[max(some)].hash.hex()}" for code, some in sorted(self.checkpoints.items())
            ),
        )

    def _check_chain(self, chain: dict[int, Entry]) -> None:
        name = next(iter(chain.values())).chain
        before = b""
        for seq in range(1, len(chain) + 1):
            entry = chain.get(seq)
            if entry is None:
                self._report.fault(self._report.say("chain", chain=name), "missing_entry", seq=seq)
                return
            if entry.prev != before:
                self._report.fault(entry.place(self._report), "prev_entry")
            before = entry.hash

    def _check_checkpoints(self, found: dict[int, Checkpoint], sealed: set[bytes]) -> None:
        code = next(iter(found.values())).jurisdiction
        before: Checkpoint | None = None
        history = Growing()
        for _number, checkpoint in sorted(found.items()):
            number = max(before.number if before else 0, checkpoint.gap[1][0] if checkpoint.gap else 0) + 1
            if checkpoint.number > number:
                place = self._report.say("jurisdiction", jurisdiction=code)
                self._report.fault(place, "missing_checkpoint", number=number)
                break
            checkpoint.check(self._report, self._keys)
            if before is not None:
                check_joined(before, checkpoint, self._report)
            elif checkpoint.prev:
                self._report.fault(checkpoint.place(self._report), "prev_header")
            self._check_history(checkpoint, before, history)
            before = checkpoint
            history.add(sm3(b"\x00" + checkpoint.hash))
        for checkpoint in found.values():
            self._check_leaves(checkpoint, sealed)

    def _check_history(self, checkpoint: Checkpoint, before: Checkpoint | None, history: Growing) -> None:
        place = checkpoint.place(self._report)
        if checkpoint.history not in (None, (history.size, history.root())):
            self._report.fault(place, "history")
        if checkpoint.gap is not None:
            after, upto, entry = checkpoint.gap
            expected = (before.number, before.hash.hex()) if before else (0, "")
            notes = {"from": list(after), "to": list(upto)}
            declared = self.entries.get(entry)
            if after != expected or checkpoint.leaves[:1] != [entry] or not declared or declared.gap != notes:
                self._report.fault(place, "gap_wrong")

    def _check_leaves(self, checkpoint: Checkpoint, sealed: set[bytes]) -> None:
        place = checkpoint.place(self._report)
        if checkpoint.size != len(checkpoint.leaves):
            self._report.fault(place, "size", stated=checkpoint.size, found=len(checkpoint.leaves))
        if tree_root(checkpoint.leaves) != checkpoint.root:
            self._report.fault(place, "root")
        for leaf in checkpoint.leaves:
            entry = self.entries.get(leaf)
            if entry is None:
                self._report.fault(place, "leaf_unknown", leaf=leaf.hex())
            elif entry.jurisdiction != checkpoint.jurisdiction:
                self._report.fault(place, "leaf_elsewhere", leaf=leaf.hex(), other=entry.jurisdiction)
            elif leaf in sealed:
                self._report.fault(place, "leaf_twice", leaf=leaf.hex())
            sealed.add(leaf)


def check_export(lines: Iterator[str], heads: list[tuple[str, str]], keys: Keys, report: Report) -> str:
    """Check a full export; return the summary, which holds if the report stays empty."""
    export = Export(report, keys)
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            export.take(parse(line))
        except Bad as bad:
            report.fault(report.say("line", line=number), bad.message, **bad.fill)
    return export.check(heads)


def check_file(file: str, heads: list[tuple[str, str]], keys: Keys, report: Report) -> str:
    """See what the file is and check it; raises Unusable."""
    try:
        with open(file, encoding="utf-8") as handle:
            first = handle.readline()
            try:
                begun = parse(first)
            except Bad:
                begun = None
            handle.seek(0)
            if isinstance(begun, dict) and "kind" in begun:
                return check_export(handle, heads, keys, report)
            whole = parse(handle.read())
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable(report.say("unreadable", file=file, why=error)) from None
    except Bad:
        raise Unusable(report.say("neither", file=file)) from None
    if not isinstance(whole, dict) or "entry" not in whole:
        raise Unusable(report.say("neither", file=file))
    return check_proof(whole, heads, keys, report)


def main(arguments: list[str] | None = None, write: Callable[[str], object] = print) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(
        description="Verify a Qingfeng ledger: a proof of one entry or a full export."
    )
    parser.add_argument("file")
    parser.add_argument("--head", action="append", default=[], metavar="HEX|LETTER")
    parser.add_argument("--key", action="append", default=[], metavar="HEX")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh")
    chosen = parser.parse_args(arguments)
    report = Report(chosen.lang)
    keys = Keys(report, {key.lower() for key in chosen.key})
    try:
        sm3(b"")
    except UnsupportedAlgorithm:
        write(report.say("no_sm3"))
        return 2
    try:
        heads = heads_given(chosen.head, report)
        summary = check_file(chosen.file, heads, keys, report)
    except Unusable as unusable:
        write(str(unusable))
        return 2
    if report.faults:
        for fault in report.faults:
            write(fault)
        write(report.say("faults", n=len(report.faults)))
        return 1
    write(summary)
    for notice in report.notices:
        write(notice)
    write(report.say("anchored" if heads or chosen.key else "unanchored"))
    return 0


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(main())
