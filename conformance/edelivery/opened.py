"""Opens AS4 messages and signals by lxml and `cryptography`, and says everything that is wrong with them."""
import base64
import email
import hashlib
import zlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from lxml import etree

from . import algorithms, tokens
from .names import NS, SWA, WSU, XENC, XENC11

WSU_ID = f"{{{WSU}}}Id"


class wrong(Exception):
    pass


def demand(holds, what):
    if not holds:
        raise wrong(what)


def split(content_type, body):
    """The SOAP part, the other parts by Content-ID in order, and their media types."""
    message = email.message_from_string(f"Content-Type: {content_type}\r\n\r\n")
    if message.get_content_maintype() != "multipart":
        return body, {}, {}
    boundary = b"\r\n--" + message.get_param("boundary").encode()
    sections = (b"\r\n" + body).split(boundary)
    demand(sections[-1].startswith(b"--"), "no closing boundary")
    found, kinds = [], {}
    for section in sections[1:-1]:
        head, data = section[2:].split(b"\r\n\r\n", 1)
        headers = email.message_from_bytes(head + b"\r\n\r\n")
        found.append(((headers["Content-ID"] or "").strip("<> "), data))
        kinds[found[-1][0]] = headers.get_content_type()
    return found[0][1], dict(found[1:]), kinds


def attachment_content(data, kind):
    """The Attachment-Content-Signature-Transform: XML is canonicalised, lines of other text end in CRLF."""
    if kind.endswith(("/xml", "+xml")):
        return etree.tostring(etree.fromstring(data), method="c14n", exclusive=True, with_comments=False)
    if kind.startswith("text/"):
        return b"\r\n".join(data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"))
    return data


def canonical(node, transform):
    inclusive = transform.find("ec:InclusiveNamespaces", NS)
    prefixes = inclusive.get("PrefixList").split() if inclusive is not None else None
    return etree.tostring(node, method="c14n", exclusive=True, with_comments=False, inclusive_ns_prefixes=prefixes)


def text_of(node, path):
    return (node.findtext(path, namespaces=NS) or "").strip()


class message:
    """One user message or signal. `problems` is empty when signature, coverage, encryption and packing are good."""

    def __init__(self, content_type, body, us=None, signer=None):
        self.soap, self.travelling, self.kinds = split(content_type, body)
        self.root = etree.fromstring(self.soap)
        self.messaging = self.root.find("s:Header/eb:Messaging", NS)
        self.user = self.root.find(".//eb:UserMessage", NS)
        self.signal = self.root.find(".//eb:SignalMessage", NS)
        self.message_id = text_of(self.root, ".//eb:MessageInfo/eb:MessageId")
        self.refers_to = text_of(self.root, ".//eb:MessageInfo/eb:RefToMessageId")
        self.errors = [one.get("errorCode") for one in self.root.findall(".//eb:Error", NS)]
        self.references = self.root.findall(".//ds:Signature/ds:SignedInfo/ds:Reference", NS)
        self.acknowledged = self.root.findall(".//bp:MessagePartNRInformation/ds:Reference", NS)
        self.is_receipt = self.root.find(".//eb:Receipt", NS) is not None
        self.algorithm = self.root.find(".//ds:SignatureMethod", NS)
        self.algorithm = None if self.algorithm is None else self.algorithm.get("Algorithm")
        self.parts, self.problems = [], []
        self.named_signer = self.named_recipient = None  # kinds of tokens.KINDS
        try:
            self.decrypted = packed = self.decrypt(us)
            self.check_references(packed)
            self.check_signature(signer)
            self.unpack(packed)
        except (wrong, tokens.unreadable) as why:
            self.problems.append(str(why))
        except Exception as broken:  # a reader that stumbles has not accepted the message
            self.problems.append(f"{type(broken).__name__}: {broken}")

    def decrypt(self, us):
        key = self.root.find(".//xenc:EncryptedKey", NS)
        if key is None:
            self.is_encrypted = False
            return self.travelling
        self.is_encrypted = True
        self.named_recipient, named, _ = tokens.read(where_recipient_is_named(key), self.root, [us.certificate["encrypt"]])
        demand(named == us.certificate["encrypt"], "encrypted for another certificate")
        content_key = content_key_of(key, us)
        plain = {}
        for data in self.root.findall(".//xenc:EncryptedData", NS):
            demand(data.find("xenc:EncryptionMethod", NS).get("Algorithm") == XENC11 + "aes128-gcm", "content encryption")
            demand(data.get("Type") == SWA + "Attachment-Content-Only", "type of EncryptedData")
            name = data.find("xenc:CipherData/xenc:CipherReference", NS).get("URI")[len("cid:"):]
            self.kinds[name] = data.get("MimeType")
            plain[name] = algorithms.unseal(content_key, self.travelling[name])
        demand(plain.keys() == self.travelling.keys(), "not every part is encrypted")
        return {name: plain[name] for name in self.travelling}

    def check_references(self, packed):
        seen = set()
        for one in self.references:
            uri, transform = one.get("URI"), one.find("ds:Transforms/ds:Transform", NS)
            demand(one.find("ds:DigestMethod", NS).get("Algorithm") == XENC + "sha256", "digest method")
            if uri.startswith("cid:"):
                name = uri[len("cid:"):]
                octets = attachment_content(packed[name], self.kinds.get(name, ""))
                seen.add(uri)
            else:
                found = [node for node in self.root.iter() if node.get(WSU_ID) == uri[1:]]
                demand(len(found) == 1, f"reference {uri} has {len(found)} targets")
                octets = canonical(found[0], transform)
                seen.add(etree.QName(found[0]).localname)
            digest = base64.b64decode(text_of(one, "ds:DigestValue"))
            demand(hashlib.sha256(octets).digest() == digest, "digest of " + uri)
        demand(seen >= {"Messaging", "Body"} | {"cid:" + name for name in packed}, f"signed is only {sorted(seen)}")

    def check_signature(self, signer):
        info = self.root.find(".//ds:Signature/ds:SignedInfo", NS)
        self.named_signer, certificate, self.above_signer = tokens.read(
            self.root.find(".//ds:Signature/ds:KeyInfo", NS), self.root, [signer.certificate["sign"]] if signer else [])
        if signer:
            demand(certificate == signer.certificate["sign"], "signed with another certificate")
        value = base64.b64decode(text_of(self.root, ".//ds:SignatureValue"))
        octets = canonical(info, info.find("ds:CanonicalizationMethod", NS))
        try:
            algorithms.verify(self.algorithm, certificate.public_key(), value, octets)
        except InvalidSignature:
            raise wrong("the signature does not verify") from None

    def unpack(self, packed):
        body = self.root.find("s:Body", NS)
        demand(len(body) == 0 and not (body.text or "").strip(), "the Body is not empty")
        for info in self.root.findall(".//eb:PartInfo", NS):
            properties = {one.get("name"): one.text for one in info.findall("eb:PartProperties/eb:Property", NS)}
            data = packed[info.get("href")[len("cid:"):]]
            if properties.get("CompressionType") == "application/gzip":
                data = zlib.decompress(data, 31)
            self.parts.append({"properties": properties, "data": data})
        demand(len(self.parts) == len(packed), "a part is not in PayloadInfo")


def where_recipient_is_named(key):
    agreed = key.find("ds:KeyInfo/xenc:AgreementMethod", NS)
    return key.find("ds:KeyInfo", NS) if agreed is None else agreed.find("xenc:RecipientKeyInfo", NS)


def content_key_of(key, us):
    method = key.find("xenc:EncryptionMethod", NS)
    value = base64.b64decode(text_of(key, "xenc:CipherData/xenc:CipherValue"))
    if method.get("Algorithm") == XENC11 + "rsa-oaep":
        demand(method.find("ds:DigestMethod", NS).get("Algorithm") == XENC + "sha256", "OAEP digest")
        demand(method.find("xenc11:MGF", NS).get("Algorithm") == XENC11 + "mgf1sha256", "OAEP mask generation")
        return us.key["encrypt"].decrypt(value, algorithms.OAEP)
    demand(method.get("Algorithm") == XENC + "kw-aes128", "key encryption " + method.get("Algorithm"))
    agreed = key.find("ds:KeyInfo/xenc:AgreementMethod", NS)
    params = agreed.find("xenc11:KeyDerivationMethod/more:HKDFParams", NS)
    demand(text_of(params, "more:KeyLength") == "16", "KeyLength is in bytes and 16")
    salt, info = (base64.b64decode(text_of(params, "more:" + name)) for name in ("Salt", "Info"))
    encoded = agreed.find("xenc:OriginatorKeyInfo/dsig11:DEREncodedKeyValue", NS)
    if encoded is not None:
        once = serialization.load_der_public_key(base64.b64decode(encoded.text))
    else:
        point = base64.b64decode(text_of(agreed, "xenc:OriginatorKeyInfo/ds:KeyValue/dsig11:ECKeyValue/dsig11:PublicKey"))
        once = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    return algorithms.unwrap_agreed(us.key["encrypt"], once, salt, info, value)


def digests(references):
    return sorted((one.get("URI"), text_of(one, "ds:DigestValue")) for one in references)
