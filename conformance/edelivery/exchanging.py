"""Messages and their answers: TA01 to TA03, TA08 to TA11, TA14 to TA22."""
import json
import subprocess
import time

from . import business, nodes, opened, wire, written
from .asserting import asserts, first, one_sent, properties, receipt_wrong, received, refused, submitted, text
from .names import TEST_ACTION, TEST_SERVICE

JSON = [("application/json", b'{"text": "one"}')]
UNTYPED_AND_TYPED = [("one", "1"), ("two", "2", "string")]


@asserts("TA01", "M", "One-Way/Push: a receipt with non-repudiation in a 2xx answer")
def receipt_in_2xx(at):
    return received(at)  # what it repeats are the digests that were signed


@asserts("TA02", "M", "Two-Way: the reply's RefToMessageId is the request's MessageId")
def reply_refers(at):
    asked, _, got = one_sent(at)
    answer, request = at.send(service=business.SERVICE)
    _, reply = submitted(at, JSON, ref_to_message_id=request)  # of a program that answers later
    said = (answer.is_receipt, got.user is not None, got.refers_to, reply.refers_to)
    return first(said == (True, True, asked, request), said)


@asserts("TA03", "M", "one PartyId in From and in To")
def single_parties(at):
    messages = [one_sent(at)[2], submitted(at, JSON)[1]]
    said = [[one.text for one in got.root.findall(f".//eb:{side}/eb:PartyId", written.NS)]
            for got in messages for side in ("From", "To")]
    return first(said == [["FR"], ["EU"]] * 2, said)


@asserts("TA08", "M", "a payload named by a hyperlink: synchronous error")
def hyperlink(at):
    good, link = written.part(b"{}"), written.part(b"{}", href="https://elsewhere.example/document.json")
    for named, travel in (([good, link], [good]), ([link], [])):
        message_id = written.new_id()
        user = written.user_message(at.agreed, named, message_id, service=business.SERVICE)
        answer = at.post(written.multipart(*written.envelope(at.eu, user, at.fr, travel)))
        if why := refused(at, answer, message_id, ["EBMS:0011"]):
            return why
    return ""


@asserts("TA09", "M", "no receipt comes: sent again, same MessageId, same digests")
def sent_again(at):
    with at.conducting(lambda one: "drop", at.acknowledge):
        message_id = at.business.submit(JSON)
        at.node.settled(message_id)
    tries = at.sent(message_id)
    same = len(tries) == 2 and opened.digests(tries[0].references) == opened.digests(tries[1].references)
    good = same and not any(one.problems for one in tries) and at.business.events(message_id) == ["message.delivered"]
    return first(good, f"{len(tries)} tries, {at.business.state(message_id)}")


def same_three_times(at):
    """The sender got no receipt and sends again: the same receipt each time, one message for the consumer."""
    part, message_id = written.part(b'{"n": 10}'), written.new_id()
    message = at.message([part], message_id=message_id, service=business.SERVICE)
    answers = [at.post(message) for _ in range(3)]
    wrong = [why for one in answers if (why := receipt_wrong(one, message, message_id))]
    if wrong or len({one.http.body for one in answers}) != 1:
        return "".join(wrong) or "the receipts differ"
    return business.taken_wrong(at.business, message_id, [part])


@asserts("TA10", "M", "the connection returns: receipt, delivered once, the sender stops")
def stops_when_acknowledged(at):
    with at.conducting(lambda one: "reset", lambda one: wire.answer(503, "text/plain", b""), at.acknowledge):
        message_id = at.business.submit(JSON)
        at.node.settled(message_id)
    time.sleep(1.5)  # longer than it waits between two tries
    tries, state = len(at.sent(message_id)), at.business.state(message_id)
    return first(tries == 3 and state["status"] == "delivered", f"{tries} tries, {state}") or same_three_times(at)


ELSEWHERE = "https://third.party.example/errors"
ERROR_PLACES = [("SenderErrorsTo",), ("sender_errors_to",), ("errors_to",), ("report",), ("error_handling",),
                ("security", "sender_errors_to"), ("retry", "errors_to"), ("partner_errors", "sender_errors_to")]


def with_member(mode, place):
    inside = mode = json.loads(json.dumps(mode))
    for name in place[:-1]:
        inside = inside.setdefault(name, {})
    inside[place[-1]] = ELSEWHERE
    return mode


def checked(at, modes):
    file = at.folder / "checked.json"
    file.write_text(json.dumps({"pmodes": modes}))
    said = subprocess.run([at.program, "pmode", "check", file], capture_output=True, text=True)
    return said.returncode, said.stdout + said.stderr


def no_place_for_errors(at):
    """Neither our P-Modes nor those taken over from a Domibus can name an address for errors."""
    if checked(at, at.modes[:1])[0] != 0:
        return "the P-Mode is refused without such a member too"
    for place in ERROR_PLACES:
        code, said = checked(at, [with_member(at.modes[0], place)])
        if code == 0 or f'"{place[-1]}"' not in said or f"/pmodes/0/{'/'.join(place)}" not in said:
            return f"{place} is not refused by its name: {said}"
    file = at.folder / "domibus.xml"
    file.write_text((nodes.HOUSE / "tests/fuzz/corpus/domibus_pmode/small.xml").read_text().replace("<as4>", (
        f'<errorHandlings><errorHandling name="e" errorAsResponse="false" senderErrorsTo="{ELSEWHERE}"/></errorHandlings><as4>')))
    made = subprocess.run([at.program, "pmode", "import", file, "--party", "b"], capture_output=True, text=True)
    if made.returncode != 0 or not json.loads(made.stdout)["pmodes"] or ELSEWHERE in made.stdout:
        return f"of a Domibus: {made.stdout}{made.stderr}"
    return first("errors are always answered in the HTTP response" in made.stderr, made.stderr)


@asserts("TA11", "M", "the parameter SenderErrorsTo is not set")
def no_sender_errors(at):
    if why := no_place_for_errors(at):
        return why
    at.node.quiet()
    before, message_id = len(at.peer.requests), written.new_id()
    answer = at.post(at.message(message_id=message_id, agreement="urn:other"))
    why = refused(at, answer, message_id, ["EBMS:0010"])  # the error is in the answer,
    time.sleep(0.5)
    return why or first(len(at.peer.requests) == before, "it was sent elsewhere too")  # and nowhere else


def with_replies(at):
    """A node for whose requests of the one service the partner's replies come under the other (Two-Way)."""
    replies = ("urn:conformance:replies", business.SERVICE[1])
    modes = lambda on: [on.business_mode(direction="send"), on.mode(id="replies", service=dict(zip(("value", "type"), replies)),
                                                    direction="receive", answers="business")]
    takes = [{"service": business.SERVICE[0]}, {"service": replies[0]}]
    return at.beside(modes=modes, back_ends=[{"name": "business", "takes": takes}]), replies


@asserts("TA14", "M", "Two-Way/Push-and-Push: the reply is receipted in 2xx")
def reply_receipted(at):
    on, replies = with_replies(at)
    with on:
        state, request = submitted(on, JSON, conversation_id="conversation 14")
        good = {"service": replies, "refers_to": request.message_id, "conversation": "conversation 14"}
        wrong = state["status"] != "delivered" and state or received(on, **good)
        if wrong:
            return str(wrong)
        strangers = ({"refers_to": "other@conformance.example"}, {"refers_to": None}, {"conversation": "another"})
        return "".join(refused(on, *on.send(**{**good, **each}), codes=["EBMS:0003", "EBMS:0010"]) for each in strangers)


@asserts("TA15", "M", "after the last try EBMS:0301 is reported to the producer")
def missing_receipt(at):
    with at.beside(retry={"max_attempts": 2}) as other:
        with other.conducting(lambda one: "drop"):
            message_id = other.business.submit(JSON)
            other.node.settled(message_id)
        tries, state, events = len(other.sent(message_id)), other.business.state(message_id), other.business.events(message_id)
    said = (state["status"], state["code"], tries, len(state["attempts"]), events)
    return first(said == ("failed", "EBMS:0301", 2, 2, ["message.failed"]), said)


def ping(at, mode=None):
    """What the program says of a test message of the node."""
    done = subprocess.run([at.program, "as4", "ping", at.node.folder / "node.json", "--pmode", mode or at.modes[0]["id"], "--json",
                           *at.node.as_operator()], capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise RuntimeError(done.stderr + done.stdout)
    return json.loads(done.stdout)


@asserts("TA16", "M", "the test service: its Service and Action are sent")
def ping_sent(at):
    told = ping(at)
    got = at.sent(told["message_id"])
    said = [(text(one, ".//eb:Service"), text(one, ".//eb:Action"), one.parts, one.problems) for one in got]
    return first(said == [(TEST_SERVICE, TEST_ACTION, [], [])] and told["receipt_id"], f"{said}, receipt {told['receipt_id']}")


@asserts("TA17", "M", "the test service: receipt, nothing delivered")
def ping_received(at):
    for parts in ([], [written.part(b"{}")]):
        message_id = written.new_id()
        message = at.message(parts, message_id=message_id, service=(TEST_SERVICE, None), action=TEST_ACTION)
        if why := receipt_wrong(at.post(message), message, message_id):
            return why
        if at.delivered(message_id) or at.business.waiting(message_id) or at.business.events(message_id):
            return "it was delivered"
    return ""


@asserts("TA18", "M", "no ConversationId given: the sender makes one")
def conversation_made(at):
    state, got = submitted(at, JSON)
    made = text(got, ".//eb:ConversationId")
    return first(made and state["conversation_id"] == made, f"sent {made!r}, told {state['conversation_id']!r}")


@asserts("TA19", "M", "the ConversationId is kept in the reply")
def conversation_kept(at):
    said = [text(one, ".//eb:ConversationId") for one in (one_sent(at, conversation="conversation 19")[2],
                                                         submitted(at, JSON, conversation_id="conversation 19")[1])]
    return first(said == ["conversation 19"] * 2, said)


@asserts("TA20", "O", "message properties with and without a type: receipt")
def typed_properties(at):
    asked = [dict(zip(("name", "value", "type"), one)) for one in UNTYPED_AND_TYPED]
    sent = [one for one in properties(submitted(at, JSON, properties=asked)[1]) if one[0] in ("one", "two")]
    return received(at, properties=UNTYPED_AND_TYPED) or first(sent == UNTYPED_AND_TYPED, sent)


@asserts("TA21", "M", "the receiver sends a receipt: multipart, and simple SOAP")
def receiver_receipts(at):
    return received(at) or received(at, [])


@asserts("TA22", "M", "the sender accepts the receipt and notifies the producer")
def producer_notified(at):
    given = []

    def acknowledge(one):
        given.append(at.acknowledge(one))
        return given[-1]
    with at.conducting(acknowledge):
        state, got = submitted(at, JSON)
    kept = at.business.receipt(got.message_id)
    said = (state["status"], state["has_receipt"], at.business.events(got.message_id), kept == (200, given[-1].body))
    return first(said == ("delivered", True, ["message.delivered"], True), said)
