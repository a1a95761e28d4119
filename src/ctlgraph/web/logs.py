"""The log of the service: one line for each query that is evaluated, for people or for programs.

A line never holds a character of a client's text that could begin another line; the text of a query is only
written if the operator asks for it.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from functools import lru_cache

from ctlgraph.messages import language, translate

SLOW_S = 1.0  # seconds: a query that takes longer is a warning

log = logging.getLogger("ctlgraph")
_encode = json.JSONEncoder(default=str).encode


def note(level: int, text: str, **facts: object) -> None:
    """Log a text of the catalogues with its facts."""
    log.log(level, translate(text, language(), **facts), extra={"facts": facts})


def note_query(*, id: str, outcome: str, seconds: float, size: int, query: str) -> None:
    """Log one evaluated query; query: its text, "" if the operator did not ask for it."""
    slow = seconds >= SLOW_S
    level, text = (logging.WARNING, "slow query") if slow else (logging.INFO, "query")
    if not log.isEnabledFor(level):
        return
    facts: dict[str, object] = {"id": id, "outcome": outcome, "ms": round(1000 * seconds, 1), "bytes": size}
    if query:
        facts["query"] = query
    record = logging.LogRecord(log.name, level, "", 0, text, None, None)  # without a search for the caller
    record.facts = facts
    log.handle(record)


def set_up(form: str) -> None:
    """Write the log to standard error: "human", "json", or "auto" for human on a terminal, else JSON."""
    human = form == "human" or (form == "auto" and sys.stderr.isatty())
    stream = logging.StreamHandler(sys.stderr)
    stream.setFormatter(Human() if human else Json())
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False  # never written
    for name in ("ctlgraph", "uvicorn.error"):
        logging.getLogger(name).handlers = [stream]
        logging.getLogger(name).propagate = False


class Json(logging.Formatter):
    """One JSON object in one line."""

    def format(self, record: logging.LogRecord) -> str:
        """The time in UTC, the level, the message, its facts, and the trace of an error."""
        fields: dict[str, object] = {
            "time": f"{_utc(record)}Z",
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            fields["trace"] = self.formatException(record.exc_info)
        return _encode(fields)


class Human(logging.Formatter):
    """One line of text; the trace of an error follows in lines of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """The time in UTC, the message, and its facts as ``name=value``, each quoted if it needs to be."""
        facts = (f"{name}={_plain(value)}" for name, value in getattr(record, "facts", {}).items())
        line = " ".join([_utc(record), record.levelname, _plain(record.getMessage()), *facts])
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def _utc(record: logging.LogRecord) -> str:
    return f"{_second(int(record.created))}.{int(record.msecs):03}"


@lru_cache(2)
def _second(created: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(created))


def _plain(value: object) -> str:
    text = str(value)
    return text if text.isprintable() else json.dumps(text)
