"""How a measurement is told: one line for each target, with the median of the ratios taken round by round."""

from dataclasses import dataclass
from statistics import median

_HEAD = ("what", "sandbox", "yardstick", "ratio (spread)", "target", "verdict")


@dataclass(frozen=True)
class Target:
    """A bound on a ratio: at least it, or with `most` at most it."""

    bound: float
    most: bool = False
    name: str = ""

    def verdict(self, ratio: float) -> str:
        """Judge a ratio."""
        met = ratio <= self.bound if self.most else ratio >= self.bound
        return f"{'met' if met else 'missed'}{self.name and f' ({self.name})'}"

    def __str__(self) -> str:
        return f"{'<=' if self.most else '>='} {self.bound:g}"


@dataclass(frozen=True)
class Line:
    """One thing measured: the figures of each round, the sandbox's and the yardstick's, in the same order."""

    what: str
    ours: list[float]
    theirs: list[float]
    targets: tuple[Target, ...]
    form: str = "{:,.0f}"
    flaw: str = ""  # what makes the figures void

    @property
    def ratios(self) -> list[float]:
        """Give the ratio of each round."""
        return [ours / theirs if theirs else float("nan") for ours, theirs in zip(self.ours, self.theirs, strict=True)]

    def cells(self) -> tuple[str, ...]:
        """Give the line as the table shows it."""
        ratio = median(self.ratios)
        return (
            self.what,
            self.form.format(median(self.ours)),
            self.form.format(median(self.theirs)),
            f"{ratio:.3f} ({min(self.ratios):.2f}-{max(self.ratios):.2f})",
            ", ".join(map(str, self.targets)),
            f"void: {self.flaw}" if self.flaw else ", ".join(target.verdict(ratio) for target in self.targets),
        )


def show(title: str, lines: list[Line], *notes: str) -> None:
    """Print one table, and under it what a reader should know."""
    rows = [_HEAD, *(line.cells() for line in lines)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    ruled = [rows[0], tuple("-" * width for width in widths), *rows[1:]]
    print(f"\n## {title}\n")
    for row in ruled:
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |")
    for note in notes:
        print(f"\n{note}")
    print(flush=True, end="")
