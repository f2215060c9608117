"""TA39 to TA43: transport security of the node's door, met with `openssl s_client`."""
import subprocess
import tempfile

from .asserting import asserts
from .field import field, not_applicable

def reached(at, *words):
    """Whether a TLS connection comes about, and what openssl says."""
    done = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{at.node.port}", *words], input="",
                          capture_output=True, text=True, timeout=20)
    said = done.stdout + done.stderr
    return "Cipher is (NONE)" not in said and "Cipher    : 0000" not in said and "Cipher is" in said, said


class secured:
    """A node with a TLS listener; its keys are there before it starts. `terms`: the member tls of its configuration."""

    def __init__(self, at, **terms):
        self.room = tempfile.TemporaryDirectory()
        self.field = field(at.program, self.room.name, listen=None, **({"tls": terms} if terms else {}))
        file = self.field.node.folder / "node.json"
        file.write_text(file.read_text().replace('"listen": null', (
            '"listen": [{"address": "127.0.0.1", "port": %d, "tls": {"certificate": "keys/tls.pem", '
            '"private_key": "keys/tls.key"}}]') % self.field.node.port))

    def __enter__(self):
        self.field.node.start(tls=True)
        return self.field

    def __exit__(self, *_):
        self.field.close()
        self.room.cleanup()


RSA_128, RSA_256 = "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384"
ECDSA_128, ECDSA_256 = "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384"
# What a configuration says; with which words openssl gets a connection, and with which none.
TERMS = [
    ({"minimum_version": "1.3"}, [("-tls1_3",)], [("-tls1_2",)]),
    ({"suites": ["TLS_AES_256_GCM_SHA384"]},
     [("-tls1_3", "-ciphersuites", "TLS_AES_256_GCM_SHA384")], [("-tls1_3", "-ciphersuites", "TLS_AES_128_GCM_SHA256"), ("-tls1_2",)]),
    ({"suites": ["TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"]},
     [("-tls1_2", "-cipher", f"{RSA_256}:{ECDSA_256}")], [("-tls1_2", "-cipher", f"{RSA_128}:{ECDSA_128}"), ("-tls1_3",)]),
    ({"groups": ["secp384r1"]}, [("-groups", "P-384")], [("-groups", "X25519")]),
]
WEAK = [{"minimum_version": "1.1"}, {"suites": ["TLS_RSA_WITH_AES_128_CBC_SHA"]}, {"suites": []}, {"groups": ["secp192r1"]}]


@asserts("TA39", "M", "TLS versions and suites are configurable")
def configurable(at):
    for terms, opens, shut in TERMS:
        with secured(at, **terms) as on:
            wrong = [one for one in opens if not reached(on, *one)[0]] + [one for one in shut if reached(on, *one)[0]]
            if wrong:
                return f"{terms}: {wrong}"
    for terms in WEAK:
        on = secured(at, **terms)
        said = subprocess.run([at.program, "config", "check", on.field.node.folder / "node.json"], capture_output=True, text=True)
        on.__exit__()
        if said.returncode == 0 or "/tls/" not in said.stdout + said.stderr:
            return f"taken: {terms}"
    return ""


@asserts("TA40", "P", "receiver at TLS 1.2, sender at 1.0 or 1.1: no connection")
def old_tls(at):
    with secured(at) as on:
        open_to = [one for one in ("-tls1", "-tls1_1") if reached(on, one, "-cipher", "DEFAULT@SECLEVEL=0")[0]]
        return f"connected with {open_to}" if open_to else ""


@asserts("TA41", "M", "receiver at TLS 1.2, sender at SSL 2 or 3: no connection")
def old_ssl(at):
    said = subprocess.run(["openssl", "s_client", "-help"], capture_output=True, text=True).stderr
    if "-ssl3" not in said:
        raise not_applicable("no client here speaks SSL 2 or 3 any more; TLS 1.0 is refused (TA40)")
    with secured(at) as on:
        return "connected with SSL 3" if reached(on, "-ssl3")[0] else ""


@asserts("TA42", "M", "a suite that the receiver does not list: no connection")
def other_suite(at):
    with secured(at) as on:
        open_to = [one for one in ("AES128-SHA", "AES256-GCM-SHA384", "ECDHE-RSA-AES128-SHA", "DHE-RSA-AES128-SHA256")
                   if reached(on, "-tls1_2", "-cipher", one)[0]]
        return f"connected with {open_to}" if open_to else ""


@asserts("TA43", "M", "a suite of the list: a 2xx answer")
def good_suite(at):
    with secured(at) as on:
        tried = (("-tls1_3",), ("-tls1_2",), ("-tls1_3", "-ciphersuites", "TLS_AES_128_GCM_SHA256"))
        closed = [one for one in tried if not reached(on, *one)[0]]
        return f"no connection with {closed}" if closed else ""
