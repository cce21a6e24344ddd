"""JUnit: results in the XML form that CI systems read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from xml.etree import ElementTree as ET


class Case(NamedTuple):
    """
    One test case.

    Attributes:
        classname: what it belongs to, with dots.
        seconds: how long it took.
        failure: why it failed; None if it did not.
        skipped: why it was not run; None if it was.
        output: what is worth reading besides.
    """

    name: str
    classname: str
    seconds: float = 0.0
    failure: str | None = None
    skipped: str | None = None
    output: str = ""


def junit(suite: str, cases: Sequence[Case]) -> str:
    """Return the XML of one suite; characters that XML cannot hold are replaced."""
    root = ET.Element("testsuites")
    counts = {
        "tests": str(len(cases)),
        "failures": str(sum(case.failure is not None for case in cases)),
        "errors": "0",
        "skipped": str(sum(case.skipped is not None for case in cases)),
        "time": f"{sum(case.seconds for case in cases):.3f}",
    }
    parent = ET.SubElement(root, "testsuite", {"name": _fit(suite), **counts})
    for case in cases:
        about = {"name": _fit(case.name), "classname": _fit(case.classname), "time": f"{case.seconds:.3f}"}
        element = ET.SubElement(parent, "testcase", about)
        if case.failure is not None:
            first = _fit(case.failure.partition("\n")[0])
            ET.SubElement(element, "failure", {"message": first}).text = _fit(case.failure)
        if case.skipped is not None:
            ET.SubElement(element, "skipped", {"message": _fit(case.skipped)})
        if case.output:
            ET.SubElement(element, "system-out").text = _fit(case.output)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _fit(text: str) -> str:
    """Return a text with what XML 1.0 does not allow (section 2.2, `Char`) replaced."""
    return "".join(each if _is_char(ord(each)) else "\N{REPLACEMENT CHARACTER}" for each in text)


def _is_char(code: int) -> bool:
    return code in (0x9, 0xA, 0xD) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000
