"""What the three profiles of eDelivery AS4 sign and encrypt with, by `cryptography`. Nothing of ours is used."""
import os

from cryptography.hazmat.primitives import hashes, keywrap, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, x25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SUITES = ("rsa", "eddsa", "ecdsa")
PROFILE = {"rsa": "edelivery-1.15-rsa", "eddsa": "edelivery-2.0-eddsa", "ecdsa": "edelivery-2.0-ecdsa"}
SIGNATURE = {
    "rsa": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    "eddsa": "http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519",
    "ecdsa": "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
}
KEY_ENCRYPTION = {"rsa": "http://www.w3.org/2009/xmlenc11#rsa-oaep", "eddsa": "http://www.w3.org/2001/04/xmlenc#kw-aes128",
                  "ecdsa": "http://www.w3.org/2001/04/xmlenc#kw-aes128"}
AGREEMENT = {"eddsa": "http://www.w3.org/2021/04/xmldsig-more#x25519", "ecdsa": "http://www.w3.org/2009/xmlenc11#ECDH-ES"}
OAEP = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)


def sign(suite, key, octets):
    if suite == "rsa":
        return key.sign(octets, padding.PKCS1v15(), hashes.SHA256())
    if suite == "eddsa":
        return key.sign(octets)
    r, s = decode_dss_signature(key.sign(octets, ec.ECDSA(hashes.SHA256())))
    size = (key.curve.key_size + 7) // 8
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def verify(algorithm, key, signature, octets):
    """Raises InvalidSignature; KeyError for an algorithm outside the profiles."""
    suite = {uri: name for name, uri in SIGNATURE.items()}[algorithm]
    if suite == "rsa":
        key.verify(signature, octets, padding.PKCS1v15(), hashes.SHA256())
    elif suite == "eddsa":
        key.verify(signature, octets)
    else:
        half = len(signature) // 2
        halves = (int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big"))
        key.verify(encode_dss_signature(*halves), octets, ec.ECDSA(hashes.SHA256()))


def seal(key, plain):
    nonce = os.urandom(12)
    return nonce + AESGCM(key).encrypt(nonce, plain, None)


def unseal(key, octets):
    return AESGCM(key).decrypt(octets[:12], octets[12:], None)


def derive(secret, salt, info):
    return HKDF(hashes.SHA256(), 16, salt, info).derive(secret)


def wrap_for(suite, public, content_key):
    """What the EncryptedKey carries: the wrapped key, and for key agreement the one-time public key and the salt."""
    if suite == "rsa":
        return public.encrypt(content_key, OAEP), None, None
    if suite == "eddsa":
        once = x25519.X25519PrivateKey.generate()
        secret = once.exchange(public)
    else:
        once = ec.generate_private_key(public.curve)
        secret = once.exchange(ec.ECDH(), public)
    salt = os.urandom(32)
    return keywrap.aes_key_wrap(derive(secret, salt, b""), content_key), once.public_key(), salt


def unwrap_agreed(private, once, salt, info, wrapped):
    secret = private.exchange(once) if isinstance(private, x25519.X25519PrivateKey) else private.exchange(ec.ECDH(), once)
    return keywrap.aes_key_unwrap(derive(secret, salt, info), wrapped)


def spki(public):
    return public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def point(public):
    return public.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
