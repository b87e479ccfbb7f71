"""Making things in a process beside this one: one core reads a file, the other stores it."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import TypeVar

from knowledge.exchange.guard import FileRefused

T = TypeVar("T")
_WAITING = 2**20  # bytes


class Cut(Exception):
    """The process beside ended before its work: it was killed, or had no memory left."""


def beside(items: Iterable[T]) -> Iterator[T]:
    """The same items, as they are made; a file that is refused there is refused here.

    Where processes cannot be split, they are made here.
    """
    was_on = gc.isenabled()
    gc.disable()  # nothing here is in cycles; looking for some costs a third of the time
    try:
        is_split = "fork" in multiprocessing.get_all_start_methods()
        yield from _split(items) if is_split else items
    finally:
        if was_on:
            gc.enable()


def _split(items: Iterable[T]) -> Iterator[T]:
    ours, theirs = multiprocessing.Pipe(duplex=False)
    _widen(theirs)
    process = multiprocessing.get_context("fork").Process(
        target=_make, args=(items, ours, theirs), daemon=True
    )
    process.start()
    theirs.close()
    try:
        yield from _received(ours)
    finally:
        ours.close()
        process.kill()
        process.join()


def _widen(pipe: Connection) -> None:
    """Let more wait in the pipe, where the system can: fewer turns from one to the other."""
    if sys.platform == "linux":
        import fcntl

        with suppress(OSError):
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _WAITING)


def _received(pipe: Connection) -> Iterator[T]:
    while True:
        try:
            item, fault, is_end = pipe.recv()
        except EOFError as error:
            raise Cut("the file was not read to its end: import it again") from error
        if fault is not None:
            raise fault
        if is_end:
            return
        yield item


def _make(items: Iterable[T], ours: Connection, theirs: Connection) -> None:
    gc.freeze()  # what was there before is not looked through again and again
    ours.close()  # so that a write fails once the reader is gone
    with suppress(BrokenPipeError):
        try:
            for item in items:
                theirs.send((item, None, False))
        except FileRefused as fault:
            theirs.send((None, fault, False))
        else:
            theirs.send((None, None, True))
    theirs.close()
    os._exit(0)  # nothing of this process's open files and threads is ours to end
