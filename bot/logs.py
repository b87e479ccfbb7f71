"""Structured logs: one JSON object a line, and nothing personal in it."""

from __future__ import annotations

import logging
import math
import re
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

import orjson

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_PERSONAL = (
    (re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"), "[phone]"),
    (re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"), "[identity number]"),
    (re.compile(r"\d{6,12}:[A-Za-z0-9_-]{30,}"), "[token]"),
)
_AGAIN_AFTER = 60.0  # seconds in which the same trouble is told once
_KNOWN = 1000  # troubles that are remembered


class JsonLines(logging.Formatter):
    """`time`, `level`, `logger`, `message` and whatever was given as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": scrub(record.getMessage()),
            **{k: scrub(str(v)) if isinstance(v, str) else v for k, v in _given(record).items()},
        }
        if record.exc_info and record.exc_info[1]:
            line["fault"] = _where(record.exc_info[1])
        return orjson.dumps(line, default=str).decode()


class OnceAMinute(logging.Filter):
    """The same trouble at every message is one line a minute, with how many were left out.

    A full disk must not be kept full by what is logged of it.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._told: dict[str, float] = {}
        self._left_out: Counter[str] = Counter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it is told; warnings and worse only, and no faults of ours with their place."""
        if record.levelno < logging.WARNING or record.exc_info:
            return True
        trouble = f"{record.name} {record.msg} {record.args} {_given(record)}"
        now = self._clock()
        if now < self._told.get(trouble, -math.inf) + _AGAIN_AFTER:
            self._left_out[trouble] += 1
            return False
        if left_out := self._left_out.pop(trouble, 0):
            record.left_out = left_out
        self._remember(trouble, now)
        return True

    def _remember(self, trouble: str, now: float) -> None:
        self._told.pop(trouble, None)  # the newest is the last
        self._told[trouble] = now
        if len(self._told) > _KNOWN:
            oldest = next(iter(self._told))
            self._told.pop(oldest, None)
            self._left_out.pop(oldest, None)


def _given(record: logging.LogRecord) -> dict[str, object]:
    """What was given as `extra`."""
    return {k: v for k, v in vars(record).items() if k not in _STANDARD}


def _where(error: BaseException) -> str:
    """Kind and place of an error; never its text, which may quote what a person wrote."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    places = [
        f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno} {frame.name}" for frame in frames
    ]
    return f"{type(error).__name__} at " + " > ".join(places)


def scrub(text: str) -> str:
    """The text without phone numbers, identity numbers and bot tokens, should one slip in."""
    for pattern, mask in _PERSONAL:
        text = pattern.sub(mask, text)
    return text


def set_up(level: str) -> None:
    """Log to standard error, so that standard output stays for data."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    handler.addFilter(OnceAMinute())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("apscheduler", "alembic", "httpx", "aiohttp.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
