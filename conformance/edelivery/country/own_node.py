"""A country that runs our program: what its node.json says, and a copy of it that rehearses in a folder of its own."""
import json
import os
import shutil
import ssl
import subprocess

from .. import nodes
from ..rehearsal import SERVICE
from . import agreed
from .settings import read_json, wrong_settings


def complete(settings):
    """Puts what the node.json says into the settings."""
    said = settings.configuration = read_json(settings.node_file)
    home = settings.node_file.parent
    at = lambda name: (home / name).resolve()
    if said.get("node", {}).get("zone") == "data":
        settings.wrong("/node", "is a data zone, which speaks with nobody outside", "name the node.json of its edge")
    if said.get("node", {}).get("role") == "central":
        settings.wrong("/node", "is a centre", "name the node.json of a national node")
    if settings.run == "copy" and said.get("access_point", {}).get("kind") == "domibus":
        settings.wrong("/run", "cannot be a copy: the node stands behind a Domibus, of which there is only one",
                       'write "run": "live" and the "address" and "certificates" of the Domibus')
    settings.nation = said.get("node", {}).get("country", "")
    settings.authority = said.get("authority", {}).get("name", said.get("node", {}).get("name", settings.nation))
    settings.url = said.get("node", {}).get("base_url", "").rstrip("/")
    settings.address = settings.url + "/as4"
    settings.ca = at(said["trusted_ca"]) if "trusted_ca" in said else None
    settings.keys = at(said.get("keys", {}).get("folder", "keys"))
    partners = said.get("partners", {})
    settings.modes = star_modes(at(partners["pmodes"])) if "pmodes" in partners else []
    settings.modes_folder = at(partners["pmodes"]) if "pmodes" in partners else None
    if settings.run == "live":
        refuse_the_real_centre(settings)


def star_modes(folder):
    """The P-Modes with the centre: those of the network's service."""
    files = sorted(folder.glob("*.json")) if folder.is_dir() else []
    all_of_them = [mode for file in files for mode in read_json(file).get("pmodes", [])]
    return [mode for mode in all_of_them if mode.get("service", {}).get("value") == SERVICE[0]
            and mode.get("binding", "push") == "push"]


def refuse_the_real_centre(settings):
    for mode in settings.modes:
        if mode.get("address", settings.centre_address) != settings.centre_address or "discovery" in mode:
            settings.wrong("/run", f"is live, and the P-Mode {mode.get('id')} of the node leads to another centre"
                           f" ({mode.get('address', 'looked up')}), which a rehearsal must not reach",
                           'write "run": "copy", or rehearse before that P-Mode is added')


class own_copy(nodes.node):
    """The country's configuration, keys, records and P-Modes; store, accounts, port, and the way to the centre are ours."""

    def __init__(self, program, settings, centre_certificates):
        self.program, self.folder, self.settings = program, settings.folder / "copy", settings
        self.process, self.token = None, {}
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        said = settings.configuration
        listeners = [one for one in said.get("listen", []) if one.get("serves", "public") == "public"]
        self.has_tls = bool(listeners and "tls" in listeners[0])
        self.port = nodes.free_port()
        self.url = f"{'https' if self.has_tls else 'http'}://127.0.0.1:{self.port}"
        self.as4 = self.url + "/as4"
        if self.has_tls:  # its certificate names the country's hosts; here it answers on a port of this machine alone
            self.trusted = ssl._create_unverified_context()
        self.link_keys(settings.keys)
        self.write_agreements(centre_certificates)
        self.write("accounts.json", {"accounts": [{**nodes.account(name), "country": settings.nation} for name in nodes.ACCOUNTS]})
        self.write("node.json", self.configuration(said, listeners))

    def write(self, name, content):
        file = self.folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(content, indent=1))

    def link_keys(self, folder):
        """No key is copied; what the copy makes lands here."""
        if not folder.is_dir():
            raise wrong_settings([f"{self.settings.node_file.name}, /keys/folder names {folder}, which is no folder. "
                                  "Mend: correct it, or make keys with ehds-node keys issue."])
        (self.folder / "keys").mkdir(mode=0o700)
        for file in folder.iterdir():
            os.symlink(file.resolve(), self.folder / "keys" / file.name)

    def write_agreements(self, certificates):
        modes = [agreed.side_of_country(mode, self.settings.centre_address, certificates) for mode in self.settings.modes]
        for mode in modes:
            mode["retry"] = {**mode.get("retry", {}), **agreed.QUICK_RETRY}
        self.write("pmodes/rehearsal.json", {"pmodes": modes})
        ids = sorted({mode["partner"]["id"] for mode in modes})
        self.write("partners.json", {"partners": [{"nation_id": "EU", "party_id": one} for one in ids]})

    def configuration(self, said, listeners):
        """What would reach out of the rehearsal is left out: health data, platform, webhooks, other partners."""
        home = self.settings.node_file.parent
        at = lambda name: str((home / name).resolve())
        tls = {name: at(listeners[0]["tls"][name]) for name in ("certificate", "private_key")} if self.has_tls else None
        made = {name: said[name] for name in ("tls", "limits", "authority") if name in said}
        made["node"] = {**said["node"], "zone": "edge", "base_url": self.url}
        made["listen"] = [{"address": "127.0.0.1", "port": self.port, "serves": "public", **({"tls": tls} if tls else {})}]
        made["store"], made["accounts"] = {"folder": "store"}, "accounts.json"
        made["keys"] = {"folder": "keys", **({"device": self.device(said["keys"]["device"], at)} if "device" in said.get("keys", {}) else {})}
        made["partners"] = {"file": "partners.json", "pmodes": "pmodes", "routing": "star"}
        for name in ("policy_pack", "trusted_ca"):
            if name in said:
                made[name] = at(said[name])
        if "signing_key" in made.get("authority", {}):
            made["authority"] = {**made["authority"], "signing_key": at(made["authority"]["signing_key"])}
        catalogue = said.get("catalogue", {})
        made["catalogue"] = {**catalogue, **({"records": at(catalogue["records"])} if "records" in catalogue else {})}
        made["back_ends"] = [{name: one[name] for name in ("name", "takes")} for one in said.get("back_ends", [])]
        return made

    @staticmethod
    def device(said, at):
        pin = said.get("pin", {})
        return {**said, "module": at(said["module"]), **({"pin": {"file": at(pin["file"])}} if "file" in pin else {})}

    def checked(self):
        """What the program finds wrong with the configuration; empty when nothing."""
        asked = subprocess.run([str(self.program), "config", "check", str(self.folder / "node.json")],
                               capture_output=True, text=True)
        said = (asked.stderr or asked.stdout).strip()
        return "" if asked.returncode == 0 else said or f"ehds-node config check ended with {asked.returncode}"


class live_node(nodes.node):
    """The country's node as it runs: nothing but its API is used, with accounts that the settings name."""

    def __init__(self, settings):
        self.settings, self.url, self.token = settings, getattr(settings, "url", ""), {}
        self.trusted = ssl.create_default_context(cafile=settings.ca) if self.url.startswith("https") else None

    def login(self, account):
        return self.settings.accounts[account]

    def may(self, *roles):
        return bool(self.url) and all(role in self.settings.accounts for role in roles)
