"""CPU per message and round trips per second: our node, phase4 in the same run, and the floor of the primitives.

Ours: `bench_edelivery load` packs, signs, encrypts, posts and checks each receipt. The receiver is ehds-node, or with
--access-point `bench_edelivery receive`, which is edelivery with the least around it; both acknowledge after fsync. phase4: one sends, the other receives and writes each part with fsync. CPU is user and system time of both processes
from /proc, so that a busy machine does not count; the floor is the cryptography and gzip of one round trip, done alone.
"""
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

from . import algorithms, keys, nodes

KB, MB = 1024, 1024 * 1024
SIZES = {"1 KB": KB, "10 KB": 10 * KB, "100 KB": 100 * KB, "1 MB": MB, "100 MB": 100 * MB}
COUNTS = {"1 KB": 400, "10 KB": 400, "100 KB": 150, "1 MB": 30, "100 MB": 1, "2 GB": 1}
LIMITS = {"part_bytes": 3 << 30, "message_bytes": 3 << 30}
TICK = os.sysconf("SC_CLK_TCK")


def processor_ms(process):
    """User and system time so far."""
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / TICK


def resident_mb(process, what):
    line = next(line for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines() if line.startswith(what))
    return int(line.split()[1]) / 1024


class access_point:
    """`bench_edelivery receive`."""

    def __init__(self, load, folder, own, mode):
        (folder / "receiver.json").write_text(json.dumps({"pmodes": [mode]}))
        self.process = subprocess.Popen([load, "receive", folder / "receiver.json", own.folder, folder / "received"],
                                        stdout=subprocess.PIPE, text=True)
        self.as4 = f"http://127.0.0.1:{int(self.process.stdout.readline())}/as4"

    def stop(self):
        self.process.kill()
        self.process.wait()


class contest:
    """The parties of one profile."""

    def __init__(self, program, load, house, folder, suite, peers=True):
        """Without a program: the access point alone receives."""
        self.load, self.folder, self.suite = load, pathlib.Path(folder), suite
        self.agreed = nodes.agreement()
        authority = keys.authority()
        self.fr, self.eu = (keys.party(name, suite, authority, self.folder / "keys" / name) for name in ("FR", "EU"))
        mode = nodes.pmode(self.agreed, suite, self.fr, self.eu, "http://127.0.0.1:9/as4", limits=LIMITS)
        self.node = nodes.node(program, self.folder / "node", self.fr, [mode], self.agreed,
                               limits={"message_bytes": 2147483648}).start() if program else \
            access_point(load, self.folder, self.fr, mode)
        back = nodes.agreement(node="EU", peer="FR")
        mode = nodes.pmode(back, suite, self.eu, self.fr, self.node.as4, limits=LIMITS)
        (self.folder / "sender.json").write_text(json.dumps({"pmodes": [mode]}))
        self.peers = []
        if peers:
            self.peers = [nodes.phase4(house, self.folder / own.name, own, suite, memory="6g").start() for own in (self.eu, self.fr)]

    def close(self):
        self.node.stop()
        for one in self.peers:
            one.stop()

    def payload(self, size):
        file = self.folder / f"payload-{size}"
        if not file.exists():
            subprocess.run([self.load, "payload", str(size), str(file)], check=True)
        return file

    def ours(self, size, count, threads=1, how="load"):
        before = processor_ms(self.node.process)
        done = subprocess.run([self.load, how, self.folder / "sender.json", self.eu.folder, self.payload(size), str(count),
                               str(threads)], capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr)
        told = json.loads(done.stdout)
        receiving = (processor_ms(self.node.process) - before) / count
        return told["processor_ms"] + receiving, count / told["wall_s"], receiving

    def theirs(self, size, count):
        sender, receiver = self.peers
        before, began = sum(processor_ms(one.process) for one in self.peers), time.monotonic()
        told = sender.send(self.agreed, receiver.as4, self.fr, [("application/octet-stream", self.payload(size))], count=count,
                           timeout=3600)
        refused = count - told.get("accepted", 0)
        if refused > count / 100:
            raise RuntimeError({name: value for name, value in told.items() if name != "answer"})
        if refused:  # once in many hundreds it refuses a message of its own; the others' cost is what is asked for
            print(f"(phase4 refused {refused} of {count} messages of its own)", file=sys.stderr, flush=True)
        wall = time.monotonic() - began
        return (sum(processor_ms(one.process) for one in self.peers) - before) / count, count / wall

    def floor(self, size, count):
        done = subprocess.run([self.load, "floor", self.suite, str(size), str(count)], capture_output=True, text=True, check=True)
        told = json.loads(done.stdout)
        return told["processor_ms"], told["packed_bytes"]


def measure(on, name, size, rounds):
    """Interleaved, the median of so many rounds."""
    count = COUNTS[name]
    rounds = rounds if size < 10 * MB else 1
    ours, theirs, floor = [], [], []
    if size < 10 * MB:  # warm: connections, JIT
        on.ours(size, max(count // 4, 2))
        if on.peers:
            on.theirs(size, count)
    for _ in range(rounds):
        ours.append(on.ours(size, count))
        if on.peers:
            theirs.append(on.theirs(size, count))
        floor.append(on.floor(size, max(count // 4, 1)))
    middle = lambda rows, at: statistics.median(row[at] for row in rows)
    row = {"cpu": middle(ours, 0), "rate": middle(ours, 1), "receiving": middle(ours, 2), "floor": middle(floor, 0),
           "packed": floor[0][1]}
    if theirs:
        row |= {"phase4_cpu": middle(theirs, 0), "phase4_rate": middle(theirs, 1)}
    return row


def shown(suite, name, row):
    cells = [algorithms.PROFILE[suite].removeprefix("edelivery-"), name, f"{row['packed']:,}", f"{row['floor']:.2f}",
             f"{row['cpu']:.2f}", f"{row['cpu'] / row['floor']:.2f}"]
    cells += ([f"{row['phase4_cpu']:.2f}", f"{row['cpu'] / row['phase4_cpu']:.2f}"] if "phase4_cpu" in row else ["-", "-"])
    cells += [f"{row['rate']:.0f}" if row["rate"] >= 10 else f"{row['rate']:.2f}"]
    cells += ([f"{row['phase4_rate']:.0f}" if row["phase4_rate"] >= 10 else f"{row['phase4_rate']:.2f}"] if "phase4_rate" in row else ["-"])
    return "| " + " | ".join(cells) + " |"


HEAD = """
CPU is milliseconds a message, sender and receiver together; a round trip ends with the checked receipt; one sender.
| profile | payload | packed bytes | floor CPU | our CPU | to floor | phase4 CPU | to phase4 | ours/s | phase4/s |
|---|---|---:|---:|---:|---:|---:|---:|---:|---:|"""


def run(program, load, house, suites, sizes, rounds, peers=True, large=False):
    told = {}
    print("load of the machine:", " ".join(f"{one:.1f}" for one in os.getloadavg()), "on", os.cpu_count(), "cores", flush=True)
    print(HEAD, flush=True)
    for suite in suites:
        with tempfile.TemporaryDirectory(prefix="ehds-bench-", dir="/var/tmp") as folder:
            on = contest(program, load, house, folder, suite, peers)
            try:
                for name in sizes:
                    told[f"{suite} {name}"] = row = measure(on, name, SIZES[name], rounds)
                    print(shown(suite, name, row), flush=True)
                tell_receiving(on, suite)
                if large and suite == suites[-1]:
                    tell_large(on)
            finally:
                on.close()
    print(json.dumps(told))


def tell_receiving(on, suite):
    """Durable receipts a second of the node's own processor time, with 16 senders at once so that one fsync serves many."""
    on.ours(10 * KB, 400, threads=16, how="pour")
    _, rate, receiving = on.ours(10 * KB, 4000, threads=16, how="pour")
    print(f"\n{suite}, 10 KB, messages sealed beforehand, 16 connections from the same machine: {rate:.0f} durable receipts a "
          f"second; the node spends {receiving:.2f} ms CPU a message, {2000 / receiving:.0f} a second on two cores\n", flush=True)


def tell_large(on):
    idle = resident_mb(on.node.process, "VmRSS")
    _, rate, receiving = on.ours(2 << 30, 1)
    peak = resident_mb(on.node.process, "VmHWM")
    print(f"2 GB: {1 / rate:.0f} s, {receiving:.0f} ms CPU to receive; the node's memory {idle:.0f} MB before, at most {peak:.0f} MB")
