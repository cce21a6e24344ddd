"""JUnit: what CI systems read."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from sandbox.junit import Case, junit


def test_junit() -> None:
    """A suite has its counts, and each case its time, its failure, why it was skipped, and what it said."""
    cases = (
        Case("good", "room", 0.25, output="said"),
        Case("bad", "room", 0.5, failure="first\nsecond"),
        Case("left out", "room", skipped="no need"),
    )
    text = junit("all", cases)
    assert text.startswith("<?xml version='1.0' encoding=")
    (suite,) = ET.fromstring(text)
    assert suite.attrib == {
        "name": "all",
        "tests": "3",
        "failures": "1",
        "errors": "0",
        "skipped": "1",
        "time": "0.750",
    }
    good, bad, left_out = suite
    assert good.attrib == {"name": "good", "classname": "room", "time": "0.250"}
    assert good.findtext("system-out") == "said"
    failure = bad.find("failure")
    assert failure is not None
    assert (failure.get("message"), failure.text) == ("first", "first\nsecond")
    skipped = left_out.find("skipped")
    assert skipped is not None
    assert skipped.get("message") == "no need"


def test_characters() -> None:
    """What XML cannot hold is replaced; everything else stays."""
    text = junit("\x00&<", (Case('"\x1b"', "\ud800", failure="👍\uffff\t]]>"),))
    (suite,) = ET.fromstring(text)
    assert suite.get("name") == "�&<"
    assert (suite[0].get("name"), suite[0].get("classname")) == ('"�"', "�")
    assert suite[0].findtext("failure") == "👍�\t]]>"
