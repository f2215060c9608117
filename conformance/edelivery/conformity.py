"""Runs every test assertion under every profile and prints the table: a line for each, with the outcome under each."""
import tempfile
import traceback

from . import algorithms, corners, dynamic, exchanging, packaging, protecting, transport  # noqa: F401  each fills the table
from .asserting import TABLE, not_applicable
from .field import field

AREA = "test assertions"


def outcome_of(test, at):
    """(passed, failed or not applicable; why)."""
    if test.once and at.suite != algorithms.SUITES[0]:
        return "not applicable", test.once
    try:
        why = test(at)
        return ("failed", str(why)) if why else ("passed", "")
    except not_applicable as reason:
        return "not applicable", str(reason)
    except Exception:
        return "failed", traceback.format_exc(limit=-2)


def tell(name, suite, outcome, why, told):
    if outcome == "not applicable":
        told.skipped(AREA, name, f"{outcome} ({suite}): {why}")
    else:
        told.demand(outcome == "passed", AREA, name, f"{suite}: {why}")


def judge(program, told):
    ordered = sorted(TABLE, key=lambda row: (row[0].startswith(("4", "D")), row[0]))
    outcomes = {}  # (assertion, suite) -> (outcome, why)
    for suite in algorithms.SUITES:
        with tempfile.TemporaryDirectory(prefix="ehds-assertions-") as folder, field(program, folder, suite) as at:
            for name, _, _, test in ordered:
                outcomes[name, suite] = outcome_of(test, at)
                tell(name, suite, *outcomes[name, suite], told)
    print(f"\n| assertion | level | what | {' | '.join(algorithms.SUITES)} | test |\n|---|---|---|{'---|' * len(algorithms.SUITES)}---|")
    for name, level, what, test in ordered:
        cells = " | ".join(outcomes[name, suite][0] for suite in algorithms.SUITES)
        print(f"| {name} | {level} | {what} | {cells} | `{test.__module__.split('.')[-1]}.{test.__name__}` |")
