"""Hostile texts: what a page would run, if it took text for anything else; each sets `hit` where that succeeds."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

TEXTS = [
    pytest.param("<script>window.hit = 1</script>", id="script"),
    pytest.param("<img src=x onerror='window.hit = 1'>", id="image"),
    pytest.param("\"><svg onload='window.hit = 1'>", id="attribute"),
    pytest.param("</pre></dialog><iframe srcdoc='<script>parent.hit = 1</script>'></iframe>", id="frame"),
    pytest.param("javascript:window.hit=1", id="url"),
    pytest.param("</title><style>* { display: none }</style>", id="style"),
    pytest.param("${window.hit = 1} {{constructor.constructor('window.hit = 1')()}}", id="template"),
    pytest.param("<a href='javascript:window.hit=1'>&lt;b&gt;</a>", id="entities"),
]

# What the page itself never has.
_FOREIGN = "iframe, object, embed, script:not([src]), style, img[src='x'], svg[onload], [onerror], [onload], [onclick], [href^=javascript]"


def assert_harmless(page: Page) -> None:
    """Check that nothing of it became part of the page."""
    assert page.evaluate("window.hit") is None
    assert page.locator(_FOREIGN).count() == 0
