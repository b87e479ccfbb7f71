"""Structured logs: one JSON object a line, and nothing personal in it."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from datetime import UTC, datetime

import orjson

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_PERSONAL = (
    (re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"), "[phone]"),
    (re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"), "[identity number]"),
    (re.compile(r"\d{6,12}:[A-Za-z0-9_-]{30,}"), "[token]"),
)


class JsonLines(logging.Formatter):
    """`time`, `level`, `logger`, `message` and whatever was given as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        fields = {k: v for k, v in vars(record).items() if k not in _STANDARD}
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": scrub(record.getMessage()),
            **{k: scrub(str(v)) if isinstance(v, str) else v for k, v in fields.items()},
        }
        if record.exc_info and record.exc_info[1]:
            line["fault"] = _where(record.exc_info[1])
        return orjson.dumps(line, default=str).decode()


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
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("apscheduler", "alembic", "httpx", "aiohttp.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
