"""JUnit: the results of a suite of tests as XML, in the form that CI servers read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree as ET

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Case:
    """
    How one test went.

    Attributes:
        classname: what it belongs to; CI servers group by it.
        seconds: of real time that it took.
        failure: why it failed, its first line in short; empty if it did not.
        error: why it could not be run at all, in the same form.
        output: what it printed.
    """

    name: str
    classname: str
    seconds: float = 0.0
    failure: str = ""
    error: str = ""
    output: str = ""


def junit(suite: str, cases: Iterable[Case]) -> str:
    """Return the report of a suite."""
    told = list(cases)
    counts = {
        "tests": str(len(told)),
        "failures": str(sum(bool(case.failure) for case in told)),
        "errors": str(sum(bool(case.error) for case in told)),
        "time": f"{sum(case.seconds for case in told):.3f}",
    }
    top = ET.Element("testsuites", counts)
    within = ET.SubElement(top, "testsuite", {"name": suite, **counts})
    for case in told:
        of_case = {"name": case.name, "classname": case.classname, "time": f"{case.seconds:.3f}"}
        element = ET.SubElement(within, "testcase", {name: _clean(value) for name, value in of_case.items()})
        for tag, text in (("failure", case.failure), ("error", case.error)):
            if text:
                ET.SubElement(element, tag, {"message": _clean(text.partition("\n")[0])}).text = _clean(text)
        if case.output:
            ET.SubElement(element, "system-out").text = _clean(case.output)
    ET.indent(top)
    return ET.tostring(top, encoding="unicode", xml_declaration=True) + "\n"


def _clean(text: str) -> str:
    """Return a text without what XML cannot hold."""
    return _NOT_IN_XML.sub("\ufffd", text)
