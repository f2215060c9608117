"""The journeys of a country's rehearsal, judged from what the centre sees; what the country keeps inside is asked where it can be."""
import collections
import json
import time

from .. import keys
from . import trouble
from ..application import application_at, routed_application
from ..asking import until
from ..rehearsal import OF_THE_LINE
from .acts import not_looked_at


class did_not_happen(Exception):
    is_country_silent = False


class nothing_heard(did_not_happen):
    is_country_silent = True


def said_again(entries):
    """What was said under two message ids. A dataset that was withdrawn in between may be published again."""
    said, again = set(), []
    for one in sorted(entries, key=lambda one: one["seq"]):
        about = (one["action"], one["original_message_id"] or one["subject"])
        if one["action"] == "deleteDataset":
            said.discard(("createDataset", one["subject"]))
        elif one["action"] in ("createDataset", "applicationAck", "validationResult"):
            again += [f"{about[0]} about {about[1]}"] if about in said else []
            said.add(about)
    return again


class journeys:
    """`centre`, the country's `acts`, and for a copy its `node`; `note(what, why)` takes what could not be looked at."""

    def __init__(self, centre, acts, settings, node, note):
        self.centre, self.acts, self.settings, self.node, self.note = centre, acts, settings, node, note
        self.begun, self.count, self.run = centre.mark(), 0, time.strftime("%m%d%H%M%S")
        self.fault, self.dataset, self.message = "none", None, None

    def until(self, what, is_so, gives_up=lambda: "", fault=did_not_happen):
        return until(what, is_so, self.settings.wait, gives_up, fault)

    def from_country(self, what, is_so, gives_up=lambda: ""):
        return self.until(what, is_so, gives_up, nothing_heard)

    def inside(self, what, look):
        """A look into the country's node, where there is one."""
        try:
            return look()
        except not_looked_at as why:
            self.note(what, str(why))

    # The connection.

    def connection(self):
        """Until the country acknowledges a test message; of a copy the first trouble counts, of another it is told and waited for."""
        end, told = time.monotonic() + self.settings.wait, []
        while time.monotonic() < end:
            since, outcome = time.monotonic(), self.settled_ping()
            if outcome["status"] == "delivered":
                self.begun = self.centre.mark()
                return
            news = list(dict.fromkeys(trouble.on_the_way_out(self.centre, since)))
            if self.settings.run == "copy" and news:
                break
            if news and news != told:
                print("not yet  " + "\n         ".join(news), flush=True)
            told = news or told
        raise did_not_happen("the centre's test message got no receipt")

    def settled_ping(self):
        ping, outcome = self.centre.ping(), {}
        for _ in range(50):
            time.sleep(0.2)
            outcome = self.centre.outcome(ping)
            if outcome["settled_at"] or outcome["attempts"] > 1:
                break
        return outcome

    # What the country begins.

    def arrival(self, action, since, deed, subject):
        """The country's message with its envelope; it is answered, and the answer is acknowledged."""
        deed(subject)
        entry = self.from_country(f"{action} comes to the centre", lambda: next(iter(self.centre.came(action, since)), None),
                           lambda: self.acts.given_up(subject))
        _, envelope = self.centre.read(entry["message_id"])
        answer = self.until("the centre answers it", lambda: next(iter(self.centre.went(
            "validationResult", since, original_message_id=entry["message_id"])), None))
        self.delivered(answer["message_id"], "your node acknowledges the centre's answer")
        assert entry["status"] == "valid", f"the centre finds {action} of {subject} not valid: {self.reason(entry)}"
        return entry, envelope["content"]

    def reason(self, entry):
        return entry["reason"] or "see rehearsal/centre: ehds-node ledger show"

    def delivered(self, message_id, what):
        def is_so():
            found = self.centre.node.entry(message_id)
            return found if found["status"] == "delivered" else None
        return self.until(what, is_so, lambda: self.lost(message_id))

    def lost(self, message_id):
        found = self.centre.node.entry(message_id)
        return f"{found['code']} {found['reason']}" if found["status"] == "failed" else ""

    def own_records(self):
        for identifier in self.acts.own_records()[:20]:
            self.arrival("createDataset", self.centre.mark(), self.acts.send_out, identifier)
            self.acts.heard(identifier, "accepted", self.settings.wait)
            assert self.centre.dataset(identifier)[0] == 200, f"the centre does not show {identifier}"

    def publication(self):
        self.count += 1
        asked = f"{self.settings.nation}-REHEARSAL-{self.run}-{self.count}"
        entry, content = self.arrival("createDataset", self.centre.mark(), self.acts.publish, asked)
        self.dataset, self.message = content["identifier"], entry["message_id"]
        assert self.centre.dataset(self.dataset)[0] == 200, f"the centre does not show {self.dataset}"
        self.inside("your node shows the record as accepted", lambda: self.acts.heard(self.dataset, "accepted", self.settings.wait))

    def update(self):
        before = self.centre.dataset(self.dataset)[1]
        entry, content = self.arrival("updateDataset", self.centre.mark(), self.acts.update, self.dataset)
        assert content["identifier"] == self.dataset, f"it updates {content['identifier']}"
        assert self.centre.dataset(self.dataset)[1] != before, "the centre shows the first edition still"
        self.message = entry["message_id"]

    def withdrawal(self):
        _, content = self.arrival("deleteDataset", self.centre.mark(), self.acts.withdraw, self.dataset)
        assert content["identifier"] == self.dataset, f"it withdraws {content['identifier']}"
        assert self.centre.dataset(self.dataset)[0] == 410, "the centre shows it still"

    # What the centre begins.

    def application(self):
        """An access application at the centre for the dataset of the country, with an attachment; its id."""
        nation = self.settings.nation
        shown = self.centre.dataset(self.dataset)[1] if self.dataset else {}
        return application_at(self.centre.node, nation, self.settings.authority, self.dataset or f"{nation}-REHEARSAL",
                              shown.get("publisher", {}).get("name") or self.settings.authority)

    def answered(self, message_id, action, since):
        """The country's word on a message of the centre: valid or not, in an envelope that names it."""
        entry = self.from_country(f"your node answers {action} with a validationResult that refers to it", lambda: next(iter(
            self.centre.came("validationResult", since, original_message_id=message_id)), None))
        return self.centre.read(entry["message_id"])[1]["content"]

    def routed(self, action, since, **more):
        sent = self.until(f"the centre sends {action}", lambda: next(iter(self.centre.went(action, since, **more)), None))
        self.delivered(sent["message_id"], f"your node acknowledges {action}")
        verdict = self.answered(sent["message_id"], action, since)
        assert verdict.get("valid") is True, f"your node finds {action} not valid: {verdict.get('problems')}"

    def request_routing(self):
        """There and back: application, its acknowledgement, the screening, a question, the answer, its acknowledgement."""
        since, application = self.centre.mark(), self.application()
        self.routed("dataAccessApplication", since, subject=application)
        self.from_country("applicationAck comes to the centre", lambda: self.centre.came("applicationAck", since))
        cases = self.inside("your node has one case of the application", lambda: self.acts.cases(application, self.settings.wait))
        assert cases is None or len(cases) == 1, f"your node has {len(cases)} cases of one application"
        way = routed_application(self.centre.node, self.settings.nation, application, self.acts, self.from_country)
        way.screened_and_answered(self.lose_power)
        self.routed("additionalInformation", since)
        self.from_country("additionalInformationAck comes to the centre", lambda: self.centre.came("additionalInformationAck", since))
        way.goes_on()

    def lose_power(self):
        loser = {"the centre loses power": self.centre.node, "the country loses power": self.node}.get(self.fault)
        if loser:
            loser.stop(how=9)
            loser.start()

    # How the country takes answers, and what it must not take.

    def centre_says_no(self):
        """The centre's late verdict on a publication: not valid after all, with the reason."""
        problem = {"code": "rehearsal.scripted", "detail": "A refusal of the rehearsal.", "where": "dct:title", "mend": "none"}
        got, _ = self.centre.say("validationResult", {"valid": False, "problems": [problem]}, refers_to=self.message)
        assert got.acknowledges, f"your node answered the validationResult with {got}, not with a good receipt"
        def look():
            shown = self.acts.heard(self.dataset, "refused", self.settings.wait)
            assert "rehearsal.scripted" in json.dumps(shown), f"your node does not show the reason: {shown}"
        self.inside("your node shows the record as refused, with the reason", look)

    def no_application(self):
        """Rubbish under the right signature: a receipt, since AS4 was right, then a validationResult that says no."""
        since = self.centre.mark()
        got, message_id = self.centre.say("dataAccessApplication", {"rehearsal": "this is no application"})
        assert got.acknowledges, f"your node answered with {got}, not with a good receipt"
        verdict = self.answered(message_id, "dataAccessApplication", since)
        assert verdict.get("valid") is False and verdict.get("problems"), f"your node says of rubbish: {verdict}"

    def stranger(self):
        """The centre's name under keys of another authority."""
        false = keys.party("EU", self.settings.suite, keys.authority("Strange Authority"), self.settings.folder / "stranger")
        got, _ = self.centre.say("validationResult", {"valid": True, "problems": []}, refers_to=self.message, signer=false)
        assert not got.is_receipt, "your node acknowledged a message that a stranger signed in the centre's name"
        assert got.errors or got.status >= 400, f"your node answered a stranger with {got}, neither an ebMS error nor a refusal of HTTP"

    # Both ends.

    def nothing_lost(self):
        """All of the centre arrived; what came more than once was one message, taken once."""
        sent = lambda: [one for one in self.centre.node.ledger(direction="out") if one["seq"] > self.begun]
        self.until("nothing of the centre is under way", lambda: all(one["status"] in ("delivered", "failed") for one in sent()))
        lost = [f"{one['action']} ({one['code']} {one['reason']})" for one in sent() if one["status"] == "failed"]
        assert not lost, f"the centre gave up: {'; '.join(lost)}"
        entries = [one for one in self.centre.node.ledger(direction="in") if one["seq"] > self.begun]
        twice = [name for name, times in collections.Counter(one["message_id"] for one in entries).items() if times > 1]
        assert not twice, f"the centre has more than once: {twice}"
        again = said_again(entries)
        assert not again, f"your node said the same under two message ids: {again}. Mend: a repetition keeps its id"
        self.inside("your ledger and the centre's agree", self.ledgers_agree)
        return self.struck() if self.fault in OF_THE_LINE else ""

    def struck(self):
        """A fault that met nothing was not rehearsed."""
        of_country, of_centre = self.centre.from_country.strikes, self.centre.to_country.strikes
        assert of_country and of_centre, f"the line struck {of_country} messages of yours and {of_centre} of the centre"
        return f"struck were {of_country} messages of yours and {of_centre} of the centre"

    def ledgers_agree(self):
        ours = {way: {one["message_id"]: one["content_sha256"] for one in self.centre.node.ledger(direction=way) if one["seq"] > self.begun}
                for way in ("in", "out")}
        theirs = {way: [(one["message_id"], one["content_sha256"]) for one in self.acts.ledger(direction=way)] for way in ("in", "out")}
        got = collections.Counter(name for name, _ in theirs["in"])
        twice = [name for name in ours["out"] if got[name] > 1]
        assert not twice, f"your node has more than once: {twice}"
        said = {name for name, _ in theirs["in"] + theirs["out"]}
        missing = {name for name, digest in ours["out"].items() if (name, digest) not in theirs["in"]}
        assert not missing, f"the centre sent, and your ledger lacks or has otherwise: {sorted(missing)}"
        unknown = {name for name, digest in ours["in"].items() if (name, digest) not in theirs["out"]}
        assert not unknown, f"the centre has as yours, and your ledger lacks or has otherwise: {sorted(unknown)}"
