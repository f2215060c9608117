"""Peers that misbehave: what our node does when its message is not answered as it should be, and when many come at once."""
import concurrent.futures
import re
import time

from . import keys, opened, wire, written

TABLE = []  # (name, test): "" when it holds, else what was seen


def fault(name):
    def add(test):
        TABLE.append((name, test))
        return test
    return add


def then_good(at, *conducts, attempts=None):
    """With these answers first and a good receipt last: delivered, with one try for each answer."""
    with at.conducting(*conducts, at.acknowledge):
        _, entry = at.provoke()
        entry = at.node.settled(entry["message_id"], 60)
    expected = attempts or len(conducts) + 1
    good = entry["status"] == "delivered" and entry["attempts"] == expected
    return "" if good else f"{entry['status']} after {entry['attempts']} tries: {entry['reason']}"


def saying(status, kind="text/html", body=b"<html>not found</html>"):
    return lambda one: wire.answer(status, kind, body)


def other_digest(references):
    return [re.sub("<ds:DigestValue>.{4}", "<ds:DigestValue>AAAA", one) for one in references]


for name, conduct in (
        ("B3-16 200 with an empty body", saying(200, body=b"")), ("B3-16 200 with HTML", saying(200)),
        ("B3-16 204", saying(204, body=b"")), ("B3-16 500 with a text", saying(500, "text/plain", b"internal error")),
        ("B3-16 503", saying(503)), ("B3-16 404", saying(404)), ("B3-16 302 to elsewhere", saying(302)),
        ("B3-16 SOAP without a signal", saying(200, "application/soap+xml", b"<x/>")),
        ("B3-16 10 MB of rubbish", saying(200, "application/soap+xml", b"x" * 10_000_000)),
        ("B3-21 closed without an answer", lambda one: "drop"), ("B3-21 reset after the request", lambda one: "reset"),
        ("B3-15 never an answer", lambda one: "hang")):
    fault(name + ": sent again, delivered once")(lambda at, conduct=conduct: then_good(at, conduct))


@fault("B3-21 the answer is cut: sent again")
def cut(at):
    return then_good(at, lambda one: ("cut", at.acknowledge(one)))


@fault("B3-18 receipt with another digest: not believed")
def wrong_digest(at):
    return then_good(at, lambda one: at.acknowledge(one, change=other_digest))


@fault("B3-18 receipt without one of the references: not believed")
def missing_reference(at):
    return then_good(at, lambda one: at.acknowledge(one, change=lambda references: references[:-1]))


@fault("B3-18 receipt with one reference too many: not believed")
def extra_reference(at):
    return then_good(at, lambda one: at.acknowledge(one, change=lambda references: references + references[:1]))


@fault("B3-17 receipt for another message: not believed")
def other_message(at):
    return then_good(at, lambda one: at.acknowledge(one, refers_to="other@conformance.example"))


@fault("B3-18 receipt signed by another certificate: not believed")
def other_signer(at):
    other = keys.party("EU", at.suite, at.authority, at.folder / "keys/eu-false")
    return then_good(at, lambda one: at.acknowledge(one, signer=other))


@fault("B3-18 receipt that is not signed: not believed")
def unsigned(at):
    def conduct(one):
        soap, _ = written.envelope(at.eu, bare(at, one), signed=False)
        return wire.answer(200, "application/soap+xml", soap)
    return then_good(at, conduct)


def bare(at, one):
    got = opened.message(one.content_type, one.body, at.eu, at.fr)
    return written.receipt(got.message_id, [written.etree.tostring(each, method="c14n", exclusive=True).decode() for each in got.references])


@fault("error that is not signed: not believed, sent again")
def unsigned_error(at):
    return then_good(at, lambda one: at.refuse(one, signed=False), lambda one: at.refuse(one, signed=False))


@fault("a signed error once: sent again")
def one_error(at):
    return then_good(at, lambda one: at.refuse(one))


@fault("a signed failure twice running ends the tries")
def two_errors(at):
    with at.conducting(at.refuse):
        _, entry = at.provoke()
        entry = at.node.settled(entry["message_id"], 60)
    return "" if (entry["status"], entry["attempts"], entry["code"]) == ("failed", 2, "EBMS:0004") else str(entry)


@fault("B3-17 a good receipt pushed late, after the message had failed: reconciled")
def late_receipt(at):
    with at.conducting(at.refuse):
        _, entry = at.provoke()
        entry = at.node.settled(entry["message_id"], 60)
    last = [one for one in at.peer.requests if entry["message_id"].encode() in one.body][-1]
    late = at.acknowledge(last)
    at.post((late.content_type, late.body))
    entry = at.node.entry(entry["message_id"])
    return "" if entry["status"] == "delivered" else f"{entry['status']}: {entry['reason']}"


@fault("B3-17 a receipt pushed for nothing we sent: no harm")
def receipt_for_nothing(at):
    soap, _ = written.envelope(at.eu, written.receipt("nothing@conformance.example", []))
    at.post(("application/soap+xml; charset=UTF-8", soap))
    return "" if at.node.alive() else "the node is dead"


@fault("B3-19 the same bytes 100 times at once: one delivery, 100 equal receipts")
def hundred_times(at):
    message_id = written.new_id()
    message = at.message(message_id=message_id)
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: wire.post(at.node.as4, *message).body, range(100)))
    first = at.read_answer(wire.answer(200, "application/soap+xml", answers[0]))
    if not first.is_receipt or len(set(answers)) != 1:
        return f"{len(set(answers))} different answers; {first}"
    return "" if len(at.delivered(message_id)) == 1 else "delivered more than once"


@fault("the receipt again, byte for byte, after a restart")
def after_restart(at):
    message_id = written.new_id()
    message = at.message(message_id=message_id)
    before = wire.post(at.node.as4, *message).body
    at.node.stop(how=9)
    at.node.start()
    again = wire.post(at.node.as4, *message).body
    return "" if before == again and len(at.delivered(message_id)) == 1 else "another receipt, or delivered again"


@fault("one dead peer: the node answers others at once meanwhile")
def others_go_on(at):
    with at.conducting(lambda one: "hang"):
        at.provoke()
        began = time.monotonic()
        answer, _ = at.send()
        took = time.monotonic() - began
    return "" if answer.is_receipt and took < 1 else f"{answer} after {took:.1f} s"


@fault("C1 one answer for every failure of decryption: wrong key, spoiled key, spoiled ciphertext")
def no_oracle(at):
    from . import attacks
    told = set()
    for make in (attacks.for_another, attacks.after(attacks.spoiled_key), attacks.raw(attacks.spoil)):
        error = at.post(make(at)).message.root.find(".//eb:Error", written.NS)
        told.add((error.get("errorCode"), error.get("shortDescription"), error.findtext("eb:Description", namespaces=written.NS),
                  error.findtext("eb:ErrorDetail", namespaces=written.NS)))
    return "" if len(told) == 1 else f"it tells them apart: {told}"
