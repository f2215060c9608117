"""The business between a country and the centre, over a line that misbehaves: publishing datasets, routing an application,
handling the answers. The same journey is walked under each fault; everything must arrive, once, and the ledgers agree."""
import collections
import json
import pathlib
import tempfile
import traceback
import types

from . import keys, nodes, opened, wire, written
from .application import DEMO, application_at, routed_application
from .asking import quoted, taken, until
from .country.acts import by_api

AREA = "rehearsal"
AUTHORITY = "Health data access body of France"
SERVICE = ("urn:healthdata-eu:secondary-use", "urn:ehds:service")


class faulty_line:
    """What lies between two nodes: passes on, and does to the first try of each message what the fault says."""

    def __init__(self, to, fault, host="127.0.0.1", port=0):
        self.to, self.fault, self.tries, self.seen, self.strikes = to, fault, collections.Counter(), [], 0
        self.peer = wire.peer(self.carry, host, port)

    def carry(self, one):
        self.seen.append(one)
        message = opened.split(one.content_type, one.body)[0]
        name = opened.text_of(opened.etree.fromstring(message), ".//eb:UserMessage/eb:MessageInfo/eb:MessageId")
        self.tries[name] += 1
        is_first = self.tries[name] == 1
        if is_first and self.fault == "refused":
            return self.struck(wire.answer(503, "text/plain", b""))
        got = self.passed_on(one)
        if is_first and self.fault == "answer lost":
            return self.struck("drop")
        if is_first and self.fault == "answer cut":
            return self.struck(("cut", got))
        if self.fault == "everything twice":
            got = self.struck(self.passed_on(one))
        return got

    def struck(self, what):
        self.strikes += 1
        return what

    def passed_on(self, one):
        return wire.post(self.to(), one.content_type, one.body)


class union:
    """The centre EU and the country FR, and the line between them."""

    def __init__(self, program, folder, fault, suite="rsa"):
        self.folder, self.fault = pathlib.Path(folder), fault
        authority = keys.authority()
        self.own = {name: keys.party(name, suite, authority, self.folder / "keys" / name) for name in ("EU", "FR")}
        self.line = {"EU": faulty_line(lambda: self.eu.as4, fault), "FR": faulty_line(lambda: self.fr.as4, fault)}
        self.eu = self.made(program, "EU", "FR", suite, role="central")
        self.fr = self.made(program, "FR", "EU", suite, authority={"name": AUTHORITY})
        self.nodes = {"EU": self.eu, "FR": self.fr}

    def made(self, program, name, other, suite, **settings):
        agreed = nodes.agreement(name, other, *SERVICE)
        mode = nodes.pmode(agreed, suite, self.own[name], self.own[other], self.line[other].peer.url)
        return nodes.node(program, self.folder / name, self.own[name], [mode], agreed, **settings)

    def start(self):
        for one in self.nodes.values():
            one.start()

    def close(self):
        for one in self.nodes.values():
            one.stop()
        for one in self.line.values():
            one.peer.close()

    def lose_power(self, name):
        self.nodes[name].stop(how=9)
        self.nodes[name].start()


def state_at_centre(on, dataset):
    return on.eu.ask("GET", "/api/datasets/" + quoted(dataset))[0]


def publish(on, dataset):
    record = (DEMO / f"records/FR/{dataset}.ttl").read_bytes()
    taken(on.fr.ask("PUT", "/api/datasets", record, "editor", "text/turtle"))
    taken(on.fr.ask("POST", f"/api/datasets/{quoted(dataset)}/publication", b"{}", "editor"))
    until("the country hears that its record is accepted", lambda: taken(on.fr.ask(
        "GET", "/api/datasets/" + quoted(dataset)))["publication"]["state"] == "accepted")
    assert state_at_centre(on, dataset) == 200, "the centre does not show it"
    return record


def update_and_withdraw(on, dataset):
    record = publish(on, dataset)
    taken(on.fr.ask("PUT", "/api/datasets", record.replace(b"(demonstration)", b"(second edition)"), "editor", "text/turtle"))
    until("the centre has the second edition", lambda: taken(on.eu.ask("GET", "/api/datasets?q=second+edition"))["total"] == 1)
    taken(on.fr.ask("DELETE", "/api/datasets/" + quoted(dataset), account="editor"))
    until("the centre says gone", lambda: state_at_centre(on, dataset) == 410)


def foreign_record(on):
    """A country says rubbish: receipt, then a validationResult that names the problems; the catalogue is as before."""
    before = taken(on.eu.ask("GET", "/api/datasets"))["total"]
    agreed = nodes.agreement("EU", "FR", *SERVICE)
    message_id = written.new_id()
    envelope = {"release": "r8", "type": "createDataset", "message_id": message_id, "original_message_id": None,
                "content": {"operation": "createDataset", "identifier": "FR-BAD", "payload": "<not rdf"}}
    one = written.part(json.dumps(envelope).encode())
    soap, parts = written.envelope(on.own["FR"], written.user_message(agreed, [one], message_id, action="createDataset"), on.own["EU"], [one])
    got = wire.post(on.eu.as4, *written.multipart(soap, parts))
    assert opened.message(got.content_type, got.body, None, on.own["EU"]).is_receipt, "no receipt"
    entry = until("the centre answers", lambda: next((e for e in on.eu.ledger(direction="out", action="validationResult")
                                                     if e["original_message_id"] == message_id), None))
    until("the verdict is delivered", lambda: on.eu.entry(entry["message_id"])["status"] == "delivered")
    verdict = next(m for m in received(on, "FR") if m.message_id == entry["message_id"])
    content = json.loads(verdict.parts[0]["data"])["content"]
    assert content["valid"] is False and content["problems"], content
    assert taken(on.eu.ask("GET", "/api/datasets"))["total"] == before, "the catalogue changed"


def received(on, name):
    """Every message that went over the line to `name`, opened by independent code."""
    sender = on.own["FR" if name == "EU" else "EU"]
    found = [opened.message(one.content_type, one.body, on.own[name], sender) for one in on.line[name].seen]
    for one in found:
        assert not one.problems, one.problems
    return found


def request_routing(on, dataset="FR-SNDS"):
    """The application reaches the country with form and attachments, and the country's words reach the applicant."""
    publish(on, dataset)
    publisher = taken(on.eu.ask("GET", "/api/datasets/" + quoted(dataset)))["publisher"]["name"]
    application = application_at(on.eu, "FR", AUTHORITY, dataset, publisher)
    cases = lambda: taken(on.fr.ask("GET", "/api/cases?application=" + quoted(application), account="screener"))["cases"]
    case = until("the country has a case", cases)
    assert len(case) == 1, f"{len(case)} cases for one application"
    form = next(m for m in received(on, "FR") if opened.text_of(m.root, ".//eb:Action") == "dataAccessApplication")
    kinds = [one["properties"]["MimeType"] for one in form.parts]
    assert kinds == ["application/json", "application/zip"], f"the parts in order are {kinds}"
    acts = by_api(on.fr, types.SimpleNamespace(nation="FR", run="copy", wait=30))
    way = routed_application(on.eu, "FR", application, acts, until)
    way.screened_and_answered(lambda: on.fault == "the centre loses power" and on.lose_power("EU"))
    way.goes_on()


def ledgers_agree(on):
    """What one side sent, the other received once, with the same content; nothing is left undelivered."""
    until("nothing is under way", lambda: all(entry["status"] == "delivered" for one in on.nodes.values()
                                              for entry in one.ledger(direction="out")))
    kept = lambda name, way: [(entry["message_id"], entry["content_sha256"]) for entry in on.nodes[name].ledger(direction=way)]
    for here, there in (("EU", "FR"), ("FR", "EU")):  # either may still say something while the other is asked
        until(f"{there} has all that {here} sent", lambda: set(kept(here, "out")) <= set(kept(there, "in")))
        twice = [name for name, times in collections.Counter(name for name, _ in kept(there, "in")).items() if times > 1]
        assert not twice, f"received twice: {twice}"


JOURNEY = [("dataset publication", lambda on: publish(on, "FR-ATU")),
           ("update and withdrawal", lambda on: update_and_withdraw(on, "FR-ESIS")),
           ("a record that is not valid", foreign_record),
           ("request routing and response handling", request_routing),
           ("the ledgers of both sides agree", ledgers_agree)]
OF_THE_LINE = ("refused", "answer lost", "answer cut", "everything twice")
FAULTS = ("none", *OF_THE_LINE, "the centre loses power")


def judge(program, told, faults=FAULTS):
    for fault in faults:
        with tempfile.TemporaryDirectory(prefix="ehds-rehearsal-") as folder:
            on = union(program, folder, fault)
            try:
                on.start()
                for name, step in JOURNEY:
                    try:
                        step(on)
                        told.passed(AREA, f"{name} (fault: {fault})")
                    except Exception:
                        told.failed(AREA, f"{name} (fault: {fault})", traceback.format_exc(limit=-3))
            finally:
                on.close()
