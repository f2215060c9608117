"""A country rehearses with its own node: the suite plays the centre and the line, and says what it saw."""
import contextlib
import time
import traceback

from . import acts, agreed, own_node, trouble
from .centre import centre, trust_of
from .journey import did_not_happen, journeys
from .settings import country, wrong_settings

# name, what is done, what it needs
STEPS = [("dataset publication", journeys.publication, None),
         ("update", journeys.update, "dataset publication"),
         ("request routing and its answers", journeys.request_routing, None),
         ("response handling: the centre says no", journeys.centre_says_no, "dataset publication"),
         ("response handling: an application that is none", journeys.no_application, None),
         ("response handling: a stranger in the centre's name", journeys.stranger, None),
         ("withdrawal", journeys.withdrawal, "dataset publication"),
         ("nothing is lost, nothing is twice", journeys.nothing_lost, None)]


class rehearsal:
    def __init__(self, program, settings, told):
        self.settings, self.told, self.area = settings, told, f"rehearsal of {settings.nation}"
        self.node, self.unsound, self.unseen = None, set(), set()
        is_copy = settings.run == "copy"
        trusted = trust_of(settings.address, settings.ca, is_copy)
        self.centre = centre(program, settings, lambda: self.node.as4 if is_copy else settings.address, trusted)
        self.handed_out = agreed.hand_out(settings, self.centre.own)
        if is_copy:
            own = {use: str(self.handed_out / f"centre-{use}.pem") for use in ("sign", "encrypt")}
            self.node = own_node.own_copy(program, settings, own)
            settings.address = self.node.as4
        self.acts = acts.by_api(self.node, settings) if is_copy else self.acts_of_another()

    def acts_of_another(self):
        live = own_node.live_node(self.settings)
        return acts.by_api(live, self.settings) if live.may("editor", "screener") else acts.by_hand(self.settings)

    def introduce(self):
        settings = self.settings
        print(f"Rehearsal of {settings.nation} with {introduction(settings)}")
        for use, certificate in self.centre.country.certificate.items():
            print(f"  {'signs' if use == 'sign' else 'opens'} with   {agreed.described(certificate)}")
        modes = ", ".join(one["id"] for one in settings.modes)
        print(f"  profile      {settings.profile}\n  P-Mode       {modes}" + ("" if settings.has_own_modes else " (written for it: your "
              f"configuration has none for the service {settings.modes[0]['service']['value']})"))
        print(f"  the centre   {settings.modes[0]['partner']['id']} at {settings.centre_address}, kept in {self.centre.node.folder}")
        if settings.run != "copy":
            print(HANDED.format(folder=self.handed_out, centre=settings.centre_address, seconds=settings.wait))
        print(flush=True)

    def walk(self):
        if self.node:
            if wrong := self.node.checked():
                return self.told.failed(self.area, "its configuration", wrong)
            try:
                self.node.start()
            except RuntimeError as why:
                return self.told.failed(self.area, "its start", f"{why} Mend: what it says there")
        self.centre.start()
        journey = journeys(self.centre, self.acts, self.settings, self.node, self.not_seen)
        if not self.step("connection: the test message of the centre", journeys.connection, journey, "none"):
            return print("The journeys were not walked: without a connection each would fail for the same reason.")
        if self.acts.own_records():
            self.step("publication of its own records", journeys.own_records, journey, "none")
        for fault in self.settings.faults:
            self.centre.play(fault)
            journey.fault, journey.dataset = fault, None
            done = set()
            for name, what, needs in STEPS:
                if name in self.unsound or (needs and needs not in done):
                    self.told.skipped(self.area, name, "not walked: " + ("it failed without a fault" if name in self.unsound
                                                                         else f"it needs {needs}"))
                elif self.step(name, what, journey, fault):
                    done.add(name)

    def step(self, name, what, journey, fault):
        since, line = time.monotonic(), f"{name} (fault: {fault})"
        try:
            seen = what(journey)
        except Exception as why:
            self.told.failed(self.area, name, f"(fault: {fault}) {self.said(why, since)}")
            if fault == "none":
                self.unsound.add(name)  # it would fail again under each fault
            return False
        print(f"passed   {line}" + (f": {seen}" if seen else ""), flush=True)
        self.told.passed(self.area, name)
        return True

    def said(self, why, since):
        """The sentence of what did not hold, and the reasons that the lines saw."""
        known = isinstance(why, (did_not_happen, AssertionError)) and str(why)
        lines = [str(why) if known else traceback.format_exc(limit=-3)]
        with contextlib.suppress(Exception):
            lines += trouble.told(self.centre, since, getattr(why, "is_country_silent", False))
        return "\n           ".join(lines)

    def not_seen(self, what, why):
        if what not in self.unseen:
            self.unseen.add(what)
            self.told.skipped(self.area, what, "not looked at: " + why)

    def close(self):
        if self.node:
            self.node.stop()
        self.centre.close()


HANDED = """
Before: give your node what is in {folder}
  ehds-node        rehearsal.json and centre-*.pem go into its folder of P-Modes, the line of partners.json into its file of
                   partners; ehds-node config check; start it again
  other software   values.txt says what its P-Mode needs; centre-sign.pem and centre-encrypt.pem go into its truststore
Your node has to reach {centre}. Waiting at most {seconds} s for its receipt to the centre's test message."""


def introduction(settings):
    if settings.run == "copy":
        return (f"a copy of {settings.node_file} in {settings.folder / 'copy'}\n  it has your keys (linked), records, rules and "
                "P-Modes with the centre; a store, accounts and a port of its own; no health data,\n  platform, webhooks or other partners; "
                "it tries again after a second")
    what = "your running ehds-node" if settings.accounts else "your node, whose people (or commands) do what is said after NOW"
    return f"{what} at {settings.address}"


def judge(program, given, told):
    try:
        settings = country(given)
        made = rehearsal(program, settings, told)
    except wrong_settings as why:
        for one in why.found:
            told.failed("rehearsal", "the settings", one)
        return
    except OSError as why:
        told.failed("rehearsal", "the centre", f"it cannot listen at {settings.host}:{settings.port} ({why.strerror}). Mend: "
                    "another centre.listen in the settings, or end what listens there")
        return
    try:
        made.introduce()
        made.walk()
    finally:
        made.close()
