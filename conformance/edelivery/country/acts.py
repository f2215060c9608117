"""What the country does in its rehearsal: our program by its API, another by its people or by commands of theirs."""
import functools
import json
import re
import subprocess

from .. import asking
from ..asking import quoted, until
from ..nodes import HOUSE

EXAMPLE = HOUSE / "node/demo/records/FI/FI-DEATH.ttl"
TITLE = re.compile(r'(<http://purl\.org/dc/terms/title> "(?:\\.|[^"\\])*)(")')


taken = functools.partial(asking.taken, refused="your node refused it by itself, ")


class not_looked_at(Exception):
    """It cannot be seen from here."""


def example_record(nation, identifier):
    """A record that conforms, under an identifier of the country."""
    text = EXAMPLE.read_text().replace("Tilastokeskus", "Rehearsal").replace("in Finland (demonstration)", f"(rehearsal of {nation})")
    return text.replace("FI-DEATH", identifier).replace("/fi/", f"/{nation.lower()}/").encode()


def second_edition(ntriples, identifier):
    """The same record with another title: of the subject that has the identifier."""
    lines = ntriples.decode().splitlines()
    of_dataset = next(one.split(" ", 1)[0] for one in lines if f'<http://purl.org/dc/terms/identifier> "{identifier}"' in one)
    changed = [TITLE.sub(r"\1 (second edition)\2", one) if one.startswith(of_dataset + " ") else one for one in lines]
    assert changed != lines, "the record has no title"
    return ("\n".join(changed) + "\n").encode()


class by_api:
    """`node` is the country's ehds-node, a copy or the live one; a live one may lack some of the accounts."""

    sees_inside = True

    def __init__(self, node, settings):
        self.node, self.settings = node, settings

    def may(self, *roles):
        return self.settings.run == "copy" or self.node.may(*roles)

    def look(self, *roles):
        if not self.may(*roles):
            raise not_looked_at(f"the settings name no account for {' and '.join(roles)}")

    def own_records(self):
        """Identifiers of the country's own catalogue, of a copy alone."""
        if self.settings.run != "copy":
            return []
        return [one["id"] for one in taken(self.node.ask("GET", "/api/datasets?limit=100"))["datasets"]]

    def show(self, identifier):
        return taken(self.node.ask("GET", "/api/datasets/" + quoted(identifier)))

    def send_out(self, identifier):
        taken(self.node.ask("POST", f"/api/datasets/{quoted(identifier)}/publication", b"{}", "editor"))

    def publish(self, identifier):
        self.put(example_record(self.settings.nation, identifier), "text/turtle")
        self.send_out(identifier)

    def put(self, record, kind):
        taken(self.node.ask("PUT", "/api/datasets", record, "editor", kind))

    def update(self, identifier):
        status, record = self.node.ask("GET", f"/api/datasets/{quoted(identifier)}?format=nt")
        assert status == 200, f"your node does not give the record {identifier}: HTTP {status}"
        self.put(second_edition(record, identifier), "application/n-triples")

    def withdraw(self, identifier):
        taken(self.node.ask("DELETE", "/api/datasets/" + quoted(identifier), account="editor"))

    def given_up(self, identifier):
        """Why the node does not try again; empty while it does."""
        status, shown = self.node.ask("GET", "/api/datasets/" + quoted(identifier))
        said = json.loads(shown)["publication"] if status == 200 else {"state": "withdrawn"}
        return json.dumps(said["problems"]) if said["state"] == "failed" else ""

    def heard(self, identifier, state, seconds):
        """The country's editor sees what the centre said of the record."""
        found = lambda: self.show(identifier)["publication"]
        until(f"your node shows the record as {state}", lambda: found()["state"] == state, seconds)
        return found()

    def cases(self, application, seconds):
        self.look("screener")
        return until("your node has a case", lambda: self._cases(application), seconds)

    def _cases(self, application):
        return taken(self.node.ask("GET", "/api/cases?application=" + quoted(application), account="screener"))["cases"]

    def command(self, application, verb, particulars):
        case = self.cases(application, self.settings.wait)[0]["case_id"]
        taken(self.node.ask("POST", f"/api/cases/{quoted(case)}/commands",
                            json.dumps({"verb": verb, "particulars": particulars}).encode(), "screener"))

    def start_screening(self, application):
        self.command(application, "start_pre_screening", {})

    def ask_applicant(self, application):
        question = {"section": "section6", "field": "inclusionCriteria", "comment": "Which codes?", "country": self.settings.nation}
        self.command(application, "ask_information", {"questions": [question]})

    def ledger(self, **filters):
        self.look("auditor")
        return self.node.ledger(nation_id="EU", **filters)


DEEDS = {"publish": "publish one dataset (createDataset), best as {subject}",
         "update": "change the dataset {subject} and publish it (updateDataset)",
         "withdraw": "withdraw the dataset {subject} (deleteDataset)",
         "start_screening": "begin the pre-screening of the application {subject} (statusUpdate, status PRE_SCREENING)",
         "ask_applicant": "ask the applicant of {subject} one question on section6, inclusionCriteria (requestInfo)"}


class by_hand:
    """Another program: its people are told what to do now, or a command of the settings does it."""

    sees_inside = False

    def __init__(self, settings):
        self.settings = settings

    def own_records(self):
        return []

    def do(self, deed, subject):
        command = self.settings.commands.get(deed)
        if command:
            try:
                done = subprocess.run([one.replace("{subject}", subject) for one in command], cwd=self.settings.home,
                                      capture_output=True, text=True, timeout=self.settings.wait)
            except (OSError, subprocess.TimeoutExpired) as why:
                raise AssertionError(f"your command for {deed} did not run to its end: {why}. Mend: correct /commands/{deed}") from None
            assert done.returncode == 0, f"your command for {deed} ended with {done.returncode}: {done.stderr[-500:]}"
        else:
            print(f"NOW   {DEEDS[deed].format(subject=subject)}: within {self.settings.wait} s", flush=True)

    def publish(self, identifier):
        self.do("publish", identifier)

    def update(self, identifier):
        self.do("update", identifier)

    def withdraw(self, identifier):
        self.do("withdraw", identifier)

    def start_screening(self, application):
        self.do("start_screening", application)

    def ask_applicant(self, application):
        self.do("ask_applicant", application)

    def given_up(self, _identifier):
        return ""

    def unseen(self, *_given, **_named):
        raise not_looked_at("what your program keeps inside cannot be seen from here")

    heard = cases = ledger = show = unseen
