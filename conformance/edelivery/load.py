"""The country's program at one node, through the REST API: hands messages over and takes what came. Like a real one it
loses answers, and then repeats what it asked, with the same idempotency key, until it is answered."""
import contextlib
import hashlib
import http.client
import json
import random
import threading
import time
import urllib.parse

SIZES = {150: 16, 2_000: 12, 10_000: 8, 100_000: 6, 300_000: 3, 1_200_000: 1}  # bytes of a part, and how often

MOST_UNDER_WAY = 40  # so that each message is under way for only some of the kills, and the end is near when they stop


def content_of(dice, key):
    """One to three parts: the first says the key, so that no two messages are alike; noise does not pack, text does by half."""
    parts = [("key", "application/json", json.dumps({"key": key}).encode())]
    for number in range(dice.choice((0, 1, 1, 1, 2))):
        size = dice.choices(list(SIZES), SIZES.values())[0]
        is_text = dice.random() < 0.5
        content = dice.randbytes(size // 2).hex().encode() if is_text else dice.randbytes(size)
        parts.append((f"part-{number}", "text/plain" if is_text else "application/octet-stream", content))
    return parts


def rest_submission(message, parts):
    """Content-Type and body of what is handed over by REST; of a part: Content-ID, media type, bytes."""
    body = b"--conformance\r\nContent-Type: application/json\r\n\r\n" + json.dumps(message).encode() + b"\r\n"
    for name, kind, content in parts:
        body += b"--conformance\r\nContent-Type: %s\r\nContent-ID: <%s>\r\n\r\n%s\r\n" % (kind.encode(), name.encode(), content)
    return 'multipart/related; boundary=conformance; type="application/json"', body + b"--conformance--\r\n"


class client:
    """One connection that is opened anew when it broke. The answer is None when there was none."""

    def __init__(self, at, dice, careless=0.0):
        self.at, self.dice, self.careless, self.line, self.lost = at, dice, careless, None, 0

    def ask(self, method, path, body=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            if self.line is None:
                self.line = http.client.HTTPSConnection("127.0.0.1", self.at.port, timeout=30, context=self.at.trusted)
            if self.dice.random() < self.careless:
                return self.lose(method, path, body, headers)
            self.line.request(method, path, body, {"X-API-Key": self.at.key, **headers})
            got = self.line.getresponse()
            return got.status, got.read()
        except (OSError, http.client.HTTPException):
            self.hang_up()
            return None

    def lose(self, method, path, body, headers):
        """As a program that dies with its question half asked, or asked and not answered."""
        self.lost += 1
        self.line.putrequest(method, path)
        for name, value in {"X-API-Key": self.at.key, "Content-Length": str(len(body or b"")), **headers}.items():
            self.line.putheader(name, value)
        whole = self.dice.random() < 0.7
        self.line.endheaders((body or b"")[:None if whole else len(body or b"") // 2])
        if whole:
            time.sleep(self.dice.random() * 0.03)
        self.hang_up()

    def hang_up(self):
        if self.line is not None:
            with contextlib.suppress(OSError):
                self.line.close()
        self.line = None


class program:
    """What was handed over and answered, what was taken, and what was against the promises on the way."""

    def __init__(self, at, seed, pmode, senders=2):
        self.at, self.seed, self.pmode, self.other = at, seed, pmode, None
        self.handed_over, self.taken, self.marked = {}, {}, set()  # message id -> digests; -> {number: digests}; numbers
        self.begun, self.took = {}, {}  # message id -> when it was handed over; when it had been taken
        self.wrong, self.repeats, self.is_over = [], 0, threading.Event()
        self.is_quiet, self.is_idle, self.clients = threading.Event(), False, []
        self.senders = [threading.Thread(target=self.guarded, args=(self.hand_over, f"s{n}"), daemon=True) for n in range(senders)]
        self.taker = threading.Thread(target=self.guarded, args=(self.take, "t"), daemon=True)

    def start(self):
        for one in (*self.senders, self.taker):
            one.start()

    def guarded(self, what, name):
        dice = random.Random(f"{self.seed} {self.at.name} {name}")
        # Chances of its own: how often the line is tried depends on the machine, what is handed over must not.
        own = client(self.at, random.Random(f"{self.seed} {self.at.name} {name} line"), careless=0.08)
        self.clients.append(own)
        try:
            what(own, dice, name)
        except Exception as broken:  # a program that breaks must not look like one that has nothing to say
            self.wrong.append(f"{self.at.name}: the program itself broke: {broken!r}")

    def hand_over(self, own, dice, name):
        count = 0
        while not self.is_quiet.is_set():
            if len(self.handed_over) - len(self.other.taken) > MOST_UNDER_WAY:
                time.sleep(0.02)
                continue
            count += 1
            key = f"{self.at.name}-{name}-{count}"
            parts = content_of(dice, key)
            message = {"pmode": self.pmode, "action": "notify"}
            if dice.random() < 0.2:
                message["message_id"] = f"{key}@program.example"
            begun = time.monotonic()
            first = self.until_answered(own, message, parts, key)
            if first is None:
                continue
            self.begun[first] = begun
            if first in self.handed_over:
                self.wrong.append(f"{key} has the message id of another message: {first}")
            self.handed_over[first] = [hashlib.sha256(content).hexdigest() for _, _, content in parts]
            if dice.random() < 0.1 and (again := self.until_answered(own, message, parts, key)) != first:
                self.wrong.append(f"{key} was {first} at first and {again} when it was handed over again")
            time.sleep(dice.random() * 0.05)

    def until_answered(self, own, message, parts, key):
        """The message id; repeated under the same key until there is an answer."""
        kind, body = rest_submission(message, parts)
        while not self.is_over.is_set():
            got = own.ask("POST", "/api/messages", body, Idempotency_Key=key, Content_Type=kind)
            if got is None:
                self.repeats += 1
                time.sleep(0.02 + own.dice.random() * 0.1)
                continue
            if got[0] == 201:
                return json.loads(got[1])["message_id"]
            self.wrong.append(f"{key} was refused: HTTP {got[0]} {got[1][:300]!r}")
            return None
        self.wrong.append(f"{key} was never answered")
        return None

    def take(self, own, dice, _):
        while not self.is_over.is_set():
            if not self.take_what_waits(own, dice):
                time.sleep(0.03)

    def take_what_waits(self, own, dice):
        got = own.ask("GET", "/api/messages")
        if got is None:
            return 0
        if got[0] != 200:
            self.wrong.append(f"{self.at.name}: the list: HTTP {got[0]} {got[1][:300]!r}")
            return 0
        waiting = json.loads(got[1])["messages"]
        self.is_idle = not waiting
        for message in waiting:
            if message["number"] in self.marked:
                self.wrong.append(f"{self.at.name}: {message['message_id']} waits again after it was marked as processed")
            # Some die between the download and the mark, and take the message again.
            if self.download(own, message) and dice.random() > 0.05:
                self.mark(own, message)
        return len(waiting)

    def download(self, own, message):
        path, digests = "/api/messages/" + urllib.parse.quote(message["message_id"], safe=""), []
        for part in message["parts"]:
            got = own.ask("GET", f"{path}/parts/{part['number']}?direction=in")
            if got is None:
                return False
            digests.append(hashlib.sha256(got[1]).hexdigest() if got[0] == 200 else f"HTTP {got[0]} {got[1][:200]!r}")
            if digests[-1] != part["sha256"] or len(got[1]) != part["size"]:
                self.wrong.append(f"{self.at.name}: {message['message_id']} part {part['number']}: not what the list says")
        self.taken.setdefault(message["message_id"], {})[message["number"]] = digests
        self.took.setdefault(message["message_id"], time.monotonic())
        return True

    def mark(self, own, message):
        got = own.ask("POST", "/api/messages/" + urllib.parse.quote(message["message_id"], safe="") + "/processed", b"")
        if got is not None and got[0] == 204:
            self.marked.add(message["number"])
        elif got is not None:
            self.wrong.append(f"{self.at.name}: {message['message_id']} could not be marked: HTTP {got[0]} {got[1][:200]!r}")

    def quiet(self, seconds):
        """Nothing new; what was begun is brought to its end. Takes on."""
        self.is_quiet.set()
        end = time.monotonic() + seconds
        for one in self.senders:
            one.join(max(0.0, end - time.monotonic()))

    def end(self):
        self.is_over.set()
        for one in (*self.senders, self.taker):
            one.join(60)
