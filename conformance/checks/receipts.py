"""Every receipt in every ledger: verified by xmlsec1, its digests compared with those of the message; every message
itself opened with lxml and cryptography."""
import base64
import contextlib
import functools
import io
import pathlib
import subprocess
import sys
import tempfile

from lxml import etree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests/edelivery/messaging"))
import independent_checker  # noqa: E402

# Reading a key proves its primes each time; four keys are read for hundreds of messages.
independent_checker.serialization.load_pem_private_key = functools.lru_cache(
    independent_checker.serialization.load_pem_private_key)

NS = {
    "s": "http://www.w3.org/2003/05/soap-envelope",
    "eb": "http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/",
    "bp": "http://docs.oasis-open.org/ebxml-bp/ebbp-signals-2.0",
    "xenc": "http://www.w3.org/2001/04/xmlenc#",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "wsse": "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd",
}
WSU_ID = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd}Id"


def entries(at):
    found, before = [], 0
    while True:
        page = at.read(f"/api/ledger?count=500&before={before}" if before else "/api/ledger?count=500", "auditor")
        if not page["entries"]:
            return found
        found += page["entries"]
        before = min(one["seq"] for one in page["entries"])


def kept(at, entry, what):
    return at.call(f"/api/ledger-bytes/{entry['seq']}?of={what}", "auditor")


def digests(references):
    return {one.get("URI"): one.findtext("ds:DigestValue", namespaces=NS).strip() for one in references}


def verified_by_xmlsec(receipt, folder, signer=None):
    """xmlsec1 over eb:Messaging and Body, with the signer's certificate (DER), or else the one that the message carries."""
    certificate, document = folder / "token.der", folder / "receipt.xml"
    certificate.write_bytes(signer or base64.b64decode(receipt.findtext(".//wsse:BinarySecurityToken", namespaces=NS)))
    document.write_bytes(etree.tostring(receipt))
    done = subprocess.run(
        ["xmlsec1", "--verify", "--enabled-reference-uris", "same-doc", "--pubkey-cert-der", str(certificate), "--id-attr:Id",
         NS["eb"] + ":Messaging", "--id-attr:Id", NS["s"] + ":Body", str(document)], capture_output=True, text=True)
    return done.returncode == 0, done.stdout + done.stderr


def is_certificate_of(signer, token):
    """The certificate in the message is the one that the signing node has in its folder."""
    lines = (signer.folder / "keys/sign.pem").read_text().splitlines()
    begin = lines.index("-----BEGIN CERTIFICATE-----")
    return base64.b64decode("".join(lines[begin + 1:lines.index("-----END CERTIFICATE-----", begin)])) == \
        base64.b64decode(token)


def opened_independently(raw, kind, signer, receiver, folder):
    message = folder / "message"
    message.write_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + raw)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            independent_checker.main(str(message), str(signer.folder / "keys/sign.pem"),
                                     str(receiver.folder / "keys/encrypt.key"))
    except (SystemExit, Exception) as why:
        return str(why) or type(why).__name__
    return ""


def soap_of(raw):
    if raw.startswith(b"--"):
        raw = raw.split(b"\r\n\r\n", 1)[1].split(b"\r\n--", 1)[0]
    return etree.fromstring(raw)


def judge_receipt(where, entry, answer, message, receiver, folder, told):
    holds, said = verified_by_xmlsec(answer, folder)
    told.demand(holds, "xmlsec1", "a receipt's signature verifies", f"{where}: {said[-300:]}")
    signed = digests(answer.findall(".//ds:SignedInfo/ds:Reference", NS))
    parts = {"#" + one.get(WSU_ID) for one in answer.iterfind("s:Header/eb:Messaging", NS)}
    parts |= {"#" + one.get(WSU_ID) for one in answer.iterfind("s:Body", NS)}
    told.demand(signed.keys() == parts, "lxml", "a receipt signs Messaging and Body", f"{where}: {sorted(signed)}")
    token = answer.findtext(".//wsse:BinarySecurityToken", namespaces=NS)
    told.demand(is_certificate_of(receiver, token), "lxml", "a receipt is signed by who received", where)
    acknowledged = digests(answer.findall(".//bp:MessagePartNRInformation/ds:Reference", NS))
    sent = digests(message.findall(".//ds:SignedInfo/ds:Reference", NS))
    told.demand(acknowledged == sent and len(sent) > 2, "lxml", "a receipt's digests are those of the message",
                f"{where}: {acknowledged} and {sent}")
    answered = answer.findtext(".//eb:SignalMessage/eb:MessageInfo/eb:RefToMessageId", namespaces=NS)
    told.demand(answered == entry["message_id"], "lxml", "a receipt names its message", f"{where}: {answered}")


def judge_entry(at, entry, nodes, folder, seen, told):
    """A sender keeps a message signed and encrypts it on the way out; a receiver keeps it as it came."""
    where = f"{at.name} ledger {entry['seq']} ({entry['direction']} {entry['action']})"
    is_out, other = entry["direction"] == "out", nodes[entry["access_point_id"]]
    sender, receiver = (at, other) if is_out else (other, at)
    raw, receipt = kept(at, entry, "raw"), kept(at, entry, "receipt")
    if not told.demand(raw.status == 200 and receipt.status == 200 and receipt.body, "HTTP",
                       "the ledger gives message and receipt", f"{where}: {raw.status} {receipt.status}"):
        return
    message = soap_of(raw.body)
    if entry["message_id"] in seen:
        told.demand(seen[entry["message_id"]] == receipt.body, "bytes", "both ends keep the same receipt", where)
    else:
        judge_receipt(where, entry, etree.fromstring(receipt.body), message, receiver, folder, told)
    seen[entry["message_id"]] = receipt.body
    why = opened_independently(raw.body, raw.content_type, sender, receiver, folder)
    told.demand(not why, "lxml and cryptography", "a message verifies, decrypts and unpacks", f"{where}: {why}")
    if not is_out:
        encrypted = message.find(".//xenc:EncryptedKey", NS) is not None
        told.demand(encrypted, "lxml", "a message that arrived was encrypted", where)


def judge(nodes, told):
    seen = {}  # message id -> its receipt
    with tempfile.TemporaryDirectory() as name:
        for at in nodes.values():
            for entry in entries(at):
                if entry["direction"] == "out" and entry["status"] != "delivered":
                    told.skipped("xmlsec1", "a receipt's signature verifies", f"a message is {entry['status']}")
                else:
                    judge_entry(at, entry, nodes, pathlib.Path(name), seen, told)
