"""PyPI `as4` as an access point, one step a call; run by the Python of build/as4. The folder holds both sides' keys.

build FOLDER TO        a message of its Peppol profile to party TO: request.type, request.body, exchange.json
signal FOLDER FILE     takes the answer to it; prints the exchange's state
receive FOLDER         reads request.type and request.body; prints what it found, writes its signal to signal.body
"""
import hashlib
import json
import pathlib
import sys

from as4 import (AS4ExternalParty, AS4InternalCredentials, AS4InternalParty, AS4LocalPrivateKey, AS4PartyIdentity, AS4Profile,
                 AS4ReceivingExchange, SecurityPolicy, pinned_certificates)
from as4.core.common import AS4BaseCredentials
from as4.core.message import AS4Message
from as4.core.receipt import AS4Receipt
from as4.peppol import PeppolAS4MessageBuilderArgs, PeppolAS4Profile, PeppolSendingExchange
from as4.profiles.peppol.document_identifier import BusdoxDocidQnsDocumentIdentifier
from cryptography import x509
from cryptography.hazmat.primitives import serialization

KIND = "urn:fdc:peppol.eu:2017:identifiers:ap"
INVOICE = {"syntax_specific_id": "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2::Invoice", "version": "2.1",
           "customization_id": "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"}


class plain(AS4Profile):
    """The library's core without what Peppol adds: no SBDH, any party type."""

    @classmethod
    def get_profile_name(cls):
        return "plain"

    @classmethod
    def message_class(cls):
        return AS4Message

    @classmethod
    def receipt_class(cls):
        return AS4Receipt

    unpack_message = PeppolAS4Profile.unpack_message

    @classmethod
    def build_message(cls, payload, **_):
        raise NotImplementedError

    @classmethod
    def parse_receipt(cls, payload, expected_signer):
        return AS4Receipt.parse(payload, expected_signer)


def certificate(file):
    return x509.load_pem_x509_certificate(file.read_bytes())


def own_party(folder):
    key = serialization.load_pem_private_key((folder / "own.key").read_bytes(), None)
    credentials = AS4InternalCredentials(certificate=certificate(folder / "own.pem"), private_key=AS4LocalPrivateKey(key))
    return AS4InternalParty(identity=AS4PartyIdentity(party_id="EU", party_type=KIND), credentials=credentials)


def build(folder, to):
    other = AS4ExternalParty(identity=AS4PartyIdentity(party_id=to, party_type=KIND),
                             credentials=AS4BaseCredentials(certificate=certificate(folder / "encrypt.pem")))
    exchange = PeppolSendingExchange(profile=PeppolAS4Profile, local_party=own_party(folder), remote_party=other)
    said = PeppolAS4MessageBuilderArgs(
        sender="9915:one", recipient="9915:two", document_identification_instance_identifier="instance-1",
        document_type_identifier=BusdoxDocidQnsDocumentIdentifier(**INVOICE),
        process_identifier="urn:fdc:peppol.eu:2017:poacc:billing:01:1.0", c1_country_id="FR")
    headers, body = exchange.build(b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>', said)
    kind = next(value for name, value in headers.items() if name.lower() == "content-type")
    (folder / "request.type").write_text(kind)
    (folder / "request.body").write_bytes(body)
    (folder / "exchange.json").write_text(exchange.model_dump_json())
    print(json.dumps({"message_id": exchange.message_id}))


def signal(folder, file):
    exchange = PeppolSendingExchange.restore((folder / "exchange.json").read_text(), own_party(folder))
    exchange.remote_party.credentials = AS4BaseCredentials(certificate=certificate(folder / "sign.pem"))
    exchange.mark_sent().receive_signal(pathlib.Path(file).read_bytes())
    print(json.dumps({"state": str(exchange.state)}))


def receive(folder):
    exchange = AS4ReceivingExchange[AS4Message, AS4Receipt, object](profile=plain, local_party=own_party(folder))
    exchange.receive({"Content-Type": (folder / "request.type").read_text()}, (folder / "request.body").read_bytes(),
                     security_policy=SecurityPolicy(signer_resolver=pinned_certificates(certificate(folder / "sign.pem"))))
    _, answer = exchange.build_signal()
    (folder / "signal.body").write_bytes(answer)
    parts = [hashlib.sha256(data).hexdigest() for data in exchange.message.decrypted_data.values()]
    print(json.dumps({"state": str(exchange.state), "parts": parts, "error": str(exchange.message.parse_error or "")}))


if __name__ == "__main__":
    {"build": build, "signal": signal, "receive": receive}[sys.argv[1]](pathlib.Path(sys.argv[2]), *sys.argv[3:])
