"""Two whole programs under load from the countries' own programs, killed by SIGKILL at random and started again: whatever
was promised is kept. Keys, P-Modes, HTTPS and AS4 as in earnest; only the network is loopback."""
import json
import pathlib
import random
import shutil
import signal
import ssl
import statistics
import tempfile
import time

from . import keys, line, load, nodes, promises, spoiled
from .asking import until

AREA = "kills"
SERVICE, TYPE = "urn:conformance:notes", "urn:ehds:service"
RETRY = {"jitter": 0.2, "max_attempts": 1000, "answer_timeout_seconds": 20}
NOWHERE = "https://127.0.0.1:1/as4"


class mortal(nodes.node):
    """A node behind TLS that may die at any moment."""

    def __init__(self, program, folder, own, modes, agreed, **settings):
        super().__init__(program, folder, own, modes, agreed, **settings)
        self.name, self.url, self.odd_ends = agreed.node, f"https://127.0.0.1:{self.port}", []
        file = self.folder / "node.json"
        said = json.loads(file.read_text())
        said["node"]["base_url"] = self.url
        said["listen"][0]["tls"] = {"certificate": "keys/tls.pem", "private_key": "keys/tls.key"}
        file.write_text(json.dumps({**said, "trusted_ca": "../authorities.pem"}, indent=1))

    def ready(self):
        nodes.wait_for(self.port, self.process, self.folder / "log.jsonl")

    def kill(self):
        if self.process.poll() is not None:
            self.odd_ends.append(f"{self.name} ended by itself, status {self.process.returncode}")
        self.process.kill()
        self.process.wait()

    def leave(self):
        """As an operator ends it."""
        self.process.send_signal(signal.SIGTERM)
        if status := self.process.wait(60):
            self.odd_ends.append(f"{self.name} left with status {status} after SIGTERM")
        self.process = None


class pair:
    """FR and EU, the lines to them, and a program of each country."""

    def __init__(self, program, folder, suite, seed):
        self.folder, self.program = pathlib.Path(folder), program
        authority = keys.authority()
        own = {name: keys.party(name, suite, authority, self.folder / "keys" / name) for name in promises.OTHER}
        self.nodes = {}
        for name, other in promises.OTHER.items():
            agreed = nodes.agreement(name, other, SERVICE, TYPE)
            mode = nodes.pmode(agreed, suite, own[name], own[other], NOWHERE, retry=RETRY)
            self.nodes[name] = mortal(program, self.folder / name, own[name], [mode], agreed,
                                      role="central" if name == "EU" else "national",
                                      back_ends=[{"name": "registry", "takes": [{"service": SERVICE}]}])
        believed = self.folder / "authorities.pem"
        believed.write_text("".join((self.folder / name / "ca/ca.pem").read_text() for name in self.nodes))
        trusted = ssl.create_default_context(cafile=believed)
        self.programs = {name: load.program(one, seed, "conformance") for name, one in self.nodes.items()}
        for name, other in promises.OTHER.items():
            self.programs[name].other = self.programs[other]
        self.lines = {}
        try:
            self.join(trusted)
        except BaseException:
            self.abandon()
            raise

    def join(self, trusted):
        for name, one in self.nodes.items():
            self.lines[name] = line.line(one.port, one.folder / "keys", trusted)
            one.trusted = trusted
        for name, one in self.nodes.items():
            file = one.folder / "pmodes/pmodes.json"
            file.write_text(file.read_text().replace(NOWHERE, self.lines[promises.OTHER[name]].url))

    def start(self):
        """Twice: only the first start has accounts and tables to make."""
        for one in self.nodes.values():
            one.spawn()
            one.ready()
            asked = json.dumps({"name": "registry", "roles": ["back_end"]}).encode()
            one.key = json.loads(one.ask("POST", "/api/api-keys", asked, "operator")[1])["key"]
            one.leave()
            begun = time.monotonic()
            one.spawn()
            one.ready()
            self.start_time = time.monotonic() - begun
        for one in self.programs.values():
            one.start()

    def passed_on(self):
        return sum(one.passed_on for one in self.lines.values())

    def message_time(self):
        """From the first byte that a program hands over until the other has the last one; while nobody dies."""
        def times():
            return [self.programs[other].took[message] - begun for name, other in promises.OTHER.items()
                    for message, begun in list(self.programs[name].begun.items()) if message in self.programs[other].took]
        return statistics.median(until("ten messages have arrived", lambda: len(times()) >= 10 and times(), 60))

    def settle(self, seconds):
        """Nothing new is handed over; all that was begun is brought to its end."""
        for one in self.nodes.values():
            one.ready()
        for one in self.programs.values():
            one.quiet(seconds)
        until("everything is sent", lambda: not any(
            one.ledger(direction="out", status=status) for one in self.nodes.values() for status in ("queued", "in_flight", "waiting")), seconds)
        until("everything is taken", lambda: all(
            set(self.programs[other].taken) >= set(self.programs[name].handed_over) and self.programs[other].is_idle
            for name, other in promises.OTHER.items()), seconds)

    def end(self):
        for one in self.programs.values():
            one.end()
        for one in self.nodes.values():
            one.leave()

    def abandon(self):
        for one in self.programs.values():
            one.is_quiet.set()
            one.is_over.set()
        for one in self.nodes.values():
            if one.process:
                one.process.kill()
                one.process.wait()
        for one in self.lines.values():
            one.close()


class killer:
    """Who is killed, and when: evenly over the time a message takes, or over that of a start."""

    def __init__(self, on, seed):
        self.on, self.dice = on, random.Random(f"{seed} killer")
        self.kills, self.in_start = 0, 0

    def kill(self, times):
        message_time = self.on.message_time()
        print(f"kills: a message takes {message_time:.2f} s here, a start {self.on.start_time:.2f} s", flush=True)
        last = []
        while self.kills < times:
            if last and self.dice.random() < 0.2:
                victims = last
                self.in_start += len(victims)
                time.sleep(self.dice.random() * self.on.start_time)
            else:
                victims = self.dice.choice((["FR"], ["FR"], ["EU"], ["EU"], ["FR", "EU"]))
                self.wait_for_traffic()
                time.sleep(self.dice.random() * message_time)
            for name in victims:
                self.on.nodes[name].kill()
            time.sleep(self.dice.random() * 0.2)
            for name in victims:
                self.on.nodes[name].spawn()
            self.count(len(victims))
            last = victims

    def wait_for_traffic(self):
        """Both are up and speak with each other again, so that the next kill meets something; some seconds at most."""
        for one in self.on.nodes.values():
            one.ready()
        before, end = self.on.passed_on(), time.monotonic() + 8
        while self.on.passed_on() == before and time.monotonic() < end:
            time.sleep(0.01)

    def count(self, more):
        before, self.kills = self.kills, self.kills + more
        if before // 100 != self.kills // 100:
            taken = sum(len(one.taken) for one in self.on.programs.values())
            print(f"kills: {self.kills}, {taken} messages taken", flush=True)


def tell(told, what, wrong):
    """One line of the table; the first few deviations in words."""
    wrong = list(wrong)
    told.demand(not wrong, AREA, what, f"{len(wrong)}: " + "; ".join(map(str, wrong[:8])))


def judge_end(on, told):
    stores = {name: promises.read(one.folder / "store/node.sqlite") for name, one in on.nodes.items()}
    heard = {name: set(one.receipts) for name, one in on.lines.items()}
    found = promises.evidence(stores, on.programs, heard)
    for promise in promises.PROMISES:
        tell(told, promise.__name__.replace("_", " "), promise(found))
    tell(told, "every answer to a program is as it should be", [each for one in on.programs.values() for each in one.wrong])
    tell(told, "nobody ends but by a kill", [each for one in on.nodes.values() for each in one.odd_ends])
    for name, one in on.nodes.items():
        said = promises.complaint_of_audit(on.program, one.folder / "store/node.sqlite", one.folder / "keys")
        tell(told, "the audit log verifies", [said] if said else [])
    eu = on.nodes["EU"]
    tell(told, "the same judgement finds out what was spoiled in a copy", spoiled.missed(found, eu.folder, on.program))
    return found


def sum_up(on, kills, found, seconds):
    messages = sum(len(one) for one in found.handed_over.values())
    repeated = sum(times - 1 for one in on.lines.values() for times in one.receipts.values())
    lost = sum(each.lost for one in on.programs.values() for each in one.clients)
    again = sum(one.repeats for one in on.programs.values())
    print(f"kills: {kills.kills} kills ({kills.in_start} of them during a start) in {seconds:.0f} s; {messages} messages, "
          f"{sum(len(one) for one in found.heard.values())} receipts, {repeated} given again; {again} submissions repeated, "
          f"{lost} answers lost by the programs", flush=True)


def judge(program, told, kills=50, seed=None, suite="eddsa"):
    seed = random.SystemRandom().randrange(1_000_000) if seed is None else seed
    print(f"kills: --kills {kills} --seed {seed} --suite {suite}", flush=True)
    folder, before, begun = tempfile.mkdtemp(prefix="ehds-kills-"), told.counts["failed"], time.monotonic()
    on = None
    try:
        on = pair(program, folder, suite, seed)
        on.start()
        by = killer(on, seed)
        by.kill(kills)
        try:
            on.settle(240)
        except AssertionError as never:
            told.failed(AREA, "everything settles", never)
        on.end()
        sum_up(on, by, judge_end(on, told), time.monotonic() - begun)
    except BaseException:  # who stops a run wants to find its stores too
        told.failed(AREA, "the run comes to its end", f"seed {seed}; the stores are in {folder}")
        raise
    finally:
        if on:
            on.abandon()
    if told.counts["failed"] == before:
        shutil.rmtree(folder)
    else:
        print(f"kills: seed {seed}; stores and logs are in {folder}", flush=True)
