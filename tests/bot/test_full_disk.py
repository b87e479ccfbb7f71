"""The disk of the embedded database runs full while people talk, and has room again."""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from records.database import Database
from records.vault import Vault
from tests.chaos.account import Account, account
from tests.chaos.talk import Crowd
from tests.support.bot_api import TOKEN, BotApi
from tests.support.program import Program, clean_environment
from tests.support.small_disk import SmallDisk, possible, small_disk

_WHY_NOT = possible()
pytestmark = pytest.mark.skipif(bool(_WHY_NOT), reason=_WHY_NOT)

SECRET = "a key for tests only, long enough"
ROOM = "48m"
FULL = "the disk is full: make room"
WAITING = 3  # messages that Telegram keeps meanwhile
_PATIENCE = 120.0  # of a machine that has much else to do


@dataclass(slots=True)
class Seen:
    """What was seen of the service."""

    ready: dict[str, str] = field(default_factory=dict)
    ready_after: dict[str, str] = field(default_factory=dict)
    alive: str = ""
    metrics: str = ""
    doctor: str = ""
    backup: str = ""
    copies: tuple[str, str] = ("", "")  # hashes of the earlier back-up: before, and on a full disk
    left: tuple[str, ...] = ()  # in the folder, after the back-up that failed
    kept: int = 0  # messages at Telegram
    log: str = ""
    status: int = -1
    account: Account | None = None


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    """One day of it, for all tests."""
    with small_disk(tmp_path_factory.mktemp("disk"), ROOM) as disk:
        yield asyncio.run(_a_day(disk))


async def _a_day(disk: SmallDisk) -> Seen:
    seen = Seen()
    async with BotApi() as api:
        api.behaviour.knows_everybody = True
        async with _program(disk, api) as program:
            await program.start()
            await program.ready()
            crowd = Crowd(api)
            async with _talking(crowd):
                await crowd.answered(_PATIENCE)
                await _runs_full(disk, program, api, seen)
                disk.free()
                await crowd.answered(_PATIENCE)
            await _until(lambda: _all_is_answered(program, api))
            seen.ready_after = json.loads(await _get(program, "/readyz"))
            seen.status, seen.log = await program.stop(), program.log()
            seen.account = await _account(disk, api, crowd)
    return seen


async def _runs_full(disk: SmallDisk, program: Program, api: BotApi, seen: Seen) -> None:
    await _command(disk, program, "backup", "one.guiyan")
    before = _digest(disk.folder / "one.guiyan")
    disk.fill()
    await _until(lambda: _is_told(program))
    await _until(lambda: _keeps(api))
    seen.ready = json.loads(await _get(program, "/readyz"))
    seen.alive, seen.metrics = await _get(program, "/healthz"), await _get(program, "/metrics")
    seen.doctor, seen.backup = await asyncio.gather(
        _command(disk, program, "doctor"), _command(disk, program, "backup", "two.guiyan")
    )
    seen.copies = (before, _digest(disk.folder / "one.guiyan"))
    seen.left = tuple(sorted(file.name for file in disk.folder.iterdir()))
    seen.kept = len(api.updates.pending)


def _program(disk: SmallDisk, api: BotApi) -> Program:
    settings = {
        "GUIYAN_DATABASE_URL": f"sqlite:///{disk.place}/guiyan.db",
        "GUIYAN_SECRET_KEY": SECRET,
        "GUIYAN_AREAS": "定陶",
        "GUIYAN_TELEGRAM_TOKEN": TOKEN,
        "GUIYAN_TELEGRAM_BASE_URL": api.url,
    }
    # Its log is on the same disk.
    return Program(disk.folder, settings, within=disk.within, patience=_PATIENCE)


@asynccontextmanager
async def _talking(crowd: Crowd) -> AsyncIterator[None]:
    talk = asyncio.create_task(crowd.talk())
    yield
    crowd.stop()
    await talk


async def _account(disk: SmallDisk, api: BotApi, crowd: Crowd) -> Account:
    """What became of each message, by a copy of what is stored: its disk is not mounted here."""
    with TemporaryDirectory() as folder:
        for file in disk.folder.glob("guiyan.db*"):
            shutil.copy(file, folder)
        database = Database(f"sqlite:///{folder}/guiyan.db")
        found = await account(api, database, crowd.said, Vault(SECRET))
        await database.close()
    return found


async def _all_is_answered(program: Program, api: BotApi) -> bool:
    lines = (await _get(program, "/metrics")).splitlines()
    waiting = {f'guiyan_outbox{{state="{state}"}} 0.0' for state in ("queued", "sending")}
    return not api.updates.pending and {"guiyan_unanswered 0.0", *waiting} <= {*lines}


async def _is_told(program: Program) -> bool:
    """What the log of the database had room for already may still be written at first."""
    return FULL in json.loads(await _get(program, "/readyz"))["telegram"]


async def _keeps(api: BotApi) -> bool:
    return len(api.updates.pending) >= WAITING


async def _until(happened: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(_PATIENCE):
        while not await happened():  # noqa: ASYNC110
            await asyncio.sleep(0.2)


async def _get(program: Program, path: str) -> str:
    return await asyncio.to_thread(_fetched, program.address + path)


def _fetched(address: str) -> str:
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            return str(answer.read().decode())
    except urllib.error.HTTPError as refused:
        return refused.read().decode()


async def _command(disk: SmallDisk, program: Program, *words: str) -> str:
    """What a command says, all in one."""
    command = [sys.executable, "-m", "bot", *words]
    return await _output(disk, command, clean_environment() | program.settings)


async def _output(disk: SmallDisk, command: Sequence[str], environment: Mapping[str, str]) -> str:
    process = await asyncio.create_subprocess_exec(
        *disk.within, *command,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    return said.decode()


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_what_is_stored_is_stored_once_and_answered_once_in_order(seen: Seen) -> None:
    assert seen.account is not None
    assert seen.account.broken == ()
    assert seen.account.said > WAITING
    assert seen.account.repeated == 0


def test_what_cannot_be_stored_is_kept_by_telegram(seen: Seen) -> None:
    assert seen.kept >= WAITING


def test_the_process_lives_and_ends_in_order(seen: Seen) -> None:
    assert json.loads(seen.alive) == {"status": "alive"}
    assert seen.status == 0


def test_it_says_that_it_is_not_ready_and_how_to_mend_it(seen: Seen) -> None:
    assert FULL in seen.ready["database"]
    assert FULL in seen.ready["telegram"]
    assert set(seen.ready_after.values()) == {"ok"}


def test_its_metrics_ring_the_alerts(seen: Seen) -> None:
    lines = seen.metrics.splitlines()
    assert "guiyan_store_up 0.0" in lines
    assert "guiyan_disk_free_bytes 0.0" in lines
    assert "guiyan_store_faults_total 0.0" not in lines


def test_the_doctor_says_it(seen: Seen) -> None:
    assert f"FAULT database: {FULL}" in seen.doctor
    assert "note  disk: 0 MiB are left beside the database" in seen.doctor


def test_a_back_up_fails_in_a_sentence_and_leaves_the_earlier_one(seen: Seen) -> None:
    assert "disk is full" in seen.backup
    assert "Traceback" not in seen.backup
    assert seen.copies[0] == seen.copies[1]
    assert [name for name in seen.left if "part" in name or "two" in name] == []


def test_its_log_on_the_same_disk_goes_on(seen: Seen) -> None:
    assert '"message":"stopping"' in seen.log


@pytest.fixture
def small(tmp_path: Path) -> Iterator[SmallDisk]:
    """A smaller one of its own."""
    with small_disk(tmp_path, "28m") as disk:
        yield disk


async def test_a_log_that_cannot_go_into_the_file_loses_nothing(small: SmallDisk) -> None:
    """16 MB of write-ahead log go into the file at a commit, for which there is no room."""
    command = [sys.executable, "-m", "tests.support.filling", f"{small.place}/small.db"]
    told = json.loads(await _output(small, command, clean_environment()))
    assert FULL in told["fault"]
    assert told["log"] > 4000 * 4096
    assert told["stored"] > 0
    assert told["counted"] == [told["stored"]] * 2
