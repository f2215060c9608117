"""Our node and, opposite, a peer made of Python: what both need to talk, and to go wrong in any way that a check asks for."""
import contextlib
import functools
import pathlib
import time

from lxml import etree

from . import business, keys, nodes, opened, wire, written


class field:
    """One node ("FR") whose partner ("EU") is an HTTP peer with a script; `conduct` decides what the peer answers. Behind
    the node is a business application with a P-Mode of its own, unless `modes` or `back_ends` say otherwise."""

    def __init__(self, program, folder, suite="rsa", host="127.0.0.1", like=None, **changes):
        self.program, self.folder, self.suite = program, pathlib.Path(folder), suite
        self.authority = like.authority if like else keys.authority()
        self.agreed = nodes.agreement()
        self.fr = like.fr if like else keys.party("FR", suite, self.authority, self.folder / "keys/fr")
        self.eu = like.eu if like else keys.party("EU", suite, self.authority, self.folder / "keys/eu")
        self.neighbours = 0
        self.conduct = self.acknowledge
        self.peer = wire.peer(lambda one: self.conduct(one), host)
        modes = changes.pop("modes", None)
        with_business = not modes and "back_ends" not in changes
        if with_business:
            changes["back_ends"] = business.BACK_ENDS
        settings = {name: changes.pop(name) for name in ("also_listen", "limits", "tls", "dns_server", "final_recipients", "back_ends") if name in changes}
        self.modes = modes(self) if modes else [self.mode(**changes)]
        if with_business:
            self.modes.append(self.business_mode(**changes))
        self.node = nodes.node(program, self.folder / "node", self.fr, self.modes, self.agreed, **settings)

    def mode(self, **changes):
        return nodes.pmode(self.agreed, self.suite, self.fr, self.eu, self.peer.url, **changes)

    def business_mode(self, **changes):
        return self.mode(id="business", service=dict(zip(("value", "type"), business.SERVICE)), **changes)

    def beside(self, **changes):
        """Another node and peer with the same keys, under other terms."""
        self.neighbours += 1
        return field(self.program, self.folder / f"beside-{self.neighbours}", self.suite, like=self, **changes)

    @functools.cached_property
    def business(self):
        return business.application(self.node)

    def start(self):
        self.node.start()
        return self

    def close(self):
        self.node.stop()
        self.peer.close()

    def __enter__(self):
        try:
            return self.start()
        except BaseException:  # who failed to enter is not left
            self.close()
            raise

    def __exit__(self, *_):
        self.close()

    # What the peer sends.

    def message(self, parts=None, signer=None, recipient=None, faults=None, **header):
        """Content-Type and body of a user message to the node."""
        parts = [written.part(b'{"text": "one"}')] if parts is None else parts
        soap, travelling = written.envelope(signer or self.eu, written.user_message(self.agreed, parts, **header),
                                            recipient or self.fr, parts, **(faults or {}))
        return written.multipart(soap, travelling)

    def post(self, message, **how):
        """The node's answer, opened and verified; `status` beside."""
        got = wire.post(how.pop("url", self.node.as4), *message, **how)
        return self.read_answer(got)

    def read_answer(self, got):
        if "soap" not in got.content_type:
            return answered(got, None)
        return answered(got, opened.message(got.content_type, got.body, None, self.fr))

    def send(self, *given, **header):
        header.setdefault("message_id", written.new_id())
        return self.post(self.message(*given, **header)), header["message_id"]

    def delivered(self, message_id):
        return [one for one in self.node.ledger(message_id) if one["direction"] == "in"]

    # What the node sends.

    def acknowledge(self, one, signer=None, change=None, refers_to=None):
        """The receipt that a message deserves; `change` spoils its references, as text."""
        got = opened.message(one.content_type, one.body, self.eu, self.fr)
        references = [etree.tostring(each, method="c14n", exclusive=True).decode() for each in got.references]
        signal = written.receipt(refers_to or got.message_id, change(references) if change else references)
        soap, _ = written.envelope(signer or self.eu, signal)
        return wire.answer(200, "application/soap+xml; charset=UTF-8", soap)

    def refuse(self, one, code="EBMS:0004", signer=None, **faults):
        got = opened.message(one.content_type, one.body, self.eu, self.fr)
        soap, _ = written.envelope(signer or self.eu, written.error(got.message_id, code), **faults)
        return wire.answer(200, "application/soap+xml; charset=UTF-8", soap)

    def provoke(self, **header):
        """A message that makes the node send one of its own: (id of ours, ledger entry of its answer)."""
        answer, message_id = self.send(**header)
        if not answer.is_receipt:
            raise RuntimeError(f"the node took no message: {answer}")
        end = time.monotonic() + 10
        while time.monotonic() < end:
            for entry in self.node.ledger(direction="out"):
                if entry["original_message_id"] == message_id:
                    return message_id, entry
            time.sleep(0.05)
        raise RuntimeError("the node gave no answer")

    def sent(self, message_id):
        """Every try of one message as the peer got it, opened."""
        tries = [opened.message(one.content_type, one.body, self.eu, self.fr) for one in list(self.peer.requests)]
        return [one for one in tries if one.message_id == message_id]

    @contextlib.contextmanager
    def conducting(self, *conducts):
        """The peer behaves so for one request after the other; the last one counts for all that follow."""
        self.node.quiet()
        left = list(conducts)
        self.conduct = lambda one: (left.pop(0) if len(left) > 1 else left[0])(one)
        try:
            yield
        finally:
            self.conduct = self.acknowledge


class answered:
    """What an HTTP answer says: a receipt, errors, or something else."""

    def __init__(self, http, message):
        self.status, self.http, self.message = http.status, http, message
        self.is_receipt = bool(message and message.is_receipt and not message.problems)
        self.errors = message.errors if message else []
        self.is_signed = bool(message and not message.problems)

    def __str__(self):
        what = "receipt" if self.is_receipt else "/".join(self.errors) or "no signal"
        wrong = f", {self.message.problems}" if self.message and self.message.problems else ""
        return f"HTTP {self.status}, {what}{wrong}"
