"""Window list: rows in sight alone are in the document, and what is looked at stays where it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

_LIST = """async ([count, sticks]) => {
  const { WindowList } = await import("/_sandbox/ui/window-list.js");
  const { element } = await import("/_sandbox/ui/dom.js");
  const list = new WindowList();
  list.setAttribute("role", "list");
  list.setAttribute("aria-label", "rows");
  list.sticks = sticks;
  list.render = (item, before) => {
    const made = before ?? element("div", {}, element("button", { type: "button" }));
    made.style.setProperty("height", `${30 + ((item.number % 7) * 13) + (item.more ?? 0)}px`);
    made.firstElementChild.textContent = `row ${item.number}`;
    return made;
  };
  list.style.setProperty("height", "400px");
  document.body.replaceChildren(list);
  window.list = list;
  window.some = (from, to) => Array.from({ length: to - from }, (_, at) => ({ id: `r${from + at}`, number: from + at }));
  window.items = some(0, count);
  list.show(items);
}"""

_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))))"


class Rows:
    """A list of rows between 30 and 108 pixels high, in a window of 400."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def begin(self, count: int, sticks: str = "end") -> None:
        """Show so many."""
        self._page.evaluate(_LIST, [count, sticks])
        self.rest()

    def do(self, script: str) -> Any:
        """Run a script, and wait until all is drawn."""
        found = self._page.evaluate(script)
        self.rest()
        return found

    def rest(self) -> None:
        """Wait until nothing moves any more."""
        self._page.evaluate(_FRAMES)

    def top(self, number: int) -> float:
        """Return where a row is, from the window's upper edge."""
        box = self.row(number).bounding_box()
        assert box is not None
        return box["y"]

    def row(self, number: int) -> Locator:
        """Return a row."""
        return self._page.locator(f"[data-key=r{number}]")

    @property
    def there(self) -> list[int]:
        """The rows in the document."""
        keys: list[str] = self._page.locator(".window-row").evaluate_all("rows => rows.map((row) => row.dataset.key)")
        return [int(key[1:]) for key in keys]

    def is_seen(self, number: int) -> bool:
        """Tell whether a row is in the window."""
        return number in self.there and -1 <= self.top(number) <= 400


@pytest.fixture
def rows(inspector: Callable[..., Page]) -> Rows:
    """A page with nothing but such a list, once it has begun."""
    return Rows(inspector())


def test_rows_out_of_sight_are_not_in_the_document(rows: Rows, page: Page) -> None:
    """Of ten thousand rows a few dozen are there, and each says which it is of how many."""
    rows.begin(10_000, "start")
    assert rows.there[0] == 0
    assert 5 <= len(rows.there) <= 60
    assert page.get_by_role("listitem").first.get_attribute("aria-posinset") == "1"
    assert page.get_by_role("listitem").first.get_attribute("aria-setsize") == "10000"
    rows.do("list.scrollTop = list.scrollHeight / 2")
    assert 3000 < rows.there[0] < 7000
    assert rows.there == list(range(rows.there[0], rows.there[-1] + 1))
    assert len(rows.there) <= 60


def test_who_looks_at_the_end_goes_on_looking_at_it(rows: Rows) -> None:
    """What comes is seen by those who look at the end, however many rows there are and however high they turn out."""
    rows.begin(5_000)
    assert rows.is_seen(4_999)
    rows.do("items.push(...some(5000, 5003)); list.show(items)")
    assert rows.is_seen(5_002)
    assert rows.do("list.scrollTop + list.clientHeight === list.scrollHeight && list.atEnd") is True


def test_who_looks_elsewhere_is_left_alone(rows: Rows) -> None:
    """What comes at the end moves nothing for those who look at something else; `atend` tells where one is."""
    rows.begin(500)
    rows.do(
        "window.told = []; list.addEventListener('atend', ({ detail }) => told.push(detail)); list.scrollTop -= 300"
    )
    number = rows.there[len(rows.there) // 2]
    before = rows.top(number)
    rows.do("items.push(...some(500, 700)); list.show(items)")
    assert rows.top(number) == pytest.approx(before, abs=1)
    assert rows.do("told") == [False]
    rows.do("list.toEnd()")
    assert rows.is_seen(699)
    assert rows.do("told") == [False, True]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("items.unshift(...some(9000, 9100))", id="come"),
        pytest.param("items.splice(10, 50)", id="go"),
        pytest.param("items[120] = { ...items[120], more: 300 }", id="grow"),
        pytest.param("items[149] = { ...items[149], more: 300 }", id="grow-in-the-document"),
    ],
)
def test_what_is_looked_at_stays(rows: Rows, change: str) -> None:
    """Rows that come, go or grow above move nothing that is seen."""
    rows.begin(500)
    rows.do("list.reveal('r150')")
    rows.do("list.scrollTop += list.rowOf('r150').getBoundingClientRect().top - 10")
    before = rows.top(150)
    assert 0 <= before <= 60
    rows.do(f"{change}; list.show(items)")
    assert rows.top(150) == pytest.approx(before, abs=1)


def test_row_that_grows_by_itself(rows: Rows) -> None:
    """A row whose height changes after it was drawn, as with a picture that comes late, pushes away what is below it."""
    rows.begin(500, "start")
    rows.do("list.rowOf('r1').style.setProperty('height', '200px')")
    assert rows.top(2) - rows.top(1) == pytest.approx(200, abs=1)


def test_newest_first(rows: Rows) -> None:
    """A list that sticks to its start shows what comes there to those who look at the start, and to nobody else."""
    rows.begin(200, "start")
    rows.do("items.unshift(...some(900, 901)); list.show(items)")
    assert rows.top(900) == pytest.approx(0, abs=1)
    rows.do("list.scrollTop = 500")
    number = rows.there[-1]
    before = rows.top(number)
    rows.do("items.unshift(...some(901, 902)); list.show(items)")
    assert rows.top(number) == pytest.approx(before, abs=1)


def test_reveal(rows: Rows) -> None:
    """Any row can be brought into sight by its key; one that there is not, cannot."""
    rows.begin(10_000)
    assert rows.do("list.reveal('r4321')") is True
    assert 50 < rows.top(4321) < 350
    before = rows.top(4321)
    assert rows.do("list.reveal('r4321')") is True
    assert rows.top(4321) == before
    assert rows.do("list.reveal('r10000')") is False


def test_the_focus_is_not_lost(rows: Rows, page: Page) -> None:
    """What has the focus stays in the document while it is out of sight, and in its place among the others."""
    rows.begin(1_000, "start")
    rows.row(3).get_by_role("button").focus()
    rows.do("list.scrollTop = 20000")
    expect(rows.row(3).get_by_role("button")).to_be_focused()
    assert rows.there[0] == 3
    assert not rows.is_seen(3)
    rows.do("items.unshift(...some(5000, 5001)); list.show(items)")
    expect(rows.row(3).get_by_role("button")).to_be_focused()
    page.evaluate("document.activeElement.blur()")
    rows.do("list.scrollTop += 300")
    assert 3 not in rows.there


def test_by_keys(rows: Rows, page: Page) -> None:
    """The list is reached and scrolled by keys."""
    rows.begin(1_000, "start")
    page.keyboard.press("Tab")
    expect(page.get_by_role("list")).to_be_focused()
    page.keyboard.press("End")
    expect(rows.row(999)).to_be_in_viewport()
    page.keyboard.press("Home")
    expect(rows.row(0)).to_be_in_viewport()


def test_what_was_hidden_is_drawn_when_it_is_shown(rows: Rows) -> None:
    """A list that nobody sees draws nothing, forgets nothing, and is at its end when it is shown."""
    rows.begin(300)
    rows.do("list.hidden = true")
    rows.do("items.push(...some(300, 400)); list.show(items)")
    rows.do("list.hidden = false")
    assert rows.is_seen(399)


def test_other_width(rows: Rows, page: Page) -> None:
    """Rows are measured anew when the window gets narrower, and the end stays in sight."""
    rows.begin(300)
    page.set_viewport_size({"width": 400, "height": 600})
    rows.rest()
    assert rows.is_seen(299)


def test_everything_goes(rows: Rows) -> None:
    """When all rows go, what comes next is seen."""
    rows.begin(300)
    rows.do("list.scrollTop = 1000")
    rows.do("list.show([])")
    assert rows.there == []
    rows.do("items = some(0, 50); list.show(items)")
    assert rows.is_seen(49)
