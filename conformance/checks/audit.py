"""Audit checkpoints are C2SP signed notes: verified by cryptography, and the root recomputed from the store's leaves."""
import base64
import hashlib
import sqlite3

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519 = b"\x01"  # C2SP signed-note: the kind of the key


def verified(note, verifier_key):
    name, stated, encoded = verifier_key.strip().split("+", 2)
    key = base64.b64decode(encoded)
    key_id = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    if key[:1] != ED25519 or key_id.hex() != stated:
        return False
    text, _, lines = note.partition("\n\n")
    for line in lines.splitlines():
        dash, signer, signature = line.split(" ")
        raw = base64.b64decode(signature)
        if dash != "\u2014" or signer != name or raw[:4] != key_id:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(key[1:]).verify(raw[4:], (text + "\n").encode())
        except InvalidSignature:
            return False
        return True
    return False


def merkle_root(leaves):
    """RFC 6962, section 2.1."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    left = 1
    while left * 2 < len(leaves):
        left *= 2
    return hashlib.sha256(b"\x01" + merkle_root(leaves[:left]) + merkle_root(leaves[left:])).digest()


def leaves_of(store, count):
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as database:
        rows = database.execute("SELECT leaf FROM audit_entry ORDER BY seq LIMIT ?", (count,)).fetchall()
    return [one if isinstance(one, bytes) else one.encode() for (one,) in rows]


def judge(nodes, told):
    for at in nodes.values():
        note, key = at.call("/audit/checkpoint").body.decode(), at.call("/audit/key").body.decode()
        told.demand(verified(note, key), "cryptography", "a checkpoint's signature verifies", at.name)
        told.demand(not verified(note.replace("\n", "\n1", 1), key), "cryptography",
                    "a checkpoint of another size does not verify", at.name)
        _, size, root = note.split("\n")[:3]
        leaves = leaves_of(at.folder / "store/node.sqlite", int(size))
        told.demand(len(leaves) == int(size) and merkle_root(leaves) == base64.b64decode(root), "hashlib and sqlite3",
                    "the root follows from the entries (RFC 6962)", f"{at.name}: {len(leaves)} of {size} entries")
