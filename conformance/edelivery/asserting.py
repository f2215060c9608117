"""What every test of an assertion is made of, and the table they are in.

A test gives "" when the assertion holds, else what was seen instead; it raises not_applicable with the reason.
"""
from . import business, opened, written

TABLE = []  # (assertion, level, what, test)


class not_applicable(Exception):
    pass


def asserts(name, level, what, once=""):
    """`once`: why it is tested under the first suite alone."""
    def add(test):
        test.once = once
        TABLE.append((name, level, what, test))
        return test
    return add


def first(holds, otherwise):
    return "" if holds else str(otherwise) or "it does not hold"


# Our node receives.

def receipt_wrong(answer, message, message_id):
    """"" when the answer to `message` is its receipt: in a 2xx answer, for that message, with the digests that were signed."""
    if not answer.is_receipt or not 200 <= answer.status < 300:
        return str(answer)
    root = opened.etree.fromstring(opened.split(*message)[0])
    signed = opened.digests(root.findall(".//ds:SignedInfo/ds:Reference", written.NS))
    if answer.message.refers_to != message_id or not signed:
        return f"the receipt is for {answer.message.refers_to}"
    got = opened.digests(answer.message.acknowledged)
    return first(got == signed, f"signed was {signed}, acknowledged {got}")


def received(at, parts=None, properties=(), **header):
    """A message for the business application: its receipt, then what the consumer has of it, part by part."""
    parts = [written.part(b'{"text": "one"}')] if parts is None else parts
    header = {"message_id": written.new_id(), "service": business.SERVICE, **header}
    message = at.message(parts, properties=properties, **header)
    why = receipt_wrong(at.post(message), message, header["message_id"])
    return why or business.taken_wrong(at.business, header["message_id"], parts, properties,
                                       service=header["service"][0], action=header.get("action", "notify"),
                                       conversation_id=header.get("conversation", "conversation-1"))


def refused(at, answer, message_id, codes):
    """"" when the answer is a signed error about that message, of `codes` alone, and the consumer has nothing.

    An internal error of the node is one too, so that each test says which codes the text leaves open."""
    if answer.is_receipt or at.delivered(message_id):
        return f"it was taken: {answer}"
    if not answer.errors or not answer.is_signed:
        return f"no signed error: {answer}"
    error = answer.message.root.find(".//eb:Error", written.NS)
    if error.get("refToMessageInError") != message_id or error.get("severity") != "failure":
        return f"the error is about {error.get('refToMessageInError')}, {error.get('severity')}"
    return first(set(answer.errors) <= set(codes), answer)


# Our node sends.

def one_sent(at, **header):
    """The answer that the node sends by itself when provoked, as the peer got it: (id of ours, entry, opened)."""
    asked, entry = at.provoke(**header)
    at.node.settled(entry["message_id"])
    return asked, at.node.entry(entry["message_id"]), at.sent(entry["message_id"])[0]


def submitted(at, parts, **message):
    """What the business application hands over, as the peer got it: (its state then, opened)."""
    message_id = at.business.submit(parts, **message)
    at.node.settled(message_id)
    tries = at.sent(message_id)
    if not tries:
        raise RuntimeError(f"it was not sent: {at.business.state(message_id)}")
    return at.business.state(message_id), tries[0]


def text(message, path):
    return opened.text_of(message.root, path)


def properties(message):
    """The message properties: (name, value) or (name, value, type)."""
    found = message.root.findall(".//eb:MessageProperties/eb:Property", written.NS)
    return [(one.get("name"), one.text, *([one.get("type")] if one.get("type") else [])) for one in found]
