"""JUnit: what CI servers read."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from sandbox.junit import Case, junit


def test_junit() -> None:
    """A suite has its counts, and each case its time, why it failed, could not be run or was skipped, and what it said."""
    cases = (
        Case("good", "room", 0.25, output="said"),
        Case("bad", "room", 0.5, failure="first\nsecond"),
        Case("wrong", "room", error="3:9: no step\n4:5: is required"),
        Case("left out", "room", skipped="no need"),
    )
    text = junit("all", cases)
    assert text.startswith("<?xml version='1.0' encoding=")
    (suite,) = ET.fromstring(text)
    assert suite.attrib == {
        "name": "all",
        "tests": "4",
        "failures": "1",
        "errors": "1",
        "skipped": "1",
        "time": "0.750",
    }
    assert [case.attrib for case in suite] == [
        {"name": name, "classname": "room", "time": time}
        for name, time in (("good", "0.250"), ("bad", "0.500"), ("wrong", "0.000"), ("left out", "0.000"))
    ]
    assert [(one.tag, one.attrib, one.text) for case in suite for one in case] == [
        ("system-out", {}, "said"),
        ("failure", {"message": "first"}, "first\nsecond"),
        ("error", {"message": "3:9: no step"}, "3:9: no step\n4:5: is required"),
        ("skipped", {"message": "no need"}, None),
    ]


def test_nothing() -> None:
    """A suite without cases is a report all the same."""
    assert ET.fromstring(junit("none", ()))[0].attrib["tests"] == "0"


def test_characters() -> None:
    """What XML cannot hold is replaced; everything else stays."""
    text = junit("\x00&<", (Case('"\x1b"', "\ud800", failure="👍\uffff\t]]>"),))
    (suite,) = ET.fromstring(text)
    assert suite.get("name") == "\ufffd&<"
    assert (suite[0].get("name"), suite[0].get("classname")) == ('"\ufffd"', "\ufffd")
    assert suite[0].findtext("failure") == "👍\ufffd\t]]>"
