"""Why something did not happen: what the lines saw, in words, with the place and the mend."""
import base64
import http.client
import socket
import ssl

from cryptography import x509

from .. import opened
from ..rehearsal import OF_THE_LINE
from ..names import TEST_ACTION
from . import agreed

REFUSED_BY_COUNTRY = {
    "EBMS:0101": "your node does not believe the centre's signature. Mend: in your P-Mode, certificates.partner_signing "
                 "has to name for-your-node/centre-sign.pem",
    "EBMS:0102": "your node could not open what the centre sealed for {encrypt}. Mend: the settings' certificates.encryption "
                 "has to be the one whose key your node decrypts with",
    "EBMS:0103": "your node wants other algorithms or coverage than {profile}. Mend: make security.profile of your P-Mode and "
                 "profile of the settings equal",
    "EBMS:0010": "no P-Mode of your node fits {action}. Mend: compare the parties, service, agreement and roles of your P-Mode {pmode} "
                 "with for-your-node/values.txt; where it lists actions, {action} has to be among them",
    "EBMS:0001": "your node does not know a value of the header. Mend: compare your P-Mode with for-your-node/values.txt",
    "EBMS:0003": "your node finds the header inconsistent. Mend: compare your P-Mode with for-your-node/values.txt",
    "EBMS:0202": "your node cannot take messages at present. Mend: look into its log (disk, store, revocation lists)",
}
REFUSED_BY_CENTRE = {
    "EBMS:0101": "the centre does not believe your signature; the settings say {sign}. Mend: name the certificate your node "
                 "signs with under certificates.signing, or give your node the key that belongs to it",
    "EBMS:0102": "the centre could not open what your node sealed. Mend: encrypt for for-your-node/centre-encrypt.pem "
                 "(partner_encryption of your P-Mode)",
    "EBMS:0103": "your node uses other algorithms or coverage than {profile}. Mend: make security.profile of your P-Mode and "
                 "profile of the settings equal",
    "EBMS:0003": "another message of yours had this id. Mend: what is sent again has to be the same message: id, header, parts",
    "EBMS:0010": "your message fits no P-Mode of the centre. Mend: compare your P-Mode with for-your-node/values.txt",
}


def signer_shown(http):
    """The certificate in a message or signal; None where it carries none."""
    try:
        token = opened.text_of(opened.etree.fromstring(opened.split(http.content_type, http.body)[0]), ".//wsse:BinarySecurityToken")
        return x509.load_der_x509_certificate(base64.b64decode(token)) if token else None
    except Exception:
        return None


def texts_of(http):
    """EBMS codes of an answer with what is said beside them; None when it is no signal."""
    try:
        root = opened.etree.fromstring(opened.split(http.content_type, http.body)[0])
    except Exception:
        return None
    return [(one.get("errorCode"), opened.text_of(one, "eb:ErrorDetail") or opened.text_of(one, "eb:Description"))
            for one in root.findall(".//eb:Error", opened.NS)]


def action_of(request):
    try:
        root = opened.etree.fromstring(opened.split(request.content_type, request.body)[0])
        action = opened.text_of(root, ".//eb:CollaborationInfo/eb:Action")
        return "the test message" if action == TEST_ACTION else action or "a signal"
    except Exception:
        return "(unreadable)"


def of_connection(why, settings):
    place = f"your node's door {settings.address}"
    if isinstance(why, ssl.SSLCertVerificationError):
        return (f"{place}: its TLS certificate is not believed ({why.verify_message}). Mend: name its authority under ca "
                "(PEM), and call it by a name of that certificate")
    if isinstance(why, ssl.SSLError) and why.reason in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST"):
        return f"{place}: no TLS there ({why.reason}). Mend: write http:// or https:// as the door speaks"
    if isinstance(why, ConnectionRefusedError):
        return f"{place}: nothing listens. Mend: start your node, or correct address in the settings"
    if isinstance(why, socket.gaierror):
        return f"{place}: the name is not known. Mend: correct address in the settings"
    if isinstance(why, TimeoutError):
        return f"{place}: no answer in time. Mend: look into its log, and at firewalls"
    return f"{place}: {why or type(why).__name__}. Mend: look into your node's log"


def on_the_way_out(on, since):
    """What the country's door did to the centre's messages."""
    found, settings = [], on.settings
    names = {use: agreed.described(one) for use, one in on.country.certificate.items()}
    for at, request, got in on.to_country.met:
        if at < since:
            continue
        if isinstance(got, (OSError, http.client.HTTPException)):
            found.append(of_connection(got, settings))
            continue
        action, told = action_of(request), texts_of(got)
        if told is None:
            mend = "correct the path of address (ehds-node: /as4)" if got.status in (404, 405) else "look into its log"
            found.append(f"your node's door {settings.address}: HTTP {got.status} to {action}, no ebMS signal. Mend: {mend}")
        for code, text in told or []:
            why = REFUSED_BY_COUNTRY.get(code, "Mend: look into your node's log")
            found.append(f"your node answered {action} with {code} ({text}): " + why.format(
                action=action, profile=settings.profile, pmode=settings.modes[0]["id"], **names))
        shown = signer_shown(got)
        fits_none = "EBMS:0010" in [code for code, _ in told or []]  # then it answers with any key
        if shown is not None and shown != on.country.certificate["sign"] and not fits_none:
            found.append(f"your node signed its answer with {agreed.described(shown)}; the settings say {names['sign']}. Mend: name "
                         "the certificate your node signs with under certificates.signing, or give your node the right key")
    return found


def on_the_way_in(on, since):
    """What the centre did to the country's messages."""
    found, names = [], {use: agreed.described(one) for use, one in on.country.certificate.items()}
    told_by_centre = {one["message_id"]: one for one in on.refusals()}
    for at, request, got in on.from_country.met:
        for code, _ in texts_of(got) or [] if at >= since and not isinstance(got, OSError) else []:
            message = opened.etree.fromstring(opened.split(request.content_type, request.body)[0])
            refusal = told_by_centre.get(opened.text_of(message, ".//eb:MessageInfo/eb:MessageId"), {})
            shown = signer_shown(request)
            by = f", signed by {agreed.described(shown)}" if shown is not None and code == "EBMS:0101" else ""
            why = REFUSED_BY_CENTRE.get(code, "Mend: see what the centre found")
            found.append(f"the centre refused your {action_of(request)}{by} with {code} ({refusal.get('detail', 'no word')}): "
                         + why.format(profile=on.settings.profile, **names))
    return found


def told(on, since, is_country_silent):
    """Each reason once, in the order in which they were seen."""
    found = list(dict.fromkeys(on_the_way_out(on, since) + on_the_way_in(on, since)))
    if not found and is_country_silent:
        found = [f"nothing of it came from your node to {on.settings.centre_address}. Mend: the address in your P-Mode has to be "
                 "that one; look at what your node says of the message (ehds-node: its page /ledger)"
                 + (f"; the line plays {on.from_country.fault!r}: what got no receipt has to be sent again, under its id"
                    if on.from_country.fault in OF_THE_LINE else "")]
    return found
