"""What every test of an assertion is made of, and the table they are in."""
from . import opened

TABLE = []  # (assertion, level, what, test)


class not_met(Exception):
    """The assertion does not hold, for a reason that is known; it is told in the table and fails nothing new."""


def asserts(name, level, what):
    def add(test):
        TABLE.append((name, level, what, test))
        return test
    return add


def first(holds, otherwise):
    return "" if holds else str(otherwise)


def receipted(at, *given, **header):
    answer, message_id = at.send(*given, **header)
    if not answer.is_receipt:
        return str(answer)
    return first(len(at.delivered(message_id)) == 1, "it was not delivered once")


def refused(at, answer, message_id, codes=None):
    if answer.is_receipt or at.delivered(message_id):
        return f"it was taken: {answer}"
    if not answer.errors or not answer.is_signed:
        return f"no signed error: {answer}"
    return first(codes is None or set(answer.errors) & set(codes), answer)


def one_sent(at, **header):
    """The message that the node sends when provoked, as the peer got it: (id of ours, entry, opened)."""
    asked, entry = at.provoke(**header)
    at.node.settled(entry["message_id"])
    return asked, at.node.entry(entry["message_id"]), at.sent(entry["message_id"])[0]


def text(message, path):
    return opened.text_of(message.root, path)
