"""A switch between machines in user space: frames go at once, late, or never.

`python -m tests.chaos.switch a b c` opens the taps `tap-a` …, says `ready`, and takes a line of
JSON at a time: `{"between": ["a", "b"], "delay": s, "jitter": s, "loss": share, "is_cut": bool}`,
or `{"announce": address, "mac": mac}`, as a machine does that has taken an address over. It ends
with its standard input. Many kernels lack netem; this works wherever there are tap devices.
"""

from __future__ import annotations

import fcntl
import heapq
import json
import os
import random
import selectors
import socket
import struct
import sys
import time
from dataclasses import dataclass

_TUNSETIFF, _TAP, _NO_HEADER = 0x400454CA, 0x0002, 0x1000
_FRAME = 65536
_SHARED = 1  # the bit of an address that is many machines'


@dataclass(frozen=True, slots=True)
class Way:
    """How frames fare between two machines: seconds, and the share that is lost."""

    delay: float = 0.0
    jitter: float = 0.0
    loss: float = 0.0
    is_cut: bool = False


GOOD = Way()


class Switch:
    """Learns who is behind which port, as any switch does."""

    def __init__(self, names: list[str], seed: int = 1) -> None:
        self._ports = {name: _tap(f"tap-{name}") for name in names}
        self._ways: dict[frozenset[str], Way] = {}
        self._known: dict[bytes, str] = {}
        self._late: list[tuple[float, int, str, bytes]] = []
        self._last: dict[tuple[str, str], float] = {}
        self._count = 0
        self._rng = random.Random(seed)

    def run(self) -> None:
        """Until standard input ends."""
        with selectors.DefaultSelector() as selector:
            for name, port in self._ports.items():
                selector.register(port, selectors.EVENT_READ, name)
            selector.register(sys.stdin.fileno(), selectors.EVENT_READ, "")
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            is_open = True
            while is_open:
                for key, _ in selector.select(self._patience()):
                    is_open = self._taken(key.data) and is_open
                self._release(time.monotonic())

    def _taken(self, name: str) -> bool:
        if not name:
            told = os.read(sys.stdin.fileno(), _FRAME)
            for line in told.decode().splitlines():
                self._obey(json.loads(line))
            return bool(told)
        try:
            while frame := os.read(self._ports[name], _FRAME):
                self._pass_on(name, frame)
        except OSError:  # nothing more for now, or its machine has gone
            return True
        return True

    def _obey(self, told: dict[str, object]) -> None:
        if "announce" in told:
            frame = _announcement(str(told["announce"]), str(told["mac"]))
            self._known.pop(frame[6:12], None)
            for name in self._ports:
                self._send(name, frame)
        else:
            between = told.pop("between")
            assert isinstance(between, list)
            self._ways[frozenset(between)] = Way(**told)  # type: ignore[arg-type]

    def _pass_on(self, source: str, frame: bytes) -> None:
        self._known[frame[6:12]] = source
        known = None if frame[0] & _SHARED else self._known.get(frame[:6])
        for target in (known,) if known else self._ports:
            if target != source:
                self._carry(source, target, frame)

    def _carry(self, source: str, target: str, frame: bytes) -> None:
        way = self._ways.get(frozenset((source, target)), GOOD)
        if way.is_cut or (way.loss and self._rng.random() < way.loss):
            return
        if not way.delay:
            self._send(target, frame)
            return
        wait = way.delay + self._rng.uniform(0.0, way.jitter)
        at = max(self._last.get((source, target), 0.0), time.monotonic() + wait)
        self._last[source, target] = at
        self._count += 1
        heapq.heappush(self._late, (at, self._count, target, frame))

    def _release(self, now: float) -> None:
        while self._late and self._late[0][0] <= now:
            self._send(*heapq.heappop(self._late)[2:])

    def _send(self, name: str, frame: bytes) -> None:
        try:
            os.write(self._ports[name], frame)
        except OSError:  # that machine is not up, or takes no more: lost, as on any wire
            return

    def _patience(self) -> float | None:
        return max(0.0, self._late[0][0] - time.monotonic()) if self._late else None


def _tap(name: str) -> int:
    port = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(port, _TUNSETIFF, struct.pack("16sH", name.encode(), _TAP | _NO_HEADER))
    return port


def _announcement(address: str, mac: str) -> bytes:
    """A gratuitous ARP (RFC 5227): this address is at this card."""
    card, ours = bytes.fromhex(mac.replace(":", "")), socket.inet_aton(address)
    head = b"\xff" * 6 + card + b"\x08\x06"
    return head + struct.pack("!HHBBH", 1, 0x0800, 6, 4, 1) + card + ours + b"\x00" * 6 + ours


if __name__ == "__main__":
    Switch(sys.argv[1:]).run()
