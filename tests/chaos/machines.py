"""Machines as network namespaces on one switch, which live as long as this process."""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.chaos.switch import GOOD, Way

OURS = "d"  # the machine of this process: the provider's stand-in, and whoever looks after it all
SHARED = "10.77.0.10"  # where the store is, on whichever machine that is
_ADDRESSES = {"a": "10.77.0.1", "b": "10.77.0.2", "c": "10.77.0.3", "d": "10.77.0.4",
              "s": "10.77.0.5"}  # fmt: skip
_PATIENCE = 10.0
_CLONE_NEWNS, _CLONE_NEWNET = 0x00020000, 0x40000000


@dataclass(frozen=True, slots=True)
class Machine:
    """A place where processes run: `within` is what comes before their command."""

    name: str
    address: str
    within: tuple[str, ...] = ()


HERE = Machine("here", "127.0.0.1")


class Machines:
    """All of them, and the ways between them."""

    def __init__(self, by_name: dict[str, Machine], switch: subprocess.Popen[bytes]) -> None:
        self._by_name = by_name
        self._switch = switch

    def __getitem__(self, name: str) -> Machine:
        return self._by_name[name]

    def between(self, one: str, other: str, way: Way) -> None:
        """From now on frames fare so between these two, in both directions."""
        self._tell({"between": [one, other], **asdict(way)})

    def alone(self, name: str, way: Way) -> None:
        """From now on frames fare so between this one and all others."""
        for other in self._by_name:
            if other != name:
                self.between(name, other, way)

    def mend(self) -> None:
        """All ways are good."""
        for name in self._by_name:
            self.alone(name, GOOD)

    def give_address(self, name: str) -> None:
        """The store's address is this machine's, and it tells all others."""
        for machine in self._by_name.values():
            _ip(machine, "addr", "del", f"{SHARED}/32", "dev", _card(machine), is_sure=False)
        machine = self._by_name[name]
        _ip(machine, "addr", "add", f"{SHARED}/32", "dev", _card(machine))
        shown = subprocess.check_output(
            [*machine.within, "ip", "-j", "link", "show", _card(machine)]
        )
        self._tell({"announce": SHARED, "mac": json.loads(shown)[0]["address"]})

    def _tell(self, what: dict[str, object]) -> None:
        assert self._switch.stdin is not None
        self._switch.stdin.write(json.dumps(what).encode() + b"\n")
        self._switch.stdin.flush()


def possible() -> str:
    """Why there can be no machines here, or ""."""
    if os.geteuid() != 0:
        return "only root may make network namespaces"
    if not Path("/dev/net/tun").exists():
        return "the kernel has no tap devices (/dev/net/tun)"
    try:
        subprocess.run(["unshare", "--net", "ip", "link", "set", "lo", "up"], check=True,
                       capture_output=True)  # fmt: skip
    except (OSError, subprocess.CalledProcessError) as fault:
        return f"no network namespace can be made: {fault}"
    return ""


def leave() -> None:
    """This process, and all that it starts, in namespaces of its own: what it mounts goes too."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNET | _CLONE_NEWNS):
        raise OSError(ctypes.get_errno(), "unshare")
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    # What killed processes leave in memory goes as well.
    subprocess.run(["mount", "-t", "tmpfs", "none", "/dev/shm"], check=True)


@contextmanager
def made() -> Iterator[Machines]:
    """Five machines; this process has left the network that it was in."""
    with ExitStack() as stack:
        switch = stack.enter_context(_child(
            [sys.executable, "-m", "tests.chaos.switch", *_ADDRESSES]
        ))  # fmt: skip
        assert switch.stdout is not None
        switch.stdout.readline()
        machines = Machines(
            {name: stack.enter_context(_machine(name)) for name in _ADDRESSES}, switch
        )
        machines.give_address("c")
        yield machines


@contextmanager
def _machine(name: str) -> Iterator[Machine]:
    if name == OURS:
        machine = Machine(name, _ADDRESSES[name])
        _connect(machine)
        yield machine
        return
    # A namespace lives as long as a process is in it: this one as long as its standard input.
    with _child(["unshare", "--net", "cat"]) as holder:
        _wait_for_namespace(holder.pid)
        within = ("nsenter", f"--net=/proc/{holder.pid}/ns/net", "--")
        machine = Machine(name, _ADDRESSES[name], within)
        subprocess.run(["ip", "link", "set", _card(machine), "netns", str(holder.pid)], check=True)
        _connect(machine)
        yield machine


@contextmanager
def _child(command: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        yield child
        assert child.stdin is not None
        child.stdin.close()


def _connect(machine: Machine) -> None:
    _ip(machine, "link", "set", "lo", "up")
    _ip(machine, "addr", "add", f"{machine.address}/24", "dev", _card(machine))
    _ip(machine, "link", "set", _card(machine), "up")


def _card(machine: Machine) -> str:
    return f"tap-{machine.name}"


def _ip(machine: Machine, *words: str, is_sure: bool = True) -> None:
    subprocess.run([*machine.within, "ip", *words], check=is_sure, capture_output=not is_sure)


def _wait_for_namespace(pid: int) -> None:
    ours, deadline = os.readlink("/proc/self/ns/net"), time.monotonic() + _PATIENCE
    while os.readlink(f"/proc/{pid}/ns/net") == ours:
        if time.monotonic() > deadline:
            raise TimeoutError("no namespace was made")
        time.sleep(0.01)
