"""Every cell of the table with phase4: it sends to us, we send to it, and the same between two phase4s."""
import contextlib
import hashlib
import pathlib
import tempfile
import traceback

from . import algorithms, keys, nodes, opened, to_phase4, wire, written
from .names import TEST_ACTION, TEST_SERVICE

LEADING = b'<?xml version="1.0" encoding="UTF-8"?>\n<note xmlns="urn:example">Gr\xc3\xbc\xc3\x9fe &amp; more</note>\n'


class round_table:
    """The parties of one profile: our node, a phase4 beside it, a second phase4, a phase4 of a strange authority."""

    def __init__(self, house, folder, suite):
        self.suite, self.folder = suite, pathlib.Path(folder)
        self.trusted, self.strange = keys.authority(), keys.authority("Strange Authority")
        self.agreed = nodes.agreement()
        party = lambda name, issuer, where: keys.party(name, suite, issuer, self.folder / "keys" / where)
        self.fr, self.eu = party("FR", self.trusted, "fr"), party("EU", self.trusted, "eu")
        self.false = party("EU", self.strange, "strange")
        self.fr.knows(self.eu)
        self.eu.knows(self.fr)
        self.inside = nodes.phase4(house, self.folder / "phase4", self.eu, suite)
        self.second = nodes.phase4(house, self.folder / "second", self.fr, suite)
        self.stranger = nodes.phase4(house, self.folder / "stranger", self.false, suite)
        self.on_way = "pass"  # what happens to the next message on its way to phase4
        self.way_in = wire.peer(lambda one: self.forward(one, self.inside.as4))
        self.ours = None

    def start(self, program):
        for one in (self.inside, self.second, self.stranger):
            one.start()
        self.start_ours(program)

    def start_ours(self, program):
        ours = nodes.node(program, self.folder / "ours", self.fr, to_phase4.modes(self), self.agreed,
                          back_ends=[{"name": "erp", "takes": [{"service": to_phase4.PARTS_SERVICE}]}])
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
    leaving = [(name, lambda table, said=said: to_phase4.parts_leave(table, said)) for name, said in PARTS.items()]
    for name, cell in [*leaving, *to_phase4.CELLS.items()] if table.ours else ():
        # phase4 delivers test messages; here only its receipt counts.
        baseline = "" if cell is to_phase4.pinged else baselines.get(name, "")
        note(told, grid, table.suite, "us → phase4", name, judged(cell, table), baseline)


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
            table = round_table(house, folder, suite)
            try:
                table.start(program)
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
