"""PyPI `as4` as the second peer: its Peppol message to us, our message to its core; 1.15 RSA is all it speaks."""
import json
import pathlib
import shutil
import subprocess
import tempfile
import traceback

from . import keys, nodes, wire
from .field import field

AREA = "PyPI as4"
KIND = "urn:fdc:peppol.eu:2017:identifiers:ap"
SERVICE = {"value": "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0", "type": "cenbii-procid-ubl"}


class partner:
    """The library in its own Python, with one key pair for signing and decrypting, as it wants."""

    def __init__(self, at, folder):
        self.folder = pathlib.Path(folder)
        own = keys.both_uses("EU", at.authority, self.folder / "keys")
        for name in ("own.pem", "own.key"):
            shutil.copy(own / name, self.folder / name)
        for use in ("sign", "encrypt"):
            shutil.copy(at.fr.file(use), self.folder / f"{use}.pem")

    def run(self, *words):
        done = subprocess.run([nodes.HOUSE / "build/as4/bin/python", nodes.HOUSE / "conformance/as4/peer.py", words[0], self.folder,
                               *words[1:]], capture_output=True, text=True, timeout=60)
        if done.returncode:
            raise RuntimeError(done.stderr[-600:])
        return json.loads(done.stdout)

    def receive(self, one):
        (self.folder / "request.type").write_text(one.content_type)
        (self.folder / "request.body").write_bytes(one.body)
        self.told = self.run("receive")
        return wire.answer(200, "application/soap+xml", (self.folder / "signal.body").read_bytes())


def to_us(at, it):
    message_id = it.run("build", at.agreed.node)["message_id"]
    got = wire.post(at.node.as4, (it.folder / "request.type").read_text(), (it.folder / "request.body").read_bytes())
    (it.folder / "answer").write_bytes(got.body)
    state = it.run("signal", str(it.folder / "answer"))["state"]
    return "" if state == "acknowledged" and len(at.delivered(message_id)) == 1 else f"{state}, {at.read_answer(got)}"


def from_us(at, it):
    """What we sent in answer to its message."""
    at.conduct = it.receive
    to_us(at, it)
    entry = at.node.settled(at.node.ledger(direction="out")[0]["message_id"])
    good = entry["status"] == "delivered" and it.told["parts"] == [entry["content_sha256"]]
    return "" if good else f"{entry['status']}: {entry['reason']}; it says {it.told}"


def modes(on):
    mode = on.mode(security={"encryption_token": "binary_security_token"}, retry={"answer_timeout_seconds": 30})
    mode["us"]["type"] = mode["partner"]["type"] = KIND
    mode |= {"service": SERVICE, "agreement": {"value": "urn:fdc:peppol.eu:2017:agreements:tia:ap_provider"}}
    mode["certificates"] = {"partner_signing": [str(on.folder / "it/own.pem")], "partner_encryption": str(on.folder / "it/own.pem")}
    return [mode]


def judge(program, told):
    with tempfile.TemporaryDirectory(prefix="ehds-as4-") as folder:
        at = field(program, folder, modes=modes)
        it = partner(at, at.folder / "it")
        try:
            at.start()
            for name, test in (("as4 → us", to_us), ("us → as4", from_us)):
                try:
                    why = test(at, it)
                except Exception:
                    why = traceback.format_exc(limit=-2)
                told.demand(not why, AREA, name, why)
        finally:
            at.close()
