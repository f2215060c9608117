"""TA39 to TA43: transport security of the node's door, met with `openssl s_client`."""
import subprocess
import tempfile

from .asserting import asserts, not_met
from .field import field, not_applicable

def reached(at, *words):
    """Whether a TLS connection comes about, and what openssl says."""
    done = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{at.node.port}", *words], input="",
                          capture_output=True, text=True, timeout=20)
    said = done.stdout + done.stderr
    return "Cipher is (NONE)" not in said and "Cipher    : 0000" not in said and "Cipher is" in said, said


class secured:
    """A node with a TLS listener; its keys are there before it starts."""

    def __init__(self, at):
        self.room = tempfile.TemporaryDirectory()
        self.field = field(at.program, self.room.name, listen=None)
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


@asserts("TA39", "M", "TLS versions and suites are configurable")
def configurable(at):
    raise not_met("fixed in the code: TLS 1.2 and 1.3 with ECDHE and AEAD suites of the profile, nothing weaker")


@asserts("TA40", "P", "receiver at TLS 1.2, sender at 1.0 or 1.1: no connection")
def old_tls(at):
    with secured(at) as on:
        open_to = [one for one in ("-tls1", "-tls1_1") if reached(on, one, "-cipher", "ALL:@SECLEVEL=0")[0]]
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
