"""The assertions of the dynamic receiver, who trusts authorities and names, and of the dynamic sender, who looks up."""
import contextlib

from . import business, keys, nodes, publisher
from .asserting import asserts, first, properties, received, refused, submitted, text
from .corners import ASKED


def trusting(at, asked=()):
    """A node that trusts an authority and a subject, no certificate; `asked`: the certificate policies of its P-Mode."""
    def modes(on):
        file = on.folder / "trusted.pem"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(keys.pem(on.authority.certificate))
        made = [on.mode(), on.business_mode()]
        for mode in made:
            subject = on.eu.certificate["sign"].subject.rfc4514_string()
            mode["certificates"] = {"authorities": [str(file)], "subject": subject, "partner_encryption": on.eu.file("encrypt"),
                                    **({"certificate_policies": list(asked)} if asked else {})}
        return made
    return at.beside(modes=modes, back_ends=business.BACK_ENDS)


def signer(on, issuer=None, name="EU", policies=()):
    """An access point of that name with a certificate that nobody has seen before."""
    issuer = issuer or on.authority
    before, issuer.policies = issuer.policies, policies
    try:
        return keys.party(name, on.suite, issuer, on.folder / "keys/stranger")
    finally:
        issuer.policies = before


def turned_away(on, who, **header):
    return refused(on, *on.send(signer=who, service=business.SERVICE, **header), codes=["EBMS:0101"])


@asserts("DR_TA01", "M", "dynamic receiver: chain and subject are right: receipt")
def dynamic_good(at):
    with trusting(at) as on:
        return received(on, signer=signer(on))


@asserts("DR_TA02", "M", "dynamic receiver: wrong chain: error")
def dynamic_chain(at):
    with trusting(at) as on:
        same_name = keys.authority()  # as the one that is trusted, with another key
        return (turned_away(on, signer(on, keys.authority("Another Authority"))) or turned_away(on, signer(on, same_name))
                or received(on, signer=signer(on)))


@asserts("DR_TA03", "M", "dynamic receiver: certificate policies missing: error")
def dynamic_policies(at):
    wanted, other = "1.3.6.1.4.1.99999.1", "1.3.6.1.4.1.99999.2"
    with trusting(at, [wanted]) as on:
        return (received(on, signer=signer(on, policies=[wanted, other])) or turned_away(on, signer(on))
                or turned_away(on, signer(on, policies=[other])))


@asserts("DR_TA04", "M", "dynamic receiver: PartyId is not the certificate's subject: error")
def dynamic_subject(at):
    with trusting(at) as on:
        other_party = refused(on, *on.send(signer=signer(on), service=business.SERVICE, from_ids=["XX"]), codes=["EBMS:0010"])
        return turned_away(on, signer(on, name="XX")) or other_party or received(on, signer=signer(on))


JSON = [("application/json", b"{}")]


@contextlib.contextmanager
def looking_up(at, participant, modes_of, registered=None):
    """A node that finds EU's access point by DNS and a publisher. `registered`: with which certificates, if not its own."""
    own = keys.party("publisher", "rsa", keys.authority("Conformance Publisher Authority"), at.folder / "publisher")
    with publisher.publisher(own) as smp:
        def modes(on):
            smp.register(participant, registered or on.eu, on.peer.url, nodes.agreement(service=business.SERVICE[0]))
            return modes_of(on, smp)
        with at.beside(modes=modes, dns_server=smp.dns_address, back_ends=business.BACK_ENDS,
                       final_recipients=[participant] if participant != at.agreed.peer else []) as on:
            yield on


def template(on, smp, by="partner", **changes):
    """A P-Mode without the partner's address and certificates."""
    mode = on.business_mode(discovery=smp.discovery(str(smp.own.folder / "ca.pem"), by=by), **changes)
    del mode["address"]
    mode["certificates"] = {"authorities": [on.eu.file("ca")]}
    return mode


def by_final_recipient(on, smp):
    sends = template(on, smp, "final_recipient", direction="send", partner={"id": "C4"}, retry={"max_attempts": 2})
    return [sends, on.mode(id="takes", direction="receive")]


@asserts("DS_TA01", "M", "dynamic sender: C3 is found by finalRecipient")
def found_by_final_recipient(at):
    with looking_up(at, "C4", by_final_recipient) as on:
        state, got = submitted(on, JSON, properties=ASKED)
    said = (text(got, ".//eb:To/eb:PartyId"), dict(properties(got)), state["status"], state["has_receipt"], got.problems)
    return first(said == ("EU", {"originalSender": "C1", "finalRecipient": "C4"}, "delivered", True, []), said)


@asserts("DS_TA02", "M", "dynamic sender: the address is found by Responder.Party")
def found_by_party(at):
    with looking_up(at, at.agreed.peer, lambda on, smp: [template(on, smp)]) as on:
        state, got = submitted(on, JSON)
    said = (text(got, ".//eb:To/eb:PartyId"), state["status"], state["has_receipt"], got.problems)
    return first(said == ("EU", "delivered", True, []), said)


@asserts("DS_TA03", "P", "the receipt is signed by another certificate than the registered one: an error for the producer")
def receipt_of_another(at):
    registered = keys.party("EU", at.suite, at.authority, at.folder / "keys/registered")
    registered.certificate["encrypt"] = at.eu.certificate["encrypt"]
    with looking_up(at, "C4", by_final_recipient, registered) as on:
        state, got = submitted(on, JSON, properties=ASKED)
        said = (got.problems, state["status"], state["has_receipt"], on.business.events(got.message_id))
    is_told = state["code"].startswith("EBMS:030") and "signed by a certificate that is not the partner's" in state["reason"]
    return first(said == ([], "failed", False, ["message.failed"]) and is_told, (said, state["code"], state["reason"]))
