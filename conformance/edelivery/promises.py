"""What two nodes have promised each other and their country's programs, held against what is in their stores. The stores are
read with sqlite3, as files of nodes that have ended."""
import collections
import contextlib
import hashlib
import sqlite3
import subprocess

from .line import NAMED

OTHER = {"FR": "EU", "EU": "FR"}


class store:
    """What one node remembers: its ledger both ways, the parts, the receipts, the events, the payloads."""

    def __init__(self, db, folder):
        self.integrity = [row[0] for row in db.execute("PRAGMA integrity_check")]
        self.events = db.execute("SELECT id, kind, message_id FROM exchange_event ORDER BY id").fetchall()
        self.look_at_ledger(db)
        self.look_at_payloads(db, folder)

    def look_at_ledger(self, db):
        parts = collections.defaultdict(list)
        for seq, digest, payload in db.execute("SELECT seq, sha256, payload FROM exchange_part ORDER BY seq, place"):
            parts[seq].append((digest, payload))
        self.named = {payload for each in parts.values() for _, payload in each}
        self.sent, self.got = {}, collections.defaultdict(list)
        for direction, name, status, receipt, content, seq in db.execute(
                "SELECT direction, message_id, status, b.receipt, content_sha256, l.seq FROM exchange_ledger_view AS l "
                "JOIN exchange_ledger_bytes AS b ON b.seq = l.seq"):
            entry = {"status": status, "receipt": bytes(receipt or b""), "content": content, "parts": [one[0] for one in parts[seq]]}
            if direction == "out":
                self.sent[name] = entry
            else:
                self.got[name].append(entry)

    def look_at_payloads(self, db, folder):
        """Which there are, in rows and in files, and which are not what was stored."""
        self.files = {one.name for one in folder.iterdir()} if folder.is_dir() else set()
        self.payloads, self.of_files, self.damaged = set(), set(), []
        for name, digest, content in db.execute("SELECT id, sha256, bytes FROM store_payload"):
            self.payloads.add(name)
            if content is None:
                self.of_files.add(name)
                content = (folder / name).read_bytes() if name in self.files else b""
            if hashlib.sha256(content if isinstance(content, bytes) else content.encode()).hexdigest() != digest:
                self.damaged.append(name)


def read(file):
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        return store(db, file.with_name(file.name + ".payloads"))


class evidence:
    """stores: node -> store; handed_over, taken: node -> what its program says (load.program); heard: node -> ids of the
    receipts that it gave, as the line heard them."""

    def __init__(self, stores, programs, heard):
        self.stores = stores
        self.handed_over = {name: one.handed_over for name, one in programs.items()}
        self.taken = {name: one.taken for name, one in programs.items()}
        self.heard = heard


def delivered_once(on):
    """What a program was told is taken reaches the other program once, with its bytes."""
    for name, other in OTHER.items():
        for message, digests in on.handed_over[name].items():
            came = on.taken[other].get(message, {})
            if len(came) != 1:
                yield f"{message} of {name} came {len(came)} times"
            elif list(came.values()) != [digests]:
                yield f"{message} of {name} came with other bytes"


def nothing_invented(on):
    for name, other in OTHER.items():
        for message in set(on.taken[other]) - set(on.handed_over[name]):
            yield f"{other} gave out {message}, which nobody handed over"
        for message in set(on.stores[name].sent) ^ set(on.handed_over[name]):
            yield f"{name}: {message} is in the ledger or was handed over, not both"


def ledgers_agree(on):
    """What one sent, the other has once, and nothing else; with the same digests."""
    for name, other in OTHER.items():
        sent, got = on.stores[name].sent, on.stores[other].got
        for message in set(sent) ^ set(got):
            yield f"{message} is in the ledger of only one: sent by {name}" if message in sent else f"{other} has {message}, which {name} never sent"
        for message in set(sent) & set(got):
            if len(got[message]) != 1:
                yield f"{other} has {message} {len(got[message])} times"
            for entry in got[message]:
                if entry["parts"] != sent[message]["parts"] or entry["content"] != sent[message]["content"]:
                    yield f"{message} has other digests at {other}"


def all_acknowledged(on):
    for name in OTHER:
        for message, entry in on.stores[name].sent.items():
            if entry["status"] != "delivered" or not entry["receipt"]:
                yield f"{name}: {message} is {entry['status']}" + ("" if entry["receipt"] else ", without a receipt")


def receipts_have_messages(on):
    """A receipt in the sender's ledger is the one the receiver keeps for that message, byte for byte."""
    for name, other in OTHER.items():
        for message, entry in on.stores[name].sent.items():
            if not entry["receipt"]:
                continue
            kept = [one["receipt"] for one in on.stores[other].got.get(message, [])]
            if kept != [entry["receipt"]]:
                yield f"{name} has a receipt for {message}; {other} has {len(kept)} messages with it or another receipt"
            elif NAMED.search(entry["receipt"])[1].decode() != message:
                yield f"{name}: the receipt for {message} names another message"


def heard_receipts_have_messages(on):
    """Every receipt that ever left, whoever lived to read it."""
    for name in OTHER:
        for message in on.heard[name]:
            if len(on.stores[name].got.get(message, [])) != 1:
                yield f"{name} gave a receipt for {message} and does not have it"


def events_tell_once(on):
    for name, other in OTHER.items():
        told = collections.Counter((kind, message) for _, kind, message in on.stores[name].events)
        wanted = {("message.delivered", one) for one in on.stores[name].sent} | {("message.arrived", one) for one in on.stores[name].got}
        for one in wanted ^ set(told):
            yield f"{name}: {' '.join(one)}: told {told[one]} times"
        yield from (f"{name}: {' '.join(one)} told {times} times" for one, times in told.items() if times > 1)
        numbers = [one[0] for one in on.stores[name].events]
        if numbers != list(range(1, len(numbers) + 1)):
            yield f"{name}: the events are not numbered one after the other"


def stores_whole(on):
    """The databases are sound, every payload is what its row says, and no file is left that no row names."""
    for name, one in on.stores.items():
        if one.integrity != ["ok"]:
            yield f"{name}: {one.integrity[:3]}"
        for payload in one.of_files ^ one.files:
            yield f"{name}: payload {payload} has " + ("no file" if payload in one.of_files else "no row")
        yield from (f"{name}: payload {payload} is not what was stored" for payload in one.damaged)
        yield from (f"{name}: a part names payload {payload}, which is not there" for payload in one.named - one.payloads)


PROMISES = (delivered_once, nothing_invented, ledgers_agree, all_acknowledged, receipts_have_messages,
            heard_receipts_have_messages, events_tell_once, stores_whole)


def complaint_of_audit(program, file, keys):
    """What `ehds-node audit verify` says against the key that the node publishes; empty: the log is whole."""
    done = subprocess.run([str(program), "audit", "verify", str(file), "--keys", str(keys / "audit.verifier")], capture_output=True, text=True)
    return "" if done.returncode == 0 else (done.stdout + done.stderr)[-600:]
