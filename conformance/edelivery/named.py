"""Signer and recipient named in each of the five ways, by our node and to it, under one profile."""
import copy
import pathlib

from . import algorithms, business, exchanging, keys, tokens, written
from .asserting import receipt_wrong, refused
from .field import field

TYPE = business.SERVICE[1]
SERVICES = {kind: f"urn:conformance:{kind}" for kind in (*tokens.KINDS, "by_authority")}
TOLD = {kind: kind.replace("_", " ") for kind in tokens.KINDS}


class below:
    """Both sides' keys, issued by an authority below the one that is trusted: there are paths to show."""

    def __init__(self, suite, folder):
        self.authority = keys.authority()
        issuer = keys.authority("Conformance Issuing Authority", self.authority)
        self.fr, self.eu = (keys.party(name, suite, issuer, folder / name) for name in ("FR", "EU"))


def modes(on):
    """One for each way to name; and one that knows the signer by authority and subject alone."""
    made = [on.mode(id=kind, service={"value": SERVICES[kind], "type": TYPE},
                    security={"signing_token": kind, "encryption_token": kind}) for kind in tokens.KINDS]
    trusting = on.mode(id="by_authority", service={"value": SERVICES["by_authority"], "type": TYPE})
    trusting["certificates"] = {"authorities": [on.eu.file("ca")], "partner_encryption": on.eu.file("encrypt"),
                                "subject": on.eu.certificate["sign"].subject.rfc4514_string()}
    (on.eu.folder / "ca.pem").write_bytes(keys.pem(on.authority.certificate))
    return [*made, trusting]


def ways(program, folder, suite):
    folder = pathlib.Path(folder)
    takes = [{"service": service} for service in SERVICES.values()]
    return field(program, folder, suite, like=below(suite, folder / "keys"), modes=modes,
                 back_ends=[{"name": "business", "takes": takes}])


def named_wrong(at, got, kind, tokens_carried):
    """"" when the message is good and names its signer so, with no token beside those it needs."""
    carried = len(got.root.findall(".//wsse:BinarySecurityToken", written.NS))
    path = at.fr.issuers if kind == "pki_path" else []
    said = (got.problems, got.named_signer, got.above_signer if not got.problems else path, got.algorithm, carried)
    expected = ([], kind, path, algorithms.SIGNATURE[at.suite], tokens_carried)
    return "" if said == expected else f"{said}"


def sent(at):
    """Of each way: what it is, what is wrong, and the envelope where nothing is attached to it."""
    for kind in tokens.KINDS:
        carries = 1 if kind in tokens.BINARY.values() else 0
        message_id = at.business.submit([("application/json", b"{}"), ("application/pdf", b"%PDF")], pmode=kind)
        state, got = at.node.settled(message_id), at.sent(message_id)[0]
        why = named_wrong(at, got, kind, 2 * carries)
        if not why and (state["status"], got.named_recipient) != ("delivered", kind):
            why = f"{state['status']}, the recipient is named by {got.named_recipient}"
        yield f"a message, signer and recipient named by {TOLD[kind]}", why, None
        ping = at.sent(exchanging.ping(at, kind)["message_id"])[0]
        yield f"a test message, signer named by {TOLD[kind]}", named_wrong(at, ping, kind, carries), ping.root
        answer = at.post(at.message(service=(SERVICES[kind], TYPE)))
        why = str(answer) if not answer.is_receipt else named_wrong(at, answer.message, kind, carries)
        yield f"a receipt, signer named by {TOLD[kind]}", why, answer.message.root


def taken(at, signer, service, **how):
    """A message so named: receipt, and the consumer has it."""
    part, message_id = written.part(b'{"n": 1}'), written.new_id()
    message = at.message([part], signer=signer, service=(SERVICES[service], TYPE), message_id=message_id, faults=how)
    return receipt_wrong(at.post(message), message, message_id) or business.taken_wrong(at.business, message_id, [part])


def turned_away(at, signer, service, **how):
    return refused(at, *at.send(signer=signer, service=(SERVICES[service], TYPE), faults=how), codes=["EBMS:0101", "EBMS:0103"])


def received(at):
    """Of each way: what it is, what is wrong."""
    stranger = keys.party("EU", at.suite, at.authority, at.folder / "keys/stranger")
    for kind, agreed in zip(tokens.KINDS, (*tokens.KINDS[1:], tokens.KINDS[0])):  # the P-Mode says how we name, not how they do
        yield f"taken: signer and recipient named by {TOLD[kind]}", taken(at, at.eu, agreed, signing_token=kind, encryption_token=kind)
        yield (f"refused: another's certificate named by {TOLD[kind]}",
               turned_away(at, at.eu, agreed, signing_token=kind, named=stranger.certificate["sign"]))
        yield (f"refused: the partner's certificate named by {TOLD[kind]}, another's key",
               turned_away(at, at.eu, agreed, signing_token=kind, key=stranger.key["sign"]))
    yield from received_by_authority(at)


def received_by_authority(at):
    """Nothing is pinned: the path of the token leads to the authority, or nothing does."""
    yield "taken: PKI path up to the authority that is trusted", taken(at, at.eu, "by_authority", signing_token="pki_path")
    whole = copy.copy(at.eu)
    whole.issuers = [at.authority.certificate, *at.eu.issuers]
    yield "taken: PKI path with that authority in it", taken(at, whole, "by_authority", signing_token="pki_path")
    yield "refused: the signer's certificate without its path", turned_away(at, at.eu, "by_authority")
    backward = copy.copy(at.eu)
    backward.issuers = [at.eu.certificate["sign"]]
    yield ("refused: PKI path with the signer first",
           turned_away(at, backward, "by_authority", signing_token="pki_path", named=at.eu.issuers[-1]))
    broken = copy.copy(at.eu)
    broken.issuers = [keys.authority("Conformance Issuing Authority").certificate]
    yield "refused: PKI path of another issuer of that name", turned_away(at, broken, "by_authority", signing_token="pki_path")
