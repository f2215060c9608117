"""Runs every test assertion against one node and prints the table."""
import tempfile
import traceback

from . import assertions, corners, transport  # noqa: F401  each fills the table
from .asserting import TABLE, not_met
from .field import field, not_applicable


def judge(program, told):
    rows = []
    with tempfile.TemporaryDirectory(prefix="ehds-assertions-") as folder, field(program, folder) as at:
        for name, level, what, test in sorted(TABLE, key=lambda row: (row[0].startswith(("4", "D")), row[0])):
            outcome, why = "passed", ""
            try:
                why = test(at)
                outcome = "failed" if why else "passed"
            except (not_applicable, not_met) as reason:
                outcome, why = type(reason).__name__.replace("_", " "), str(reason)
            except Exception:
                outcome, why = "failed", traceback.format_exc(limit=-2)
            rows.append((name, level, what, outcome, why, test.__name__))
            area = "test assertions"
            told.skipped(area, name, f"{outcome}: {why}") if outcome.startswith("not") else told.demand(outcome == "passed", area, name, why)
    print("\n| assertion | level | what | outcome | test |\n|---|---|---|---|---|")
    for name, level, what, outcome, why, test in rows:
        print(f"| {name} | {level} | {what} | {outcome}{': ' + why if outcome.startswith('not') else ''} | `{test}` |")
