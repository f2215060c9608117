"""A country's node that is not ours: a dispatcher of Python, lxml and `cryptography`, to rehearse the rehearsal with.

`defect` makes it go wrong in one way, which the rehearsal has to find; see `faulty.py`.
"""
import datetime
import json
import queue
import threading
import time

from lxml import etree

from .. import nodes, opened, wire, written
from ..rehearsal import SERVICE
from ..names import TEST_ACTION
from .acts import example_record

AUTHORITY = "Health data access body of the rehearsal"
LATER = 0.5  # seconds between the attempts to send one message


def rdfxml(turtle):
    import rdflib
    return rdflib.Graph().parse(data=turtle, format="turtle").serialize(format="xml")


class dispatcher:
    """`own` are its keys, `centre` the certificates it was given, `to` the centre's address."""

    def __init__(self, nation, own, centre, to, defect="", publishes_one=False):
        self.nation, self.own, self.centre, self.to, self.defect = nation, own, centre, to, defect
        self.signer, self.publishes_one = own, publishes_one  # the same dataset every time: nothing is wrong with that
        self.receipts, self.sequence, self.leaving = {}, 0, queue.Queue()
        self.agreed = nodes.agreement("EU", nation, *SERVICE)  # as the receiver of its messages sees it
        self.agreed.value = "urn:ehds:rehearsal"
        self.door = wire.peer(self.hear)
        self.address, self.is_up = self.door.url, True
        threading.Thread(target=self.send_all, daemon=True).start()

    def close(self):
        self.is_up = False
        self.door.close()

    # What comes in.

    def hear(self, one):
        if one.path.startswith("/do/"):
            self.obey(*one.path.split("/")[2:4])
            return wire.answer(200, "text/plain", b"")
        got = opened.message(one.content_type, one.body, self.own, None if self.defect == "takes strangers" else self.centre)
        if got.problems:
            return self.signal(written.error(got.message_id, "EBMS:0101"))
        if self.defect == "answers without a receipt":
            return wire.answer(200, "text/plain", b"")
        if got.message_id not in self.receipts:
            self.receipts[got.message_id] = self.signal(written.receipt(got.message_id, [
                etree.tostring(each, method="c14n", exclusive=True).decode() for each in got.references]))
            self.consider(opened.text_of(got.root, ".//eb:Action"), got)
        return self.receipts[got.message_id]

    def signal(self, content):
        soap, _ = written.envelope(self.signer, content)
        return wire.answer(200, "application/soap+xml; charset=UTF-8", soap)

    def consider(self, action, got):
        if action in (TEST_ACTION, "validationResult"):
            return
        content = json.loads(got.parts[0]["data"])["content"]
        application = content.get("application_id")
        sound = bool(application) or self.defect == "finds rubbish valid"
        problems = [] if sound else [{"code": "form", "detail": "no application_id", "where": "/application_id", "mend": "send one"}]
        if self.defect != "gives no verdict":
            self.say("validationResult", {"valid": sound, "problems": problems}, got.message_id)
        if not application:
            return
        if action == "dataAccessApplication":
            self.about(application, "applicationAck", "SUBMITTED", got.message_id)
        elif action == "additionalInformation":
            self.about(application, "additionalInformationAck", "PRE_SCREENING", got.message_id)
            self.about(application, "statusUpdate", "PRE_SCREENING", got.message_id)

    # What goes out.

    def obey(self, deed, subject):
        if deed in ("publish", "update", "withdraw"):
            if self.publishes_one and deed == "publish":
                subject = f"{self.nation}-STANDING"
            record = example_record(self.nation, subject)
            record = record.replace(b"(rehearsal of", b"(second edition of") if deed == "update" else record
            action = {"publish": "createDataset", "update": "updateDataset", "withdraw": "deleteDataset"}[deed]
            self.say(action, {"operation": action, "identifier": subject, "payload": rdfxml(record)})
        elif deed == "start_screening":
            self.about(subject, "statusUpdate", "PRE_SCREENING")
        elif deed == "ask_applicant":
            question = {"section": "section6", "field": "inclusionCriteria", "comment": "Which codes?", "country": self.nation}
            self.about(subject, "requestInfo", "AWAITING_ADDITIONAL_INFORMATION", sections=[question])

    def about(self, application, action, status, refers_to=None, **more):
        self.sequence += 1
        now = datetime.datetime.utcnow().isoformat(timespec="seconds") + "Z"
        self.say(action, {"application_id": application, "country_id": self.nation, "hdab": AUTHORITY, "status": status,
                          "sequence": self.sequence, "date": now, "next_actor": "authority", **more}, refers_to)

    def say(self, action, content, refers_to=None):
        self.leaving.put((action, content, refers_to, written.new_id()))

    def sealed(self, action, content, refers_to, message_id):
        envelope = {"release": "r8", "type": action, "message_id": message_id, "original_message_id": refers_to, "content": content}
        one = written.part(json.dumps(envelope).encode(), charset="utf-8")
        message = written.user_message(self.agreed, [one], message_id, action=action, refers_to=refers_to)
        soap, parts = written.envelope(self.signer, message, self.centre, [one])
        return written.multipart(soap, parts)

    def send_all(self):
        """One after the other, each until it has its receipt."""
        while self.is_up:
            action, content, refers_to, message_id = self.leaving.get()
            message = self.sealed(action, content, refers_to, message_id)  # once: a repetition is the same message
            got_receipt = self.try_once(message)
            if not got_receipt and self.defect == "tries again under a new id":
                message = self.sealed(action, content, refers_to, written.new_id())
            while self.is_up and not got_receipt and self.defect != "never tries again":
                time.sleep(LATER)
                got_receipt = self.try_once(message)

    def try_once(self, message):
        try:
            got = wire.post(self.to, *message, timeout=20)
            return "soap" in got.content_type and opened.message(got.content_type, got.body, None, self.centre).is_receipt
        except Exception:  # refused, cut or lost: the next attempt decides
            return False
