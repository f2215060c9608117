"""The rehearsal rehearsed: countries that are right pass, and each that is wrong in one way is told so, with place and mend."""
import contextlib
import io
import json
import pathlib
import subprocess
import sys
import tempfile
import traceback

from .. import keys, nodes
from ..rehearsal import OF_THE_LINE, SERVICE
from . import other_software, rehearse

AREA = "rehearsals"
CALL = "import sys, urllib.request; urllib.request.urlopen(sys.argv[1], b'')"
FORM = ["createDataset", "updateDataset", "deleteDataset", "validationResult"]


class ear:
    """Hears what a rehearsal tells, in place of the report."""

    def __init__(self):
        self.good, self.bad, self.unseen = [], [], []

    def passed(self, _area, what):
        self.good.append(what)

    def failed(self, _area, what, why):
        self.bad.append(f"{what}: {why}")

    def skipped(self, _area, what, why):
        self.unseen.append(f"{what}: {why}")


def rehearsed(program, file):
    heard, printed = ear(), io.StringIO()
    with contextlib.redirect_stdout(printed):
        rehearse.judge(program, file, heard)
    return heard


def write(folder, name, content):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(json.dumps(content))
    return folder / name


# Countries that run our program.

def node_of(program, folder, modes=(), **changes):
    """As "Your own data" of the README has it; the settings file beside it."""
    made = folder.parent / "FI"
    for words in (["init-ca", made / "ca"], ["issue", made / "keys", "--ca", made / "ca", "--node", "FI", "--country", "FI",
                                             "--hosts", "127.0.0.1"]):
        subprocess.run([str(program), "keys", *map(str, words)], check=True, capture_output=True)
    said = {"node": {"id": "FI", "country": "FI", "zone": "all", "base_url": "https://127.0.0.1:8443"},
            "listen": [{"port": 8443, "tls": {"certificate": str(made / "keys/tls.pem"), "private_key": str(made / "keys/tls.key")}}],
            "keys": {"folder": str(made / "keys")}, "store": {"folder": "store"}, "policy_pack": str(nodes.HOUSE / "policies/packs/fi.json"),
            "catalogue": {"records": str(nodes.HOUSE / "node/demo/records/FI")}, **changes}
    if modes:
        write(folder, "pmodes/eu.json", {"pmodes": list(modes)})
        said["partners"] = {"file": "partners.json", "pmodes": "pmodes"}
    write(folder, "node.json", said)
    return settings(folder, node="node.json", wait_seconds=20)


def settings(folder, **said):
    """All cases have one centre, whose keys stay."""
    return write(folder, "rehearse.json", {"folder": str(folder.parent / "rehearsal"), "faults": ["none", "answer lost"],
                                           "centre": {"listen": f"127.0.0.1:{nodes.free_port()}"}, **said})


def own_mode(actions):
    return {"id": "star-eu", "service": {"value": SERVICE[0], "type": SERVICE[1]}, "us": {"id": "fi-ap"}, "partner": {"id": "eu-ap"},
            "address": "https://as4.eu.example/as4", "actions": actions, "security": {"profile": "edelivery-1.15-rsa"}}


def with_our_program(program, folder):
    heard = rehearsed(program, node_of(program, folder))
    assert not heard.bad, heard.bad
    assert "publication of its own records" in heard.good and heard.good.count("request routing and its answers") == 2, heard.good
    assert not heard.unseen, heard.unseen
    assert not (folder / "store").exists(), "the store of the country was touched"


def an_action_is_missing(program, folder):
    heard = rehearsed(program, node_of(program, folder, [own_mode(FORM)]))
    demand(heard, "request routing", "dataAccessApplication has to be among them")


def the_configuration_is_wrong(program, folder):
    heard = rehearsed(program, node_of(program, folder, policy_pack="nowhere.json"))
    demand(heard, "its configuration", "/policy_pack")


def a_name_of_the_settings_is_wrong(program, folder):
    node_of(program, folder)
    demand(rehearsed(program, settings(folder, node="node.json", fault=["none"])), "the settings", "/fault is not known")


def demand(heard, step, words):
    found = [one for one in heard.bad if one.startswith(step)]
    assert any(words in one for one in found), f"not told under {step}: {words!r}, but {heard.bad}"


# Countries that run something else.

def other(program, folder, defect="", suite="ecdsa", faults=("none",), change=None, wait=15, **habits):
    """A dispatcher of Python beside the rehearsal; what the rehearsal says of it. On a full machine the connection takes seconds."""
    issuer, port = keys.authority(), nodes.free_port()
    own = keys.party("SE", suite, issuer, folder / "keys")
    from .settings import country
    made = other_software.dispatcher("SE", own, None, f"http://127.0.0.1:{port}/as4", defect, **habits)
    do = lambda deed: [sys.executable, "-c", CALL, made.address.replace("/as4", f"/do/{deed}/") + "{subject}"]
    file = settings(folder, nation="SE", address=made.address, profile=nodes.algorithms.PROFILE[suite],
                    certificates={"signing": "keys/sign.pem", "encryption": "keys/encrypt.pem"}, authority=other_software.AUTHORITY,
                    commands={deed: do(deed) for deed in ("publish", "update", "withdraw", "start_screening", "ask_applicant")},
                    centre={"listen": f"127.0.0.1:{port}"}, faults=list(faults), wait_seconds=wait)
    with contextlib.closing(made):
        made.centre = rehearse.agreed.centre_keys(country(file))
        if change:
            change(made, folder, issuer)
        return rehearsed(program, file)


def with_another_program(program, folder):
    heard = other(program, folder, suite="eddsa", faults=("none", *OF_THE_LINE), wait=30, publishes_one=True)
    assert not heard.bad, heard.bad
    assert heard.good.count("request routing and its answers") == 5, heard.good
    for one in ("your node has one case", "your ledger and the centre's agree"):
        assert any(line.startswith(one) and "not looked at" in line for line in heard.unseen), heard.unseen


def another_certificate(made, folder, issuer):
    made.signer = keys.party("SE", "ecdsa", issuer, folder / "other")


def another_key(made, folder, issuer):
    made.own = keys.party("SE", "ecdsa", issuer, folder / "other")


def strange_centre(made, folder, issuer):
    made.centre = keys.party("EU", "ecdsa", issuer, folder / "other")


def sealed_for_somebody(made, folder, issuer):
    made.centre.certificate["encrypt"] = keys.party("EU", "ecdsa", issuer, folder / "other").certificate["encrypt"]


DEFECTS = [("it signs with another certificate", dict(change=another_certificate), "connection", "your node signed its answer with"),
           ("it has another certificate of the centre", dict(change=strange_centre), "connection", "does not believe the centre's signature"),
           ("the settings name another certificate for what is sealed for it", dict(change=another_key), "request routing", "EBMS:0101"),
           ("it seals for somebody else", dict(change=sealed_for_somebody), "dataset publication", "for-your-node/centre-encrypt.pem"),
           ("it is down", dict(change=lambda made, *_: made.close()), "connection", "nothing listens"),
           ("it answers without a receipt", dict(defect="answers without a receipt"), "connection", "no ebMS signal"),
           ("it gives no verdict", dict(defect="gives no verdict"), "request routing", "with a validationResult that refers to it"),
           ("it finds rubbish valid", dict(defect="finds rubbish valid"), "response handling: an application", "your node says of rubbish"),
           ("it takes strangers", dict(defect="takes strangers"), "response handling: a stranger", "a stranger signed"),
           ("it never tries again", dict(defect="never tries again", faults=("none", "refused")), "dataset publication", "(fault: refused)"),
           ("it tries again under a new id", dict(defect="tries again under a new id", faults=("none", "answer lost")),
            "nothing is lost", "a repetition keeps its id")]


def judge(program, told):
    cases = [(each.__name__.replace("_", " "), lambda folder, each=each: each(program, folder)) for each in (
        with_our_program, an_action_is_missing, the_configuration_is_wrong, a_name_of_the_settings_is_wrong, with_another_program)]
    cases += [(f"told when {name}", lambda folder, how=how, step=step, words=words: demand(other(program, folder, **how), step, words))
              for name, how, step, words in DEFECTS]
    with tempfile.TemporaryDirectory(prefix="ehds-rehearsals-") as folder:
        for number, (name, case) in enumerate(cases):
            try:
                case(pathlib.Path(folder) / str(number))
                told.passed(AREA, name)
            except Exception:
                told.failed(AREA, name, traceback.format_exc(limit=-3))
