"""A small disk that a test may fill: a tmpfs in a mount namespace, which goes with its holder."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """Mounted at `place` for who runs `within`; everybody else sees it at `folder`."""

    folder: Path
    place: Path
    within: tuple[str, ...]

    def fill(self) -> None:
        """Leave no room: not a byte."""
        with (self.folder / "ballast").open("ab", buffering=0) as ballast:
            for size in (_BLOCK, 1):
                _write_until_full(ballast.fileno(), size)

    def free(self) -> None:
        """There is room again."""
        (self.folder / "ballast").unlink()


def possible() -> str:
    """Why there can be no such disk here, or ""."""
    if os.geteuid() != 0:
        return "only root may mount a small disk"
    try:
        subprocess.run(["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"], check=True,
                       capture_output=True)  # fmt: skip
    except (OSError, subprocess.CalledProcessError) as fault:
        return f"no disk can be mounted in a namespace of its own: {fault}"
    return ""


@contextmanager
def small_disk(place: Path, size: str) -> Iterator[SmallDisk]:
    """An empty disk of `size`, as mount(8) writes it ("24m"), over the folder `place`."""
    mount = 'mount -t tmpfs -o size="$1" none "$0" && echo mounted && exec cat'
    command = ["unshare", "--mount", "sh", "-c", mount, str(place), size]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"mounted\n"
        enter = ("nsenter", f"--mount=/proc/{holder.pid}/ns/mnt", "--")
        yield SmallDisk(
            Path(f"/proc/{holder.pid}/root{place}"), place, (*enter, "env", f"--chdir={place}")
        )
        holder.stdin.close()


def _write_until_full(file: int, size: int) -> None:
    try:
        while True:
            os.write(file, bytes(size))
    except OSError as fault:
        if fault.errno != errno.ENOSPC:
            raise
