"""A back end that was written for Domibus and lives on its push of whole messages (BackendService, SUBMIT_MESSAGE),
opposite our node: it reads what it is sent as its generated stubs would, and nothing else."""
import base64
import contextlib
import hashlib
import json
import os
import signal
import threading

from lxml import etree

from . import wire
from .asking import until

SOAP, SERVICE = "http://www.w3.org/2003/05/soap-envelope", "eu.domibus"
USER, SECRET = "node", "the secret of the mill"
PUSHES = {"EU": ["message", "message_status_change"], "FR": ["message_status_change"]}


def envelope(inside=""):
    return f'<s:Envelope xmlns:s="{SOAP}"><s:Body>{inside}</s:Body></s:Envelope>'.encode()


TAKEN = wire.answer(200, "application/soap+xml;charset=UTF-8", envelope())
FAULT = wire.answer(500, "application/soap+xml;charset=UTF-8", envelope(
    "<s:Fault><s:Code><s:Value>s:Receiver</s:Value></s:Code><s:Reason><s:Text xml:lang='en'>not now</s:Text></s:Reason>"
    f"<s:Detail><n:BackendFaultDetail xmlns:n='{SERVICE}'><code>0001</code><message>not now</message></n:BackendFaultDetail>"
    "</s:Detail></s:Fault>"))


class message:
    """Messaging and submitRequest are of eu.domibus, what is inside of no namespace."""

    def __init__(self, whole):
        header = whole.findall(f"{{{SOAP}}}Header/{{{SERVICE}}}Messaging/UserMessage")
        assert len(header) == 1, etree.tostring(whole)[:2000]
        self.header = header[0]
        self.name = self.header.findtext("MessageInfo/MessageId")
        self.properties = self.listed(self.header.find("MessageProperties"))
        values = {one.get("payloadId"): one for one in whole.findall(f"{{{SOAP}}}Body/{{{SERVICE}}}submitRequest/payload")}
        self.parts = []
        for part in self.header.findall("PayloadInfo/PartInfo"):
            value, said = values.pop(part.get("href")), self.listed(part.find("PartProperties"))
            assert value.get("mimeType") == said["MimeType"], (value.attrib, said)
            assert value.get("payloadName") == said.get("PayloadName"), (value.attrib, said)
            self.parts.append((part.get("href"), said["MimeType"], base64.b64decode(value.findtext("value"), validate=True)))
        assert not values, f"payloads without PartInfo: {list(values)}"

    @staticmethod
    def listed(properties):
        return {} if properties is None else {one.get("name"): one.text for one in properties.findall("Property")}


class waiting_back_end:
    """`script`: answers to the next messages, in front of all those that are taken; a function is called and may give one."""

    def __init__(self):
        self.script, self.tries, self.taken, self.statuses, self.faults = [], [], [], [], []
        self.is_refusing = False
        self.login = "Basic " + base64.b64encode(f"{USER}:{SECRET}".encode()).decode()
        self.peer = wire.peer(self.answer)

    def webhook(self, country):
        return {"kind": "domibus", "url": self.peer.url, "user": USER, "secret": {"file": "mill.secret"}, "pushes": PUSHES[country]}

    def answer(self, asked):
        try:
            return self.heard(asked)
        except Exception as why:  # told by the check that waits for it
            self.faults.append(repr(why))
            return FAULT

    def heard(self, asked):
        assert asked.authorization == self.login, asked.authorization
        assert asked.content_type.startswith("application/soap+xml"), asked.content_type
        whole = etree.fromstring(asked.body, etree.XMLParser(huge_tree=True, resolve_entities=False))
        inside = whole.find(f"{{{SOAP}}}Body")[0]
        if inside.tag == f"{{{SERVICE}}}messageStatusChange":
            self.statuses.append((inside.findtext("messageID"), inside.findtext("messageStatus")))
            return TAKEN
        assert inside.tag == f"{{{SERVICE}}}submitRequest", inside.tag
        got = message(whole)
        self.tries.append(got.name)
        next_one = self.script.pop(0) if self.script else FAULT if self.is_refusing else TAKEN
        said = next_one() if callable(next_one) else next_one
        if said is TAKEN:
            self.taken.append(got)
        return said

    @contextlib.contextmanager
    def refusing(self):
        """Until the check has looked: how many tries that takes is the machine's business."""
        self.is_refusing = True
        try:
            yield
        finally:
            self.is_refusing = False

    def names(self):
        assert not self.faults, self.faults
        return [one.name for one in self.taken]

    def wait_for(self, *names):
        until("the messages are pushed", lambda: self.names()[-len(names):] == list(names))
        return self.taken[-len(names):]


def hand_over(fr, parts, action="notify"):
    status, got = fr.hand_over({"pmode": "whole", "action": action, "properties": [{"name": "finalRecipient", "value": "C4"}]},
                               parts, os.urandom(8).hex())
    assert status == 201, got
    return json.loads(got)["message_id"]


def is_over(eu, name):
    until("it is processed", lambda: eu.ask("statusRequest", messageID=name).text == "DOWNLOADED")
    assert name not in eu.waiting()


def several_parts(fr, eu, mill):
    large = os.urandom(1_000_000)
    name = hand_over(fr, [("order", "application/json", b"{}"), ("plan", "application/pdf", large), ("note", "text/plain", b"")])
    (got,) = mill.wait_for(name)
    assert [part[:2] for part in got.parts] == [("cid:order", "application/json"), ("cid:plan", "application/pdf"),
                                                ("cid:note", "text/plain")], got.parts
    assert [hashlib.sha256(part[2]).digest() for part in got.parts] == [hashlib.sha256(one).digest() for one in (b"{}", large, b"")]
    assert got.properties["finalRecipient"] == "C4", got.properties
    assert [got.header.findtext(f"PartyInfo/{side}/PartyId") for side in ("From", "To")] == ["FR", "EU"]
    is_over(eu, name)
    until("its sender hears so", lambda: (name, "ACKNOWLEDGED") in mill.statuses)
    assert mill.tries.count(name) == 1


def refused_first(fr, eu, mill):
    begun, mill.script = len(mill.tries), ["drop"]
    with mill.refusing():
        first = hand_over(fr, [("a", "text/plain", b"first")])
        until("it is tried", lambda: first in mill.tries)
        second = hand_over(fr, [("a", "text/plain", b"second")])
        until("both wait", lambda: eu.waiting()[-2:] == [first, second])
        shown = eu.ask("listPushFailedMessagesRequest")
        assert [one.text for one in shown.findall("messageID")] == [first, second], etree.tostring(shown)
        before = len(mill.tries)
        until("one is tried again, and refused", lambda: len(mill.tries) > before)
    mill.wait_for(first, second)
    tries = mill.tries[begun:]
    assert tries == [first] * (len(tries) - 1) + [second], tries  # nothing overtakes it
    for name in (first, second):
        is_over(eu, name)


def fetched_meanwhile(fr, eu, mill):
    with mill.refusing():
        first = hand_over(fr, [("a", "text/plain", b"first")])
        until("it is tried", lambda: first in mill.tries)
        got = eu.ask("retrieveMessageRequest", messageID=first)
    assert [base64.b64decode(one.findtext("value")) for one in got.findall("payload")] == [b"first"]
    second = hand_over(fr, [("a", "text/plain", b"second")])
    mill.wait_for(second)
    assert first not in mill.names() and first not in mill.tries[mill.tries.index(second):], mill.tries
    is_over(eu, second)


def node_killed_between(fr, eu, mill):
    """It has the message, and dies before it hears that the back end took it."""
    killed = threading.Event()

    def kill():
        eu.node.stop(signal.SIGKILL)
        killed.set()
        return TAKEN

    mill.script = [kill]
    name = hand_over(fr, [("a", "text/plain", b"once"), ("b", "text/plain", os.urandom(300_000))])
    assert killed.wait(30), "it was not pushed"
    eu.node.start()
    first, again = mill.wait_for(name, name)  # perhaps twice, never not at all
    assert first.parts == again.parts
    is_over(eu, name)
    behind = hand_over(fr, [("a", "text/plain", b"behind")])
    mill.wait_for(behind)
    assert mill.tries.count(name) == 2, mill.tries


CHECKS = (several_parts, refused_first, fetched_meanwhile, node_killed_between)
