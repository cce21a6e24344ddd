"""Logs: what goes wrong, on stderr, in words for people or as JSON for machines; and every request, for those who ask."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from functools import cached_property
from typing import Any, Literal

from sandbox.core.journal import Exchange
from sandbox.core.stream import Stream

_log = logging.getLogger("sandbox.requests")


class _Lines(logging.Formatter):
    """Writes records by way of structlog, which is imported with the first one: most servers never log a line."""

    def __init__(self, form: Literal["text", "json"], colors: bool) -> None:
        super().__init__()
        self._form = form
        self._colors = colors

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        return self._structured.format(record)

    @cached_property
    def _structured(self) -> logging.Formatter:
        import structlog  # noqa: PLC0415 - 18 ms of a start that takes 300

        last: tuple[Any, ...] = (
            (structlog.processors.format_exc_info, structlog.processors.JSONRenderer())
            if self._form == "json"
            # Whatever else is installed: prettier tracebacks show the values of variables, secrets among them.
            else (
                structlog.dev.ConsoleRenderer(
                    colors=self._colors, pad_event_to=0, exception_formatter=structlog.dev.plain_traceback
                ),
            )
        )
        return structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
            ],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )


def configure(form: Literal["text", "json"], level: str, *, colors: bool = False) -> None:
    """Send the sandbox's records of that level to stderr; those of libraries only from `warning` up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines(form, colors))
    logging.basicConfig(handlers=[handler], level=max(logging.WARNING, logging.getLevelName(level.upper())), force=True)
    logging.getLogger("sandbox").setLevel(level.upper())


def log_requests(stream: Stream) -> Callable[[], None]:
    """Log a line for every request to an emulated API, at `debug`; returns what ends that."""
    mark = stream.last

    def tell() -> None:
        nonlocal mark
        for change in stream.after(mark):
            mark = change.number
            if isinstance(change.subject, Exchange):
                _log.debug(*_line(change.subject))

    return stream.listen(tell)


def _line(exchange: Exchange) -> tuple[str, Any, Any, Any, Any]:
    why = exchange.fault or exchange.rule
    status = exchange.status if exchange.status is not None else "no answer"
    return "%s %s %s%s", exchange.request.method, exchange.request.path, status, f" ({why})" if why else ""
