#!/usr/bin/python3
"""Opens an AS4 message with other people's code: email for MIME, lxml for XML, cryptography for the rest.

usage: independent_checker.py MESSAGE SIGNER.pem [RECIPIENT_KEY.pem [EBMS_SCHEMA.xsd]]

MESSAGE begins with a Content-Type line. Every reference is digested, the signature verified, every part decrypted and
unpacked; the ebMS header is validated when a schema is named. Prints one line of JSON; exit 0 only if all is good.
"""
import base64
import email
import hashlib
import json
import sys
import tempfile
import zlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from lxml import etree

NS = {
    "s": "http://www.w3.org/2003/05/soap-envelope",
    "eb": "http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/",
    "wsu": "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "ec": "http://www.w3.org/2001/10/xml-exc-c14n#",
    "xenc": "http://www.w3.org/2001/04/xmlenc#",
}
WSU_ID = "{%s}Id" % NS["wsu"]


def demand(holds, what):
    if not holds:
        sys.exit("not good: " + what)


def read_message(path):
    raw = open(path, "rb").read()
    message = email.message_from_bytes(raw)
    if not message.is_multipart():
        return raw.split(b"\r\n\r\n", 1)[1], {}
    boundary = b"\r\n--" + message.get_param("boundary").encode()
    sections = (b"\r\n" + raw.split(b"\r\n\r\n", 1)[1]).split(boundary)
    demand(sections[-1].startswith(b"--"), "no closing boundary")
    parts = []
    for section in sections[1:-1]:
        head, body = section[2:].split(b"\r\n\r\n", 1)
        headers = email.message_from_bytes(head)
        demand(headers["Content-Transfer-Encoding"] == "binary", "transfer encoding")
        parts.append((headers["Content-ID"].strip("<>"), body))
    demand(message.get_param("start").strip("<>") == parts[0][0], "start does not name the first part")
    return parts[0][1], dict(parts[1:])


def prefixes(transform):
    inclusive = transform.find("ec:InclusiveNamespaces", NS)
    return inclusive.get("PrefixList").split() if inclusive is not None else None


def canonical(node, transform):
    return etree.tostring(node, method="c14n", exclusive=True, with_comments=False,
                          inclusive_ns_prefixes=prefixes(transform))


def decrypt(root, parts, key_path):
    wrapped = root.find(".//xenc:EncryptedKey", NS)
    if wrapped is None:
        return parts
    key = serialization.load_pem_private_key(open(key_path, "rb").read(), None)
    value = base64.b64decode(wrapped.find("xenc:CipherData/xenc:CipherValue", NS).text)
    oaep = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
    content_key = key.decrypt(value, oaep)
    demand(len(content_key) == 16, "content key is not 128 bits")
    plain = {}
    for data in root.findall(".//xenc:EncryptedData", NS):
        name = data.find("xenc:CipherData/xenc:CipherReference", NS).get("URI")[len("cid:"):]
        plain[name] = AESGCM(content_key).decrypt(parts[name][:12], parts[name][12:], None)
    demand(plain.keys() == parts.keys(), "not every part is encrypted")
    return plain


def check_references(root, parts):
    seen = set()
    for reference in root.findall(".//ds:Signature/ds:SignedInfo/ds:Reference", NS):
        uri = reference.get("URI")
        transform = reference.find("ds:Transforms/ds:Transform", NS)
        if uri.startswith("cid:"):
            octets = parts[uri[len("cid:"):]]
            seen.add(uri)
        else:
            found = [node for node in root.iter() if node.get(WSU_ID) == uri[1:]]
            demand(len(found) == 1, "reference " + uri)
            octets = canonical(found[0], transform)
            seen.add(etree.QName(found[0]).localname)
        digest = base64.b64decode(reference.find("ds:DigestValue", NS).text)
        demand(hashlib.sha256(octets).digest() == digest, "digest of " + uri)
    demand(seen == {"Messaging", "Body"} | {"cid:" + name for name in parts}, "coverage")


def check_signature(root, signer_path):
    signature = root.find(".//ds:Signature", NS)
    info = signature.find("ds:SignedInfo", NS)
    octets = canonical(info, info.find("ds:CanonicalizationMethod", NS))
    value = base64.b64decode(signature.find("ds:SignatureValue", NS).text)
    key = x509.load_pem_x509_certificate(open(signer_path, "rb").read()).public_key()
    key.verify(value, octets, padding.PKCS1v15(), hashes.SHA256())


def unpack(root, parts):
    unpacked = []
    for info in root.findall(".//eb:PartInfo", NS):
        name = info.get("href")[len("cid:"):]
        properties = {each.get("name"): each.text for each in info.findall("eb:PartProperties/eb:Property", NS)}
        body = parts[name]
        if properties.get("CompressionType") == "application/gzip":
            body = zlib.decompress(body, 31)
        unpacked.append({"type": properties["MimeType"], "sha256": hashlib.sha256(body).hexdigest()})
    return unpacked


XML_ATTRIBUTES = """<schema xmlns="http://www.w3.org/2001/XMLSchema"
  targetNamespace="http://www.w3.org/XML/1998/namespace"><attribute name="lang" type="language"/></schema>"""


def check_schema(messaging, schema_path):
    """The published schema imports xml:lang without saying from where."""
    schema = etree.parse(schema_path)
    with tempfile.NamedTemporaryFile("w", suffix=".xsd") as attributes:
        attributes.write(XML_ATTRIBUTES)
        attributes.flush()
        for imported in schema.getroot().findall("{http://www.w3.org/2001/XMLSchema}import"):
            if imported.get("schemaLocation") is None:
                imported.set("schemaLocation", attributes.name)
        etree.XMLSchema(schema).assertValid(etree.fromstring(etree.tostring(messaging)))


def main(message_path, signer_path, key_path=None, schema_path=None):
    soap, parts = read_message(message_path)
    root = etree.fromstring(soap)
    parts = decrypt(root, parts, key_path)
    check_references(root, parts)
    check_signature(root, signer_path)
    messaging = root.find("s:Header/eb:Messaging", NS)
    if schema_path:
        check_schema(messaging, schema_path)
    body = root.find("s:Body", NS)
    demand(len(body) == 0 and not (body.text or "").strip(), "body is not empty")
    message_id = messaging.find(".//eb:MessageId", NS).text
    print(json.dumps({"messageId": message_id, "parts": unpack(root, parts)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
