"""Accessibility: what axe-core finds wrong with a page by WCAG 2.2 AA, in the light and in the dark."""

from __future__ import annotations

from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from watch import Watch

_SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def check(page: Page, watch: Watch) -> None:
    """Check contrast, names, roles and the like of what a page shows now, in both colour schemes."""
    found = []
    heard = len(watch.complaints)
    for scheme in _SCHEMES:
        page.emulate_media(color_scheme=scheme)
        results = Axe().run(page, options={"runOnly": {"type": "tag", "values": _TAGS}}).response
        assert results["passes"], "axe-core looked at nothing"
        found += [
            f"{scheme}: {rule['id']} at {node['target']}: {node.get('failureSummary')}"
            for rule in results["violations"]
            for node in rule["nodes"]
        ]
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")  # all is told by then
    del watch.complaints[heard:]  # axe-core tries inline styles of its own, which the policy forbids
    assert not found, "\n".join(found)
