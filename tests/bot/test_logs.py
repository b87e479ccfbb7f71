"""Logs are JSON lines, and nothing personal gets into them."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from bot.logs import JsonLines

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
