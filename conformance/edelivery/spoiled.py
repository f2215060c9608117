"""Whether the promises can be found broken: each row spoils a copy of one store, or of what a program says, and names the
promise that must say so."""
import contextlib
import copy
import sqlite3
import tempfile
import pathlib

from . import promises

CAME = "(SELECT max(seq) FROM exchange_ledger WHERE direction = 'in')"
STORES = [
    ("a message is gone", [f"DELETE FROM exchange_ledger WHERE seq = {CAME}"],
     ("ledgers_agree", "receipts_have_messages", "heard_receipts_have_messages", "events_tell_once")),
    ("a message is there twice", [f"CREATE TEMP TABLE twin AS SELECT * FROM exchange_ledger WHERE seq = {CAME}",
                                  "UPDATE twin SET seq = (SELECT max(seq) + 1 FROM exchange_ledger)",
                                  "INSERT INTO exchange_ledger SELECT * FROM twin"], ("ledgers_agree", "receipts_have_messages")),
    ("a message nobody sent", [f"UPDATE exchange_ledger SET message_id = 'other@nobody.example' WHERE seq = {CAME}"], ("ledgers_agree",)),
    ("a part is another", [f"UPDATE exchange_part SET sha256 = 'other' WHERE seq = {CAME}"], ("ledgers_agree",)),
    ("a receipt is another", [f"UPDATE exchange_inbox SET receipt = x'00' WHERE duplicate_key = (SELECT inbox_key FROM exchange_ledger WHERE seq = {CAME})"],
     ("receipts_have_messages",)),
    ("a message is not acknowledged", ["UPDATE exchange_outbox SET status = 'waiting' WHERE rowid = 1"], ("all_acknowledged",)),
    ("a message is given up", ["UPDATE exchange_outbox SET status = 'failed', receipt = x'' WHERE rowid = 1"], ("all_acknowledged",)),
    ("an event is told twice", ["INSERT INTO exchange_event (id, back_end, kind, message_id, at) SELECT max(id) + 1, back_end, kind, message_id, at FROM exchange_event"], ("events_tell_once",)),
    ("an event is not told", ["DELETE FROM exchange_event WHERE id = 2"], ("events_tell_once",)),
    ("a payload has changed", ["UPDATE store_payload SET bytes = x'00' WHERE rowid = (SELECT min(rowid) FROM store_payload WHERE bytes IS NOT NULL)"],
     ("stores_whole",)),
    ("a payload's file is gone", ["INSERT INTO store_payload (id, sha256, size, bytes) VALUES ('gone', '', 1, NULL)"], ("stores_whole",)),
    ("a part's payload is gone", [f"UPDATE exchange_part SET payload = 'gone' WHERE seq = {CAME}"], ("stores_whole",)),
]


def one_of(some):
    return next(iter(some))


def forget_taken(on):
    on.taken["EU"].pop(one_of(on.handed_over["FR"]))


def take_twice(on):
    on.taken["EU"][one_of(on.handed_over["FR"])][-1] = ["other"]


def take_other_bytes(on):
    came = on.taken["EU"][one_of(on.handed_over["FR"])]
    came[one_of(came)] = ["other"]


def take_strange(on):
    on.taken["EU"]["strange"] = {-1: []}


PROGRAMS = [("a message was never taken", forget_taken, "delivered_once"), ("a message was taken twice", take_twice, "delivered_once"),
            ("other bytes were taken", take_other_bytes, "delivered_once"), ("what nobody sent was taken", take_strange, "nothing_invented")]


def broken(on):
    return {promise.__name__ for promise in promises.PROMISES if next(iter(promise(on)), None)}


def missed(on, eu, program):
    """What was spoiled in a copy and not found."""
    for what, spoil, promise in PROGRAMS:
        other = copy.copy(on)
        other.taken = copy.deepcopy(on.taken)
        spoil(other)
        if promise not in broken(other):
            yield what
    with tempfile.TemporaryDirectory(dir=eu.parent, prefix="spoiled-") as folder:
        file = pathlib.Path(folder) / "node.sqlite"
        with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as db:
            with contextlib.closing(sqlite3.connect(eu / "store/node.sqlite")) as store:
                store.backup(db)  # the file alone lacks what the node left in its log of writes
            yield from missed_in_store(on, db, eu / "store/node.sqlite.payloads")
        if promises.complaint_of_audit(program, file, eu / "keys") == "":
            yield "the audit log has changed"


def missed_in_store(on, db, payloads):
    for what, steps, wanted in STORES:
        db.execute("BEGIN")
        for step in steps:
            db.execute(step)
        other = copy.copy(on)
        other.stores = {**on.stores, "EU": promises.store(db, payloads)}
        if not set(wanted) <= broken(other):
            yield what
        db.execute("ROLLBACK")
    db.execute("UPDATE audit_entry SET leaf = 'other' WHERE seq = 2")
