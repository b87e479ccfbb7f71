"""`guiyan support`: everything that helps, and nothing of anybody."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import orjson
import pytest
from sqlalchemy import JSON, LargeBinary, create_engine, insert, text
from sqlalchemy.schema import Column

from bot.support_masks import log_lines
from records import schema
from records.runs import JobRun
from records.types import UtcDateTime
from tests.support.database import fresh_file
from tests.support.program import clean_environment

PHONE, NAME, WORDS, LATIN = "13876543210", "卜算子", "蓬莱仙境豆腐坊", "Busuanzi"
MARK = f"{NAME} {PHONE} {WORDS} {LATIN}"
SECRETS = {
    "GUIYAN_SECRET_KEY": "kept-to-ourselves-0123456789abcdef",
    "GUIYAN_TELEGRAM_WEBHOOK_SECRET": "hush-hush-hush-hush",
    "GUIYAN_MODEL_KEY": "sk-the-key-of-the-model",
    "GUIYAN_MODEL_URL": "http://someone:pass-word-of@127.0.0.1:9/v1?key=in-the-query",
    "GUIYAN_MODEL_NAME": "m",
    "GUIYAN_PRIVACY_CONTACT": f"{NAME} {PHONE}",
    "GUIYAN_OFFICE_PHONE": PHONE,
    "GUIYAN_HTTP_PORT": "9",
}
UNTOLD = [
    *(PHONE, NAME, WORDS, LATIN),
    *("kept-to-ourselves", "hush-hush", "sk-the-key", "pass-word-of", "in-the-query"),
]
LOG = [
    {"logger": "guiyan.server", "level": "ERROR", "message": f"not stored: {MARK}", "who": MARK},
    {"logger": "guiyan.sender", "channel": "telegram", "kind": MARK, "why": MARK},
    {"logger": "aiohttp", "message": MARK, "counts": {MARK: 1, "sent": MARK, "done": 2}},
    {"logger": MARK, "time": MARK, "flow": [MARK], "fault": f"KeyError at a.py:1 {NAME}{PHONE}"},
]


def _value(column: Column[Any]) -> object:
    if isinstance(column.type, JSON):
        return {"x": MARK}
    if isinstance(column.type, LargeBinary):
        return MARK.encode()
    if isinstance(column.type, UtcDateTime):
        return datetime.now(UTC)
    return {str: MARK, date: date(2026, 11, 23)}.get(column.type.python_type, 1)


def _fill(url: str) -> None:
    """A row of marks in every table, and a run whose fault and counts are marks."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("PRAGMA foreign_keys=off"))
        connection.execute(text("PRAGMA ignore_check_constraints=on"))
        for table in schema.METADATA.sorted_tables:
            row = {column.name: _value(column) for column in table.columns}
            row |= {"job": "send_reminders"} if table.name == JobRun.__tablename__ else {}
            connection.execute(insert(table).values(row))
    engine.dispose()


@pytest.fixture
async def bundle(tmp_path: Path) -> dict[str, str]:
    url = await fresh_file(tmp_path / "var/guiyan.db")
    _fill(url)
    (tmp_path / "log").write_bytes(b"\n".join([*map(orjson.dumps, LOG), MARK.encode()]))
    words = [sys.executable, "-m", "bot", "support", "out.zip", "--log", "log"]
    settings = {**SECRETS, "GUIYAN_DATABASE_URL": url}
    environment = clean_environment() | settings
    subprocess.run(words, cwd=tmp_path, env=environment, check=True)  # noqa: ASYNC221
    with ZipFile(tmp_path / "out.zip") as file:
        return {name: file.read(name).decode() for name in file.namelist()}


async def test_nothing_of_anybody_is_in_any_file(bundle: dict[str, str]) -> None:
    found = [(name, word) for name, told in bundle.items() for word in UNTOLD if word in told]
    assert found == []


async def test_it_has_what_helps(bundle: dict[str, str]) -> None:
    store = orjson.loads(bundle["store.json"])
    assert store["schema"] == schema.HEAD
    assert set(store["rows"]) == {table.name for table in schema.METADATA.sorted_tables}
    assert set(store["rows"].values()) == {1}
    assert store["jobs"]["send_reminders"]["tries"] == 1
    assert "GUIYAN_PRIVACY_CONTACT = (set) (environment)" in bundle["settings.txt"]
    assert "GUIYAN_MODEL_URL = http://127.0.0.1:9 (environment)" in bundle["settings.txt"]
    assert "language model" in bundle["doctor.txt"]
    assert "sqlalchemy==" in bundle["packages.txt"].lower()
    assert "no service answers at" in bundle["metrics.txt"]


def test_of_a_log_line_what_is_ours_stays() -> None:
    first, second, third, _ = (orjson.loads(line) for line in log_lines(map(orjson.dumps, LOG)))
    assert (first["message"], first["level"]) == ("not stored", "ERROR")
    assert (second["channel"], second["kind"]) == ("telegram", "")
    assert "message" not in third
    assert third["counts"] == {"done": 2}
