"""The store: a primary, a standby that has all that was committed, and an address that moves."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

from tests.chaos.machines import HERE, SHARED, Machines
from tests.chaos.server import Server, free_port
from tests.chaos.switch import Way

_PORT = 5432
_DEADLOCK = "deadlock detected"


class Store:
    """Two servers, one of which takes writes.

    On machines the service knows one address, which moves with the primary. On one machine it
    knows both servers, and the driver looks for the one that takes writes.
    """

    def __init__(self, folder: Path, machines: Machines | None) -> None:
        self._machines = machines
        places = [machines["c"], machines["s"]] if machines else [HERE, HERE]
        ports = [_PORT, _PORT] if machines else [free_port(), free_port()]
        self.primary, self.standby = (
            Server(place, folder / f"store-{name}", port, is_small=machines is not None)
            for place, name, port in zip(places, "cs", ports, strict=True)
        )
        hosts = f"host={SHARED}:{_PORT}"
        if machines is None:
            first, second = (f"host={HERE.address}:{port}" for port in ports)
            hosts = f"{first}&{second}&target_session_attrs=read-write"
        self.url = f"postgresql://postgres@/postgres?{hosts}"

    async def start(self) -> None:
        """A new cluster, and a copy that follows it."""
        await asyncio.to_thread(self.primary.make)
        await asyncio.to_thread(self.primary.start)
        await self._follow()

    def stop(self) -> None:
        """Both."""
        for server in (self.standby, self.primary):
            server.stop(signal.SIGINT)

    async def crash(self) -> None:
        """The primary, at once."""
        await asyncio.to_thread(self.primary.stop, signal.SIGQUIT)

    async def restart(self) -> None:
        """The primary, by its keeper: whoever is in is thrown out."""
        await asyncio.to_thread(self.primary.stop, signal.SIGINT)
        await asyncio.to_thread(self.primary.start)

    async def begin(self) -> None:
        """The primary, where it does not run."""
        if not self.primary.is_running:
            await asyncio.to_thread(self.primary.start)

    async def kill_backends(self, share: float) -> None:
        """So many of those who are in are thrown out."""
        await self.primary.say(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type ="
            f" 'client backend' AND pid != pg_backend_pid() AND random() < {share}"
        )

    async def fail_over(self) -> None:
        """The primary dies, the standby takes its place and its address."""
        await self.primary.until_followed()
        await self.crash()
        await self._swap()

    async def lose_machine(self) -> None:
        """Nobody reaches the primary's machine any more, which does not know it."""
        assert self._machines is not None
        await self.primary.until_followed()
        self._machines.alone(self.primary.machine.name, Way(is_cut=True))
        await self._swap()

    async def rebuild(self) -> None:
        """The primary that was is dead, and follows as a new standby."""
        self.standby.stop(signal.SIGQUIT)
        if self._machines is not None:
            self._machines.mend()
        await self._follow()

    def deadlocks(self) -> int:
        """How often a server had to end one."""
        logs = (self.primary.log, self.standby.log)
        return sum(log.read_text(errors="replace").count(_DEADLOCK) for log in logs)

    async def _swap(self) -> None:
        self.primary, self.standby = self.standby, self.primary
        await self.primary.promote()
        if self._machines is not None:
            await asyncio.to_thread(self._machines.give_address, self.primary.machine.name)

    async def _follow(self) -> None:
        await asyncio.to_thread(self.standby.copy, self.primary)
        await asyncio.to_thread(self.standby.start)
        await self.primary.waits_for("*")
        await self.primary.until_followed()
