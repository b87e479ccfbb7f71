"""`guiyan support FILE.zip`: what who helps from afar needs, without anybody's data."""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import subprocess
import sys
import urllib.request
from collections import deque
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import orjson

from bot import __version__
from bot.cli import OK, CommandError
from bot.settings import Settings, origins
from bot.support_masks import log_lines, masked, numbers, settings_lines, word
from records import runs, schema, vitals
from records.database import Database, Session, StoreUnavailable
from records.engines import missing
from scheduler.jobs import JOBS

_PATIENCE = 120.0  # seconds for the doctor, who may wait for channels that do not answer
_KEPT_LINES = 2000  # of the log


def support(options: argparse.Namespace, settings: Settings) -> int:
    """Gather the bundle and say what is in it."""
    path = Path(options.file)
    if path.exists():
        raise CommandError(f"{path} is there already: name another file")
    files = {
        "about.txt": _about(),
        "settings.txt": "\n".join(settings_lines(settings, origins())),
        "packages.txt": _packages(),
        "store.json": asyncio.run(_store(settings)),
        "metrics.txt": _metrics(settings),
        "doctor.txt": _doctor(),
    }
    if options.log:
        files["log.jsonl"] = _log(Path(options.log))
    _write(path, files)
    sys.stdout.write(f"{path}: {', '.join(files)}\n")
    return OK


def _about() -> str:
    return "\n".join(
        (
            f"made {datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
            f"guiyan {__version__}, expects schema {schema.HEAD}",
            f"python {platform.python_version()} on {platform.system()} {platform.release()} "
            f"{platform.machine()}, {os.cpu_count()} cores",
            "No names, numbers, words or addresses of people are in these files, and no secrets.",
        )
    )


def _packages() -> str:
    return "\n".join(sorted(f"{each.name}=={each.version}" for each in distributions()))


async def _store(settings: Settings) -> str:
    if missing(settings.database_url) is not None:
        return _json({"fault": "there is no database yet"})
    database = Database(settings.database_url)
    try:
        return _json(
            {
                "kind": database.url.get_backend_name(),
                "schema": word(await schema.version(database)),
                **await database.read(_counted),
            }
        )
    except StoreUnavailable as fault:
        return _json({"fault": masked(str(fault))})
    finally:
        await database.close()


def _counted(session: Session) -> dict[str, object]:
    size = vitals.size(session)
    return {
        "bytes": size.used,
        "bytes free on its disk": size.free,
        "rows": vitals.rows(session),
        "jobs": {job.name: _last(session, job.name) for job in JOBS},
    }


def _last(session: Session, job: str) -> dict[str, object] | None:
    run = runs.last(session, job)
    if run is None:
        return None
    return {
        "slot": run.slot.isoformat(),
        "started": run.started_at.isoformat(),
        "ended": run.ended_at.isoformat() if run.ended_at else None,
        "state": word(run.state),
        "fault": word(run.fault),
        "tries": run.tries,
        "counts": numbers(run.counts),
    }


def _metrics(settings: Settings) -> str:
    host = "127.0.0.1" if settings.http_host in ("0.0.0.0", "::") else settings.http_host
    address = f"http://{host}:{settings.http_port}/metrics"
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            lines = answer.read().decode(errors="replace").splitlines()
    except (OSError, ValueError):
        return f"no service answers at {address}"
    return "\n".join(
        masked(line) if line.startswith("#") else line for line in lines if _is_metric(line)
    )


def _is_metric(line: str) -> bool:
    name = line.removeprefix("# HELP ").removeprefix("# TYPE ")
    return line.isascii() and name.startswith(("guiyan_", "process_"))


def _doctor() -> str:
    """In a process of its own: whatever holds it up, the rest is there."""
    words = [sys.executable, "-m", "bot", "doctor"]
    try:
        done = subprocess.run(words, capture_output=True, timeout=_PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return f"`guiyan doctor` did not end within {_PATIENCE:.0f} seconds"
    told = (done.stdout + done.stderr).decode(errors="replace")
    return "\n".join(masked(line) for line in told.splitlines())


def _log(path: Path) -> str:
    try:
        with path.open("rb") as file:
            newest = deque(file, maxlen=_KEPT_LINES)
    except OSError as fault:
        raise CommandError(f"{path} cannot be read: {fault.strerror}") from fault
    return b"\n".join(log_lines(newest)).decode()


def _write(path: Path, files: dict[str, str]) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with ZipFile(draft, "x", ZIP_DEFLATED) as bundle:
            for name, text in files.items():
                bundle.writestr(name, text + "\n")
        os.replace(draft, path)  # whole or not at all
    except OSError as fault:
        raise CommandError(f"{path} cannot be written: {fault.strerror}") from fault
    finally:
        draft.unlink(missing_ok=True)


def _json(told: dict[str, object]) -> str:
    return orjson.dumps(told, option=orjson.OPT_INDENT_2).decode()
