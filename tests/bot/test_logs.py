"""Logs are JSON lines, and nothing personal gets into them."""

from __future__ import annotations

import json
import logging
import subprocess
import sys

import pytest

from bot.logs import JsonLines, OnceAMinute
from tests.support.program import clean_environment

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw4"


def _logged(message: str, **extra: object) -> dict[str, object]:
    record = logging.LogRecord("guiyan", logging.INFO, "x.py", 1, message, None, None)
    vars(record).update(extra)
    line: dict[str, object] = json.loads(JsonLines().format(record))
    return line


@pytest.mark.parametrize("secret", ["13800000000", "11010119900307123X", TOKEN])
def test_what_is_personal_or_secret_is_masked(secret: str) -> None:
    line = _logged(f"cannot send to {secret} now", why=f"because of {secret}")
    assert secret not in str(line)


def test_what_was_given_as_extra_is_a_field() -> None:
    assert _logged("sent", channel="telegram", count=3)["count"] == 3


def test_an_error_s_text_is_left_out() -> None:
    try:
        raise KeyError("老周说他想养鸡")
    except KeyError:
        record = logging.LogRecord(
            "guiyan", logging.ERROR, "x.py", 1, "flow failed", None, sys.exc_info()
        )
    line = JsonLines().format(record)
    assert "老周" not in line
    assert "KeyError at" in line


def _trouble(level: int = logging.ERROR, **extra: object) -> logging.LogRecord:
    record = logging.LogRecord("guiyan", level, "x.py", 1, "the disk is full", None, None)
    vars(record).update(extra)
    return record


def test_the_same_trouble_is_told_once_a_minute_with_its_number() -> None:
    times = iter([0.0, 1.0, 59.0, 60.0, 61.0])
    once, last = OnceAMinute(lambda: next(times)), _trouble()
    told = [once.filter(one) for one in (_trouble(), _trouble(), _trouble(), last, _trouble())]
    assert told == [True, False, False, True, False]
    assert json.loads(JsonLines().format(last))["left_out"] == 2


def test_another_trouble_and_what_is_none_are_told() -> None:
    once = OnceAMinute(lambda: 0.0)
    assert once.filter(_trouble(channel="telegram"))
    assert once.filter(_trouble(channel="webchat"))
    assert once.filter(_trouble(logging.INFO))
    assert once.filter(_trouble(logging.INFO))


def test_a_message_that_does_not_fit_its_arguments_stops_nobody() -> None:
    once = OnceAMinute(lambda: 0.0)
    wrong = logging.LogRecord("aiohttp", logging.WARNING, "x.py", 1, "%d of %d", ("one",), None)
    assert [once.filter(wrong), once.filter(wrong)] == [True, False]


def test_only_so_many_troubles_are_remembered() -> None:
    once = OnceAMinute(lambda: 0.0)
    assert all(once.filter(_trouble(number=number)) for number in range(1001))
    assert once.filter(_trouble(number=0)), "the oldest was forgotten"
    assert not once.filter(_trouble(number=1000))


def test_the_program_s_log_is_not_flooded() -> None:
    code = "import bot.logs as it; it.set_up('INFO'); [it.logging.error('full') for _ in range(3)]"
    done = subprocess.run(
        [sys.executable, "-c", code], env=clean_environment(), capture_output=True, check=True
    )
    assert len(done.stderr.splitlines()) == 1
