"""Payloads: where they are, what is said of them, how they are packed: TA04 to TA07, TA23 to TA33, TA44, TA45."""
import gzip
import json

from . import business, opened, written
from .asserting import asserts, first, received, refused, submitted

XML = b'<?xml version="1.0" encoding="UTF-8"?><note xmlns="urn:example">one</note>'
OTHER = b'<order xmlns="urn:example"><!-- as it is --><line n="2"/></order>'
UTF16 = "<note xmlns='urn:example'>\u03b1\u03b2\u03b3</note>".encode("utf-16")
ZIP, PDF = b"PK\x05\x06" + bytes(18), b"%PDF-1.7\r\n" + bytes(range(256)) * 40
LEADING_AND_OTHERS = [("application/xml", XML), ("application/xml", OTHER), ("application/zip", ZIP), ("application/pdf", PDF)]


def several():
    """A leading document and what belongs to it: XML and not XML, packed and not."""
    return [written.part(XML, "application/xml", charset="UTF-8", more=[("Title", "the leading document")]),
            written.part(OTHER, "application/xml", more=[("page", "2", "xs:int")]), written.part(ZIP, "application/zip"),
            written.part(PDF, "application/pdf", compress=False), written.part(b'{"n": 1}')]


def packaged_wrong(got, parts):
    """Each payload packed in a part of its own, in order; nothing in the Body."""
    if got.problems or len(got.root.find("s:Body", written.NS)):
        return str(got.problems or "the Body is not empty")
    hrefs = [one.get("href") for one in got.root.iterfind(".//eb:PayloadInfo/eb:PartInfo", written.NS)]
    if sorted(hrefs) != sorted("cid:" + name for name in got.travelling) or len(set(hrefs)) != len(parts):
        return f"PayloadInfo names {hrefs}, there are {list(got.travelling)}"
    came = [(one["properties"].get("MimeType"), one["data"]) for one in got.parts]
    if came != [one[:2] for one in parts]:
        return f"other bytes or another order: {[kind for kind, _ in came]}"
    packed = [(one["properties"].get("CompressionType"), got.kinds[href[len("cid:"):]]) for one, href in zip(got.parts, hrefs)]
    return first(packed == [("application/gzip",) * 2] * len(parts), packed)


@asserts("TA04", "M", "an uncompressed payload is receipted and delivered")
def uncompressed(at):
    xml = opened.etree.tostring(opened.etree.fromstring(OTHER), method="c14n", exclusive=True, with_comments=False)
    return (received(at, [written.part(b"{}", compress=False)]) or received(at, [written.part(PDF, "application/pdf", compress=False)])
            or received(at, [written.part(OTHER, "application/xml", compress=False, digested=xml)]))


@asserts("TA05", "M", "a compressed payload in a part of its own, Body empty")
def own_part(at):
    parts = [("application/xml", XML)]
    return packaged_wrong(submitted(at, parts)[1], parts)


@asserts("TA06", "M", "several payloads: the leading document is the first PartInfo, all in parts, Body empty")
def several_sent(at):
    return packaged_wrong(submitted(at, LEADING_AND_OTHERS)[1], LEADING_AND_OTHERS)


@asserts("TA07", "M", "a message with several payloads: receipt, all delivered")
def several_received(at):
    return received(at, several())


@asserts("TA23", "M", "the sender gzips")
def gzips(at):
    got = submitted(at, [("application/xml", XML)])[1]
    packed = [gzip.decompress(data) for data in got.decrypted.values()] if not got.problems else got.problems
    return first(packed == [XML], packed)


@asserts("TA24", "M", "CompressionType is application/gzip")
def compression_type(at):
    parts = [("application/xml", XML), ("application/octet-stream", gzip.compress(PDF))]  # packed once more all the same
    return packaged_wrong(submitted(at, parts)[1], parts)


@asserts("TA25", "M", "MimeType is the payload's own")
def mime_type(at):
    parts = [("application/xml", XML), ("text/plain", b"one"), ("application/octet-stream", XML, {"mime_type": "image/svg+xml"})]
    said = [one["properties"].get("MimeType") for one in submitted(at, parts)[1].parts]
    return first(said == ["application/xml", "text/plain", "image/svg+xml"], said)


@asserts("TA26", "P", "a compressed part without MimeType: synchronous error")
def no_mime_type(at):
    part = written.part(b"{}", properties=[("CompressionType", "application/gzip")])
    return refused(at, *at.send([part], service=business.SERVICE), codes=["EBMS:0303", "EBMS:0003", "EBMS:0007", "EBMS:0009"])


def character_set(at, data, name):
    got = submitted(at, [("application/xml", data, {"character_set": name})])[1]
    said = [(one["properties"].get("CharacterSet"), one["data"]) for one in got.parts]
    return first(said == [(name, data)], got.problems or said) or received(at, [written.part(data, "application/xml", charset=name)])


@asserts("TA27", "P", "CharacterSet UTF-16 is sent as the producer said, and told to the consumer")
def utf16(at):
    return character_set(at, UTF16, "UTF-16")


@asserts("TA28", "P", "CharacterSet UTF-8 is sent as the producer said, and told to the consumer")
def utf8(at):
    return character_set(at, XML, "UTF-8")


@asserts("TA29", "P", "a CharacterSet that is none: synchronous error")
def bad_charset(at):
    part = written.part(XML, "application/xml", charset="!utf*")
    return refused(at, *at.send([part], service=business.SERVICE), codes=["EBMS:0001", "EBMS:0009"])


def damaged():
    packed = bytearray(gzip.compress(b'{"text": "some text that is packed"}' * 20))
    packed[len(packed) // 2] ^= 0xFF
    return written.part(b"", packed=bytes(packed))


def decompression_failure(at, message_id):
    answer, _ = at.send([damaged()], message_id=message_id, service=business.SERVICE)
    error = answer.message.root.find(".//eb:Error", written.NS) if answer.message else None
    said = {} if error is None else {name: error.get(name) for name in ("errorCode", "severity", "category", "shortDescription")}
    expected = {"errorCode": "EBMS:0303", "severity": "failure", "category": "Communication", "shortDescription": "DecompressionFailure"}
    return refused(at, answer, message_id, ["EBMS:0303"]) or first(said == expected, said)


@asserts("TA30", "M", "damaged gzip: EBMS:0303 DecompressionFailure, failure, Communication")
def bad_gzip(at):
    return decompression_failure(at, written.new_id())


@asserts("TA31", "P", "as TA30, and the consumer is notified")
def bad_gzip_told(at):
    message_id = written.new_id()
    if why := decompression_failure(at, message_id):
        return why
    listed = json.loads(at.node.ask("GET", "/api/refusals", account="operator")[1])["refusals"]
    told = [(one["code"], one["pmode"]) for one in listed if one["message_id"] == message_id]
    if told != [("EBMS:0303", "business")]:
        return f"the operator is told {told}"
    at.send([damaged()], message_id=message_id, service=business.SERVICE)  # once more, which nobody is told
    said = [(one["event"], one["code"], one["reason"]) for one in at.business.told_of(message_id)]
    expected = [("message.refused", "EBMS:0303", "A payload could not be unpacked")]
    return first(said == expected and not at.business.waiting(message_id), said)


@asserts("TA32", "M", "one payload is delivered unpacked")
def delivered_unpacked(at):
    return received(at, [written.part(b'{"text": "' + b"packed " * 1000 + b'"}')])


@asserts("TA33", "M", "several payloads are delivered unpacked")
def several_unpacked(at):
    return received(at, [written.part(data, kind) for kind, data in LEADING_AND_OTHERS])


@asserts("TA44", "O", "part properties with and without a type: receipt")
def typed_part_properties(at):
    more = [("one", "1"), ("two", "2", "string")]
    got = submitted(at, [("application/json", b"{}", {"properties": [dict(zip(("name", "value", "type"), one)) for one in more]})])[1]
    sent = {one.get("name"): (one.text, one.get("type")) for one in got.root.iterfind(".//eb:PartProperties/eb:Property", written.NS)}
    said = (sent.get("one"), sent.get("two"))
    return received(at, [written.part(b"{}", more=more)]) or first(said == (("1", None), ("2", "string")), said)


@asserts("TA45", "M", "the order of PartInfo is the order submitted")
def order_of_parts(at):
    leading, first_other, second_other = LEADING_AND_OTHERS[0], ("application/zip", ZIP), ("application/pdf", PDF)
    for parts in ([leading, first_other, second_other], [leading, second_other, first_other]):
        if why := packaged_wrong(submitted(at, parts)[1], parts):
            return why
    return ""
