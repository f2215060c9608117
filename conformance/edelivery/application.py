"""An access application at the centre, as its applicant fills it in, and its way to the country and back."""
import json

from . import nodes
from .asking import quoted, taken

DEMO = nodes.HOUSE / "node/demo"


def named(answer, file):
    if answer == "@file":
        return file
    if isinstance(answer, dict):
        return {name: named(value, file) for name, value in answer.items()}
    return [named(value, file) for value in answer] if isinstance(answer, list) else answer


def form(nation, dataset):
    """The answers of the demonstration, about one dataset of that country."""
    said = json.loads((DEMO / "answers/access_application.json").read_text())
    said["section6"] = [{**said["section6"][0], "country_id": nation}]
    said["section1"]["datasetVariables"] = [{**one, "datasetId": dataset} for one in said["section1"]["datasetVariables"][:3]]
    return said


def application_at(node, nation, authority, dataset, publisher):
    """For one dataset of the country, with an attachment; its id."""
    ask = lambda method, path, body, kind="application/json": taken(node.ask(method, path, body, "applicant", kind))
    base = "/api/drafts/" + quoted(ask("POST", "/api/drafts", b'{"application_type": "DATA_ACCESS_APPLICATION"}')["draft_id"])
    basket = {"datasets": [{"dataset_id": dataset, "catalogue_id": nation, "title": dataset, "country": nation,
                            "hdab": authority, "publisher": publisher}]}
    ask("PUT", base + "/datasets", json.dumps(basket).encode())
    file = ask("PUT", base + "/files/plan.odt", (DEMO / "answers/research_plan.odt").read_bytes(), "application/octet-stream")
    for section, answer in form(nation, dataset).items():
        ask("PUT", f"{base}/sections/{section}", json.dumps(named(answer, file)).encode())
    return ask("POST", base + "/submission", b"{}")["application_id"]


class routed_application:
    """`acts` does what the country does (country/acts.py), `sees(what, is_so)` waits for what the centre shows."""

    def __init__(self, node, nation, application, acts, sees):
        self.node, self.nation, self.application, self.acts, self.sees = node, nation, application, acts, sees

    def status(self):
        page = taken(self.node.ask("GET", "/api/applications/" + quoted(self.application), account="applicant"))
        return next(cell["status"] for cell in page["authorities"] if cell["country"] == self.nation)

    def screened_and_answered(self, between):
        """`between` screening and question something may happen. The country has the answer still to take."""
        self.acts.start_screening(self.application)
        self.sees("the centre shows PRE_SCREENING (statusUpdate)", lambda: self.status() == "PRE_SCREENING")
        between()
        self.acts.ask_applicant(self.application)
        self.sees("the centre shows your question (requestInfo)", lambda: self.status() == "AWAITING_ADDITIONAL_INFORMATION")
        answer = {"country": self.nation, "sections": {"section6": [{"country_id": self.nation, "inclusionCriteria": "ICD-10 E11"}]}}
        taken(self.node.ask("POST", f"/api/applications/{quoted(self.application)}/answers", json.dumps(answer).encode(), "applicant"))

    def goes_on(self):
        self.sees("the centre shows that you go on", lambda: self.status() == "PRE_SCREENING")
