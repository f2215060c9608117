"""The test assertions of the eDelivery AS4 conformance documents (TAD 1.2), each as a black-box test of our node.

A test gives "" when the assertion holds, else what was seen instead; it raises not_applicable with the reason.
"""
import gzip
import hashlib
import json
import re
import subprocess
import tempfile
import time

from . import nodes, opened, rehearsal, wire, written
from .asserting import asserts, first, one_sent, receipted, refused, text
from .field import field, not_applicable
from .settings import TEST_ACTION, TEST_SERVICE

XML = b'<?xml version="1.0" encoding="UTF-8"?><note xmlns="urn:example">one</note>'
@asserts("TA01", "M", "One-Way/Push: a receipt with non-repudiation in a 2xx answer")
def receipt_in_2xx(at):
    answer, message_id = at.send()
    sent = len(answer.message.acknowledged) if answer.message else 0
    return first(answer.is_receipt and 200 <= answer.status < 300 and sent == 3, answer)


@asserts("TA02", "M", "Two-Way: the reply's RefToMessageId is the request's MessageId")
def reply_refers(at):
    asked, _, got = one_sent(at)
    return first(got.refers_to == asked, got.refers_to)


@asserts("TA03", "M", "one PartyId in From and in To")
def single_parties(at):
    got = one_sent(at)[2]
    counts = [len(got.root.findall(f".//eb:{side}/eb:PartyId", written.NS)) for side in ("From", "To")]
    return first(counts == [1, 1], counts)


@asserts("TA04", "M", "an uncompressed payload is receipted and delivered")
def uncompressed(at):
    return receipted(at, [written.part(b"{}", compress=False)])


@asserts("TA05", "M", "a compressed payload in a part of its own, Body empty")
def own_part(at):
    got = one_sent(at)[2]
    return first(not got.problems and len(got.travelling) == 1, got.problems or "no part of its own")


def application_leaves(at):
    """A centre sends an application: the form first, then the archive of attachments, each in its part."""
    with tempfile.TemporaryDirectory() as folder:
        on = rehearsal.union(at.program, folder, "none", at.suite)
        try:
            rehearsal.request_routing(on)  # checks the order of the parts that came over the line
        except AssertionError as why:
            return str(why)
        finally:
            on.close()
    return ""


@asserts("TA06", "M", "several payloads: the leading document is the first PartInfo, all in parts, Body empty")
def several_sent(at):
    return application_leaves(at)


@asserts("TA07", "M", "a message with several payloads: receipt, all delivered")
def several_received(at):
    archive = b"PK\x05\x06" + bytes(18)
    parts = [written.part(b'{"n": 1}'), written.part(archive, "application/zip"), written.part(XML, "application/xml")]
    answer, message_id = at.send(parts)
    if not answer.is_receipt:
        return str(answer)
    said = at.delivered(message_id)[0]["content_sha256"]
    return first(said == hashlib.sha256(b'{"n": 1}').hexdigest(), "the consumer got other bytes")


@asserts("TA08", "M", "a payload named by a hyperlink: synchronous error")
def hyperlink(at):
    part = written.part(b"{}", href="https://elsewhere.example/document.json")
    return refused(at, *at.send([part]))


@asserts("TA09", "M", "no receipt comes: sent again, same MessageId, same digests")
def sent_again(at):
    with at.conducting(lambda one: "drop", at.acknowledge):
        _, entry = at.provoke()
        entry = at.node.settled(entry["message_id"])
    tries = at.sent(entry["message_id"])
    same = len(tries) == 2 and opened.digests(tries[0].references) == opened.digests(tries[1].references)
    return first(same and entry["status"] == "delivered", f"{len(tries)} tries, {entry['status']}")


@asserts("TA10", "M", "the connection returns: receipt, delivered once, the sender stops")
def stops_when_acknowledged(at):
    with at.conducting(lambda one: "reset", lambda one: wire.answer(503, "text/plain", b""), at.acknowledge):
        _, entry = at.provoke()
        entry = at.node.settled(entry["message_id"])
    time.sleep(1.5)
    tries = len(at.sent(entry["message_id"]))
    return first(tries == 3 and entry["status"] == "delivered", f"{tries} tries, {entry['status']}")


@asserts("TA11", "M", "the parameter SenderErrorsTo is not set")
def no_sender_errors(at):
    told = subprocess.run([at.program, "pmode", "check", "--help"], capture_output=True, text=True)
    schema = (nodes.HOUSE / "edelivery/pmode/README.md").read_text() + told.stdout
    return first(not re.search("errors_to", schema, re.I), "a P-Mode can name an address for errors")


@asserts("TA12", "M", "signed by the sender's certificate, SHA-256: Messaging by Id, empty Body, every part")
def all_signed(at):
    got = one_sent(at)[2]
    if got.problems:
        return str(got.problems)
    by_id = {"#" + got.messaging.get(opened.WSU_ID), "#" + got.root.find("s:Body", written.NS).get(opened.WSU_ID)}
    uris = {one.get("URI") for one in got.references}
    expected = by_id | {"cid:" + name for name in got.travelling}
    return first(uris == expected and got.algorithm == written.algorithms.SIGNATURE[at.suite], uris)


@asserts("TA13", "M", "every part encrypted with AES-128-GCM for the receiver's certificate")
def all_encrypted(at):
    got = one_sent(at)[2]  # opened.message demands the algorithm of each EncryptedData, and every part
    return first(not got.problems and got.is_encrypted, got.problems)


@asserts("TA14", "M", "Two-Way/Push-and-Push: the reply is receipted in 2xx")
def reply_receipted(at):
    _, entry, _ = one_sent(at)
    answer, _ = at.send(refers_to=entry["message_id"])
    return first(answer.is_receipt and answer.status < 300 and entry["status"] == "delivered", answer)


@asserts("TA15", "M", "after the last try EBMS:0301 is reported to the producer")
def missing_receipt(at):
    with tempfile.TemporaryDirectory() as folder, field(at.program, folder, retry={"max_attempts": 2}) as other:
        with other.conducting(lambda one: "drop"):
            _, entry = other.provoke()
            entry = other.node.settled(entry["message_id"])
        tries = len(other.sent(entry["message_id"]))
    said = (entry["status"], entry["code"], tries)
    return first(said == ("failed", "EBMS:0301", 2), said)


@asserts("TA16", "M", "the test service: its Service and Action are sent")
def ping_sent(at):
    done = subprocess.run([at.program, "as4", "ping", at.node.folder / "node.json", "--pmode", at.modes[0]["id"], "--json",
                           *at.node.as_operator()], capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        return done.stderr + done.stdout
    told = json.loads(done.stdout)
    got = at.sent(told["message_id"])
    said = [(text(one, ".//eb:Service"), text(one, ".//eb:Action"), one.parts, one.problems) for one in got]
    return first(said == [(TEST_SERVICE, TEST_ACTION, [], [])] and told["receipt_id"], f"{said}, receipt {told['receipt_id']}")


@asserts("TA17", "M", "the test service: receipt, nothing delivered")
def ping_received(at):
    answer, message_id = at.send([], service=(TEST_SERVICE, None), action=TEST_ACTION)
    return first(answer.is_receipt and not at.delivered(message_id), answer)


@asserts("TA18", "M", "no ConversationId given: the sender makes one")
def conversation_made(at):
    got = one_sent(at, conversation="")[2]
    return first(text(got, ".//eb:ConversationId"), "an empty ConversationId is sent")


@asserts("TA19", "M", "the ConversationId is kept in the reply")
def conversation_kept(at):
    got = one_sent(at, conversation="conversation 19")[2]
    return first(text(got, ".//eb:ConversationId") == "conversation 19", text(got, ".//eb:ConversationId"))


@asserts("TA20", "O", "message properties with and without a type: receipt")
def typed_properties(at):
    return receipted(at, properties=[("one", "1")], property_type="string") or receipted(at, properties=[("one", "1")])


@asserts("TA21", "M", "the receiver sends a receipt")
def receiver_receipts(at):
    return receipted(at)


@asserts("TA22", "M", "the sender accepts the receipt and notifies the producer")
def producer_notified(at):
    _, entry, _ = one_sent(at)
    return first(entry["status"] == "delivered" and entry["has_receipt"], entry["status"])


def sent_properties(at):
    got = one_sent(at)[2]
    return got.parts[0]["properties"] if got.parts else {"problems": got.problems}


@asserts("TA23", "M", "the sender gzips")
def gzips(at):
    got = one_sent(at)[2]  # a part marked as packed was unpacked to be in .parts
    return first(got.parts and got.parts[0]["properties"].get("CompressionType"), got.problems)


@asserts("TA24", "M", "CompressionType is application/gzip")
def compression_type(at):
    said = sent_properties(at)
    return first(said.get("CompressionType") == "application/gzip", said)


@asserts("TA25", "M", "MimeType is the payload's own")
def mime_type(at):
    said = sent_properties(at)
    return first(said.get("MimeType") == "application/json", said)


@asserts("TA26", "P", "a compressed part without MimeType: synchronous error")
def no_mime_type(at):
    return refused(at, *at.send([written.part(b"{}", properties=[("CompressionType", "application/gzip")])]))


@asserts("TA27", "P", "CharacterSet UTF-16 is taken")
def utf16(at):
    return receipted(at, [written.part("<a/>".encode("utf-16"), "application/xml", charset="UTF-16")])


@asserts("TA28", "P", "CharacterSet UTF-8 is taken")
def utf8(at):
    return receipted(at, [written.part(XML, "application/xml", charset="UTF-8")])


@asserts("TA29", "P", "a CharacterSet that is none: synchronous error")
def bad_charset(at):
    return refused(at, *at.send([written.part(XML, "application/xml", charset="!utf*")]))


def damaged():
    packed = bytearray(gzip.compress(b'{"text": "some text that is packed"}' * 20))
    packed[len(packed) // 2] ^= 0xFF
    return written.part(b"", packed=bytes(packed))


@asserts("TA30", "M", "damaged gzip: EBMS:0303 DecompressionFailure, failure, Communication")
def bad_gzip(at):
    answer, message_id = at.send([damaged()])
    error = answer.message.root.find(".//eb:Error", written.NS) if answer.message else None
    said = {} if error is None else {name: error.get(name) for name in ("errorCode", "severity", "category", "shortDescription")}
    expected = {"errorCode": "EBMS:0303", "severity": "failure", "category": "Communication", "shortDescription": "DecompressionFailure"}
    return refused(at, answer, message_id) or first(said == expected, said)


@asserts("TA31", "P", "as TA30, and the operator of the receiver is told")
def bad_gzip_told(at):
    message_id = written.new_id()
    at.send([damaged()], message_id=message_id)
    log = (at.node.folder / "log.jsonl").read_text()
    return first(message_id in log and "0303" in log, "the log does not say it")


@asserts("TA32", "M", "one payload is delivered unpacked")
def delivered_unpacked(at):
    data = b'{"text": "' + b"packed " * 100 + b'"}'
    answer, message_id = at.send([written.part(data)])
    if not answer.is_receipt:
        return str(answer)
    said = at.delivered(message_id)[0]["content_sha256"]
    return first(said == hashlib.sha256(data).hexdigest(), "the consumer got other bytes")


@asserts("TA33", "M", "several payloads are delivered unpacked")
def several_unpacked(at):
    return several_received(at)


@asserts("TA34", "M", "compressed then signed: receipt")
def compressed_signed(at):
    with tempfile.TemporaryDirectory() as folder, field(at.program, folder, security={"encryption": "none"}) as plain:
        return receipted(plain, faults={"encrypted": False})


@asserts("TA35", "M", "signed then compressed: error")
def signed_compressed(at):
    return refused(at, *at.send([written.part(b"{}", digested=b"{}")]))


@asserts("TA36", "M", "compressed then encrypted: receipt")
def compressed_encrypted(at):
    raise not_applicable("the profile demands a signature: encryption alone is refused (EBMS:0103)")


@asserts("TA37", "M", "encrypted then compressed: error")
def encrypted_compressed(at):
    soap, parts = written.envelope(at.eu, written.user_message(at.agreed, mine := [written.part(b"{}")], message_id := written.new_id()),
                                   at.fr, mine)
    packed = [(name, kind, gzip.compress(data)) for name, kind, data in parts]
    return refused(at, at.post(written.multipart(soap, packed)), message_id)


@asserts("TA38", "M", "compressed, signed, encrypted: receipt")
def all_three(at):
    return receipted(at)


@asserts("TA44", "O", "part properties with and without a type: receipt")
def typed_part_properties(at):
    return receipted(at, [written.part(b"{}", property_type="string")]) or receipted(at)


@asserts("TA45", "M", "the order of PartInfo is the order submitted")
def order_of_parts(at):
    return application_leaves(at)


@asserts("TA46", "M", "an IPv6 sender and an IPv4 receiver")
def ipv6(at):
    with tempfile.TemporaryDirectory() as folder:
        try:
            other = field(at.program, folder, host="::1")
        except OSError as why:
            raise not_applicable(f"no IPv6 here: {why}") from None
        with other:
            _, entry, _ = one_sent(other)
            return first(entry["status"] == "delivered", entry["reason"])
