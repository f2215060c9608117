"""What our node sends to phase4: messages of a back end with any parts, and its own answers under every condition."""
import hashlib
import json
import subprocess
import time

from . import back_ends, nodes, opened, wire, written

PARTS_SERVICE = "urn:conformance:parts"  # of a back end; what comes under the other one is answered

# phase4 answers a repetition with "Other": to one whose first answer was lost that is the receipt's only trace.
AGREED = {"partner_errors": {"already_received": ["EBMS:0004"]}}


def modes(table, changes=()):
    """Our side of the agreement, for answers and for messages of a back end."""
    both = []
    for agreed in (table.agreed, nodes.agreement(service=PARTS_SERVICE)):
        both.append(nodes.pmode(agreed, table.suite, table.fr, table.eu, table.way_in.url, **{**AGREED, **dict(changes)}))
    both[1]["id"] = "parts"
    return both


def parts_leave(table, said):
    """The parts of a cell handed over by a back end: phase4 has each byte, in order, and what the header said."""
    if said.get("compress") == "0":
        ours_to(table, {"compress": False})
    try:
        return handed_over(table, said)
    finally:
        if said.get("compress") == "0":
            ours_to(table, {})


def handed_over(table, said):
    properties = {name: said[name] for name in ("originalSender", "finalRecipient", "trackingIdentifier") if name in said}
    message = {"pmode": "parts", "action": "notify", "properties": [{"name": n, "value": v} for n, v in properties.items()]}
    if "refers" in said:
        message["ref_to_message_id"] = said["refers"]
    parts = [(f"part-{at}", kind, data) for at, (kind, data) in enumerate(said["parts"])]
    status, answer = back_ends.back_end(table.ours).hand_over(message, parts, written.new_id())
    if status != 201:
        return f"our node took no message: {status} {answer[-400:]!r}"
    message_id = json.loads(answer)["message_id"]
    entry = table.ours.settled(message_id)
    got = table.inside.delivered(message_id)
    if len(got) != 1 or entry["status"] != "delivered" or entry["attempts"] != 1:
        return f"phase4 has {got}; ours is {entry['status']} after {entry['attempts']} tries: {entry['reason']}"
    return differences(got[0], said, properties)


def differences(got, said, properties):
    """Of what phase4 delivered and what was handed over."""
    if not got["signed"] or not (got["decrypted"] or not said["parts"]):
        return f"signed {got['signed']}, decrypted {got['decrypted']}"
    digests = [hashlib.sha256(data).hexdigest() for _, data in said["parts"]]
    if [one["sha256"] for one in got["parts"]] != digests or [one["type"] for one in got["parts"]] != [k for k, _ in said["parts"]]:
        return f"phase4 has {got['parts']}"
    if any(one["compressed"] == (said.get("compress") == "0") for one in got["parts"]):
        return "it is not compressed as agreed"
    if any(got["properties"].get(name) != value for name, value in properties.items()):
        return f"phase4 has the properties {got['properties']}"
    return "" if got["ref_to_message_id"] == said.get("refers", "") else f"it answers {got['ref_to_message_id']!r}"


def ask_ours_to_send(table):
    """Whatever our node gets, it answers with a message of its own: here is one from EU. Gives the answer's id."""
    one = written.part(b'{"text": "please answer"}')
    message_id = written.new_id()
    soap, parts = written.envelope(table.eu, written.user_message(table.agreed, [one], message_id), table.fr, [one])
    got = wire.post(table.ours.as4, *written.multipart(soap, parts))
    if got.status != 200 or not opened.message(got.content_type, got.body, None, table.fr).is_receipt:
        raise RuntimeError(f"our node took no message: {got.status} {got.body[-400:]!r}")
    end = time.monotonic() + 10
    while time.monotonic() < end:
        for entry in table.ours.ledger(direction="out"):
            if entry["original_message_id"] == message_id:
                return entry["message_id"]
        time.sleep(0.05)
    raise RuntimeError("our node gave no answer")


def ours_delivered(table, what, attempts):
    table.on_way = what
    message_id = ask_ours_to_send(table)
    entry = table.ours.settled(message_id)
    got = table.inside.delivered(message_id)
    if len(got) != 1 or not got[0]["signed"] or not got[0]["decrypted"]:
        return f"phase4 has {got}; ours is {entry['status']}: {entry['reason']}"
    if got[0]["parts"][0]["sha256"] != entry["content_sha256"]:
        return "phase4 has other bytes"
    if entry["status"] != "delivered":
        return f"phase4 has it once, but ours is {entry['status']} after {entry['attempts']} tries: {entry['reason']}"
    return "" if entry["attempts"] == attempts else f"{entry['attempts']} tries"


def ours_to(table, changes):
    """Our node with its P-Modes changed."""
    (table.ours.folder / "pmodes/pmodes.json").write_text(json.dumps({"pmodes": modes(table, changes)}))
    table.ours.stop()
    table.ours.start()


def with_tokens(table, changes):
    ours_to(table, changes)
    try:
        return ours_delivered(table, "pass", 1)
    finally:
        ours_to(table, {})


def refused_by_phase4(table):
    """phase4 does not trust the certificate we sign with: it delivers nothing, ours does not call it delivered."""
    ours_to(table, {"address": table.stranger.as4, "retry": {"max_attempts": 2},
                    "certificates": {"partner_signing": [table.false.file("sign")],
                                     "partner_encryption": table.false.file("encrypt")}})
    try:
        one = written.part(b"{}")
        soap, parts = written.envelope(table.false, written.user_message(table.agreed, [one]), table.fr, [one])
        wire.post(table.ours.as4, *written.multipart(soap, parts))
        time.sleep(0.3)
        message_id = table.ours.ledger(direction="out")[0]["message_id"]
        entry = table.ours.settled(message_id)
        if table.stranger.delivered(message_id):
            return "phase4 delivered it"
        return "" if entry["status"] == "failed" and entry["code"] else f"{entry['status']}: {entry['reason']}"
    finally:
        ours_to(table, {})


def pinged(table):
    """Our operator's test message: phase4 acknowledges it, whatever it does with it then."""
    done = subprocess.run([table.ours.program, "as4", "ping", table.ours.folder / "node.json", "--pmode", "conformance", "--json",
                           *table.ours.as_operator()], capture_output=True, text=True, timeout=60)
    told = json.loads(done.stdout) if done.returncode == 0 else {}
    return "" if told.get("receipt_id") and told["attempts"] == 1 else done.stderr + done.stdout


CELLS = {
    "an answer of the node": lambda table: ours_delivered(table, "pass", 1),
    "signer named by SubjectKeyIdentifier": lambda table: with_tokens(
        table, {"security": {"signing_token": "subject_key_identifier"}}),
    "signer named by IssuerSerial": lambda table: with_tokens(table, {"security": {"signing_token": "issuer_serial"}}),
    "recipient named by IssuerSerial": lambda table: with_tokens(table, {"security": {"encryption_token": "issuer_serial"}}),
    "recipient named by its certificate": lambda table: with_tokens(
        table, {"security": {"encryption_token": "binary_security_token"}}),
    "refused at first, sent again": lambda table: ours_delivered(table, "refuse", 2),
    "the answer is lost, sent again": lambda table: ours_delivered(table, "lose the answer", 2),
    "test service": pinged,
    "tampered on the way, refused, sent again": lambda table: ours_delivered(table, "spoil", 2),
    "wrong certificate is refused": refused_by_phase4,
}
