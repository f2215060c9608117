#!/usr/bin/env python3
"""The house keeps its shape: who includes whom, where third-party headers may stand, how long a file or a
function may be. Prints one line a finding, and the ten largest files; exit 1 when anything was found.
What is excused stands in EXCUSED and must still be needed: the list can only shrink."""
import re
import subprocess
import sys
from pathlib import Path

from batches import collisions, in_batches
from includes import forgotten

ROOT = Path(__file__).resolve().parents[2]
FILE_LINES, FUNCTION_LINES = 450, 60

# room -> rooms it may include. Inside node the order is that of node/CMakeLists.txt.
LAW = {
    "base": set(),
    "policies": {"base"},
    "connectors": {"base", "policies"},
    "dcat": {"base"},
    "edelivery": {"base"},
    "conformance": {"base"},
}
ROOMS = {"base", "policies", "connectors", "dcat", "edelivery"}
NODE = {
    "telemetry": set(),
    "store": set(),
    "audit": {"store", "telemetry"},
    "identity": {"store", "telemetry"},
    "exchange": {"store", "telemetry", "audit", "identity"},
    "catalogue": {"store", "telemetry", "audit", "identity", "exchange"},
    "access": {"store", "telemetry", "audit", "identity", "exchange"},
    "federation": {"store", "telemetry", "audit", "identity", "exchange"},
    "http": set(),
    "config": set(),
    "demo": {"http"},
}
EVERYTHING = set(NODE)
NODE["api"] = EVERYTHING - {"demo"}
NODE["pages"] = EVERYTHING - {"demo"} | {"api"}
NODE["house"] = EVERYTHING - {"demo"} | {"api", "pages"}
NODE["verbs"] = EVERYTHING | {"api", "pages", "house"}
NODE["main"] = {"verbs"}

# third-party header -> folders it may stand in
KEPT = {
    r"boost/(beast|asio)": ("node/http/",),
    r"sqlite3\.h": ("node/store/", "connectors/data/"),
    r"libxml/": ("edelivery/", "dcat/rdf/"),
    r"serd/": ("dcat/rdf/",),
    r"zip\.h": ("node/access/",),
    r"libpq-fe\.h": ("node/store/", "connectors/data/"),
}
TOP = {"CMakeLists.txt", "CMakePresets.json", "README.md", "HACKING.md", "LICENSE", "CHANGELOG.md", "SECURITY.md", "gateway", "base", "cmake",
       "node", "connectors", "dcat", "edelivery", "policies", "tests", "conformance"}
# Headers inside a room whose whole business is reading JSON; no door includes them.
JSON_READERS = {"cmake/precompiled.hpp", "dcat/release/pack_json.hpp", "edelivery/pmode/strict_object.hpp", "node/access/wire/bounded_json.hpp", "node/demo/rest.hpp"}
EXCUSED: set[str] = set()

findings: list[str] = []


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode != 0:
        return [p.relative_to(ROOT) for p in ROOT.rglob("*") if p.is_file() and "build" not in p.relative_to(ROOT).parts[:1]]
    return [Path(line) for line in listed.stdout.splitlines()]


def room_of(path: str) -> tuple[str, str]:
    parts = path.split("/")
    if parts[0] != "node":
        return parts[0], ""
    return "node", parts[1] if len(parts) > 2 else "main"


def check_includes(path: str, text: str) -> None:
    room, inner = room_of(path)
    in_tests = room == "tests"
    for line, match in ((n, m) for n, row in enumerate(text.splitlines(), 1) if (m := re.match(r'\s*#\s*include\s+(["<])([^">]+)', row))):
        kind, target = match.groups()
        for pattern, places in KEPT.items():
            if re.match(pattern, target) and not in_tests and not path.startswith(places):
                findings.append(f"{path}:{line}: <{target}> belongs to {' or '.join(places)} only")
        if kind != '"' or in_tests:
            continue
        to_room, to_inner = room_of(target)
        if room == "node" and to_room == "node":
            if to_inner not in NODE.get(inner, set()) | {inner}:
                findings.append(f"{path}:{line}: node/{inner} may not include node/{to_inner}")
        elif room == "node":
            if to_room not in ROOMS:
                findings.append(f"{path}:{line}: unknown room {to_room}")
        elif to_room != room and to_room not in LAW.get(room, set()):
            findings.append(f"{path}:{line}: {room} may not include {to_room}")
    if path.endswith(".hpp") and not in_tests and path not in JSON_READERS and re.search(r"#include <nlohmann/json\.hpp>", text):
        findings.append(f"{path}: name json through nlohmann/json_fwd.hpp in headers")
    if path.endswith(".hpp") and not in_tests and re.search(r"^using namespace", text, re.M):
        findings.append(f"{path}: no 'using namespace' in a header")
    if path.endswith(".hpp") and "#pragma once" not in text:
        findings.append(f"{path}: a header starts with #pragma once")


def without_comments_and_strings(text: str) -> str:
    """Same length in lines; literals and comments blanked."""
    pattern = re.compile(r'R"([^()\\ ]{0,16})\((?:.|\n)*?\)\1"|//[^\n]*|/\*(?:.|\n)*?\*/|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\'')
    return pattern.sub(lambda m: "\n" * m.group(0).count("\n") or ('""' if m.group(0)[0] in 'R"' else " "), text)


def check_functions(path: str, text: str) -> None:
    plain = without_comments_and_strings(text)
    stack: list[tuple[str, int]] = []
    head, line = "", 1
    for char in plain:
        if char == "\n":
            line += 1
        if char == "{":
            words = head.strip()
            if re.search(r"\b(namespace|class|struct|union|enum)\b[^()=]*$", words) or words.endswith("extern \"\""):
                kind = "scope"
            elif ")" in words and not any(k == "function" for k, _ in stack):
                kind = "function"
            else:
                kind = "block"
            stack.append((kind, line))
            head = ""
        elif char == "}":
            if stack:
                kind, start = stack.pop()
                if kind == "function" and line - start + 1 > FUNCTION_LINES:
                    findings.append(f"{path}:{start}: function of {line - start + 1} lines (at most {FUNCTION_LINES})")
            head = ""
        elif char == ";":
            head = ""
        else:
            head += char


def check_words(path: str, text: str) -> None:
    for number, row in enumerate(text.splitlines(), 1):
        if re.search(r"\b(TODO\(now\)|FIXME|XXX|HACK)\b", row):
            findings.append(f"{path}:{number}: unfinished work is not committed")
        if path.startswith(("node/", "tests/")) and re.search(r"co_await[^;]*\[(=|&|this)", row):
            findings.append(f"{path}:{number}: name what a co_await is given before the statement")


def main() -> int:
    files = tracked()
    for top in sorted({p.parts[0] for p in files}):
        if top not in TOP and not top.startswith("."):
            findings.append(f"{top}: not one of the agreed top-level entries")
    sizes = []
    for path in files:
        name = str(path)
        if re.search(r"(^|/)[^/]*(util|helper|manager|common|misc)s?[^/]*\.(cpp|hpp|py|sh)$", name):
            findings.append(f"{name}: the name says nothing about the thing")
        if not name.endswith((".cpp", ".hpp", ".py", ".js", ".sh")) or not (ROOT / path).exists():
            continue
        text = (ROOT / path).read_text(encoding="utf-8")
        lines = text.count("\n")
        sizes.append((lines, name))
        if lines > FILE_LINES:
            findings.append(f"{name}: {lines} lines (at most {FILE_LINES})")
        check_words(name, text) if not name.startswith("tests/workshop") else None
        if name.endswith((".cpp", ".hpp")) and "must_not_compile" not in name:
            check_includes(name, text)
            check_functions(name, text)
            if not name.startswith(("tests/", "cmake/")):
                for header in forgotten(ROOT, name, without_comments_and_strings(text)):
                    findings.append(f"{name}: uses names of <{header}> and does not include it")
    batched = in_batches(ROOT, [str(path) for path in files if (ROOT / path).exists()])
    findings.extend(collisions({name: without_comments_and_strings((ROOT / name).read_text(encoding="utf-8")) for name in batched}))
    source = sum(n for n, f in sizes if f.endswith((".cpp", ".hpp")) and not f.startswith("tests/"))
    tests = sum(n for n, f in sizes if f.startswith(("tests/", "conformance/")))
    used = {f for f in findings if f.split(":")[0] in EXCUSED}
    for excuse in EXCUSED - {f.split(":")[0] for f in used}:
        findings.append(f"{excuse}: no longer needs its excuse; take it off the list")
    real = [f for f in findings if f not in used]
    print("largest files: " + ", ".join(f"{f} {n}" for n, f in sorted(sizes, reverse=True)[:10]))
    print(f"source lines {source}, test lines {tests}, ratio {tests / max(source, 1):.2f}")
    print("\n".join(real) if real else "the house keeps its shape")
    return 1 if real else 0


if __name__ == "__main__":
    sys.exit(main())
