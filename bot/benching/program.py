"""The programs of a benchmark as processes of their own, and the stand-in's controls."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

STAND_IN = "tests.support.bot_api"
TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw4"
_PATIENCE = 30.0


class BenchFailure(Exception):
    """A benchmark could not be taken; one plain sentence."""


@contextmanager
def process(
    arguments: list[str], folder: Path, environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[str]]:
    """A Python program that ends with the block."""
    with (folder / "bench.log").open("a") as log:
        running = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=folder,
            env=dict(environment),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        yield running
    finally:
        running.terminate()
        running.wait(timeout=30)
        if running.stdout:
            running.stdout.close()


def address_of(running: subprocess.Popen[str]) -> str:
    """The address in the first line that a program prints."""
    assert running.stdout is not None
    line = running.stdout.readline()
    found = re.search(r"http://[\d.]+:\d+", line)
    if not found:
        raise BenchFailure(
            f"a program of the benchmark did not start: {line.strip() or 'see log'}"
        )
    return found.group()


def wait_for(port: int) -> None:
    """Until something listens on `port`."""
    import socket

    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise BenchFailure(f"nothing listens on port {port}")


def wait_until_ready(address: str, patience: float = _PATIENCE) -> None:
    """Until the program at `address` says that all its parts work; `patience` in seconds."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        with suppress(OSError), urllib.request.urlopen(f"{address}/readyz", timeout=5) as answer:
            if set(json.load(answer).values()) == {"ok"}:
                return
        time.sleep(0.1)
    raise BenchFailure(f"{address} does not become ready")


def control(address: str, command: str, body: Any = None) -> Any:
    """One command to the stand-in."""
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(f"{address}/control/{command}", data, timeout=_PATIENCE) as answer:
        return json.loads(answer.read())


def cpu_seconds(pid: int) -> float:
    """What a process has computed since it began, its own and the system's for it (proc(5))."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port that nobody uses now."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
