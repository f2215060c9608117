"""What is started: our node, from a configuration written here, and phase4. Both listen on loopback, in plain HTTP."""
import atexit
import contextlib
import functools
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

from cryptography.hazmat.primitives import serialization

from . import algorithms

HOUSE = pathlib.Path(__file__).resolve().parents[2]
ACCOUNTS = ("auditor", "operator", "editor", "screener", "assessor", "decider", "applicant")
PASSWORD = "conformance-only"


GIVEN = set()  # the system may name a port again that nobody has opened yet


def free_port():
    while True:
        with socket.socket() as line:
            line.bind(("127.0.0.1", 0))
            port = line.getsockname()[1]
        if port not in GIVEN:
            GIVEN.add(port)
            return port


class agreement:
    """Who talks to whom about what; seen from the peer. `service` has no consumer in the node unless it is the network's."""

    def __init__(self, node="FR", peer="EU", service="urn:conformance:notes", service_type="urn:ehds:service"):
        self.node, self.peer, self.service, self.service_type = node, peer, service, service_type
        self.value = "urn:conformance:agreement"


def pmode(agreed, suite, own, other, partner_address, **changes):
    mode = {
        "id": "conformance", "agreement": {"value": agreed.value},
        "service": {"value": agreed.service, "type": agreed.service_type},
        "us": {"id": agreed.node}, "partner": {"id": agreed.peer}, "address": partner_address,
        "security": {"profile": algorithms.PROFILE[suite]},
        "certificates": {"partner_signing": [other.file("sign")], "partner_encryption": other.file("encrypt")},
        "retry": {"initial_delay_seconds": 1, "factor": 1, "max_delay_seconds": 1, "jitter": 0, "max_attempts": 5,
                  "answer_timeout_seconds": 3},
    }
    for name, value in changes.items():
        mode[name] = {**mode[name], **value} if isinstance(value, dict) and name in mode else value
    return mode


def account(name):
    return {"id": name, "display_name": name, "organisation": "Conformance", "country": "FR",
            "roles": [{"editor": "catalogue_editor"}.get(name, name)], "password": {"text": PASSWORD}}


@functools.cache
def house_keys(program, name):
    """A folder with the keys that a node has anyway. Making them takes seconds, so nodes of one name share them."""
    room = tempfile.TemporaryDirectory(prefix="ehds-keys-")
    atexit.register(room.cleanup)
    folder = pathlib.Path(room.name)
    for words in (["init-ca", folder / "ca"], ["issue", folder / "keys", "--ca", folder / "ca", "--node", name,
                                               "--country", name, "--hosts", "127.0.0.1"]):
        subprocess.run([program, "keys", *map(str, words)], check=True, capture_output=True)
    return folder


def make_keys(program, folder, own, name):
    """The keys a node has anyway, then the ones of `own` for messages."""
    shutil.copytree(house_keys(str(program), name), folder, dirs_exist_ok=True)
    for use in ("sign.pem", "sign.key", "encrypt.pem", "encrypt.key"):
        shutil.copy(own.folder / use, folder / "keys" / use)
    with open(folder / "keys/sign.pem", "ab") as file:  # its issuers, nearest first, for tokens that show the path
        file.writelines(one.public_bytes(serialization.Encoding.PEM) for one in reversed(own.issuers))


class node:
    """ehds-node in a folder. `own` are its keys (keys.party); the P-Modes are those given."""

    trusted = None  # the ssl.SSLContext by which callers believe a node that serves https

    def __init__(self, program, folder, own, modes, agreed, **settings):
        self.program, self.folder = program, pathlib.Path(folder)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.as4, self.process, self.token = self.url + "/as4", None, {}
        self.folder.mkdir(parents=True, exist_ok=True)
        write = lambda name, content: (self.folder / name).write_text(json.dumps(content, indent=1))
        (self.folder / "pmodes").mkdir(exist_ok=True)
        make_keys(program, self.folder, own, agreed.node)
        write("pmodes/pmodes.json", {"pmodes": modes})
        listed = [agreed.peer, *settings.pop("final_recipients", [])]
        write("partners.json", {"partners": [{"nation_id": agreed.peer, "party_id": each} for each in listed]})
        dns = {"dns_server": settings.pop("dns_server"), "private_publishers": True} if "dns_server" in settings else {}
        write("accounts.json", {"accounts": [account(name) for name in ACCOUNTS]})
        # Bad messages come from one address here, hundreds of them, and each is to get its error.
        settings["limits"] = {"unproven_at_once": 1000000, "unproven_per_second": 1000000, **settings.get("limits", {})}
        write("node.json", {
            "node": {"id": agreed.node, "country": agreed.node, "role": settings.pop("role", "national"), "zone": "edge",
                     "base_url": self.url},
            "listen": [{"address": "127.0.0.1", "port": self.port}, *settings.pop("also_listen", [])],
            "store": {"folder": "store"}, "keys": {"folder": "keys"},
            "accounts": "accounts.json", "partners": {"file": "partners.json", "pmodes": "pmodes", "routing": "star", **dns},
            "policy_pack": str(HOUSE / "policies/packs/fr.json"), "clock": {"adjustable": True}, **settings})

    def spawn(self):
        with open(self.folder / "log.jsonl", "ab") as log:
            self.process = subprocess.Popen([str(self.program), "serve", "--config", str(self.folder / "node.json")],
                                            stdout=log, stderr=subprocess.STDOUT)
        self.token = {}

    def start(self):
        self.spawn()
        try:
            wait_for(self.url + "/livez", self.process, self.folder / "log.jsonl", tls=self.trusted)
        except BaseException:  # nobody else would end it: who is entered is left, who failed to enter is not
            self.stop(signal.SIGKILL)
            raise
        return self

    def stop(self, how=signal.SIGTERM):
        if self.process:
            end(self.process, how)
        self.process = None

    def as_operator(self):
        """What the program's verbs take to ask this node while it runs."""
        secret = self.folder / "operator.password"
        secret.write_text(PASSWORD)
        return ["--account", "operator", "--password-file", secret]

    def login(self, account):
        return {"account": account, "password": PASSWORD}

    def alive(self):
        with contextlib.suppress(OSError):
            return self.process.poll() is None and self.ask("GET", "/livez")[0] == 200
        return False

    def ask(self, method, path, body=None, account=None, kind="application/json"):
        asked = urllib.request.Request(self.url + path, data=body, method=method)
        if body is not None:
            asked.add_header("Content-Type", kind)
            asked.add_header("Idempotency-Key", uuid.uuid4().hex)
        if account:
            if account not in self.token:
                session = json.dumps(self.login(account)).encode()
                self.token[account] = json.loads(self.ask("POST", "/api/session", session)[1])["token"]
            asked.add_header("Authorization", "Bearer " + self.token[account])
        try:
            with urllib.request.urlopen(asked, timeout=60, context=self.trusted) as got:
                return got.status, got.read()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read()

    def ledger(self, message_id=None, **filters):
        path = "/api/ledger/" + urllib.parse.quote(message_id, safe="") if message_id else \
            "/api/ledger?count=500&" + urllib.parse.urlencode(filters)
        status, body = self.ask("GET", path, account="auditor")
        if status == 404 and message_id:
            return []
        if status != 200:  # no ledger is not an empty one: "nothing is under way" would hold
            raise RuntimeError(f"the ledger is not shown: HTTP {status} {body[:300]!r}")
        return json.loads(body)["entries"]

    def entry(self, message_id):
        """The ledger's line of one message; None when it was not delivered or sent."""
        return next(iter(self.ledger(message_id)), None)

    def bytes_of(self, entry, what):
        """Content-Type and bytes."""
        self.ask("GET", "/livez", account="auditor")
        asked = urllib.request.Request(self.url + f"/api/ledger-bytes/{entry['seq']}?of={what}",
                                       headers={"Authorization": "Bearer " + self.token["auditor"]})
        with urllib.request.urlopen(asked, timeout=60, context=self.trusted) as got:
            return got.getheader("Content-Type"), got.read()

    def quiet(self, seconds=20):
        """Until nothing is left to be sent: what earlier tests provoked must not meet the conduct of the next one."""
        end_at = time.monotonic() + seconds
        while time.monotonic() < end_at:
            if all(one["status"] in ("delivered", "failed") for one in self.ledger(direction="out")):
                return
            time.sleep(0.05)

    def settled(self, message_id, seconds=20):
        """An outgoing message once it is delivered or has failed."""
        end_at = time.monotonic() + seconds
        while time.monotonic() < end_at:
            found = self.entry(message_id)
            if found and found["status"] in ("delivered", "failed"):
                return found
            time.sleep(0.05)
        return self.entry(message_id)


class phase4:
    """phase4 behind our few classes in conformance/phase4 (see its Main)."""

    def __init__(self, house, folder, own, suite, memory="1g"):
        self.memory = memory
        self.house, self.folder, self.own, self.suite = pathlib.Path(house), pathlib.Path(folder), own, suite
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.as4, self.process = self.url + "/as4", None

    def start(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        built = self.house / "build/phase4"
        words = ["java", "-Xmx" + self.memory, "-Dorg.slf4j.simpleLogger.defaultLogLevel=" + os.environ.get("EHDS_PHASE4_LOG", "error"),
                 "-Dphase4.wss4j.syncsecurity=false", "-cp", f"{built}/classes:{built}/lib/*", "peer.Main", str(self.port),
                 self.suite.upper(), str(self.own.folder), str(self.folder), self.own.name]
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(words, cwd=self.folder, stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_for(self.url + "/inbox", self.process, self.folder / "log")
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self):
        if self.process:
            end(self.process, signal.SIGTERM)
        self.process = None

    def inbox(self):
        with urllib.request.urlopen(self.url + "/inbox", timeout=60) as got:
            return json.loads(got.read())

    def delivered(self, message_id):
        return [one for one in self.inbox()["messages"] if one["message_id"] == message_id]

    def refuse(self, count):
        self._post("/refuse", [("count", count)])

    def send(self, agreed, to, receiver, parts=(), timeout=600, **more):
        """`parts`: (media type, file). Gives what phase4 says of it: result, status, error, signed, digests."""
        asked = [("to", to), ("from", agreed.peer), ("party", agreed.node), ("service", agreed.service),
                 ("service_type", agreed.service_type), ("agreement", agreed.value), ("action", more.pop("action", "notify")),
                 ("certificate", receiver.file("encrypt"))]
        asked = [one for one in asked if one[0] not in more]
        asked += [("part", f"{kind}|{file}") for kind, file in parts] + [(name, value) for name, value in more.items()]
        return self._post("/send", asked, timeout)

    def _post(self, path, asked, timeout=60):
        body = urllib.parse.urlencode(asked).encode()
        with urllib.request.urlopen(self.url + path, body, timeout=timeout) as got:
            return json.loads(got.read())


def wait_for(url, process, log, seconds=60, tls=None):
    """Until the address answers; of a port alone: until it is open."""
    end_at = time.monotonic() + seconds
    while time.monotonic() < end_at:
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError):
            if isinstance(url, int):
                socket.create_connection(("127.0.0.1", url), 5).close()
            else:
                urllib.request.urlopen(url, timeout=5, context=tls).read()
            return
        time.sleep(0.05)
    raise RuntimeError(f"{url} did not come up: {pathlib.Path(log).read_text(errors='replace')[-1500:]}")


def end(process, how):
    process.send_signal(how)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
