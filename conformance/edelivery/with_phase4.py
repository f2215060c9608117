"""Every cell of the table with phase4: it sends to us, we send to it, and the same between two phase4s."""
import contextlib
import hashlib
import json
import pathlib
import subprocess
import tempfile
import time
import traceback

from . import algorithms, keys, nodes, opened, wire, written
from .settings import TEST_ACTION, TEST_SERVICE

LEADING = b'<?xml version="1.0" encoding="UTF-8"?>\n<note xmlns="urn:example">Gr\xc3\xbc\xc3\x9fe &amp; more</note>\n'


class round_table:
    """The parties of one profile: our node, a phase4 beside it, a second phase4, a phase4 of a strange authority."""

    def __init__(self, program, house, folder, suite):
        self.suite, self.folder = suite, pathlib.Path(folder)
        self.trusted, self.strange = keys.authority(), keys.authority("Strange Authority")
        self.agreed = nodes.agreement()
        party = lambda name, issuer, where: keys.party(name, suite, issuer, self.folder / "keys" / where)
        self.fr, self.eu = party("FR", self.trusted, "fr"), party("EU", self.trusted, "eu")
        self.false = party("EU", self.strange, "strange")
        self.fr.knows(self.eu)
        self.eu.knows(self.fr)
        self.inside = nodes.phase4(house, self.folder / "phase4", self.eu, suite).start()
        self.second = nodes.phase4(house, self.folder / "second", self.fr, suite).start()
        self.stranger = nodes.phase4(house, self.folder / "stranger", self.false, suite).start()
        self.on_way = "pass"  # what happens to the next message on its way to phase4
        self.way_in = wire.peer(lambda one: self.forward(one, self.inside.as4))
        self.ours = None
        self.start_ours(program)

    def start_ours(self, program):
        mode = nodes.pmode(self.agreed, self.suite, self.fr, self.eu, self.way_in.url, **AGREED)
        ours = nodes.node(program, self.folder / "ours", self.fr, [mode], self.agreed)
        try:
            self.ours = ours.start()
        except RuntimeError as why:
            if "profile" not in str(why):
                raise

    def forward(self, one, to):
        what, self.on_way = self.on_way, "pass"
        if what == "refuse":
            return wire.answer(503, "text/plain", b"")
        body = spoiled(one.body) if what == "spoil" else one.body
        got = wire.post(to, one.content_type, body)
        return "drop" if what == "lose the answer" else got

    def close(self):
        for one in (self.inside, self.second, self.stranger, self.way_in):
            one.close() if isinstance(one, wire.peer) else one.stop()
        if self.ours:
            self.ours.stop()


# phase4 answers a repetition with "Other": to one whose first answer was lost that is the receipt's only trace.
AGREED = {"partner_errors": {"already_received": ["EBMS:0004"]}}


def spoiled(body):
    """One bit of the last part, where the ciphertext is."""
    at = body.rindex(b"\r\n--") - 20
    return body[:at] + bytes([body[at] ^ 1]) + body[at + 1:]


class receiving:
    """Either our node or a second phase4, as the one that phase4 sends to."""

    def __init__(self, table, who):
        self.table, self.who = table, who
        self.as4 = table.ours.as4 if who == "us" else table.second.as4

    def got(self, message_id):
        """Digests of the parts delivered under this id, for each delivery."""
        if self.who == "phase4":
            return [[one["sha256"] for one in found["parts"]] for found in self.table.second.delivered(message_id)]
        return [self.parts_of(one) for one in self.table.ours.ledger(message_id) if one["direction"] == "in"]

    def parts_of(self, entry):
        seen = opened.message(*self.table.ours.bytes_of(entry, "raw"), self.table.fr, self.table.eu)
        return [hashlib.sha256(one["data"]).hexdigest() for one in seen.parts] if not seen.problems else seen.problems


PARTS = {
    "one part, compressed": dict(parts=[("application/json", b'{"text": "one"}')]),
    "one part, not compressed": dict(parts=[("application/json", b'{"text": "one"}')], compress="0"),
    "one XML part, not compressed": dict(parts=[("application/xml", LEADING)], compress="0"),
    "several parts, compressed": dict(parts=[("application/xml", LEADING), ("application/pdf", b"%PDF" + bytes(5000)),
                                             ("application/json", b"{}")]),
    "several parts, not compressed": dict(parts=[("application/xml", LEADING), ("application/pdf", b"%PDF" + bytes(5000))],
                                          compress="0"),
    "an empty part": dict(parts=[("application/octet-stream", b"")]),
    "no payload": dict(parts=[]),
    "1 MB": dict(parts=[("application/octet-stream", bytes(range(256)) * 4096)]),
    "message properties of four corners": dict(parts=[("application/json", b"{}")], originalSender="C1", finalRecipient="C4",
                                               trackingIdentifier="t-1"),
    "RefToMessageId": dict(parts=[("application/json", b"{}")], refers="first@conformance.example"),
}


def files_of(table, parts):
    made = []
    for kind, data in parts:
        file = table.folder / f"payload-{hashlib.sha256(data).hexdigest()[:12]}"
        file.write_bytes(data)
        made.append((kind, file))
    return made


def sent_by_phase4(table, to, message_id, parts=(("application/json", b"{}"),), url=None, **more):
    return table.inside.send(table.agreed, url or to.as4, table.fr, files_of(table, parts), id=message_id, **more)


def is_receipt(told):
    """phase4's own word for it: a signed receipt whose digests are those it sent."""
    return told["result"] == "SUCCESS" and told.get("signed") and told.get("digests") == "equal"


def parts_arrive(table, to, name, said):
    said = dict(said)
    parts, message_id = said.pop("parts"), written.new_id()
    told = sent_by_phase4(table, to, message_id, parts, **said)
    expected = [[hashlib.sha256(data).hexdigest() for _, data in parts]]
    if not is_receipt(told):
        return short(told)
    got = to.got(message_id)
    return "" if got == expected else f"delivered is {got}"


def short(told):
    return {name: value for name, value in told.items() if name != "answer"}


def duplicate(table, to):
    """The very bytes again: one delivery, and the sender gets a receipt again."""
    kept = []
    way = wire.peer(lambda one: (kept.append(one), wire.post(to.as4, one.content_type, one.body))[1])
    with contextlib.closing(way):
        message_id = written.new_id()
        if not is_receipt(told := sent_by_phase4(table, to, message_id, url=way.url)):
            return short(told)
        again = wire.post(to.as4, kept[0].content_type, kept[0].body)
        answer = opened.message(again.content_type, again.body)
        if len(to.got(message_id)) != 1:
            return "it was delivered twice"
        return "" if answer.is_receipt else f"the repetition is answered by {answer.errors}, not by a receipt"


def answer_lost(table, to):
    """The answer to the first try is lost; phase4 tries again by itself."""
    lost = []
    def way_of(one):
        got = wire.post(to.as4, one.content_type, one.body)
        lost.append(one)
        return "drop" if len(lost) == 1 else got
    with contextlib.closing(wire.peer(way_of)) as way:
        message_id = written.new_id()
        told = sent_by_phase4(table, to, message_id, url=way.url, retries="2")
        if len(to.got(message_id)) != 1:
            return f"delivered {len(to.got(message_id))} times"
        return "" if is_receipt(told) else short(told)


def refused_first(table, to):
    tries = []
    def way_of(one):
        tries.append(one)
        return wire.answer(503, "text/plain", b"") if len(tries) == 1 else wire.post(to.as4, one.content_type, one.body)
    with contextlib.closing(wire.peer(way_of)) as way:
        message_id = written.new_id()
        told = sent_by_phase4(table, to, message_id, url=way.url, retries="2")
        return "" if is_receipt(told) and len(tries) == 2 and len(to.got(message_id)) == 1 else f"{len(tries)} tries, {short(told)}"


def test_service(table, to):
    message_id = written.new_id()
    told = sent_by_phase4(table, to, message_id, parts=(), service=TEST_SERVICE, service_type="", action=TEST_ACTION)
    if not is_receipt(told):
        return short(told)
    return "" if not to.got(message_id) else "the test message was delivered"


def is_refused(table, to, told, message_id):
    if told["result"] == "SUCCESS" or to.got(message_id):
        return f"it was accepted: {short(told)}"
    return "" if "error" in told else f"refused without an EBMS error: {short(told)}"


def impostor(table):
    """Keys of another authority for the right name; whoever has them trusts the right authority."""
    folder = keys.party("EU", table.suite, table.strange, table.folder / "keys/impostor").folder
    (folder / "ca.pem").write_bytes(keys.pem(table.trusted.certificate))
    return folder


def wrong_certificate(table, to):
    message_id = written.new_id()
    return is_refused(table, to, sent_by_phase4(table, to, message_id, keys=str(impostor(table))), message_id)


def tampered(table, to):
    with contextlib.closing(wire.peer(lambda one: wire.post(to.as4, one.content_type, spoiled(one.body)))) as way:
        message_id = written.new_id()
        return is_refused(table, to, sent_by_phase4(table, to, message_id, url=way.url), message_id)


def not_encrypted(table, to):
    message_id = written.new_id()
    return is_refused(table, to, sent_by_phase4(table, to, message_id, encrypt="0"), message_id)


OTHERS = {"the same bytes again": duplicate, "the answer is lost, sent again": answer_lost,
          "refused at first, sent again": refused_first, "test service": test_service,
          "wrong certificate is refused": wrong_certificate, "tampered is refused": tampered,
          "not encrypted is refused": not_encrypted}


def ask_ours_to_send(table, compress=True):
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
    """Our node with its P-Mode changed."""
    mode = nodes.pmode(table.agreed, table.suite, table.fr, table.eu, table.way_in.url, **{**AGREED, **changes})
    (table.ours.folder / "pmodes/pmodes.json").write_text(nodes.json.dumps({"pmodes": [mode]}))
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


SENDING = {
    "one part, compressed": lambda table: ours_delivered(table, "pass", 1),
    "one part, not compressed": lambda table: with_tokens(table, {"compress": False}),
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


def judged(cell, *given):
    try:
        return cell(*given)
    except Exception:
        return traceback.format_exc(limit=-3)


def judge_suite(table, told, grid):
    between = receiving(table, "phase4")
    to_us = receiving(table, "us") if table.ours else None
    cells = [(name, lambda to, name=name, said=said: parts_arrive(table, to, name, said)) for name, said in PARTS.items()]
    cells += [(name, lambda to, cell=cell: cell(table, to)) for name, cell in OTHERS.items()]
    baselines = {}
    for name, cell in cells:
        baseline = baselines[name] = judged(cell, between)
        note(told, grid, table.suite, "phase4 → phase4", name, baseline, is_ours=False)
        if to_us:
            note(told, grid, table.suite, "phase4 → us", name, judged(cell, to_us), baseline)
    for name, cell in SENDING.items() if table.ours else ():
        # phase4 delivers test messages; here only its receipt counts.
        note(told, grid, table.suite, "us → phase4", name, judged(cell, table), "" if cell is pinged else baselines.get(name, ""))


def note(told, grid, suite, direction, name, why, baseline="", is_ours=True):
    """A cell that fails between two phase4s as well is theirs: it is told, and fails nothing."""
    grid[(direction, name)][suite] = "yes" if not why else "phase4 too" if baseline and is_ours else "no"
    if not is_ours:
        if why:
            print(f"note     {suite} {direction}: {name}: {why}", flush=True)
    elif why and baseline:
        told.skipped(f"phase4, {suite}", f"{direction}: {name}", "the same fails between two phase4s")
        print(f"note     {suite} {direction}: {name}: {why}", flush=True)
    else:
        told.demand(not why, f"phase4, {suite}", f"{direction}: {name}", str(why))


def judge(program, house, told):
    """The grid: (direction, cell) -> profile -> yes, no, phase4 too."""
    import collections
    grid = collections.defaultdict(dict)
    for suite in algorithms.SUITES:
        with tempfile.TemporaryDirectory(prefix="ehds-phase4-") as folder:
            table = round_table(program, house, folder, suite)
            try:
                if not table.ours:
                    told.skipped(f"phase4, {suite}", "our node", "this profile is not taken in a P-Mode yet")
                judge_suite(table, told, grid)
            finally:
                table.close()
    print_grid(grid)


def print_grid(grid):
    print("\n| direction | cell | 1.15 RSA | 2.0 EdDSA | 2.0 ECDSA |\n|---|---|---|---|---|")
    for (direction, name), row in sorted(grid.items(), key=lambda line: line[0][0]):
        print(f"| {direction} | {name} | " + " | ".join(row.get(suite, "-") for suite in algorithms.SUITES) + " |")
