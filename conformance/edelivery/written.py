"""Writes AS4 messages by lxml and `cryptography`: user messages, receipts, errors; and any fault a test asks for."""
import base64
import datetime
import gzip
import hashlib
import os
import uuid
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from . import algorithms, tokens
from .names import BP, DS, DSIG11, EB, EXC, MORE, NS, S12, SHA256, SWA, UNREGISTERED, WSSE, WSSE11, WSU, XENC, XENC11

SPACES = " ".join(f'xmlns:{short}="{uri}"' for short, uri in
                  {"S12": S12, "eb": EB, "wsse": WSSE, "wsu": WSU, "ds": DS}.items())


def b64(octets):
    return base64.b64encode(octets).decode()


def now():
    return datetime.datetime.utcnow().isoformat(timespec="milliseconds") + "Z"


def new_id():
    return f"{uuid.uuid4()}@conformance.example"


def canonical(node):
    return etree.tostring(node, method="c14n", exclusive=True, with_comments=False)


class part:
    def __init__(self, data, mime="application/json", compress=True, charset=None, more=(), **faults):
        self.more = more  # properties of the sender's own
        self.name = f"{uuid.uuid4().hex}@conformance.example"
        self.data, self.mime, self.compress, self.charset, self.faults = data, mime, compress, charset, faults
        packed = gzip.compress(data, 6, mtime=0) if compress else data
        self.packed = faults.get("packed", packed)            # what is sent
        self.digested = faults.get("digested", self.packed)   # what is signed

    def info(self):
        properties = [("MimeType", self.mime), ("CharacterSet", self.charset),
                      ("CompressionType", "application/gzip" if self.compress else None)]
        properties = self.faults.get("properties", [one for one in properties if one[1]])
        href = self.faults.get("href", "cid:" + self.name)
        return (f"<eb:PartInfo href={quoteattr(href)}><eb:PartProperties>{property_lines([*properties, *self.more])}"
                "</eb:PartProperties></eb:PartInfo>")


def property_lines(properties):
    """Of (name, value) or (name, value, type)."""
    kind = lambda of: f" type={quoteattr(of[0])}" if of else ""
    return "".join(f"<eb:Property name={quoteattr(name)}{kind(of)}>{escape(value)}</eb:Property>"
                   for name, value, *of in properties)


def user_message(agreed, parts, message_id=None, conversation="conversation-1", action="notify", refers_to=None,
                 properties=(), sent_at=None, **other):
    """The eb:UserMessage. `agreed` has parties, service and agreement (see nodes.agreement)."""
    ref = f"<eb:RefToMessageId>{escape(refers_to)}</eb:RefToMessageId>" if refers_to else ""
    service, service_type = other.get("service", (agreed.service, agreed.service_type))
    service_type = f" type={quoteattr(service_type)}" if service_type else ""
    sender = other.get("from_ids", [agreed.peer])
    from_type, to_type = other.get("party_types", (UNREGISTERED, UNREGISTERED))
    ids = "".join(f'<eb:PartyId type="{from_type}">{escape(one)}</eb:PartyId>' for one in sender)
    agreement = other.get("agreement", agreed.value)
    agreement = f"<eb:AgreementRef>{escape(agreement)}</eb:AgreementRef>" if agreement else ""
    infos = "".join(one.info() for one in parts)
    mpc = f" mpc={quoteattr(other['mpc'])}" if "mpc" in other else ""
    return (
        f"<eb:UserMessage{mpc}><eb:MessageInfo><eb:Timestamp>{sent_at or now()}</eb:Timestamp>"
        f"<eb:MessageId>{escape(message_id or new_id())}</eb:MessageId>{ref}</eb:MessageInfo><eb:PartyInfo>"
        f"<eb:From>{ids}<eb:Role>{EB}initiator</eb:Role></eb:From>"
        f'<eb:To><eb:PartyId type="{to_type}">{escape(agreed.node)}</eb:PartyId><eb:Role>{EB}responder</eb:Role></eb:To>'
        f"</eb:PartyInfo><eb:CollaborationInfo>{agreement}"
        f"<eb:Service{service_type}>{escape(service)}</eb:Service><eb:Action>{escape(action)}</eb:Action>"
        f"<eb:ConversationId>{escape(conversation)}</eb:ConversationId></eb:CollaborationInfo>"
        + (f"<eb:MessageProperties>{property_lines(properties)}</eb:MessageProperties>" if properties else "")
        + (f"<eb:PayloadInfo>{infos}</eb:PayloadInfo>" if infos else "") + "</eb:UserMessage>")


def receipt(refers_to, references):
    """`references`: the ds:Reference elements of the message, as text."""
    info = "".join(f"<bp:MessagePartNRInformation>{one}</bp:MessagePartNRInformation>" for one in references)
    return (f"<eb:SignalMessage><eb:MessageInfo><eb:Timestamp>{now()}</eb:Timestamp><eb:MessageId>{new_id()}</eb:MessageId>"
            f"<eb:RefToMessageId>{escape(refers_to)}</eb:RefToMessageId></eb:MessageInfo><eb:Receipt>"
            f'<bp:NonRepudiationInformation xmlns:bp="{BP}">{info}</bp:NonRepudiationInformation></eb:Receipt></eb:SignalMessage>')


def error(refers_to, code="EBMS:0004", severity="failure"):
    return (f"<eb:SignalMessage><eb:MessageInfo><eb:Timestamp>{now()}</eb:Timestamp><eb:MessageId>{new_id()}</eb:MessageId>"
            f"<eb:RefToMessageId>{escape(refers_to)}</eb:RefToMessageId></eb:MessageInfo>"
            f'<eb:Error errorCode="{code}" severity="{severity}" category="Content" origin="ebMS" shortDescription="Other" '
            f"refToMessageInError={quoteattr(refers_to)}/></eb:SignalMessage>")


def reference(uri, octets, transform, digest=SHA256):
    hashed = hashlib.sha256(octets).digest() if digest == SHA256 else hashlib.sha1(octets).digest()
    return (f'<ds:Reference URI="{uri}"><ds:Transforms><ds:Transform Algorithm="{transform}"/></ds:Transforms>'
            f'<ds:DigestMethod Algorithm="{digest}"/><ds:DigestValue>{b64(hashed)}</ds:DigestValue></ds:Reference>')


def encrypted_key(suite, recipient, content_key, names, kind="subject_key_identifier"):
    """xenc:EncryptedKey for the recipient, named so, and an xenc:EncryptedData for each part (eDelivery 1.15, or 2.0 2.2.6)."""
    wrapped, once, salt = algorithms.wrap_for(suite, recipient.certificate["encrypt"].public_key(), content_key)
    binary, token = tokens.write(kind, recipient.certificate["encrypt"], recipient.issuers, "X509-2")
    if suite == "rsa":
        method = (f'<xenc:EncryptionMethod Algorithm="{XENC11}rsa-oaep"><ds:DigestMethod Algorithm="{SHA256}"/>'
                  f'<xenc11:MGF xmlns:xenc11="{XENC11}" Algorithm="{XENC11}mgf1sha256"/></xenc:EncryptionMethod>')
        info = token
    else:
        method = f'<xenc:EncryptionMethod Algorithm="{XENC}kw-aes128"/>'
        value = (f'<dsig11:DEREncodedKeyValue xmlns:dsig11="{DSIG11}">{b64(algorithms.spki(once))}</dsig11:DEREncodedKeyValue>'
                 if suite == "eddsa" else
                 f'<ds:KeyValue><dsig11:ECKeyValue xmlns:dsig11="{DSIG11}"><dsig11:NamedCurve URI="urn:oid:1.2.840.10045.3.1.7"/>'
                 f"<dsig11:PublicKey>{b64(algorithms.point(once))}</dsig11:PublicKey></dsig11:ECKeyValue></ds:KeyValue>")
        info = (f'<xenc:AgreementMethod Algorithm="{algorithms.AGREEMENT[suite]}">'
                f'<xenc11:KeyDerivationMethod xmlns:xenc11="{XENC11}" Algorithm="{MORE}hkdf"><more:HKDFParams xmlns:more="{MORE}">'
                f'<more:PRF Algorithm="http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"/><more:Salt>{b64(salt)}</more:Salt>'
                f"<more:KeyLength>16</more:KeyLength></more:HKDFParams></xenc11:KeyDerivationMethod>"
                f"<xenc:OriginatorKeyInfo>{value}</xenc:OriginatorKeyInfo>"
                f"<xenc:RecipientKeyInfo>{token}</xenc:RecipientKeyInfo></xenc:AgreementMethod>")
    listed = "".join(f'<xenc:DataReference URI="#ED-{i}"/>' for i in range(len(names)))
    key = (f'<xenc:EncryptedKey xmlns:xenc="{XENC}" Id="EK-1">{method}<ds:KeyInfo>{info}</ds:KeyInfo><xenc:CipherData>'
           f"<xenc:CipherValue>{b64(wrapped)}</xenc:CipherValue></xenc:CipherData><xenc:ReferenceList>{listed}</xenc:ReferenceList>"
           f"</xenc:EncryptedKey>")
    return binary + key + "".join(
        f'<xenc:EncryptedData xmlns:xenc="{XENC}" Id="ED-{i}" MimeType="{mime}" Type="{SWA}Attachment-Content-Only">'
        f'<xenc:EncryptionMethod Algorithm="{XENC11}aes128-gcm"/><ds:KeyInfo><wsse:SecurityTokenReference xmlns:wsse11="{WSSE11}" '
        f'wsse11:TokenType="http://docs.oasis-open.org/wss/oasis-wss-soap-message-security-1.1#EncryptedKey">'
        f'<wsse:Reference URI="#EK-1"/></wsse:SecurityTokenReference></ds:KeyInfo><xenc:CipherData>'
        f'<xenc:CipherReference URI="cid:{name}"><xenc:Transforms><ds:Transform Algorithm="{SWA}Attachment-Ciphertext-Transform"/>'
        f"</xenc:Transforms></xenc:CipherReference></xenc:CipherData></xenc:EncryptedData>"
        for i, (name, mime) in enumerate(names))


def signature(suite, token, references, method=None):
    """ds:Signature over references that are ready; SignedInfo is canonicalised where it will stand."""
    return (f'<ds:Signature Id="SIG-1"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{EXC}"/>'
            f'<ds:SignatureMethod Algorithm="{method or algorithms.SIGNATURE[suite]}"/>{"".join(references)}</ds:SignedInfo>'
            f"<ds:SignatureValue></ds:SignatureValue><ds:KeyInfo>{token}</ds:KeyInfo></ds:Signature>")


def envelope(signer, messaging, recipient=None, parts=(), body="", **fault):
    """The signed SOAP envelope as bytes, and the parts as they travel: [(name, type, bytes)].

    Faults: signed=False, encrypted=False, unsigned_parts, digest, before_signing(root), after_signing(root).
    signing_token, encryption_token: how signer and recipient are named (tokens.KINDS); named: another certificate for the signer's.
    """
    head = (f'<S12:Envelope {SPACES}><S12:Header><wsse:Security S12:mustUnderstand="true"/>'
            f'<eb:Messaging S12:mustUnderstand="true" wsu:Id="messaging">{messaging}</eb:Messaging></S12:Header>'
            f'<S12:Body wsu:Id="body">{body}</S12:Body></S12:Envelope>')
    root = etree.fromstring(head.encode())
    security, message, soap_body = root.find(".//wsse:Security", NS), root.find(".//eb:Messaging", NS), root.find("s:Body", NS)
    if "before_signing" in fault:
        fault["before_signing"](root)
    digest = fault.get("digest", SHA256)
    references = [reference("#messaging", canonical(message), EXC, digest), reference("#body", canonical(soap_body), EXC, digest)]
    references += [reference("cid:" + one.name, one.digested, SWA + "Attachment-Content-Signature-Transform", digest)
                   for one in parts if not fault.get("unsigned_parts")]
    travelling = [(one.name, "application/gzip" if one.compress else one.mime, one.packed) for one in parts]
    if recipient and parts and fault.get("encrypted", True):
        content_key = os.urandom(16)
        insert(security, encrypted_key(recipient.suite, recipient, content_key, [(n, t) for n, t, _ in travelling],
                                       fault.get("encryption_token", "subject_key_identifier")))
        travelling = [(name, "application/octet-stream", algorithms.seal(content_key, data)) for name, _, data in travelling]
    if fault.get("signed", True):
        binary, token = tokens.write(fault.get("signing_token", "binary_security_token"),
                                     fault.get("named", signer.certificate["sign"]), signer.issuers, "X509-1")
        insert(security, binary + signature(signer.suite, token, references, fault.get("method")))
        info = security.find("ds:Signature/ds:SignedInfo", NS)
        value = algorithms.sign(signer.suite, fault.get("key", signer.key["sign"]), canonical(info))
        security.find("ds:Signature/ds:SignatureValue", NS).text = b64(value)
    if "after_signing" in fault:
        fault["after_signing"](root)
    return etree.tostring(root), travelling


def insert(into, text):
    for node in etree.fromstring(f"<x {SPACES}>{text}</x>".encode()):
        into.append(node)


def multipart(soap, travelling):
    """Content-Type and body of the HTTP request."""
    if not travelling:
        return "application/soap+xml; charset=UTF-8", soap
    boundary = "boundary-" + uuid.uuid4().hex
    body = (f"--{boundary}\r\nContent-Type: application/soap+xml; charset=UTF-8\r\nContent-Transfer-Encoding: binary\r\n"
            f"Content-ID: <root@conformance.example>\r\n\r\n").encode() + soap
    for name, kind, data in travelling:
        body += (f"\r\n--{boundary}\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: binary\r\n"
                 f"Content-ID: <{name}>\r\n\r\n").encode() + data
    body += f"\r\n--{boundary}--\r\n".encode()
    return (f'multipart/related; boundary="{boundary}"; type="application/soap+xml"; start="<root@conformance.example>"', body)
