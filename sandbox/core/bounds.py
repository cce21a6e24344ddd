"""Bounds: how many there may be of what calls of the control API make or keep waiting, so that none fills the memory."""

from __future__ import annotations

MOST_ACCOUNTS = 10_000
MOST_FAULTS = 1_000  # armed for one account, or for all of them
MOST_SCENARIOS = 1_000  # put by calls; files of the operator are not counted
MOST_WAITING = 1_000  # calls that wait or watch


class BoundReachedError(Exception):
    """There are already as many of something as there may be; the text says what to do about it."""

    def __init__(self, most: int, what: str, advice: str) -> None:
        super().__init__(f"there are {most} {what}, and more there may not be; {advice}")
