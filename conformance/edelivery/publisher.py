"""A zone of DNS and a Service Metadata Publisher (OASIS SMP 2.0) on loopback; its records are signed by xmlsec1."""
import base64
import contextlib
import hashlib
import http.server
import socket
import struct
import subprocess
import threading

from cryptography.hazmat.primitives import serialization

from .names import UNREGISTERED as EBCORE

ZONE = "participants.conformance.example"
TRANSPORT = "bdxr-transport-ebms3-as4-v1p0"
DOCUMENT = ("bdx-docid-qns", "urn:conformance:note")

SIGNATURE = """<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo>
<CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>
<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/><Reference URI=""><Transforms>
<Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/></Transforms>
<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue/></Reference></SignedInfo>
<SignatureValue/><KeyInfo><X509Data><X509Certificate>{}</X509Certificate></X509Data></KeyInfo></Signature>"""

RECORD = """<ServiceMetadata xmlns="http://docs.oasis-open.org/bdxr/ns/SMP/2/ServiceMetadata"
 xmlns:sma="http://docs.oasis-open.org/bdxr/ns/SMP/2/AggregateComponents"
 xmlns:smb="http://docs.oasis-open.org/bdxr/ns/SMP/2/BasicComponents"><smb:SMPVersionID>2.0</smb:SMPVersionID>
 <smb:ID schemeID="{document[0]}">{document[1]}</smb:ID><smb:ParticipantID schemeID="{ebcore}">{name}</smb:ParticipantID>
 <sma:ProcessMetadata><sma:Process><smb:ID schemeID="{agreed.service_type}">{agreed.service}</smb:ID></sma:Process>
 <sma:Endpoint><smb:TransportProfileID>{transport}</smb:TransportProfileID><smb:AddressURI>{address}</smb:AddressURI>
 {certificates}</sma:Endpoint></sma:ProcessMetadata>{signature}</ServiceMetadata>"""

CERTIFICATE = """<sma:Certificate><smb:TypeCode>http://www.w3.org/2002/03/xkms#{}</smb:TypeCode>
<smb:ContentBinaryObject mimeCode="application/base64">{}</smb:ContentBinaryObject></sma:Certificate>"""


def der(certificate):
    return base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode()


def hashed(name):
    digest = hashlib.sha256(f"{EBCORE}:{name}".lower().encode()).digest()
    return base64.b32encode(digest).decode().rstrip("=")


class publisher:
    """`own` are its keys (keys.party, RSA). Participants are those that `register` names."""

    def __init__(self, own):
        self.own, self.records, self.names, self.asked = own, {}, set(), []
        outer = self

        class door(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked.append(self.path)
                record = outer.records.get(self.path)
                self.send_response(200 if record else 404)
                self.send_header("Content-Length", str(len(record or b"")))
                self.end_headers()
                self.wfile.write(record or b"")

            def log_message(self, *_):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), door)
        self.dns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.dns.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.http.server_port}/"
        self.dns_address = f"127.0.0.1:{self.dns.getsockname()[1]}"
        threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True).start()
        threading.Thread(target=self.answer_names, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.http.shutdown()
        self.http.server_close()
        with contextlib.suppress(OSError):  # it says "not connected", and wakes who waits for a question
            self.dns.shutdown(socket.SHUT_RDWR)
        self.dns.close()

    def register(self, name, party, address, agreed):
        """The participant takes the document at that access point."""
        certificates = "".join(CERTIFICATE.format(use, der(party.certificate[key]))
                               for use, key in (("Signature", "sign"), ("Exchange", "encrypt")))
        text = RECORD.format(document=DOCUMENT, ebcore=EBCORE, name=name, agreed=agreed, transport=TRANSPORT,
                             address=address, certificates=certificates,
                             signature=SIGNATURE.format(der(self.own.certificate["sign"])))
        file = self.own.folder / "record.xml"
        file.write_text(text)
        made = subprocess.run(["xmlsec1", "--sign", "--privkey-pem", str(self.own.folder / "sign.key"), str(file)],
                              check=True, capture_output=True)
        encoded = lambda one: one.replace(":", "%3A")
        self.records[f"/bdxr-smp-2/{encoded(f'{EBCORE}:{name}')}/services/{encoded('::'.join(DOCUMENT))}"] = made.stdout
        self.names.add(f"{hashed(name)}.{ZONE}")

    def answer_names(self):
        while True:
            try:
                asked, whence = self.dns.recvfrom(512)
            except OSError:
                return
            if not asked:
                return
            end, labels = 12, []
            while asked[end]:
                labels.append(asked[end + 1:end + 1 + asked[end]].decode())
                end += 1 + asked[end]
            known = ".".join(labels) in self.names and asked[end + 1:end + 3] == b"\0\x23"
            counted = lambda text: bytes([len(text)]) + text.encode()
            found = struct.pack(">HH", 100, 10) + counted("U") + counted("Meta:SMP") + counted(f"!^.*$!{self.url}!") + b"\0"
            record = b"\xc0\x0c" + struct.pack(">HHIH", 35, 1, 60, len(found)) + found
            head = asked[:2] + struct.pack(">HHHHH", 0x8180 if known else 0x8183, 1, int(known), 0, 0)
            self.dns.sendto(head + asked[12:end + 5] + (record if known else b""), whence)

    def discovery(self, authority_file, **changes):
        """The member of a P-Mode that looks here."""
        return {"zone": ZONE, "version": "2.0", "document": {"scheme": DOCUMENT[0], "value": DOCUMENT[1]},
                "authorities": [authority_file],
                "publisher": {"certificates": [str(self.own.folder / "sign.pem")]}, **changes}
