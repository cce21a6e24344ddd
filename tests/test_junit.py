"""The report is what CI servers read, whatever stands in it."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from sandbox.junit import Case, junit

CASES = (
    Case("greets", "scenarios/greets.yaml", 1.25, output="0 done say"),
    Case("waits", "scenarios/waits.yaml", 0.5, failure='nothing came\nexpected "<yes>" & more'),
    Case("wrong", "scenarios/wrong.yaml", error="3:9: steps[0].do: 'sey' is no step"),
)


def test_report() -> None:
    """Suite and cases bear their counts and times; a failure has its first line as message and all of it as text."""
    top = ET.fromstring(junit("scenarios", CASES))
    counts = {"tests": "3", "failures": "1", "errors": "1", "time": "1.750"}
    assert (top.tag, top.attrib) == ("testsuites", counts)
    (suite,) = top
    assert suite.attrib == {"name": "scenarios", **counts}
    assert [case.attrib for case in suite] == [
        {"name": "greets", "classname": "scenarios/greets.yaml", "time": "1.250"},
        {"name": "waits", "classname": "scenarios/waits.yaml", "time": "0.500"},
        {"name": "wrong", "classname": "scenarios/wrong.yaml", "time": "0.000"},
    ]
    assert [(one.tag, one.attrib, one.text) for case in suite for one in case] == [
        ("system-out", {}, "0 done say"),
        ("failure", {"message": "nothing came"}, 'nothing came\nexpected "<yes>" & more'),
        ("error", {"message": "3:9: steps[0].do: 'sey' is no step"}, "3:9: steps[0].do: 'sey' is no step"),
    ]


def test_nothing() -> None:
    """A suite without cases is a report all the same."""
    assert ET.fromstring(junit("none", ()))[0].attrib["tests"] == "0"


def test_what_xml_cannot_hold() -> None:
    """Control characters and lone surrogates are replaced; everything else stays, umlauts and emoji too."""
    report = junit("s", [Case("a\x00b\x1b[0m", "c\ufffe", output="\ud800 ok\tä👋\n")])
    (case,) = ET.fromstring(report)[0]
    assert case.attrib["name"] == "a\ufffdb\ufffd[0m"
    assert case.attrib["classname"] == "c\ufffd"
    assert case[0].text == "\ufffd ok\tä👋\n"
