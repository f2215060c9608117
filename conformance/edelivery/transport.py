"""TA39 to TA43, TA46: the node's door and its lines, met with `openssl`, with hellos written by hand, over IPv4 and IPv6.

A client that is refused proves little when nobody would take it: each is shown to be taken by a server of openssl.
"""
import contextlib
import json
import os
import socket
import ssl
import struct
import subprocess
import time

from . import business, nodes, written
from .asserting import asserts, first, not_applicable, receipt_wrong, submitted

DOOR = "the door knows no P-Mode: see rsa"
WEAKEST = "ALL:@SECLEVEL=0"


def reached(port, *words):
    """Whether openssl gets a TLS connection."""
    done = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{port}", *words], input="",
                          capture_output=True, text=True, timeout=20)
    said = done.stdout + done.stderr
    return "Cipher is (NONE)" not in said and "Cipher    : 0000" not in said and "Cipher is" in said


@contextlib.contextmanager
def secured(at, **terms):
    """A node that listens with TLS too. `terms`: the member tls of its configuration."""
    port = nodes.free_port()
    door = {"address": "127.0.0.1", "port": port, "tls": {"certificate": "keys/tls.pem", "private_key": "keys/tls.key"}}
    with at.beside(also_listen=[door], **({"tls": terms} if terms else {})) as on:
        on.tls_port = port
        yield on


@contextlib.contextmanager
def anything_goes(at, *words):
    """A server of openssl with the node's key, which takes whatever openssl can still speak: its port."""
    port, folder = nodes.free_port(), nodes.house_keys(str(at.program), at.agreed.node) / "keys"
    server = subprocess.Popen(["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-cert", folder / "tls.pem", "-key",
                               folder / "tls.key", "-cipher", WEAKEST, "-quiet", *words],
                              stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 10
        while time.monotonic() < end:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 5).close()
                break
            time.sleep(0.05)
        yield port
    finally:
        nodes.end(server, 9)


def suites_of_1_2():
    """Every suite for RSA keys that openssl still knows, under openssl's name."""
    listed = subprocess.run(["openssl", "ciphers", "-tls1_2", "-s", WEAKEST + ":!PSK:!SRP:!aECDSA:!aNULL"], capture_output=True, text=True)
    return listed.stdout.strip().split(":")


RSA_128, RSA_256 = "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384"
NAMED = {RSA_128: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", RSA_256: "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"}
# What a configuration says; with which words openssl gets a connection, and with which none.
TERMS = [
    ({"minimum_version": "1.3"}, [("-tls1_3",)], [("-tls1_2",)]),
    ({"suites": ["TLS_AES_256_GCM_SHA384"]},
     [("-tls1_3", "-ciphersuites", "TLS_AES_256_GCM_SHA384")], [("-tls1_3", "-ciphersuites", "TLS_AES_128_GCM_SHA256"), ("-tls1_2",)]),
    ({"suites": [NAMED[RSA_256]]}, [("-tls1_2", "-cipher", RSA_256)], [("-tls1_2", "-cipher", RSA_128), ("-tls1_3",)]),
    ({"groups": ["secp384r1"]}, [("-groups", "P-384")], [("-groups", "X25519")]),
]
WEAK = [{"minimum_version": "1.1"}, {"suites": ["TLS_RSA_WITH_AES_128_CBC_SHA"]}, {"suites": []}, {"groups": ["secp192r1"]}]


@asserts("TA39", "M", "TLS versions and suites are configurable", once=DOOR)
def configurable(at):
    with anything_goes(at) as port:
        unable = [one for _, opens, shut in TERMS for one in opens + shut if not reached(port, *one)]
        if unable:
            return f"openssl itself cannot: {unable}"
    for terms, opens, shut in TERMS:
        with secured(at, **terms) as on:
            wrong = [one for one in opens if not reached(on.tls_port, *one)] + [one for one in shut if reached(on.tls_port, *one)]
            if wrong:
                return f"{terms}: {wrong}"
        file = on.node.folder / "node.json"
    configuration = json.loads(file.read_text())
    for terms in WEAK:
        file.write_text(json.dumps({**configuration, "tls": terms}))
        said = subprocess.run([at.program, "config", "check", file], capture_output=True, text=True)
        if said.returncode == 0 or f"/tls/{next(iter(terms))}" not in said.stdout + said.stderr:
            return f"taken: {terms}"
    return ""


@asserts("TA40", "P", "receiver at TLS 1.2, sender at 1.0 or 1.1: no connection", once=DOOR)
def old_tls(at):
    tried = [(one, "-cipher", WEAKEST) for one in ("-tls1", "-tls1_1")]
    with anything_goes(at) as port:
        unable = [one for one in tried if not reached(port, *one)]
    with secured(at, minimum_version="1.2") as on:
        open_to = [one for one in tried if reached(on.tls_port, *one)]
        shut = [] if reached(on.tls_port, "-tls1_2") else ["-tls1_2"]
    return first(not unable and not open_to and not shut, f"openssl cannot {unable}, connected with {open_to}, not with {shut}")


# What a client says first: suites, and for SSL 3 and later groups, forms of points and signature algorithms.
SUITES = bytes.fromhex("c02fc030c013c014002f0035000a009c")
EXTENSIONS = bytes.fromhex("000a00080006001d00170018" "000b00020100" "000d000a00080401050106010804")


def hello(version):
    """A ClientHello of SSL 3, or of a later version."""
    said = version + os.urandom(32) + b"\0" + struct.pack(">H", len(SUITES)) + SUITES + b"\1\0"
    said += struct.pack(">H", len(EXTENSIONS)) + EXTENSIONS
    said = b"\1" + struct.pack(">I", len(said))[1:] + said
    return b"\x16\3\0" + struct.pack(">H", len(said)) + said


def hello_of_ssl_2():
    suites = bytes.fromhex("0700c0" "010080" "030080" "060040")
    said = b"\1\0\2" + struct.pack(">HHH", len(suites), 0, 16) + suites + os.urandom(16)
    return struct.pack(">H", 0x8000 | len(said)) + said


def is_answered(port, said):
    """Whether the server goes on with a handshake: a ServerHello of SSL 3 and later, or of SSL 2."""
    with socket.create_connection(("127.0.0.1", port), 10) as line:
        line.settimeout(5)
        line.sendall(said)
        try:
            got = line.recv(64)
        except (ConnectionError, TimeoutError):
            return False
    return got[:1] == b"\x16" or (len(got) > 2 and got[0] & 0x80 and got[2] == 4)


@asserts("TA41", "M", "receiver at TLS 1.2, sender at SSL 2 or 3: no connection", once=DOOR)
def old_ssl(at):
    with secured(at, minimum_version="1.2") as on:
        if not is_answered(on.tls_port, hello(b"\3\3")):
            return "the same hello is not answered with TLS 1.2 either"
        open_to = [name for name, said in (("SSL 3", hello(b"\3\0")), ("SSL 2", hello_of_ssl_2()), ("TLS 1.0", hello(b"\3\1")))
                   if is_answered(on.tls_port, said)]
        return first(not open_to, f"a handshake began with {open_to}")


@asserts("TA42", "M", "a suite that the receiver does not list: no connection", once=DOOR)
def other_suite(at):
    with anything_goes(at, "-tls1_2") as port:
        tried = [one for one in suites_of_1_2() if reached(port, "-tls1_2", "-cipher", one + ":@SECLEVEL=0")]
    with secured(at, suites=[NAMED[RSA_256]]) as on:
        open_to = [one for one in tried if reached(on.tls_port, "-tls1_2", "-cipher", one + ":@SECLEVEL=0")]
    return first(open_to == [RSA_256] and len(tried) > 10, f"of {tried} connected with {open_to}")


def message_over(on, url, tls=None):
    """Why a message that comes this way is not receipted in a 2xx answer and delivered; the suite that was used."""
    part, message_id = written.part(b"{}"), written.new_id()
    message = on.message([part], message_id=message_id, service=business.SERVICE)
    answer = on.post(message, url=url, tls=tls)
    why = receipt_wrong(answer, message, message_id) or business.taken_wrong(on.business, message_id, [part])
    return why, getattr(answer.http, "suite", None)


@asserts("TA43", "M", "a suite of the list: a message is answered with 2xx")
def good_suite(at):
    names = {"TLS_AES_128_GCM_SHA256": ssl.TLSVersion.TLSv1_3, RSA_128: ssl.TLSVersion.TLSv1_2, RSA_256: ssl.TLSVersion.TLSv1_2}
    with secured(at, suites=[NAMED.get(one, one) for one in names]) as on:
        for name, version in names.items():
            tls = ssl.create_default_context(cafile=on.node.folder / "keys/ca.pem")
            tls.minimum_version = tls.maximum_version = version
            if version == ssl.TLSVersion.TLSv1_2:
                tls.set_ciphers(name)
            why, used = message_over(on, f"https://127.0.0.1:{on.tls_port}/as4", tls)
            if why or used != name:
                return f"{name}: {why or used}"
    return ""


@asserts("TA46", "M", "an IPv6 sender and an IPv4 receiver: receipt in 2xx; and IPv6 alone")
def ipv6(at):
    port = nodes.free_port()
    try:
        socket.create_server(("::1", port), family=socket.AF_INET6).close()
    except OSError as why:
        raise not_applicable(f"no IPv6 here: {why}") from None
    with at.beside(host="::1", also_listen=[{"address": "::1", "port": port}]) as on:  # its peer has an address of IPv6
        # From a socket of IPv6 to the IPv4 address of the node; and to its address of IPv6.
        for url in (f"http://[::ffff:127.0.0.1]:{on.node.port}/as4", f"http://[::1]:{port}/as4"):
            if why := message_over(on, url)[0]:
                return f"{url}: {why}"
        state, got = submitted(on, [("application/json", b"{}")])
        if state["status"] != "delivered" or got.problems:
            return f"sent over IPv6: {state} {got.problems}"
    peer = f"http://[::ffff:127.0.0.1]:{at.peer.server.server_port}/as4"  # the node's socket of IPv6, a peer of IPv4
    with at.beside(address=peer) as on:
        message_id = on.business.submit([("application/json", b"{}")])
        state = on.node.settled(message_id)
        return first(state["status"] == "delivered" and len(at.sent(message_id)) == 1, state)
