"""Signature and encryption of payloads, and in which order: TA12, TA13, TA34 to TA38."""
import gzip

from . import algorithms, business, opened, written
from .asserting import asserts, first, not_applicable, received, refused, submitted

PARTS = [("application/json", b'{"text": "one"}'), ("application/pdf", b"%PDF" + bytes(1000)), ("application/xml", b"<a/>")]


@asserts("TA12", "M", "signed by the sender's certificate, SHA-256: Messaging by Id, empty Body, every part")
def all_signed(at):
    got = submitted(at, PARTS)[1]  # opened.message verifies value, digests and the certificate, and demands SHA-256
    if got.problems:
        return str(got.problems)
    by_id = {"#" + got.messaging.get(opened.WSU_ID), "#" + got.root.find("s:Body", written.NS).get(opened.WSU_ID)}
    uris = sorted(one.get("URI") for one in got.references)
    expected = sorted(by_id | {"cid:" + name for name in got.travelling})
    return first(uris == expected and len(uris) == 5 and got.algorithm == algorithms.SIGNATURE[at.suite], (uris, got.algorithm))


@asserts("TA13", "M", "every part encrypted with AES-128-GCM for the receiver's certificate")
def all_encrypted(at):
    got = submitted(at, PARTS)[1]  # opened.message demands who is named, the algorithms, and that no part is left out
    if got.problems or not got.is_encrypted:
        return str(got.problems or "not encrypted")
    plain = [name for name, data in got.travelling.items() if data == got.decrypted[name]]
    method = got.root.find(".//xenc:EncryptedKey/xenc:EncryptionMethod", written.NS).get("Algorithm")
    return first(not plain and len(got.travelling) == 3 and method == algorithms.KEY_ENCRYPTION[at.suite], (plain, method))


@asserts("TA34", "M", "compressed then signed: receipt")
def compressed_signed(at):
    with at.beside(security={"encryption": "none"}) as plain:
        return received(plain, faults={"encrypted": False})


@asserts("TA35", "M", "signed then compressed: error")
def signed_compressed(at):
    return refused(at, *at.send([written.part(b"{}", digested=b"{}")], service=business.SERVICE), codes=["EBMS:0101"])


@asserts("TA36", "M", "compressed then encrypted: receipt")
def compressed_encrypted(at):
    why = refused(at, *at.send(service=business.SERVICE, faults={"signed": False}), codes=["EBMS:0103"])
    if why:
        return why
    raise not_applicable("the profile demands a signature: encryption alone is refused (EBMS:0103), which is what was seen")


@asserts("TA37", "M", "encrypted then compressed: error")
def encrypted_compressed(at):
    said = [("MimeType", "application/json"), ("CompressionType", "application/gzip")]
    for part in (written.part(b"{}"), written.part(b"{}", compress=False, properties=said)):
        message_id = written.new_id()
        user = written.user_message(at.agreed, [part], message_id, service=business.SERVICE)
        soap, parts = written.envelope(at.eu, user, at.fr, [part])
        packed = [(name, kind, gzip.compress(data)) for name, kind, data in parts]
        if why := refused(at, at.post(written.multipart(soap, packed)), message_id, ["EBMS:0102"]):
            return why
    return ""


@asserts("TA38", "M", "compressed, signed, encrypted: receipt")
def all_three(at):
    return received(at, [written.part(data, kind) for kind, data in PARTS])
