"""JUnit XML: the gate's checks and every sample of the subjects as test cases.

A sample fails if the accepted run had it right and this one doesn't; without an accepted answer it
fails if it is wrong. Mistakes known from the accepted run pass and are named in the output.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from evals.figures import Measured
from evals.gate import Change
from evals.reports import Report
from evals.reports.text import answered, marks, printable
from evals.task import Outcome, Status


def render(report: Report) -> str:
    """The report as JUnit XML."""
    root = ET.Element("testsuites", name="okr-coach eval")
    known: dict[tuple[str, str], Change] = {}
    compared: set[str] = set()
    if report.verdict:
        known = {(change.run, change.outcome.sample.id): change for change in report.verdict.changes}
        compared = {comparison.run for comparison in report.verdict.comparisons}
        suite = ET.SubElement(root, "testsuite", name="gate")
        for check in report.verdict.checks:
            case = _case(suite, check.run, check.name)
            if not check.passed:
                _say(ET.SubElement(case, "failure", type="gate"), check.message)
        _totals(suite)
    for item in report.measured:
        if item.run.is_subject:
            _suite(root, item, known, with_base=item.run.key in compared)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(root: ET.Element, item: Measured, known: dict[tuple[str, str], Change], *, with_base: bool) -> None:
    suite = ET.SubElement(root, "testsuite", name=printable(item.run.key), time=f"{item.run.seconds:.3f}")
    for outcome in item.run.outcomes:
        case = _case(suite, item.run.key, outcome.sample.id)
        score = outcome.score
        change = known.get((item.run.key, outcome.sample.id))
        if score.status is Status.ERRORED:
            _say(ET.SubElement(case, "error", type=Status.ERRORED.value), score.reason)
        elif score.status is Status.UNSCORED:
            _say(ET.SubElement(case, "skipped"), score.reason)
        elif score.wrong and (not with_base or (change and change.new)):
            kind = "regression" if change else score.mistakes[0].cost.value
            _say(ET.SubElement(case, "failure", type=kind), _wrong(outcome))
        elif score.wrong:
            ET.SubElement(case, "system-out").text = f"known mistake: {_wrong(outcome)}"
    _totals(suite)


def _wrong(outcome: Outcome) -> str:
    mistakes = "; ".join(str(mistake) for mistake in outcome.score.mistakes)
    said = f"said {answered(outcome.answer)}, is {marks(outcome.sample.target)}"
    return printable(f"{mistakes}\n{said}\n{outcome.sample.input.text}", lines=True)


def _case(suite: ET.Element, run: str, name: str) -> ET.Element:
    return ET.SubElement(suite, "testcase", classname=printable(run), name=printable(name))


def _say(element: ET.Element, message: str) -> None:
    safe = printable(message, lines=True)
    element.set("message", safe.partition("\n")[0])
    element.text = safe


def _totals(suite: ET.Element) -> None:
    kinds = {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}
    for name, tag in kinds.items():
        suite.set(name, str(sum(1 for _ in suite.iter(tag))))
