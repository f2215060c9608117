"""Old TLS is refused: asked by the openssl command line."""
import subprocess

ALLOW_OLD = "DEFAULT@SECLEVEL=0"  # else the client itself would refuse to try


def handshake(at, version, certificate_authority):
    host, port = at.address
    command = ["openssl", "s_client", "-connect", f"{host}:{port}", version, "-CAfile", str(certificate_authority),
               "-verify_return_error"]
    if version in ("-tls1", "-tls1_1"):
        command += ["-cipher", ALLOW_OLD]
    done = subprocess.run(command, input="", capture_output=True, text=True, timeout=30)
    return done.returncode == 0 and "Cipher is (NONE)" not in done.stdout, done.stdout + done.stderr


def judge(nodes, told):
    for at in nodes.values():
        for version in ("-tls1_2", "-tls1_3"):
            works, said = handshake(at, version, at.authority)
            told.demand(works, "openssl s_client", f"{version[1:]} is served", f"{at.name}: {said[-300:]}")
        for version in ("-tls1", "-tls1_1"):
            works, said = handshake(at, version, at.authority)
            refused_by_peer = not works and "alert protocol version" in said
            told.demand(refused_by_peer, "openssl s_client", f"{version[1:]} is refused by the node",
                        f"{at.name}: {said[-300:]}")
