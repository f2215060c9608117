"""The table of results, and the line that sums it up."""
import collections


class report:
    def __init__(self):
        self.counts = collections.Counter()
        self.groups = {}  # area -> what was checked -> Counter
        self.reasons = collections.Counter()  # why something was skipped

    def passed(self, area, what):
        self._count(area, what, "passed")

    def failed(self, area, what, why):
        self._count(area, what, "failed")
        print(f"FAILED   {area}: {what}: {why}", flush=True)

    def skipped(self, area, what, why):
        self._count(area, what, "skipped")
        self.reasons[f"{area}: {what}: {why}"] += 1

    def demand(self, holds, area, what, why=""):
        """One check: passed when it holds, else failed with the reason."""
        if holds:
            self.passed(area, what)
        else:
            self.failed(area, what, why or "it does not hold")
        return bool(holds)

    def _count(self, area, what, outcome):
        self.counts[outcome] += 1
        self.groups.setdefault(area, {}).setdefault(what, collections.Counter())[outcome] += 1

    def conclude(self):
        print()
        print("| with | what | passed | failed | skipped |")
        print("|---|---|---:|---:|---:|")
        for area, lines in self.groups.items():
            for what, found in lines.items():
                print(f"| {area} | {what} | {found['passed']} | {found['failed']} | {found['skipped']} |")
        print()
        for reason, count in self.reasons.items():
            print(f"skipped {count}: {reason}")
        line = f"{self.counts['passed']} passed, {self.counts['failed']} failed"
        if self.counts["skipped"]:
            line += f", {self.counts['skipped']} skipped"
        print(line)
        nothing_checked = self.counts["passed"] + self.counts["failed"] == 0
        return 1 if self.counts["failed"] or nothing_checked else 0
