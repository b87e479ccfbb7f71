"""`guiyan jobs`: what there is, what became of it, and one run by hand."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from bot.cli import main
from records import runs, schema
from records.database import Database
from scheduler.jobs import JOBS

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
JOB = "prune_told"


@pytest.fixture(autouse=True)
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("GUIYAN_DATABASE_URL", f"sqlite:///{tmp_path}/jobs.db")
    monkeypatch.setenv("GUIYAN_NOW", NOW.isoformat())
    return f"sqlite:///{tmp_path}/jobs.db"


def _keep(url: str, *slots: tuple[timedelta, str]) -> None:
    async def keep() -> None:
        database = Database(url)
        await schema.migrate(database)
        for ago, why in slots:
            slot = NOW - ago
            if why:
                await database.run(runs.pass_over, JOB, [(slot, why)], NOW)
            else:
                await database.run(runs.take_slot, JOB, slot, NOW)
        await database.close()

    asyncio.run(keep())


def test_every_job_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["jobs", "list", "--json"]) == 0
    told = orjson.loads(capsys.readouterr().out)
    assert [job["name"] for job in told] == [job.name for job in JOBS]
    assert all(job["purpose"] and job["when"] and job["late"] and job["next"] for job in told)


def test_a_job_is_run_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["jobs", "run", JOB]) == 0
    assert capsys.readouterr().out == "dropped 0\n"
    assert main(["jobs", "list"]) == 0
    assert "last: 2026-11-22 20:00 done in" in capsys.readouterr().out


def test_a_job_under_way_is_not_run_beside_itself(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _keep(url, (timedelta(hours=1), ""))
    assert main(["jobs", "run", JOB]) == 1
    assert f"{JOB} is under way" in capsys.readouterr().err


def test_it_is_explained_what_became_of_slots(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    day = timedelta(days=1)
    _keep(url, (4 * day, "late"), (3 * day, "newer"), (day, ""))
    assert main(["jobs", "explain", JOB]) == 0
    told = capsys.readouterr().out
    assert "slot 2026-11-18 20:00: dropped: nobody ran it in time" in told
    assert "slot 2026-11-19 20:00: dropped: a later slot was run in its place" in told
    assert "1 slots between were not run" in told
    assert "slot 2026-11-21 20:00: under way since 2026-11-22 20:00" in told


def test_an_unknown_job_is_refused_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["jobs", "explain", "nonsense"]) == 2
    assert capsys.readouterr().err == "there is no job 'nonsense': `guiyan jobs list` shows them\n"
