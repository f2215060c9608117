"""The agreement between a country and the centre of the rehearsal, seen from either side, and what is handed to the country."""
import json
import shutil

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from .. import keys
from ..names import EB, UNREGISTERED

QUICK_RETRY = {"initial_delay_seconds": 1, "factor": 1, "max_delay_seconds": 1, "jitter": 0}
CARRIED = ("agreement", "service", "roles", "mpc", "required_properties", "compress")
OTHER_WAY = {"send": "receive", "receive": "send", "both": "both"}


def side_of_country(mode, centre_address, certificates):
    """The country's own P-Mode; only the partner's address and certificates are those of the rehearsal."""
    kept = {name: value for name, value in mode.items() if name not in ("discovery", "certificates", "answers")}
    return {**kept, "address": centre_address,
            "certificates": {"partner_signing": [certificates["sign"]], "partner_encryption": certificates["encrypt"]}}


def side_of_centre(mode, country_address, certificates, further):
    """The mirror of it. No list of actions: an action that the country lacks has to show."""
    made = {name: mode[name] for name in CARRIED if name in mode}
    security = {name: value for name, value in mode.get("security", {}).items() if name in ("profile", "encryption")}
    made.update({
        "id": mode["id"], "us": mode["partner"], "partner": mode["us"], "address": country_address, "security": security,
        "direction": OTHER_WAY[mode.get("direction", "both")],
        "certificates": {"partner_signing": [str(certificates["sign"])], "partner_encryption": str(certificates["encrypt"])},
        "retry": {**QUICK_RETRY, "max_attempts": 20, "answer_timeout_seconds": 30}})
    if "four_corners" in mode:
        made["four_corners"] = {"ours": mode["four_corners"]["theirs"], "theirs": mode["four_corners"]["ours"]}
    for name, value in further.items():
        made[name] = {**made[name], **value} if isinstance(made.get(name), dict) else value
    return made


def described(certificate):
    return f"{certificate.subject.rfc4514_string()} (SHA-256 {certificate.fingerprint(hashes.SHA256()).hex()[:16]}...)"


class party_on_disk:
    """Certificates of somebody else, in the shape that `opened` and `written` take."""

    issuers = ()  # not known; only a PKI path would show them

    def __init__(self, suite, files):
        self.suite = suite
        self.certificate = {use: x509.load_pem_x509_certificate(file.read_bytes()) for use, file in files.items()}
        self.files = files


def centre_keys(settings):
    """Kept between runs, so that a country adds them once. Nothing real is signed with them."""
    folder = settings.folder / "centre-keys" / settings.suite
    if not (folder / "ca.pem").is_file():
        keys.party("EU", settings.suite, keys.authority("Rehearsal Authority"), folder, ends=365)
    return keys.party_of(folder, "EU", settings.suite)


VALUES = """The centre of the rehearsal, for an access point that is not ehds-node.
As the country's access point has to have it; the names in brackets are those of a Domibus P-Mode.

our party id         {us[id]}   type {us_type}   [party, identifier]
partner's party id   {partner[id]}   type {partner_type}
partner's address    {address}   [endpoint]
roles                initiator {role}initiator, responder {role}responder; whoever sends is the initiator
agreement            {agreement}   [agreement]
service              {service}   type {service_type}   [service]
actions sent         createDataset, updateDataset, deleteDataset, validationResult, applicationAck, statusUpdate, requestInfo,
                     additionalInformationAck, extension, decision, permitInfo   [actions, one leg each]
actions received     dataAccessApplication, dataRequestApplication, additionalInformation, decisionResponse, withdrawal,
                     statusUpdate, validationResult; and the ebMS test service
exchange pattern     One-Way/Push [mep oneway, binding push]; receipts signed, in the answer [reliability, nonRepudiation true]
security             {profile}; every payload signed, compressed and encrypted [security]
partner's certificates   centre-sign.pem (its signature), centre-encrypt.pem (encrypt for it) [truststore; the keys of two
                     uses are two certificates]
payloads             one of application/json, with an application a second of application/zip [payloadProfile]
"""


def hand_out(settings, centre):
    """Writes what the country's node has to be given; returns the folder."""
    folder = settings.folder / "for-your-node"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for use in ("sign", "encrypt"):
        shutil.copy(centre.file(use), folder / f"centre-{use}.pem")
    modes = [side_of_country(mode, settings.centre_address, {use: f"centre-{use}.pem" for use in ("sign", "encrypt")})
             for mode in settings.modes]
    write = lambda name, content: (folder / name).write_text(json.dumps(content, indent=2) + "\n")
    write("rehearsal.json", {"pmodes": modes})
    write("partners.json", {"partners": [{"nation_id": "EU", "party_id": modes[0]["partner"]["id"]}]})
    mode, plain = modes[0], UNREGISTERED
    (folder / "values.txt").write_text(VALUES.format(
        us=mode["us"], us_type=mode["us"].get("type", plain), partner=mode["partner"],
        partner_type=mode["partner"].get("type", plain), address=mode["address"], profile=settings.profile,
        role=EB, service=mode["service"]["value"],
        service_type=mode["service"].get("type", "(none)"), agreement=mode.get("agreement", {}).get("value", "(none)")))
    return folder
