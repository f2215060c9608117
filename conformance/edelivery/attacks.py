"""Messages that must be refused: (name, how to make it, the EBMS code or the HTTP status of the answer)."""
import gzip
import socket

from lxml import etree

from . import keys, wire, written
from .field import answered
from .written import DS, NS, S12, SWA, WSU

ID = f"{{{WSU}}}Id"


def raw(change, **how):
    """A good message whose bytes are changed afterwards."""
    def make(at):
        kind, body = at.message(**how)
        return kind, change(body)
    return make


def replaced(old, new, **how):
    def change(body):
        assert old in body, old
        return body.replace(old, new, 1)
    return raw(change, **how)


def faulty(**faults):
    return lambda at: at.message(faults=faults)


def part(**faults):
    data = faults.pop("data", b'{"text": "one"}')
    return lambda at: at.message([written.part(data, **faults)])


def signed_by(make_party):
    return lambda at: at.message(signer=make_party(at))


def other(at, issuer=None, name="EU", **valid):
    return keys.party(name, at.suite, issuer or at.authority, at.folder / "keys/attacker", **valid)


def same_name(at, **valid):
    return other(at, **valid)


# What is done to the tree before or after it is signed.

def security(root):
    return root.find(".//wsse:Security", NS)


def wrapped(root):
    """The signed Messaging is hidden elsewhere, another one stands in its place."""
    header, message = root.find("s:Header", NS), root.find(".//eb:Messaging", NS)
    false = etree.fromstring(etree.tostring(message))
    false.set(ID, "false")
    false.find(".//eb:Action", NS).text = "false"
    header.replace(message, false)
    etree.SubElement(header, "{urn:example:wrapper}Wrapper").append(message)


def wrapped_in_security(root):
    message = root.find(".//eb:Messaging", NS)
    false = etree.fromstring(etree.tostring(message))
    false.set(ID, "false")
    message.getparent().replace(message, false)
    security(root).append(message)


def doubled(path):
    def change(root):
        found = root.find(path, NS)
        found.getparent().append(etree.fromstring(etree.tostring(found)))
    return change


def same_id(root):
    etree.SubElement(security(root), "{urn:example}Other").set(ID, "messaging")


def comment_in(path):
    def change(root):
        found = root.find(path, NS)
        text, found.text = found.text, found.text[:4]
        hidden = etree.Comment("hidden")
        hidden.tail = text[4:]
        found.append(hidden)
    return change


def transform(uri):
    def change(root):
        root.find(".//ds:Reference/ds:Transforms/ds:Transform", NS).set("Algorithm", uri)
    return change


def attribute(path, name, value):
    def change(root):
        root.find(path, NS).set(name, value)
    return change


def drop(path):
    def change(root):
        found = root.find(path, NS)
        found.getparent().remove(found)
    return change


def text(path, value):
    def change(root):
        root.find(path, NS).text = value
    return change


def add(path, tag, **attributes):
    def change(root):
        etree.SubElement(root.find(path, NS), tag, **attributes)
    return change


def deep(count):
    return b"<x>" * count + b"</x>" * count


HEADER = b"<S12:Header>"


def in_header(extra):
    return replaced(HEADER, HEADER + extra)


def with_prolog(prolog):
    return replaced(b"<S12:Envelope", prolog + b"<S12:Envelope")


def as_utf16(at):
    soap, _ = written.envelope(at.eu, written.user_message(at.agreed, []))
    return "application/soap+xml; charset=UTF-16", soap.decode().encode("utf-16")


def many_parts(count):
    def make(at):
        parts = [written.part(b"{}") for _ in range(count)]
        return at.message(parts)
    return make


def empty_parts(count):
    def change(body):
        boundary = body[:body.index(b"\r\n")]
        end = body.rindex(boundary)
        return body[:end] + (boundary + b"\r\n\r\n\r\n") * count + body[end:]
    return raw(change)


def long_part_header(body):
    return body.replace(b"Content-Transfer-Encoding", b"X-Long: " + b"x" * 70000 + b"\r\nContent-Transfer-Encoding", 1)


def same_content_id(at):
    one = written.part(b"{}")
    soap, parts = written.envelope(at.eu, written.user_message(at.agreed, [one]), at.fr, [one])
    return written.multipart(soap, parts + parts)


def unnamed_part(at):
    one = written.part(b"{}")
    soap, parts = written.envelope(at.eu, written.user_message(at.agreed, [one]), at.fr, [one])
    return written.multipart(soap, parts + [("stowaway@conformance.example", "text/plain", b"x")])


def missing_part(at):
    one = written.part(b"{}")
    soap, _ = written.envelope(at.eu, written.user_message(at.agreed, [one]), at.fr, [one])
    return written.multipart(soap, [("elsewhere@conformance.example", "application/octet-stream", b"x" * 40)])


def no_boundary(at):
    return "multipart/related; type=\"application/soap+xml\"", at.message()[1]


def nested(at):
    kind, body = at.message()
    return ('multipart/related; boundary="outer"', b"--outer\r\nContent-Type: " + kind.encode() + b"\r\n\r\n" + body + b"\r\n--outer--\r\n")


def same_id_other_content(at):
    first = written.new_id()
    at.post(at.message([written.part(b'{"n": 1}')], message_id=first))
    return at.message([written.part(b'{"n": 2}')], message_id=first)


def for_another(at):
    """Encrypted for somebody else's key."""
    return at.message(recipient=other(at, name="XX"))


def spoiled_key(root):
    found = root.find(".//xenc:CipherValue", NS)
    found.text = ("A" if found.text[0] != "A" else "B") + found.text[1:]


def by_socket(request, close=True):
    """Raw bytes to the door; the status of the answer."""
    def make(at):
        with socket.create_connection(("127.0.0.1", at.node.port), 10) as line:
            line.sendall(request)
            line.settimeout(10)
            got = b""
            try:
                while b"\r\n\r\n" not in got and (more := line.recv(65536)):
                    got += more
            except (ConnectionError, TimeoutError):
                pass
        return answered(wire.answer(int(got.split()[1]) if got.startswith(b"HTTP/") else 0, "", b""), None)
    return make


POST = b"POST /as4 HTTP/1.1\r\nHost: x\r\nContent-Type: application/soap+xml\r\n"
SHA1 = "http://www.w3.org/2000/09/xmldsig#sha1"
XSLT = "http://www.w3.org/TR/1999/REC-xslt-19991116"
BOMB = gzip.compress(bytes(80_000_000), 9)
DIGEST, VALUE = ".//ds:DigestValue", ".//ds:SignatureValue"


def after(change):
    return faulty(after_signing=change)


def before(change):
    return faulty(before_signing=change)


def table():
    return [
        # B3 18, 20, 30; C1 signature wrapping
        ("B3-20 same MessageId, other content", same_id_other_content, "EBMS:0003"),
        ("B3-30 Messaging wrapped beside itself", after(wrapped), "EBMS:0101"),
        ("B3-30 Messaging wrapped inside Security", after(wrapped_in_security), "EBMS:0101"),
        ("B3-30 two Messaging", after(doubled(".//eb:Messaging")), "EBMS:0101"),
        ("B3-30 two Bodies", after(doubled("s:Body")), "EBMS:0101"),
        ("B3-30 two Security headers", after(doubled(".//wsse:Security")), "EBMS:0101"),
        ("B3-30 two Signatures", after(doubled(".//ds:Signature")), "EBMS:0101"),
        ("B3-30 two SignedInfo", after(doubled(".//ds:SignedInfo")), "EBMS:0103"),
        ("B3-30 two UserMessages", before(doubled(".//eb:UserMessage")), "EBMS:0003"),
        ("B3-30 an Id twice", after(same_id), "EBMS:0101"),
        ("B3-30 comment in a DigestValue", after(comment_in(DIGEST)), "EBMS:0103"),
        ("B3-30 comment in the SignatureValue", after(comment_in(VALUE)), "EBMS:0103"),
        ("B3-30 part not signed", faulty(unsigned_parts=True), "EBMS:0103"),
        ("B3-30 Body changed after signing", after(text("s:Body", "more")), "EBMS:0003"),
        ("B3-30 Action changed after signing", after(text(".//eb:Action", "other")), "EBMS:0101"),
        ("B3-30 no signature", faulty(signed=False), "EBMS:0103"),
        ("B3-30 no references", after(drop(".//ds:Reference")), "EBMS:0103"),
        ("B3-30 DigestValue spoiled", after(text(DIGEST, "A" * 43 + "=")), "EBMS:0101"),
        ("B3-30 SignatureValue empty", after(text(VALUE, "")), "EBMS:0103"),
        ("C1 XSLT transform", after(transform(XSLT)), "EBMS:0103"),
        ("C1 enveloped-signature transform", after(transform(DS + "enveloped-signature")), "EBMS:0103"),
        ("C1 XPath transform", after(transform("http://www.w3.org/TR/1999/REC-xpath-19991116")), "EBMS:0103"),
        ("C1 Attachment-Complete transform", after(transform(SWA + "Attachment-Complete-Signature-Transform")), "EBMS:0103"),
        ("C1 reference to a file", after(attribute(".//ds:Reference", "URI", "file:///etc/passwd")), "EBMS:0103"),
        ("C1 reference to http", after(attribute(".//ds:Reference", "URI", "http://127.0.0.1:1/x")), "EBMS:0103"),
        ("C1 whole-document reference", after(attribute(".//ds:Reference", "URI", "")), "EBMS:0103"),
        ("C1 SHA-1 digests", faulty(digest=SHA1), "EBMS:0103"),
        ("C1 RSA with SHA-1", faulty(method="http://www.w3.org/2000/09/xmldsig#rsa-sha1"), "EBMS:0103"),
        ("C1 HMAC instead of a signature", faulty(method="http://www.w3.org/2000/09/xmldsig#hmac-sha1"), "EBMS:0103"),
        ("C1 inclusive C14N", after(attribute(".//ds:CanonicalizationMethod", "Algorithm",
                                              "http://www.w3.org/TR/2001/REC-xml-c14n-20010315")), "EBMS:0103"),
        ("C1 KeyInfo names a key by value", after(add(".//ds:Signature/ds:KeyInfo", f"{{{DS}}}KeyValue")), "EBMS:0103"),
        # B3 32; C1 any certificate of a trusted authority
        ("B3-32 unknown authority", signed_by(lambda at: other(at, keys.authority("Unknown"))), "EBMS:0101"),
        ("B3-32 another certificate of the same name and authority", signed_by(same_name), "EBMS:0101"),
        ("B3-32 expired certificate", signed_by(lambda at: same_name(at, begins=-9, ends=-1)), "EBMS:0101"),
        ("B3-32 certificate of later", signed_by(lambda at: same_name(at, begins=1, ends=9)), "EBMS:0101"),
        ("B3-32 signed by the receiver's own key", lambda at: at.message(signer=at.fr), "EBMS:0101"),
        ("B3-32 wrong PartyId", lambda at: at.message(from_ids=["XX"]), "EBMS:0010"),
        ("B3-32 two PartyIds", lambda at: at.message(from_ids=["EU", "XX"]), "EBMS:0003"),
        # Encryption
        ("B3-18 not encrypted", faulty(encrypted=False), "EBMS:0103"),
        ("C1 encrypted for another", for_another, "EBMS:0102"),
        ("C1 wrapped key spoiled", after(spoiled_key), "EBMS:0102"),
        ("C1 ciphertext spoiled", raw(lambda body: spoil(body)), "EBMS:0102"),
        ("C1 AES-CBC", after(attribute(".//xenc:EncryptedData/xenc:EncryptionMethod", "Algorithm",
                                       "http://www.w3.org/2001/04/xmlenc#aes128-cbc")), "EBMS:0103"),
        ("C1 RSA PKCS#1 1.5", after(attribute(".//xenc:EncryptedKey/xenc:EncryptionMethod", "Algorithm",
                                              "http://www.w3.org/2001/04/xmlenc#rsa-1_5")), "EBMS:0103"),
        ("C1 CipherReference to http", after(attribute(".//xenc:CipherReference", "URI", "http://127.0.0.1:1/x")), "EBMS:0011"),
        # B3 26; C1 XOP
        ("B3-26 no boundary", no_boundary, "EBMS:0007"),
        ("B3-26 no final boundary", raw(lambda body: body[:-6]), "EBMS:0007"),
        ("B3-26 cut in the middle", raw(lambda body: body[:len(body) // 2]), "EBMS:0007"),
        ("B3-26 nested multipart", nested, "EBMS:0007"),
        ("B3-26 10,000 empty parts", empty_parts(10_000), "EBMS:0007"),
        ("B3-26 a Content-ID twice", same_content_id, "EBMS:0007"),
        ("B3-26 a part that nobody names", unnamed_part, "EBMS:0011"),
        ("B3-26 a part that is not there", missing_part, "EBMS:0011"),
        ("B3-24 100 parts", many_parts(100), "EBMS:0007"),
        ("B3-24 header of a part of 70 kB", raw(long_part_header), "EBMS:0007"),
        ("B3-26 not a multipart at all", lambda at: ("text/html", b"<html/>"), 400),
        ("B3-26 empty body", lambda at: ("application/soap+xml", b""), "EBMS:0009"),
        ("B3-26 no Content-Type", lambda at: ("", at.message()[1]), 400),
        ("C1 xop:Include in the Body", before(add("s:Body", "{http://www.w3.org/2004/08/xop/include}Include", href="file:///etc/passwd")), "EBMS:0003"),
        # B3 27
        ("B3-27 gzip bomb 1:1000", part(packed=BOMB), "EBMS:0303"),
        ("B3-27 gzip with trailing data", part(packed=gzip.compress(b"{}") + b"more"), "EBMS:0303"),
        ("B3-27 truncated gzip", part(packed=gzip.compress(b'{"text": "one"}')[:-6]), "EBMS:0303"),
        ("B3-27 wrong declared size", part(packed=gzip.compress(b'{"text": "one"}')[:-4] + b"\1\0\0\0"), "EBMS:0303"),
        ("B3-27 not gzip", part(packed=b'{"text": "one"}'), "EBMS:0303"),
        ("B3-27 unknown compression", part(properties=[("MimeType", "application/json"), ("CompressionType", "application/x-bzip2")]), "EBMS:0303"),
        # B3 28, 29; C1 XXE, coercive parsing
        ("B3-28 DOCTYPE", with_prolog(b"<!DOCTYPE x>"), "EBMS:0009"),
        ("B3-28 external entity", with_prolog(b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'), "EBMS:0009"),
        ("B3-28 billion laughs", with_prolog(b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'), "EBMS:0009"),
        ("B3-28 XInclude", in_header(b'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>'), "EBMS:0009"),
        ("B3-28 processing instruction", in_header(b"<?run this?>"), "EBMS:0009"),
        ("B3-28 depth 10,000", in_header(deep(10_000)), "EBMS:0009"),
        ("B3-28 100,000 attributes", in_header(b"<x " + b" ".join(b'a%d=""' % i for i in range(100_000)) + b"/>"), "EBMS:0009"),
        ("B3-28 10,000 namespaces", in_header(b"<x " + b" ".join(b'xmlns:n%d="urn:%d"' % (i, i) for i in range(10_000)) + b"/>"), "EBMS:0009"),
        ("B3-28 an attribute of 10 MB", in_header(b'<x a="' + b"a" * 10_000_000 + b'"/>'), "EBMS:0007"),
        ("B3-28 invalid UTF-8", in_header(b"<x>\xc3\x28</x>"), "EBMS:0009"),
        ("B3-28 NUL", in_header(b"<x>\0</x>"), "EBMS:0009"),
        ("B3-28 UTF-16", as_utf16, "EBMS:0009"),
        ("B3-28 an attribute twice", in_header(b'<x a="1" a="2"/>'), "EBMS:0009"),
        ("B3-28 not well-formed", replaced(b"</S12:Envelope>", b""), "EBMS:0009"),
        ("B3-29 relative namespace", in_header(b'<x xmlns="relative/name"/>'), "EBMS:0009"),
        ("B3-29 relative namespace in what is signed", after(add(".//eb:Messaging", "{relative/name}x")), "EBMS:0009"),
        ("C1 unknown header that must be understood",
         in_header(b'<x:new xmlns:x="urn:example" S12:mustUnderstand="true"/>'), "EBMS:0009"),
        # B3 31 and the header's words
        ("B3-31 a message of two years ago", lambda at: at.message(sent_at="2024-01-01T00:00:00Z"), "EBMS:0202"),
        ("B3-31 Timestamp that is none", lambda at: at.message(sent_at="yesterday"), "EBMS:0009"),
        ("unknown service", lambda at: at.message(service=("urn:other", "urn:ehds:service")), "EBMS:0010"),
        ("unknown agreement", lambda at: at.message(agreement="urn:other"), "EBMS:0010"),
        ("unknown channel", lambda at: at.message(mpc="urn:other"), "EBMS:0010"),
        ("no MessageId", before(drop(".//eb:MessageId")), "EBMS:0009"),
        ("MessageId of spaces", lambda at: at.message(message_id="  "), "EBMS:0009"),
        ("MessageId of 10 kB", lambda at: at.message(message_id="x" * 10_000 + "@x"), "EBMS:0009"),
        ("SOAP 1.1", replaced(S12.encode(), b"http://schemas.xmlsoap.org/soap/envelope/"), "EBMS:0009"),
        ("Body with content", lambda at: at.message(faults={"body": "<x/>"}), "EBMS:0003"),
        # B3 24, 25: HTTP
        ("B3-25 Content-Length and chunked", by_socket(POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400),
        ("B3-25 two Content-Lengths", by_socket(POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"), 400),
        ("B3-25 Content-Length that is none", by_socket(POST + b"Content-Length: 5x\r\n\r\nhello"), 400),
        ("B3-25 folded header", by_socket(POST + b"X-A: 1\r\n 2\r\nContent-Length: 0\r\n\r\n"), 400),
        ("B3-25 space before the colon", by_socket(POST + b"X-A : 1\r\nContent-Length: 0\r\n\r\n"), 400),
        ("B3-25 chunk size that is none", by_socket(POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nx\r\n0\r\n\r\n"), 400),
        ("B3-24 request line of 100 kB", by_socket(b"POST /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"), 414),
        ("B3-24 one header of 100 kB", by_socket(POST + b"X-A: " + b"a" * 100_000 + b"\r\n\r\n"), 431),
        ("B3-24 5,000 headers", by_socket(POST + b"X-A: 1\r\n" * 5000 + b"\r\n"), 431),
        ("B3-24 a body beyond the limit", by_socket(POST + b"Content-Length: 99999999999\r\n\r\n"), 413),
    ]


def spoil(body):
    at = body.rindex(b"\r\n--") - 20
    return body[:at] + bytes([body[at] ^ 1]) + body[at + 1:]
