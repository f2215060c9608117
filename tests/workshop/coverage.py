#!/usr/bin/env python3
"""Line coverage per room from the profiles that a run of the tests left. Usage: coverage.py BUILD_FOLDER"""
import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    build = Path(sys.argv[1]).resolve()
    profiles = [str(p) for p in (build / "profiles").glob("*.profraw")]
    merged = build / "profiles" / "all.profdata"
    subprocess.run(["llvm-profdata-19", "merge", "-sparse", "-o", str(merged), *profiles], check=True)
    programs = [str(p) for p in (build / "tests").rglob("*_tests") if p.is_file()]
    objects = [word for p in programs[1:] for word in ("-object", p)]
    export = subprocess.run(["llvm-cov-19", "export", "-summary-only", f"-instr-profile={merged}", programs[0], *objects],
                            check=True, capture_output=True, text=True)
    rooms = defaultdict(lambda: [0, 0])
    for entry in json.loads(export.stdout)["data"][0]["files"]:
        path = Path(entry["filename"]).resolve()
        if not path.is_relative_to(ROOT) or path.is_relative_to(ROOT / "tests") or path.is_relative_to(ROOT / "build"):
            continue
        parts = path.relative_to(ROOT).parts
        room = "/".join(parts[:2]) if parts[0] == "node" else parts[0]
        lines = entry["summary"]["lines"]
        rooms[room][0] += lines["covered"]
        rooms[room][1] += lines["count"]
    for room, (covered, count) in sorted(rooms.items()):
        print(f"{room:20} {100 * covered / max(count, 1):5.1f} %  {covered} of {count} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main())
