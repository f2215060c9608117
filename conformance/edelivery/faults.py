"""Faults and attacks that touch messages, as a table: what is sent, which answer is expected; after each the node lives,
nothing was delivered, and the next good message passes."""
import tempfile
import time
import traceback

from . import attacks, silence
from .field import field

AREA = "faults"


def matches(answer, expected):
    """`expected`: EBMS codes or HTTP status numbers, any of which is right."""
    return any(code in answer.errors for code in expected) or answer.status in expected


def judge_attack(at, name, make, expected, told):
    message = make(at)
    before, sent = len(at.node.ledger(direction="in")), time.monotonic()
    answer = message if hasattr(message, "errors") else at.post(message)
    took = time.monotonic() - sent
    why = []
    if answer.is_receipt and "receipt" not in expected:
        why.append(f"it was acknowledged: {answer}")
    elif not (matches(answer, expected) or (answer.is_receipt and "receipt" in expected)):
        why.append(f"expected {'/'.join(map(str, expected))}, answered {answer}")
    if answer.errors and not answer.is_signed and answer.status == 200:
        why.append("the error is not signed")
    if "receipt" not in expected and len(at.node.ledger(direction="in")) != before:
        why.append("something was delivered")
    if took > 2:
        why.append(f"it took {took:.1f} s")
    if not at.node.alive():
        why.append("the node is dead")
        at.node.start()
    told.demand(not why, AREA, name, "; ".join(why))


def judge(program, told):
    with tempfile.TemporaryDirectory(prefix="ehds-faults-") as folder, field(program, folder) as at:
        for name, make, *expected in attacks.table():
            try:
                judge_attack(at, name, make, expected, told)
            except Exception:
                told.failed(AREA, name, traceback.format_exc(limit=-2))
        answer, message_id = at.send()
        told.demand(answer.is_receipt and len(at.delivered(message_id)) == 1, AREA, "after all of them a good message passes",
                    str(answer))
        for name, test in silence.TABLE:
            try:
                why = test(at)
            except Exception:
                why = traceback.format_exc(limit=-2)
            told.demand(not why, "faults of a peer", name, why)
