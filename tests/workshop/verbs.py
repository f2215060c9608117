#!/usr/bin/env python3
"""What the README and the other pages say one can type can be typed: the verbs of ./gateway and of ehds-node, and
their options. usage: verbs.py EHDS_NODE. Prints one line a finding; exit 1 when anything was found."""
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OPTION = re.compile(r"--[a-z][a-z-]*")
findings: list[str] = []


def demand(holds, sentence):
    if not holds:
        findings.append(sentence)


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


def verbs_of(usage, line):
    """verb -> the text of its usage, lines below it included"""
    found, current = {}, None
    for text in usage.splitlines():
        head = re.match(line, text)
        if head:
            current = head[1]
            found[current] = found.get(current, "") + "\n" + text
        elif current and text.startswith("   "):
            found[current] += "\n" + text
    return found


def pages():
    listed = subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True)
    names = listed.stdout.split() or [str(one.relative_to(ROOT)) for one in ROOT.glob("**/*.md") if "build" not in one.parts]
    return {name: (ROOT / name).read_text() for name in names}


def typed_in(text, program):
    """Every "PROGRAM verb ..." of a page, up to what ends a command."""
    return [(found[1], found[2]) for found in re.finditer(re.escape(program) + r" ([a-z][a-z0-9-]*)([^`#\n]*)", text)]


def check_gateway(texts):
    code, usage = run(ROOT / "gateway")
    known = verbs_of(usage, r"  ([a-z]+)\b")
    script = (ROOT / "gateway").read_text()
    functions = set(re.findall(r"^verb_([a-z]+)\(\)", script, re.MULTILINE))
    demand(code == 0, f"./gateway alone ends with {code}")
    demand(set(known) == functions, f"./gateway tells of {sorted(known)} and has {sorted(functions)}")
    dispatched = re.search(r"^  ([a-z |]+)\) \"verb_", script, re.MULTILINE)
    demand(dispatched and {one.strip() for one in dispatched[1].split("|")} == functions, "a verb of ./gateway leads nowhere")
    code, said = run(ROOT / "gateway", "nonsense")
    demand(code != 0 and "unknown verb: nonsense" in said, "./gateway takes a verb that does not exist")
    for name, text in texts.items():
        for verb, rest in typed_in(text, "./gateway"):
            demand(verb in known, f"{name} tells of ./gateway {verb}")
            for option in OPTION.findall(rest):
                demand(option in known.get(verb, ""), f"{name}: ./gateway {verb} {option} is not in its usage")
    table = set(re.findall(r"^\| `(--[a-z]+)", texts["README.md"], re.MULTILINE))
    demand(table == set(OPTION.findall(known.get("demo", ""))), f"README.md lists {sorted(table)} for the demonstration")


def check_program(texts, program):
    code, usage = run(program, "help")
    known = verbs_of(usage, r"  ([a-z0-9]+)\b")
    demand(code == 0 and len(known) > 5, f"ehds-node help ends with {code}")
    code, _ = run(program, "nonsense")
    demand(code != 0, "ehds-node takes a verb that does not exist")
    usages = {}
    for verb in known:
        code, usages[verb] = run(program, verb, "--no-such-option")
        demand(code == 2 and f"usage: ehds-node {verb}" in usages[verb],
               f"ehds-node {verb} --no-such-option ends with {code}: {usages[verb][:200]}")
    told = set()
    for name, text in texts.items():
        for verb, rest in re.findall(r"`ehds-node ([a-z][a-z0-9-]*)([^`]*)`", text):
            told.add(verb)
            demand(verb in known, f"{name} tells of ehds-node {verb}")
            for option in OPTION.findall(rest):
                demand(option in usages.get(verb, ""),
                       f"{name}: ehds-node {verb} {option} is not in its usage")
    demand(told >= set(known) - {"demo"}, f"no page tells of ehds-node {sorted(set(known) - told)}")


def main(program):
    texts = pages()
    check_gateway(texts)
    check_program(texts, program)
    print("\n".join(findings) or "what the pages tell can be typed")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
