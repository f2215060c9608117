"""The centre of a country's rehearsal: our program in that role, behind lines on which the script of faults is played."""
import http.client
import json
import shutil
import ssl
import time
import urllib.parse

from .. import names, nodes, opened, wire, written
from ..asking import quoted, taken
from ..rehearsal import faulty_line
from . import agreed


class watched_line(faulty_line):
    """Remembers besides what each call met: (when, request, answer or the error of the connection)."""

    def __init__(self, to, trusted=None, **where):
        self.trusted, self.met = trusted, []
        super().__init__(to, "none", **where)

    def passed_on(self, one):
        try:
            got = wire.post(self.to(), one.content_type, one.body, tls=self.trusted)
        except (OSError, http.client.HTTPException) as why:
            got = why
        self.met.append((time.monotonic(), one, got))
        if isinstance(got, Exception):
            raise got
        return got


class centre:
    def __init__(self, program, settings, country_address, trusted):
        self.settings = settings
        self.own = agreed.centre_keys(settings)
        self.country = agreed.party_on_disk(settings.suite, settings.certificates)
        self.to_country = watched_line(country_address, trusted)
        self.from_country = watched_line(lambda: self.node.as4, host=settings.host, port=settings.port)
        folder = settings.folder / "centre"
        shutil.rmtree(folder / "store", ignore_errors=True)
        modes = [agreed.side_of_centre(mode, self.to_country.peer.url, settings.certificates, settings.centre_pmode)
                 for mode in settings.modes]
        self.modes = modes
        self.node = nodes.node(program, folder, self.own, modes, nodes.agreement("EU", settings.party["id"]), role="central")
        partners = {"partners": [{"nation_id": settings.nation, "party_id": settings.party["id"]}]}
        (folder / "partners.json").write_text(json.dumps(partners))

    def start(self):
        self.node.start()
        return self

    def close(self):
        self.node.stop()
        for one in (self.to_country, self.from_country):
            one.peer.close()

    def play(self, fault):
        for one in (self.to_country, self.from_country):
            one.fault, one.strikes = fault, 0

    def mark(self):
        """Where the ledger ends now."""
        return max((one["seq"] for one in self.node.ledger()), default=0)

    def came(self, action, since, **more):
        """What came from the country after the mark, the oldest first."""
        return [one for one in reversed(self.node.ledger(direction="in", action=action)) if one["seq"] > since
                and all(one[name] == value for name, value in more.items())]

    def went(self, action, since=0, **more):
        return [one for one in reversed(self.node.ledger(direction="out", action=action)) if one["seq"] > since
                and all(one[name] == value for name, value in more.items())]

    def ping(self):
        """A test message to the country; its id."""
        mode = next(one["id"] for one in self.modes if one["direction"] != "receive")
        return taken(self.node.ask("POST", "/api/test-messages", json.dumps({"pmode": mode}).encode(), "operator"), 202)["message_id"]

    def outcome(self, ping):
        return taken(self.node.ask("GET", "/api/test-messages/" + quoted(ping), account="operator"))

    def dataset(self, identifier):
        """HTTP status and what the centre shows of it."""
        nation = self.settings.nation
        name = identifier if identifier.startswith(nation + "-") else f"{nation}:{identifier}"
        status, body = self.node.ask("GET", "/api/datasets/" + quoted(name))
        return status, json.loads(body) if status == 200 else {}

    def read(self, message_id):
        """A message of the country as independent code reads it, and its envelope."""
        for one in self.from_country.seen:
            found = opened.message(one.content_type, one.body, self.own, self.country)
            if found.message_id == message_id:
                assert not found.problems, f"independent code finds in your message {message_id}: {'; '.join(found.problems)}"
                return found, json.loads(found.parts[0]["data"])
        raise AssertionError(f"the message {message_id} did not pass the line")

    def refusals(self):
        return taken(self.node.ask("GET", "/api/refusals", account="auditor"))["refusals"]

    def say(self, action, content, refers_to=None, signer=None):
        """One message of the centre that the suite writes by itself: what the country answers, and the message id."""
        mode, message_id = self.settings.modes[0], written.new_id()
        service = mode["service"]
        terms = nodes.agreement(mode["us"]["id"], mode["partner"]["id"], service["value"], service.get("type"))
        envelope = {"release": "r8", "type": action, "message_id": message_id, "original_message_id": refers_to, "content": content}
        one = written.part(json.dumps(envelope).encode(), charset="utf-8")
        theirs = mode.get("four_corners", {"ours": terms.node, "theirs": terms.peer})
        message = written.user_message(
            terms, [one], message_id, action=action, refers_to=refers_to, agreement=mode.get("agreement", {}).get("value", ""),
            party_types=(mode["partner"].get("type", names.UNREGISTERED), mode["us"].get("type", names.UNREGISTERED)),
            properties=[("originalSender", theirs["theirs"]), ("finalRecipient", theirs["ours"])])
        soap, parts = written.envelope(signer or self.own, message, self.country, [one])
        return heard(self.to_country.passed_on(wire.seen("/as4", *written.multipart(soap, parts))), message_id, self.country), message_id


class heard:
    """An HTTP answer of the country to what the suite said: whether it calls itself a receipt, and whether it is a good one."""

    def __init__(self, answer, message_id, country):
        self.status, self.errors, self.is_receipt, self.wrong = answer.status, [], False, []
        if "soap" not in answer.content_type:
            return
        message = opened.message(answer.content_type, answer.body, None, country)
        self.errors, self.is_receipt, self.wrong = message.errors, message.is_receipt, message.problems
        if message.refers_to != message_id:
            self.wrong = [*self.wrong, f"it is about {message.refers_to}"]

    @property
    def acknowledges(self):
        return self.is_receipt and not self.wrong

    def __str__(self):
        what = "a receipt" if self.is_receipt else ", ".join(self.errors) or "no signal of ebMS"
        return f"HTTP {self.status}, {what}" + (f" ({'; '.join(self.wrong)})" if self.is_receipt and self.wrong else "")


def trust_of(address, authority_file, is_copy):
    if urllib.parse.urlsplit(address).scheme != "https":
        return None
    return ssl._create_unverified_context() if is_copy else ssl.create_default_context(cafile=authority_file)
