"""One PostgreSQL on a machine of its own: it crashes, follows, is promoted, runs full."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import socket
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

import asyncpg

from tests.chaos.machines import Machine
from tests.support.postgres import NOBODY, binaries, reachable, run, spawn, wait_until_ready

_ROOM = "700m"  # of a disk that may run full
_SETTINGS = {
    "listen_addresses": "*",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "max_wal_size": "192MB",
    "min_wal_size": "64MB",
    "wal_keep_size": "128MB",
    "hot_standby_feedback": "on",
    "wal_retrieve_retry_interval": "500ms",
    # As docs/howto/postgres.md advises: whoever is cut off leaves no lock behind for long.
    "tcp_keepalives_idle": "3",
    "tcp_keepalives_interval": "1",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "6000",
    "idle_in_transaction_session_timeout": "6000",
}
_PATIENCE = 60.0
_BALLAST = bytes(1 << 20)


class Server:
    """A primary or a standby. `folder` is its machine's disk."""

    def __init__(self, machine: Machine, folder: Path, port: int, *, is_small: bool) -> None:
        folder.mkdir(mode=0o755)
        if is_small:
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_ROOM}", "none", folder],
                           check=True)  # fmt: skip
        self.machine, self.port, self.log = machine, port, folder.parent / f"{folder.name}.log"
        self._disk, self._data, self._socket = folder, folder / "data", folder / "socket"
        self._socket.mkdir()
        self.log.touch()
        for path in (folder, self._socket, self.log):
            _belongs_to_nobody(path)
        self._binaries = reachable(binaries(), Path(tempfile.mkdtemp(dir=folder.parent)))
        self._server: subprocess.Popen[bytes] | None = None

    def make(self) -> None:
        """A new, empty cluster."""
        run([self._binaries / "initdb", "-D", self._data, "-U", "postgres", "-A", "trust",
             "-E", "UTF8", "--locale=C", "--lc-ctype=C.UTF-8", "--no-sync"])  # fmt: skip
        with (self._data / "pg_hba.conf").open("a") as rules:
            rules.write("host all,replication all 10.77.0.0/24 trust\n")

    def copy(self, other: Server) -> None:
        """Become a standby of another, whatever this one was; it does not serve yet."""
        run(["rm", "-rf", self._data])
        address = f"host={other.machine.address} port={other.port} user=postgres"
        run([self._binaries / "pg_basebackup", "-d", f"{address} application_name=standby",
             "-D", self._data, "-R", "-X", "stream", "-c", "fast", "--no-sync"],
            within=self.machine.within)  # fmt: skip

    def start(self) -> None:
        """Start it, and wait until it serves."""
        options = [word for item in _SETTINGS.items() for word in ("-c", "=".join(item))]
        where = ("-D", self._data, "-k", self._socket, "-p", str(self.port))
        (self._data / "postmaster.pid").unlink(missing_ok=True)
        command: list[str | Path] = [self._binaries / "postgres", *where, *options]
        self._server = spawn(command, within=self.machine.within, log=self.log)
        wait_until_ready(self._data / "postmaster.pid", self._server)

    @property
    def is_running(self) -> bool:
        return self._server is not None and self._server.poll() is None

    def stop(self, number: signal.Signals) -> None:
        """SIGINT throws out whoever is in; SIGQUIT is a crash."""
        if self._server is not None and self.is_running:
            self._server.send_signal(number)
            self._server.wait(timeout=_PATIENCE)

    async def say(self, statement: str) -> list[asyncpg.Record]:
        """As its keeper, on its own machine."""
        connection = await asyncpg.connect(
            host=str(self._socket), port=self.port, user="postgres", database="postgres"
        )
        try:
            found: list[asyncpg.Record] = await connection.fetch(statement)
            return found
        finally:
            await connection.close()

    async def promote(self) -> None:
        """It takes writes from now on, and waits for no standby."""
        await self.say("SELECT pg_promote()")
        await self.waits_for("")

    async def waits_for(self, standby: str) -> None:
        """Commits wait until this one has them as well; "" for nobody."""
        await self.say(f"ALTER SYSTEM SET synchronous_standby_names = '{standby}'")
        await self.say("SELECT pg_reload_conf()")

    async def is_followed(self) -> bool:
        """Whether a standby has all that was committed."""
        with suppress(OSError, asyncpg.PostgresError):
            found = await self.say("SELECT sync_state FROM pg_stat_replication")
            return [row[0] for row in found] == ["sync"]
        return False

    async def until_followed(self) -> None:
        """TimeoutError after a minute."""
        async with asyncio.timeout(_PATIENCE):
            while not await self.is_followed():  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    def fill(self) -> Path:
        """A ballast that leaves no room on its disk; removing it makes room."""
        ballast = self._disk / "ballast"
        with ballast.open("wb", buffering=0) as file:
            try:
                while file.write(_BALLAST):
                    pass
            except OSError as full:
                if full.errno != errno.ENOSPC:
                    raise
        return ballast


def free_port() -> int:
    """One that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _belongs_to_nobody(path: Path) -> None:
    if os.geteuid() == 0:
        os.chown(path, NOBODY, NOBODY)
