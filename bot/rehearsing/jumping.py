"""A loop whose clock jumps: who sleeps wakes at once, and it is as late as they wished."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any


class _Impatient(selectors.DefaultSelector):
    """Waits for nothing: the time that it was to wait is over."""

    passed = 0.0

    def select(self, timeout: float | None = None) -> Any:
        if timeout is None:
            raise RuntimeError("everything waits, and for nothing that the clock brings")
        self.passed += max(0.0, timeout)
        return super().select(0)


class JumpingLoop(asyncio.SelectorEventLoop):
    """Its `time` begins at 0. Work for threads is done at once: the clock waits for it."""

    def __init__(self) -> None:
        self._impatient = _Impatient()
        super().__init__(self._impatient)

    def time(self) -> float:
        """Seconds that have passed in it."""
        return self._impatient.passed

    def run_in_executor(  # type: ignore[override]
        self, executor: Executor | None, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        """Do it here and now."""
        done = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as fault:  # belongs to whoever waits for it
            done.set_exception(fault)
        return done
