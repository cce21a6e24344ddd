"""Report: how a run went, for machines."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any

from sandbox.junit import Case, junit
from sandbox.webhook_check.check import Finding, Outcome, Report, Result, Shot

OUTCOMES: tuple[Outcome, ...] = ("passed", "failed", "warning", "not observed", "skipped")


def is_good(report: Report, *, strict: bool) -> bool:
    """Tell whether nothing was found; `strict` counts warnings too."""
    return not report.count("failed") and not (strict and report.count("warning"))


def as_json(report: Report) -> dict[str, Any]:
    """Return a report as it is printed with `--json`."""
    latencies = report.latencies
    return {
        "url": report.url,
        "provider": report.provider,
        "account": report.account,
        "summary": {
            **{outcome.replace(" ", "_"): report.count(outcome) for outcome in OUTCOMES},
            "requests": sum(len(result.shots) for result in report.results),
            "seconds": round(report.seconds, 3),
            "latency_ms": {"median": round(median(latencies), 1), "slowest": round(latencies[-1], 1)}
            if latencies
            else None,
        },
        "checks": [_check(result) for result in report.results],
    }


def as_junit(report: Report, *, strict: bool) -> str:
    """Return a report in the XML form that CI systems read; `strict` makes failures of warnings."""
    cases = []
    for result in report.results:
        check = result.check
        findings = [finding for finding in result.findings if strict or finding.severity == "failed"]
        cases.append(
            Case(
                check.name,
                f"check-webhook.{report.provider}",
                result.seconds,
                failure="\n\n".join(told(result, finding) for finding in findings) or None,
                skipped=result.note if result.outcome in ("not observed", "skipped") else None,
                output="\n".join(answered(shot) for shot in result.shots),
            )
        )
    return junit(f"check-webhook {report.url}", cases)


def told(result: Result, finding: Finding) -> str:
    """Return a finding in full: what was sent, what came back, what was wanted, why, and what to do."""
    check = result.check
    return "\n".join(f"{label:<10}{text}" for label, text in lines(check.sends, check.expects, check.source, finding))


def lines(sends: str, expects: str, source: str, finding: Finding) -> Sequence[tuple[str, str]]:
    """Return the parts of a finding, each with its label."""
    shot = finding.shot
    return (
        ("came back", finding.answer + (f", to {shot.what}" if shot is not None else "")),
        ("sent", sends),
        *(
            (("body", shot.body[:300] + ("…" if len(shot.body) > 300 else "")),)
            if shot is not None and shot.body
            else ()
        ),
        ("wanted", f"a robust receiver {expects}"),
        ("source", source),
        ("to do", finding.advice),
    )


def answered(shot: Shot) -> str:
    """Return in a line how one request was answered."""
    attempt = shot.attempt
    return f"{shot.what}: {attempt.status or attempt.error} in {attempt.duration_ms:.1f} ms"


def _check(result: Result) -> dict[str, Any]:
    check = result.check
    return {
        "name": check.name,
        "outcome": result.outcome,
        "sends": check.sends,
        "expects": check.expects,
        "source": check.source,
        "seconds": round(result.seconds, 3),
        "note": result.note or None,
        "requests": [_request(shot) for shot in result.shots],
        "findings": [
            {
                "severity": finding.severity,
                "answer": finding.answer,
                "advice": finding.advice,
                "request": None if finding.shot is None else {**_request(finding.shot), "body": finding.shot.body},
            }
            for finding in result.findings
        ],
    }


def _request(shot: Shot) -> dict[str, Any]:
    attempt = shot.attempt
    return {
        "kind": shot.what,
        "status": attempt.status,
        "error": attempt.error,
        "duration_ms": round(attempt.duration_ms, 1),
    }
