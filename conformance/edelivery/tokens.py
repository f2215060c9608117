"""The five ways to name a certificate in a message (WSS X.509 Token Profile 1.1.1), written, and read by a reader of our own."""
import base64
import hashlib
import struct

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import SubjectKeyIdentifier
from xml.sax.saxutils import escape

from .names import BASE64, NS, TOKEN, WSSE11, WSU

KINDS = ("binary_security_token", "pki_path", "subject_key_identifier", "issuer_serial", "thumbprint")
BINARY = {TOKEN + "X509v3": "binary_security_token", TOKEN + "X509PKIPathv1": "pki_path"}
THUMBPRINT = "http://docs.oasis-open.org/wss/oasis-wss-soap-message-security-1.1#ThumbprintSHA1"
IDENTIFIER = {TOKEN + "X509SubjectKeyIdentifier": "subject_key_identifier", THUMBPRINT: "thumbprint"}


class unreadable(Exception):
    """A token that names nothing, or is not as the profile has it."""


def demand(holds, what):
    if not holds:
        raise unreadable(what)


def der(certificate):
    return certificate.public_bytes(serialization.Encoding.DER)


def key_identifier(certificate):
    return certificate.extensions.get_extension_for_class(SubjectKeyIdentifier).value.digest


def thumbprint(certificate):
    return hashlib.sha1(der(certificate)).digest()


# Written

def in_sequence(octets):
    """SEQUENCE in DER."""
    size = len(octets)
    if size < 128:
        return b"\x30" + bytes([size]) + octets
    length = struct.pack(">I", size).lstrip(b"\0")
    return b"\x30" + bytes([0x80 | len(length)]) + length + octets


def write(kind, certificate, issuers, name):
    """(the BinarySecurityToken or "", the SecurityTokenReference). `issuers`: from the authority down."""
    text = lambda octets: base64.b64encode(octets).decode()
    inside, binary, mark = "", "", ""
    if kind == "issuer_serial":
        inside = (f"<ds:X509Data><ds:X509IssuerSerial><ds:X509IssuerName>{escape(certificate.issuer.rfc4514_string())}"
                  f"</ds:X509IssuerName><ds:X509SerialNumber>{certificate.serial_number}</ds:X509SerialNumber>"
                  f"</ds:X509IssuerSerial></ds:X509Data>")
    elif kind in IDENTIFIER.values():
        uri = {kind: uri for uri, kind in IDENTIFIER.items()}[kind]
        octets = thumbprint(certificate) if kind == "thumbprint" else key_identifier(certificate)
        inside = f'<wsse:KeyIdentifier EncodingType="{BASE64}" ValueType="{uri}">{text(octets)}</wsse:KeyIdentifier>'
    else:
        uri = {kind: uri for uri, kind in BINARY.items()}[kind]
        octets = der(certificate)
        if kind == "pki_path":
            octets = in_sequence(b"".join(map(der, [*issuers, certificate])))
            mark = f' xmlns:wsse11="{WSSE11}" wsse11:TokenType="{uri}"'
        binary = (f'<wsse:BinarySecurityToken EncodingType="{BASE64}" ValueType="{uri}" wsu:Id="{name}">{text(octets)}'
                  f"</wsse:BinarySecurityToken>")
        inside = f'<wsse:Reference URI="#{name}" ValueType="{uri}"/>'
    return binary, f"<wsse:SecurityTokenReference{mark}>{inside}</wsse:SecurityTokenReference>"


# Read

def element_of(octets, at):
    """One element of DER: (tag, begin of its content, end)."""
    demand(at + 2 <= len(octets), "DER ends too soon")
    tag, size, begin = octets[at], octets[at + 1], at + 2
    if size & 0x80:
        count = size & 0x7F
        demand(1 <= count <= 4 and begin + count <= len(octets), "a length of DER that is none")
        size = int.from_bytes(octets[begin:begin + count], "big")
        begin += count
        demand(size >= 128 and octets[begin - count] != 0, "a length that is not DER")
    demand(begin + size <= len(octets), "DER ends too soon")
    return tag, begin, begin + size


def read_path(octets):
    """The certificates of a PKIPath: from the authority down, each the issuer of the next, the one that is named last."""
    tag, at, end = element_of(octets, 0)
    demand(tag == 0x30 and end == len(octets), "a PKIPath is one SEQUENCE")
    path = []
    while at < end:
        tag, _, after = element_of(octets, at)
        demand(tag == 0x30, "a PKIPath holds certificates alone")
        path.append(x509.load_der_x509_certificate(octets[at:after]))
        at = after
    demand(path, "an empty PKIPath")
    for issuer, issued in zip(path, path[1:]):
        demand(issued.issuer == issuer.subject, "a PKIPath is out of order")
        issuer.public_key().verify(issued.signature, issued.tbs_certificate_bytes, ec.ECDSA(issued.signature_hash_algorithm))
    return path


def read_binary(reference, root):
    uri, name = reference.get("ValueType"), reference.get("URI")
    found = [one for one in root.iterfind(".//wsse:BinarySecurityToken", NS) if "#" + one.get(f"{{{WSU}}}Id") == name]
    demand(len(found) == 1, f"{len(found)} tokens for {name}")
    demand(found[0].get("ValueType") == uri and found[0].get("EncodingType") == BASE64, "type of the token")
    kind, octets = BINARY.get(uri), base64.b64decode("".join(found[0].text.split()), validate=True)
    demand(kind, f"a token of type {uri}")
    path = read_path(octets) if kind == "pki_path" else [x509.load_der_x509_certificate(octets)]
    return kind, path


def read(parent, root, known=()):
    """Of the one SecurityTokenReference below `parent`: (kind, the certificate it names, those above it). `known`: the
    certificates that a name alone may stand for."""
    demand(parent is not None, "nothing that could name a certificate")
    references = parent.findall("wsse:SecurityTokenReference", NS)
    demand(len(references) == 1 and len(references[0]) == 1, "not one reference to a token")
    inside = references[0][0]
    if (reference := references[0].find("wsse:Reference", NS)) is not None:
        kind, path = read_binary(reference, root)
        mark = references[0].get(f"{{{WSSE11}}}TokenType")
        demand(mark in (None, reference.get("ValueType")) and (mark or kind != "pki_path"), "TokenType of the reference")
        return kind, path[-1], path[:-1]
    if (identifier := references[0].find("wsse:KeyIdentifier", NS)) is not None:
        kind = IDENTIFIER.get(identifier.get("ValueType"))
        demand(kind and identifier.get("EncodingType") == BASE64, "type of the KeyIdentifier")
        wanted, of = base64.b64decode(identifier.text, validate=True), thumbprint if kind == "thumbprint" else key_identifier
        found = [one for one in known if of(one) == wanted]
    else:
        kind, serial = "issuer_serial", inside.find("ds:X509IssuerSerial", NS)
        demand(serial is not None and len(inside) == 1, f"a reference of another kind: {inside.tag}")
        issuer = x509.Name.from_rfc4514_string(serial.findtext("ds:X509IssuerName", namespaces=NS))
        number = int(serial.findtext("ds:X509SerialNumber", namespaces=NS))
        found = [one for one in known if one.issuer == issuer and one.serial_number == number]
    demand(len(found) == 1, f"{kind} names {len(found)} certificates that are known")
    return kind, found[0], []
