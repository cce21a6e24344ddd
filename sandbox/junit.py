"""JUnit: results in the XML form that CI servers read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple
from xml.etree import ElementTree as ET

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2, `Char`


class Case(NamedTuple):
    """
    One test case.

    Attributes:
        classname: what it belongs to; CI servers group by it.
        seconds: of real time that it took.
        failure: why it failed, in short in its first line; None if it did not.
        error: why it could not be run at all, in the same form; None if it could.
        skipped: why it was not run; None if it was.
        output: what is worth reading besides.
    """

    name: str
    classname: str
    seconds: float = 0.0
    failure: str | None = None
    error: str | None = None
    skipped: str | None = None
    output: str = ""


def junit(suite: str, cases: Sequence[Case]) -> str:
    """Return the XML of one suite; characters that XML cannot hold are replaced."""
    root = ET.Element("testsuites")
    counts = {
        "tests": str(len(cases)),
        "failures": str(sum(case.failure is not None for case in cases)),
        "errors": str(sum(case.error is not None for case in cases)),
        "skipped": str(sum(case.skipped is not None for case in cases)),
        "time": f"{sum(case.seconds for case in cases):.3f}",
    }
    parent = ET.SubElement(root, "testsuite", {"name": _fit(suite), **counts})
    for case in cases:
        about = {"name": _fit(case.name), "classname": _fit(case.classname), "time": f"{case.seconds:.3f}"}
        element = ET.SubElement(parent, "testcase", about)
        for tag, why in (("failure", case.failure), ("error", case.error)):
            if why is not None:
                ET.SubElement(element, tag, {"message": _fit(why.partition("\n")[0])}).text = _fit(why)
        if case.skipped is not None:
            ET.SubElement(element, "skipped", {"message": _fit(case.skipped)})
        if case.output:
            ET.SubElement(element, "system-out").text = _fit(case.output)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _fit(text: str) -> str:
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)
