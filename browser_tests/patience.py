"""Patience: waits for conditions of a page; Playwright's own way needs `eval`, which the page's policy forbids."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

_UNTIL = """() => new Promise((done, fail) => {
  const ends = performance.now() + 10_000;
  const look = () => {
    if (CONDITION) done();
    else if (performance.now() > ends) fail(new Error("not within ten seconds"));
    else requestAnimationFrame(look);
  };
  look();
})"""


def wait_until(page: Page, condition: str) -> None:
    """Wait until a JavaScript expression is true, looked at with every frame."""
    page.evaluate(_UNTIL.replace("CONDITION", condition))


def rest(page: Page) -> None:
    """Wait until all that is known has been drawn."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def best(measure: Callable[[], float], enough: float, tries: int = 5) -> float:
    """Measure until a figure is below what is enough, and return the least: load only ever adds to it."""
    least = measure()
    for _ in range(tries - 1):
        if least < enough:
            break
        least = min(least, measure())
    return least
