"""Permits are JWS by Ed25519: verified by cryptography with the keys that the authority publishes."""
import base64
import json

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from checks.network import COUNTRIES, segment


def unpadded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def verified(jws, keys):
    """The payload when the signature holds under the named key, else None (RFC 7515, 8037)."""
    head, payload, signature = jws.split(".")
    header = json.loads(unpadded(head))
    if header["alg"] != "EdDSA" or header["kid"] not in keys:
        return None
    try:
        keys[header["kid"]].verify(unpadded(signature), f"{head}.{payload}".encode())
    except InvalidSignature:
        return None
    return json.loads(unpadded(payload))


def judge_permit(at, case, keys, told):
    permit = at.read("/api/permits/" + segment(case["permit_id"]), "decider")
    payload = verified(permit["jws"], keys)
    told.demand(payload is not None, "cryptography", "a permit verifies with the published keys", case["permit_id"])
    told.demand(payload and payload["permit"] == case["permit_id"] and payload["authority"]["country"] == at.name,
                "json", "a permit names itself and its authority", case["permit_id"])
    head, body, signature = permit["jws"].split(".")
    changed = unpadded(body).replace(b"2031", b"2041")
    forged = head + "." + base64.urlsafe_b64encode(changed).rstrip(b"=").decode() + "." + signature
    told.demand(changed != unpadded(body) and verified(forged, keys) is None, "cryptography",
                "a permit with a later end does not verify", case["permit_id"])


def judge(nodes, told):
    for name in COUNTRIES:
        at = nodes[name]
        keys = {one["kid"]: Ed25519PublicKey.from_public_bytes(unpadded(one["x"]))
                for one in at.read("/.well-known/jwks.json")["keys"] if one["crv"] == "Ed25519"}
        issued = [case for case in at.read("/api/cases", "decider")["cases"] if case["permit_id"]]
        told.demand(issued, "HTTP", "a country has issued a permit", name)
        for case in issued:
            judge_permit(at, case, keys, told)
