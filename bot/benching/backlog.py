"""What many people have said and nobody has answered yet, stored by the real door."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import cycle
from typing import Any

from bot.benching.program import TOKEN, BenchFailure
from bot.settings import load
from bot.wiring import build
from knowledge.library import load_library
from knowledge.shelf import EVERYWHERE
from records.database import Session
from records.messages import Inbound, InboundKind

FEW = 60
_PORTION = 100  # messages stored together, as one poll brings them
_SECRET_KEY = "a key for benchmarks only, of 32 characters"
_ANSWERED = "SELECT count(done_at), max(done_at) FROM inbound WHERE id > {}"
_COMMITTED = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"


class Backlog:
    """The door of a process that answers nothing, and a look at what others answered."""

    def __init__(self, url: str, runner: asyncio.Runner) -> None:
        self._runner = runner
        self._app = build(load(settings_for(url)), channels={}, is_service=True)
        self._said = 0

    def open(self) -> None:
        """Make the tables; BenchFailure if somebody's talks are there."""
        self._runner.run(self._app.open())
        if self._number("SELECT count(*) FROM conversation"):
            raise BenchFailure("this database holds talks: name an empty one for the bench")

    def close(self) -> None:
        """Let go of the database."""
        self._runner.run(self._app.database.close())

    def store(self, texts: Sequence[str], people: int) -> None:
        """Take in what so many new people say in turn, in portions."""
        said = [
            _message(self._said + place, self._said + place % people, text)
            for place, text in enumerate(texts)
        ]
        self._said += len(said)
        for start in range(0, len(said), _PORTION):
            self._runner.run(self._app.door.receive(said[start : start + _PORTION]))

    def left(self) -> int:
        """How many messages are not answered."""
        return self._number("SELECT count(*) FROM inbound WHERE done_at IS NULL")

    def last(self) -> int:
        """The number of the last message."""
        return self._number("SELECT coalesce(max(id), 0) FROM inbound")

    def answered(self, behind: int) -> tuple[int, datetime]:
        """How many of the messages behind a number were answered, and when the last was."""
        [[number, last]] = self._rows(_ANSWERED.format(behind))
        return number, last

    def committed(self) -> int:
        """Transactions of all, as far as they were told."""
        return self._number(_COMMITTED)

    def server(self) -> int:
        """The process of PostgreSQL's that serves us."""
        return self._number("SELECT pg_backend_pid()")

    def _number(self, query: str) -> int:
        return int(self._rows(query)[0][0])

    def _rows(self, query: str) -> Sequence[Any]:
        return self._runner.run(self._app.database.read(_rows, query))


@contextmanager
def backlog(url: str) -> Iterator[Backlog]:
    """An empty one on an empty database."""
    with asyncio.Runner() as runner:
        made = Backlog(url, runner)
        try:
            made.open()
            yield made
        finally:
            made.close()


def settings_for(url: str) -> dict[str, str]:
    """Of whoever answers it: a channel that nothing is sent on."""
    return {
        "GUIYAN_DATABASE_URL": url,
        "GUIYAN_SECRET_KEY": _SECRET_KEY,
        "GUIYAN_TELEGRAM_TOKEN": TOKEN,
        "GUIYAN_TELEGRAM_BASE_URL": "http://127.0.0.1:1",
    }


def different_questions() -> Iterator[str]:
    """Thousands as people ask, each naming its area, in no order and none twice."""
    library = load_library()
    places = {code: library.areas.area(code) for code in library.packs if code not in EVERYWHERE}
    asked = [
        f"{place.short}{wording}"
        for code, place in places.items()
        if place
        for entry in library.packs[code].entries
        for wording in entry.asked_as
    ]
    once = list(dict.fromkeys(asked))
    random.Random(1).shuffle(once)
    return iter(once)


def few_questions() -> Iterator[str]:
    """The same few in turn, for ever."""
    questions = different_questions()
    return cycle([next(questions) for _ in range(FEW)])


def _message(number: int, person: int, text: str) -> Inbound:
    return Inbound(
        channel="telegram",
        chat=str(person + 1),
        outer_id=str(number + 1),
        kind=InboundKind.TEXT,
        text=text,
        sent_at=datetime.now(UTC),
        sender=str(person + 1),
        sequence=number + 1,
    )


def _rows(session: Session, query: str) -> Sequence[Any]:
    return session.connection().exec_driver_sql(query).all()
