"""A folder of AS4 messages that another implementation made, each opened by `ehds-node as4 open`.

DIR/MANIFEST.tsv     a heading, then: file, what is expected, why, ...
DIR/keys/            ca.crt, and for c2 and c3 (.crt, .key): rsa; eddsa-sign, x25519-enc; ec-sign, ec-enc.
                     C2 sends messages, C3 receives them and signs receipts
DIR/good bad odd/    an HTTP Content-Type line, an empty line, then the body; receipts and errors are *.http

What the parties, service and agreement are is read from the first good message; the P-Modes are made from it.
"""
import collections
import json
import pathlib
import re
import shutil
import subprocess
import tempfile

EBMS_CODE = re.compile(r"(?:EBMS:)?(0\d{3})")
VALUE = r"<(?:\w+:)?{0}(?P<attributes>[^>]*)>(?P<text>[^<]*)</"


def elements(text, name):
    return [(found["text"], dict(re.findall(r'(\w+)="([^"]*)"', found["attributes"])))
            for found in re.finditer(VALUE.format(name), text)]


class agreement:
    """What the good messages say about who talks to whom about what."""

    def __init__(self, folder, lines):
        example = next(name for name, expected in lines
                       if name.startswith("good/") and name.endswith(".mime"))
        text = (folder / example).read_bytes().decode("latin-1")
        header = text[text.index("UserMessage"):]
        self.examples = {}  # for each profile, the first message that was sent under it
        for name, _ in lines:
            if name.startswith("good/") and name.endswith(".mime") and (folder / name).is_file():
                self.examples.setdefault(profile_of(folder / name), name)
        self.parties = [(value, attributes.get("type")) for value, attributes in elements(header, "PartyId")[:2]]
        self.roles = [value for value, _ in elements(header, "Role")[:2]]
        (service, attributes), = elements(header, "Service")[:1]
        self.service = {"value": service, **({"type": attributes["type"]} if "type" in attributes else {})}
        self.agreement = [{"value": value, **({"type": more["type"]} if "type" in more else {})}
                          for value, more in elements(header, "AgreementRef")[:1]]


# Which keys sign and decrypt under a profile.
PROFILES = {"edelivery-1.15-rsa": ("rsa", "rsa"), "edelivery-2.0-eddsa": ("eddsa-sign", "x25519-enc"),
            "edelivery-2.0-ecdsa": ("ec-sign", "ec-enc")}


def profile_of(path):
    """By its name, because a damaged message may show another algorithm; by its algorithms when the name is silent."""
    name = path.name
    if "ecdsa" in name:
        return "edelivery-2.0-ecdsa"
    if "ed1" in name or "rsa" in name:
        return "edelivery-1.15-rsa"
    if "ed2" in name or "eddsa" in name:
        return "edelivery-2.0-eddsa"
    content = path.read_bytes()
    if re.search(rb"eddsa|x25519", content):
        return "edelivery-2.0-eddsa"
    return "edelivery-2.0-ecdsa" if re.search(rb"ecdsa|ECDH-ES", content) else "edelivery-1.15-rsa"


def party(value, kind):
    return {"id": value, **({"type": kind} if kind else {})}


def pmode(folder, said, us, profile, encryption, pinned):
    own, other = (said.parties[1], said.parties[0]) if us == "c3" else (said.parties[0], said.parties[1])
    partner = "c2" if us == "c3" else "c3"
    sign, decrypt = (str(folder / "keys" / f"{partner}-{key}.crt") for key in PROFILES[profile])
    trust = {"partner_signing": [sign]} if pinned else {"authorities": [str(folder / "keys/ca.crt")], "subject": subject(sign)}
    mode = {"id": "samples", "service": said.service, "us": party(*own), "partner": party(*other),
            "address": "https://partner.example/as4", "security": {"profile": profile, "encryption": encryption},
            "certificates": {**trust, "partner_encryption": decrypt}, "duplicate_window_days": 3650}
    if said.agreement:
        mode["agreement"] = said.agreement[0]
    if len(said.roles) == 2:
        mode["roles"] = {"initiator": said.roles[0], "responder": said.roles[1]}
    return mode


def subject(certificate):
    done = subprocess.run(["openssl", "x509", "-in", certificate, "-noout", "-subject", "-nameopt", "RFC2253"],
                          capture_output=True, text=True, check=True)
    return done.stdout.strip()[len("subject="):]


class opener:
    """`ehds-node as4 open` as C2 or C3, with the configuration that a sample needs."""

    def __init__(self, program, folder, said, room):
        self.program, self.folder, self.said, self.room = program, folder, said, room

    def configuration(self, us, profile, encryption, pinned):
        home = self.room / f"{us}-{profile}-{encryption}-{'pinned' if pinned else 'chain'}"
        if not home.exists():
            (home / "keys").mkdir(parents=True)
            (home / "pmodes").mkdir()
            for use, key in zip(("sign", "encrypt"), PROFILES[profile]):
                shutil.copy(self.folder / "keys" / f"{us}-{key}.crt", home / "keys" / f"{use}.pem")
                shutil.copy(self.folder / "keys" / f"{us}-{key}.key", home / "keys" / f"{use}.key")
            modes = {"pmodes": [pmode(self.folder, self.said, us, profile, encryption, pinned)]}
            (home / "pmodes/samples.json").write_text(json.dumps(modes))
            (home / "partners.json").write_text(json.dumps({"partners": []}))
            (home / "node.json").write_text(json.dumps({
                "node": {"id": us, "country": "EU", "role": "national", "zone": "edge"},
                "listen": [{"address": "127.0.0.1", "port": 0}], "store": {"folder": "store"},
                "keys": {"folder": "keys"}, "partners": {"file": "partners.json", "pmodes": "pmodes"}}))
        return home / "node.json"

    def open(self, name):
        is_signal = name.endswith(".http")
        encryption = "none" if "signonly" in name else "required"
        profile = profile_of(self.folder / name)
        # A reference by serial, key identifier or thumbprint carries no certificate: the partner's must be known.
        pinned = b"BinarySecurityToken" not in (self.folder / name).read_bytes()
        config = self.configuration("c2" if is_signal else "c3", profile, encryption, pinned)
        command = [str(self.program), "as4", "open", str(self.folder / name), "--config", str(config)]
        if is_signal:
            command += ["--sent", str(self.sent_for(name))]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout, done.stderr

    def sent_for(self, name):
        """good/x.receipt.http answers good/x.mime; other signals answer the first good message."""
        own = self.folder / "good" / re.sub(r"\.(receipt|error-\d+)\.http$", ".mime", pathlib.Path(name).name)
        return own if own.exists() and own.suffix == ".mime" else self.folder / self.said.examples[profile_of(self.folder / name)]


def expectation(expected):
    """accept, refuse, either (left to policy), or alone (cannot be told from one message)."""
    word = expected.split()[0].rstrip(":")
    if word == "accept":
        return "either" if expected.startswith("accept only if within") else "accept"
    return {"reject": "refuse", "not": "refuse", "policy": "either"}.get(word, "alone")


def read_manifest(folder):
    rows = [line.split("\t") for line in (folder / "MANIFEST.tsv").read_text().splitlines()[1:] if line.strip()]
    return [(row[0], row[1]) for row in rows]


def judge_repetition(run, name, told):
    """The second message of a pair opens like the first, with its id and other content: what the duplicate check of
    the receiver refuses. Which of the two comes first shows in a store only (tests/edelivery/messaging)."""
    area, what = "the samples", f"{name.split('/')[0]}: the id of another message"
    first = next((each for each in (run.folder / name).parent.glob("*first*") if each.name[:12] == pathlib.Path(name).name[:12]), None)
    if first is None:
        return told.skipped(area, what, "the message that came first is not in the folder")
    pair = [json.loads(run.open(str(each.relative_to(run.folder)))[1]) for each in (first, run.folder / name)]
    told.demand(pair[0]["messageId"] == pair[1]["messageId"] and pair[0]["parts"] != pair[1]["parts"], area, what,
                f"{name}: {pair}")


def judge_sample(run, name, expected, told, codes):
    wanted = expectation(expected)
    area, what = "the samples", f"{name.split('/')[0]}: {wanted}"
    if wanted == "alone":
        return judge_repetition(run, name, told)
    code, printed, said = run.open(name)
    try:
        found = json.loads(printed)
    except ValueError:
        return told.failed(area, what, f"{name}: exit {code}, no JSON: {said[-300:]}")
    if found["outcome"] != {0: "accepted", 1: "refused"}.get(code):
        return told.failed(area, what, f"{name}: exit {code} with outcome {found['outcome']}")
    fits = wanted == "either" or (code == 0) == (wanted == "accept")
    fits = fits and (code == 0) == (not found["code"]) and (code == 0 or not found["parts"])
    told.demand(fits, area, what, f"{name}: expected {expected}, printed {printed.strip()}")
    named = EBMS_CODE.findall(expected)
    if code == 1 and named and wanted == "refuse":
        codes["as named" if found["code"][-4:] in named else "another"] += 1
        if found["code"][-4:] not in named:
            print(f"note     {name}: refused with {found['code']}, the manifest names {'/'.join(named)}")


def judge(program, folder, told):
    lines = read_manifest(folder)
    codes = collections.Counter()
    with tempfile.TemporaryDirectory() as room:
        run = opener(program, folder, agreement(folder, lines), pathlib.Path(room))
        for name, expected in lines:
            if (folder / name).is_file():
                judge_sample(run, name, expected, told, codes)
            else:
                told.failed("the samples", "a file of the manifest is there", name)
    print(f"refusals with an error code that the manifest names: {codes['as named']}, with another: {codes['another']}")
