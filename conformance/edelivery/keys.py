"""Keys and certificates of every party and profile, made with `cryptography` for one run."""
import datetime
import pathlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa, x25519

DAY = datetime.timedelta(days=1)


def new_key(suite, use):
    if suite == "rsa":
        return rsa.generate_private_key(65537, 3072)
    if suite == "ecdsa":
        return ec.generate_private_key(ec.SECP256R1())
    return ed25519.Ed25519PrivateKey.generate() if use == "sign" else x25519.X25519PrivateKey.generate()


class authority:
    policies = ()  # OIDs under which it issues from now on

    def __init__(self, name="Conformance Test Authority", above=None):
        self.name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = (above or self).issue(self.name, self.key.public_key(), None)
        self.path = [*above.path, self.certificate] if above else []  # from below the root down

    def issue(self, subject, public, use, begins=-1, ends=30):
        now = datetime.datetime.utcnow()
        made = (x509.CertificateBuilder().subject_name(subject).issuer_name(self.name).public_key(public)
                .serial_number(x509.random_serial_number())
                .not_valid_before(now + begins * DAY).not_valid_after(now + ends * DAY)
                .add_extension(x509.BasicConstraints(use is None, None), True)
                .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), False)
                .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), False))
        agrees = use == "encrypt" and not isinstance(public, rsa.RSAPublicKey)
        usage = x509.KeyUsage(digital_signature=use in ("sign", "both"), content_commitment=use == "sign",
                              key_encipherment=use in ("encrypt", "both") and not agrees, data_encipherment=False,
                              key_agreement=agrees, key_cert_sign=use is None, crl_sign=use is None,
                              encipher_only=False, decipher_only=False)
        if self.policies:
            named = [x509.PolicyInformation(x509.ObjectIdentifier(one), None) for one in self.policies]
            made = made.add_extension(x509.CertificatePolicies(named), False)
        return made.add_extension(usage, True).sign(self.key, hashes.SHA256())


def pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)


class party:
    """One access point with one profile: keys in memory and as sign/encrypt .pem and .key, and ca.pem, in a folder."""

    issuers = ()  # above its certificates, below the root, from the top

    def __init__(self, name, suite, issuer, folder, begins=-1, ends=30):
        self.name, self.suite, self.folder = name, suite, pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COUNTRY_NAME, "EU"),
                             x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "Conformance"),
                             x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        self.key, self.certificate, self.issuers = {}, {}, issuer.path
        for use in ("sign", "encrypt"):
            self.key[use] = new_key(suite, use)
            self.certificate[use] = issuer.issue(subject, self.key[use].public_key(), use, begins, ends)
            (self.folder / f"{use}.pem").write_bytes(pem(self.certificate[use]))
            (self.folder / f"{use}.key").write_bytes(self.key[use].private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
            (self.folder / f"{use}.key").chmod(0o600)
        (self.folder / "ca.pem").write_bytes(pem(issuer.certificate))

    def knows(self, other):
        """Puts the other's certificate beside our keys, for those who look it up by its name."""
        (self.folder / "partner.pem").write_bytes(pem(other.certificate["sign"]))

    def file(self, use):
        return str(self.folder / f"{use}.pem")


def party_of(folder, name, suite):
    """The party whose keys and certificates an earlier run left in the folder."""
    found = party.__new__(party)
    found.name, found.suite, found.folder = name, suite, pathlib.Path(folder)
    read = lambda file: (found.folder / file).read_bytes()
    found.certificate = {use: x509.load_pem_x509_certificate(read(use + ".pem")) for use in ("sign", "encrypt")}
    found.key = {use: serialization.load_pem_private_key(read(use + ".key"), None) for use in ("sign", "encrypt")}
    return found


def both_uses(name, issuer, folder):
    """An RSA key for signing and for decrypting, as own.pem and own.key: some products have no two."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    key = new_key("rsa", "sign")
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    (folder / "own.pem").write_bytes(pem(issuer.issue(subject, key.public_key(), "both")))
    (folder / "own.key").write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                                       serialization.NoEncryption()))
    return folder
