"""What a country says of itself before it rehearses with its own node. All that is wrong is said at once, with the mend."""
import json
import os
import pathlib
import re

from cryptography import x509

from .. import algorithms
from ..names import UNREGISTERED
from ..rehearsal import FAULTS, SERVICE

MEMBERS = {"node", "run", "nation", "party", "authority", "address", "ca", "profile", "certificates", "pmode", "centre", "folder",
           "wait_seconds", "faults", "accounts", "commands"}
ROLES = ("editor", "screener", "auditor")
OF_A_COPY = "the country loses power"
NO_SLASHES = re.compile(r'("(?:\\.|[^"\\])*")|//[^\n]*|/\*.*?\*/', re.S)


class wrong_settings(Exception):
    def __init__(self, found):
        super().__init__("\n".join(found))
        self.found = found


def read_json(file):
    """As the node reads its own files: with comments."""
    try:
        return json.loads(NO_SLASHES.sub(lambda one: one.group(1) or " ", pathlib.Path(file).read_text()))
    except OSError as why:
        raise wrong_settings([f"{file} cannot be read: {why.strerror}. Check the path."]) from None
    except ValueError as why:
        raise wrong_settings([f"{file} is not JSON: {why}."]) from None


def settings_file(given):
    """A folder stands for its rehearse.json, or else its node.json."""
    given = pathlib.Path(given).resolve()
    if not given.is_dir():
        return given
    for name in ("rehearse.json", "node.json"):
        if (given / name).is_file():
            return given / name
    raise wrong_settings([f"{given} holds neither rehearse.json nor node.json. Name the settings file."])


class country:
    """The settings as the rehearsal uses them. What a node.json says stands where nothing else is said."""

    def __init__(self, given):
        self.file = settings_file(given)
        said = read_json(self.file)
        if isinstance(said.get("node"), dict):  # a node.json itself
            said = {"node": self.file.name}
        self.said, self.found, self.home = said, [], self.file.parent
        for name in sorted(set(said) - MEMBERS):
            self.wrong("/" + name, "is not known", "known are " + ", ".join(sorted(MEMBERS)))
        self.node_file = self.home / said["node"] if "node" in said else None
        self.run = said.get("run", "copy" if self.node_file else "other")
        self.folder = self.home / said.get("folder", "rehearsal")
        self.wait = said.get("wait_seconds", 60 if self.run == "copy" else 600)
        self.commands, self.pmode = said.get("commands", {}), said.get("pmode")
        self.take_centre(said.get("centre", {}))
        self.take_faults(said.get("faults"))
        if self.run not in ("copy", "live", "other") or (self.run == "copy" and not self.node_file):
            self.wrong("/run", f"is {self.run!r}", 'write "copy" (with "node") or "live", or leave it out')
        if self.node_file:
            from . import own_node
            own_node.complete(self)
        self.take_identity()
        self.take_accounts(said.get("accounts", {}))
        if self.found:
            raise wrong_settings(self.found)

    def wrong(self, where, what, mend):
        self.found.append(f"{self.file.name}, {where} {what}. Mend: {mend}.")

    def take_centre(self, centre):
        host, _, port = centre.get("listen", "127.0.0.1:8480").rpartition(":")
        self.host, self.port = host.strip("[]"), int(port) if port.isdigit() else 0
        if not self.host or not self.port:
            self.wrong("/centre/listen", "is no address with a port", 'write for example "0.0.0.0:8480"')
        self.centre_address = centre.get("address", f"http://{host}:{port}/as4")
        self.centre_pmode = centre.get("pmode", {})

    def take_faults(self, named):
        known = FAULTS + ((OF_A_COPY,) if self.run == "copy" else ())
        self.faults = tuple(named or known)
        for one in set(self.faults) - set(known):
            self.wrong("/faults", f"has {one!r}", "known are " + ", ".join(known))

    def take_identity(self):
        said = self.said
        self.nation = said.get("nation", getattr(self, "nation", ""))
        if not re.fullmatch("[A-Z]{2}", self.nation) or self.nation == "EU":
            self.wrong("/nation", "is missing or not two capital letters", 'write for example "FI"')
        party = said.get("party", {})
        self.party = {"id": party.get("id", self.nation), "type": party.get("type", UNREGISTERED)}
        self.authority = said.get("authority", getattr(self, "authority", "Health data access body of " + self.nation))
        self.address = said.get("address", getattr(self, "address", ""))
        if self.run != "copy" and not re.match("https?://[^/]+/", self.address):
            self.wrong("/address", "is no address of an AS4 door", 'write for example "https://ap.example/as4"')
        self.ca = self.path("/ca", said["ca"]) if "ca" in said else getattr(self, "ca", None)
        if self.ca and self.run != "copy":
            self.is_certificate("/ca", self.ca)
        self.take_modes(getattr(self, "modes", None))
        self.take_certificates(said.get("certificates", {}))

    def take_modes(self, own):
        """P-Modes with the centre as the country writes them; without any, the one that is written for it."""
        self.has_own_modes = bool(own)
        profile = self.said.get("profile")
        made = {"id": "rehearsal-eu", "agreement": {"value": "urn:ehds:rehearsal"},
                "service": {"value": SERVICE[0], "type": SERVICE[1]}, "us": self.party, "partner": {"id": "EU"},
                "security": {"profile": profile or algorithms.PROFILE["rsa"]}, **(self.pmode or {})}
        self.modes = own or [made]
        self.party = self.modes[0]["us"]
        self.profile = profile or self.modes[0].get("security", {}).get("profile", algorithms.PROFILE["rsa"])
        suites = {name: suite for suite, name in algorithms.PROFILE.items()}
        self.suite = suites.get(self.profile, "")
        if not self.suite:
            self.wrong("/profile", f"is {self.profile!r}", "known are " + ", ".join(suites))

    def take_certificates(self, named):
        self.certificates = {}
        for use, where in (("sign", "signing"), ("encrypt", "encryption")):
            file = self.path("/certificates/" + where, named[where]) if where in named else self.own_certificate(use)
            if file is None:
                self.wrong("/certificates/" + where, "is missing", "name the file (PEM) of your node's certificate")
            elif file.is_file():
                self.certificates[use] = file
                self.is_certificate("/certificates/" + where, file)

    def is_certificate(self, where, file):
        try:
            x509.load_pem_x509_certificate(file.read_bytes())
        except (OSError, ValueError) as why:
            self.wrong(where, f"names {file}, which holds no certificate that can be read ({why})", "name a PEM file")

    def own_certificate(self, use):
        keys = getattr(self, "keys", None)
        if keys is None:
            return None
        file = keys / (use + ("" if self.suite == "rsa" else "-" + self.suite) + ".pem")
        return file if file.is_file() else None

    def path(self, where, name):
        file = (self.home / name).resolve()
        if not file.is_file():
            self.wrong(where, f"names {file}, which is no file", "correct the path; relative ones start at the settings")
        return file

    def take_accounts(self, named):
        """role -> {account, password}, as the API takes them."""
        self.accounts = {}
        for role, one in named.items():
            if role not in ROLES:
                self.wrong("/accounts/" + role, "is not known", "known are " + ", ".join(ROLES))
                continue
            secret = one.get("password", {})
            text = os.environ.get(secret.get("env", ""), "")
            if "file" in secret:
                file = self.path(f"/accounts/{role}/password/file", secret["file"])
                text = file.read_text().strip() if file.is_file() else ""
            if not text:
                self.wrong(f"/accounts/{role}/password", "gives nothing", 'write {"env": NAME} and set it, or {"file": ..}')
            self.accounts[role] = {"account": one.get("account", ""), "password": text}
