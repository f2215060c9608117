"""The assertions of the optional enhancements: four corners, dynamic receiver, dynamic sender."""
import tempfile

from . import keys, opened, publisher, written
from .asserting import asserts, first, one_sent, receipted, refused, text
from .field import field

CORNERS = [("originalSender", "C1"), ("finalRecipient", "C4")]


@asserts("4CT_TA01", "M", "originalSender and finalRecipient are taken, and sent with the agreed values")
def four_corners(at):
    if why := receipted(at, properties=CORNERS):  # a P-Mode that agrees on none takes any
        return why
    with tempfile.TemporaryDirectory() as folder, field(at.program, folder,
                                                        four_corners={"ours": "C4", "theirs": "C1"}) as other:
        got = one_sent(other, properties=CORNERS)[2]
        said = {one.get("name"): one.text for one in got.root.findall(".//eb:MessageProperties/eb:Property", written.NS)}
        if said != {"originalSender": "C4", "finalRecipient": "C1"}:
            return f"sent with {said}"
        strangers = ([], CORNERS[:1], [("originalSender", "C1"), ("finalRecipient", "C9")], [("originalSender", "C4"), ("finalRecipient", "C1")])
        return "".join(refused(other, *other.send(properties=given), codes=["EBMS:0010"]) for given in strangers)


@asserts("4CT_TA02", "O", "trackingIdentifier is carried")
def tracking(at):
    return receipted(at, properties=CORNERS + [("trackingIdentifier", "t-1")])


@asserts("4CT_TA03", "M", "From and To are the access points")
def corners_are_msh(at):
    got = one_sent(at)[2]
    ids = [text(got, f".//eb:{side}/eb:PartyId") for side in ("From", "To")]
    return first(ids == [at.agreed.node, at.agreed.peer], ids)


def dynamic(at, subject_of=None, issuer=None, asked=(), policies=(), good=True):
    """A receiver that trusts an authority and a subject, not a certificate; `asked` are the certificate policies of its
    P-Mode, `policies` those of the signer."""
    with tempfile.TemporaryDirectory() as folder:
        def modes(on):
            file = on.folder / "trusted.pem"
            file.write_bytes(keys.pem(on.authority.certificate))
            certificates = {"partner_signing": [], "authorities": [str(file)],
                            "subject": on.eu.certificate["sign"].subject.rfc4514_string()}
            if asked:
                certificates["certificate_policies"] = list(asked)
            mode = on.mode(certificates=certificates)
            del mode["certificates"]["partner_signing"]
            return [mode]
        with field(at.program, folder, modes=modes) as other:
            other.authority.policies = policies
            signer = keys.party(subject_of or "EU", at.suite, issuer or other.authority, other.folder / "keys/other")
            answer, message_id = other.send(signer=signer)
            return first(answer.is_receipt, answer) if good else refused(other, answer, message_id)


@asserts("DR_TA01", "M", "dynamic receiver: chain and subject are right: receipt")
def dynamic_good(at):
    return dynamic(at)


@asserts("DR_TA02", "M", "dynamic receiver: wrong chain: error")
def dynamic_chain(at):
    return dynamic(at, issuer=keys.authority("Another Authority"), good=False)


@asserts("DR_TA03", "M", "dynamic receiver: certificate policies missing: error")
def dynamic_policies(at):
    wanted, other = "1.3.6.1.4.1.99999.1", "1.3.6.1.4.1.99999.2"
    return (dynamic(at, asked=[wanted], policies=[wanted, other]) or dynamic(at, asked=[wanted], good=False)
            or dynamic(at, asked=[wanted], policies=[other], good=False))


@asserts("DR_TA04", "M", "dynamic receiver: PartyId is not the certificate's subject: error")
def dynamic_subject(at):
    return dynamic(at, subject_of="XX", good=False)


def looking_up(at, participant, modes_of):
    """A field whose node finds EU's access point by DNS and a publisher: (what it sent, its ledger's line)."""
    with tempfile.TemporaryDirectory() as folder:
        own = keys.authority("Conformance Publisher Authority")
        with publisher.publisher(keys.party("publisher", "rsa", own, folder + "/publisher")) as smp:
            def modes(on):
                smp.register(participant, on.eu, on.peer.url, on.agreed)
                return modes_of(on, smp)
            with field(at.program, folder, at.suite, modes=modes, dns_server=smp.dns_address,
                       final_recipients=[participant] if participant != at.agreed.peer else []) as other:
                got = one_sent(other)
                return got[2], got[1]


def dynamic_mode(on, smp, **changes):
    mode = on.mode(discovery=smp.discovery(str(smp.own.folder / "ca.pem"), **changes))
    del mode["address"]
    mode["certificates"] = {"authorities": [on.eu.file("ca")]}
    return mode


@asserts("DS_TA01", "M", "dynamic sender: C3 is found by finalRecipient")
def found_by_final_recipient(at):
    def modes(on, smp):
        sends = dynamic_mode(on, smp, by="final_recipient")
        sends.update(id="sends", direction="send", partner={"id": "C4"})
        return [sends, on.mode(id="takes", direction="receive")]
    got, entry = looking_up(at, "C4", modes)
    properties = {one.get("name"): one.text for one in got.root.findall(".//eb:MessageProperties/eb:Property", written.NS)}
    said = (text(got, ".//eb:To/eb:PartyId"), properties.get("finalRecipient"), entry["status"], got.problems)
    return first(said == ("EU", "C4", "delivered", []), said)


@asserts("DS_TA02", "M", "dynamic sender: the address is found by Responder.Party")
def found_by_party(at):
    got, entry = looking_up(at, at.agreed.peer, lambda on, smp: [dynamic_mode(on, smp)])
    said = (text(got, ".//eb:To/eb:PartyId"), entry["status"], got.problems)
    return first(said == ("EU", "delivered", []), said)


@asserts("DS_TA03", "P", "the receipt is signed by another certificate than the registered one: reported as an error")
def receipt_of_another(at):
    other = keys.party("EU", at.suite, at.authority, at.folder / "keys/eu-other")
    with at.conducting(lambda one: at.acknowledge(one, signer=other), at.acknowledge):
        _, entry = at.provoke()
        entry = at.node.settled(entry["message_id"])
    return first(entry["attempts"] == 2 and entry["status"] == "delivered", f"{entry['status']} after {entry['attempts']}")
