"""One-Way/Pull with a peer made of Python, lxml and `cryptography`: it fetches from our node, and our node from it."""
import hashlib
import json
import tempfile
import traceback
from xml.sax.saxutils import quoteattr

from . import algorithms, back_ends, keys, opened, wire, written
from .field import field
from .asking import until

AREA = "pull"
CHANNEL = "urn:conformance:mpc:pull"
AWAITED = {"answer_timeout_seconds": 8}  # for its receipt; time enough to look whether somebody else gets it
PARTS = [("application/json", b'{"text": "one"}'), ("application/pdf", b"%PDF" + bytes(range(256)) * 400)]
DIGESTS = [hashlib.sha256(data).hexdigest() for _, data in PARTS]


def pull_request(signer, channel=CHANNEL):
    text = (f"<eb:SignalMessage><eb:MessageInfo><eb:Timestamp>{written.now()}</eb:Timestamp>"
            f"<eb:MessageId>{written.new_id()}</eb:MessageId></eb:MessageInfo><eb:PullRequest mpc={quoteattr(channel)}/>"
            f"</eb:SignalMessage>")
    return written.multipart(*written.envelope(signer, text))


class fetching:
    """The peer fetches from our node."""

    def __init__(self, at):
        self.at, self.program = at, back_ends.back_end(at.node)

    def hand_over(self):
        parts = [(f"part-{n}", kind, data) for n, (kind, data) in enumerate(PARTS)]
        status, answer = self.program.hand_over({"pmode": "conformance", "action": "notify"}, parts, written.new_id())
        assert status == 201, answer
        return json.loads(answer)["message_id"]

    def ask(self, request=None):
        got = wire.post(self.at.node.as4, *(request or pull_request(self.at.eu)))
        assert got.status == 200, (got.status, got.body)
        return got, opened.message(got.content_type, got.body, self.at.eu, self.at.fr)

    def nothing(self, request=None, codes=("EBMS:0006",)):
        _, said = self.ask(request)
        assert said.user is None and said.errors and said.errors[0] in codes and not said.problems, (said.errors, said.problems)

    def message(self, expected):
        return self.checked(expected, *self.ask())

    def again(self, expected):
        """None while its receipt is awaited."""
        got, said = self.ask()
        return None if said.errors == ["EBMS:0006"] else self.checked(expected, got, said)

    def checked(self, expected, got, said):
        assert said.user is not None and not said.problems, (said.errors, said.problems)
        assert said.message_id == expected and said.user.get("mpc") == CHANNEL and said.is_encrypted
        assert said.algorithm == algorithms.SIGNATURE[self.at.suite], said.algorithm
        assert [hashlib.sha256(one["data"]).hexdigest() for one in said.parts] == DIGESTS, "other bytes"
        return got

    def acknowledge(self, got):
        receipt = self.at.acknowledge(got)
        answer = wire.post(self.at.node.as4, receipt.content_type, receipt.body)
        assert answer.status in (200, 202, 204) and not answer.body, (answer.status, answer.body)

    def status(self, message_id):
        return self.at.node.entry(message_id)["status"]


def fetched_and_acknowledged(peer):
    peer.nothing()
    name = peer.hand_over()
    got = peer.message(name)
    assert peer.status(name) != "delivered", "delivered without a receipt"
    peer.nothing()  # while its receipt is awaited nobody else gets it
    peer.acknowledge(got)
    until("it is delivered", lambda: peer.status(name) == "delivered")
    peer.nothing()


def offered_again_without_receipt(peer):
    name = peer.hand_over()
    peer.message(name)
    peer.acknowledge(until("it is offered again", lambda: peer.again(name)))
    until("it is delivered", lambda: peer.status(name) == "delivered")


def given_to_no_stranger(peer):
    name = peer.hand_over()
    stranger = keys.party("EU", peer.at.suite, keys.authority("Strange Authority"), peer.at.folder / "keys/strange")
    peer.nothing(pull_request(stranger), codes=("EBMS:0101",))
    peer.nothing(pull_request(peer.at.eu, "urn:no:such:channel"), codes=("EBMS:0010", "EBMS:0003", "EBMS:0001"))
    request = pull_request(peer.at.eu)
    got, said = peer.ask(request)
    assert said.message_id == name
    peer.acknowledge(got)
    until("it is delivered", lambda: peer.status(name) == "delivered")
    later = peer.hand_over()
    _, said = peer.ask(request)  # the request of before, overheard
    assert said.user is None and said.errors, "a repeated request was given a message"
    peer.acknowledge(peer.message(later))


class fetched_from:
    """Our node fetches from the peer, which has what `offered` holds until its receipt comes."""

    def __init__(self, at):
        self.at, self.offered, self.receipts, self.errors, self.loses = at, [], [], [], 0
        at.conduct = self.meet

    def meet(self, one):
        said = opened.message(one.content_type, one.body, self.at.eu, self.at.fr)
        if said.root.find(".//eb:PullRequest", written.NS) is not None:
            return self.hand_out(said)
        if said.is_receipt and self.loses:
            self.loses -= 1
            return "drop"
        (self.receipts if said.is_receipt else self.errors).append(said)
        self.offered = [each for each in self.offered if each[0] != said.refers_to]
        return wire.answer(202, "", b"")

    def hand_out(self, asked):
        good = not asked.problems and asked.root.find(".//eb:PullRequest", written.NS).get("mpc") == CHANNEL
        if good and self.offered:
            return wire.answer(200, *self.offered[0][1])
        soap, _ = written.envelope(self.at.eu, written.error(asked.message_id, "EBMS:0006" if good else "EBMS:0101", "warning"))
        return wire.answer(200, "application/soap+xml; charset=UTF-8", soap)

    def offer(self, signer=None):
        message_id = written.new_id()
        message = self.at.message([written.part(data, kind) for kind, data in PARTS], signer, message_id=message_id, mpc=CHANNEL)
        self.offered.append((message_id, message))
        return message_id, opened.message(*message, self.at.fr, signer or self.at.eu)


def fetches_and_acknowledges(peer):
    name, sent = peer.offer()
    until("its receipt comes", lambda: peer.receipts)
    receipt = peer.receipts.pop()
    assert not receipt.problems and receipt.refers_to == name, (receipt.problems, receipt.refers_to)
    assert opened.digests(receipt.acknowledged) == opened.digests(sent.references), "the receipt has other digests"
    assert len(peer.at.delivered(name)) == 1


def delivers_once_when_its_receipt_is_lost(peer):
    peer.loses = 2
    name, _ = peer.offer()
    until("its receipt comes at last", lambda: peer.receipts)
    assert peer.loses == 0 and peer.receipts.pop().refers_to == name
    assert len(peer.at.delivered(name)) == 1


def takes_nothing_from_strangers(peer):
    stranger = keys.party("EU", peer.at.suite, keys.authority("Strange Authority"), peer.at.folder / "keys/strange")
    name, _ = peer.offer(stranger)
    until("it is refused", lambda: peer.errors)
    assert peer.errors.pop().errors[0] == "EBMS:0101"
    assert not peer.at.delivered(name)


def judge_cells(peer, cells, suite, told):
    for cell in cells:
        name = f"{suite}: {cell.__name__.replace('_', ' ')}"
        try:
            cell(peer)
            told.passed(AREA, name)
        except Exception:
            told.failed(AREA, name, traceback.format_exc(limit=-3))


def judge(program, told):
    for suite in algorithms.SUITES:
        with tempfile.TemporaryDirectory(prefix="ehds-pulled-") as folder, field(
                program, folder, suite, binding="pull", direction="send", mpc=CHANNEL, retry=AWAITED,
                back_ends=[{"name": "erp", "takes": [{"service": "urn:conformance:notes"}]}]) as at:
            judge_cells(fetching(at), (fetched_and_acknowledged, offered_again_without_receipt, given_to_no_stranger), suite, told)
        with tempfile.TemporaryDirectory(prefix="ehds-pulling-") as folder, field(
                program, folder, suite, binding="pull", direction="receive", mpc=CHANNEL, pull_interval_seconds=1,
                back_ends=[{"name": "erp", "takes": [{"service": "urn:conformance:notes"}]}]) as at:
            judge_cells(fetched_from(at), (fetches_and_acknowledges, delivers_once_when_its_receipt_is_lost,
                                           takes_nothing_from_strangers), suite, told)
