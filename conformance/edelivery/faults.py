"""Faults and attacks that touch messages, as a table: what is sent, which answer is expected; after each the node lives,
nothing was delivered, and the next good message passes."""
import tempfile
import time
import traceback

from . import algorithms, attacks, silence
from .field import field

AREA = "faults"


def judge_attack(at, name, make, expected, told):
    """`expected`: an EBMS code or an HTTP status."""
    message = make(at)
    before, sent = len(at.node.ledger(direction="in")), time.monotonic()
    answer = message if hasattr(message, "errors") else at.post(message)
    took = time.monotonic() - sent
    why = []
    if answer.is_receipt:
        why.append(f"it was acknowledged: {answer}")
    elif answer.errors != [expected] and answer.status != expected:
        why.append(f"expected {expected}, answered {answer}")
    if answer.errors and not answer.is_signed and answer.status == 200:
        why.append("the error is not signed")
    if len(at.node.ledger(direction="in")) != before:
        why.append("something was delivered")
    if not at.node.alive():
        why.append("the node is dead")
        at.node.start()
    if took > 2 and took > 10 * (usual := time_of_good(at)):
        why.append(f"it took {took:.1f} s, a good message {usual:.1f} s")
    told.demand(not why, AREA, name, "; ".join(why))


def time_of_good(at):
    """As the machine is loaded now."""
    message, sent = at.message(), time.monotonic()
    at.post(message)
    return time.monotonic() - sent


def judge(program, told):
    for suite in algorithms.SUITES:
        with tempfile.TemporaryDirectory(prefix="ehds-faults-") as folder, field(program, folder, suite) as at:
            judge_suite(at, told)


def judge_suite(at, told):
    for name, make, expected in attacks.table():
        try:
            judge_attack(at, f"{at.suite}: {name}", make, expected, told)
        except Exception:
            told.failed(AREA, f"{at.suite}: {name}", traceback.format_exc(limit=-2))
    answer, message_id = at.send()
    told.demand(answer.is_receipt and len(at.delivered(message_id)) == 1, AREA,
                f"{at.suite}: after all of them a good message passes", str(answer))
    for name, test in silence.TABLE if at.suite == "rsa" else ():  # what a peer does to the line knows no keys
        try:
            why = test(at)
        except Exception:
            why = traceback.format_exc(limit=-2)
        told.demand(not why, "faults of a peer", name, why)
