"""`guiyan ask` and `guiyan knowledge check|eval`: questions and entries, no database needed."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import orjson

from bot.benching import baselines
from bot.cli import BAD_USE, FAILED, OK, CommandError
from bot.model import Model
from bot.packs import edited_pages, library_of, served_pages
from bot.settings import Settings
from bot.wiring import clock
from handlers.advised import answered
from knowledge import batch, evaluate
from knowledge.advising import Asking
from knowledge.answer import Answer, Answerer
from knowledge.library import EntryFault, Library, faults_in, our_shelf
from knowledge.posts import worked_out
from knowledge.shelf import Reading, Shelf


def ask(options: argparse.Namespace, settings: Settings) -> int:
    """Answer one question, or each line of a file."""
    if bool(options.question) == bool(options.batch):
        raise CommandError("give one QUESTION, or --batch IN.jsonl", BAD_USE)
    library = _library(settings)
    answerer = Answerer(library)
    now = clock(settings)()
    if options.batch:
        return _ask_many(options, settings, answerer, now)
    area = _area(library, options.area)
    found = asyncio.run(_found(Asking(options.question, area), settings, answerer, now))
    answer = worked_out(found, options.question, library)
    text = orjson.dumps(batch.as_line("", answer)).decode() if options.json else _plain(answer)
    sys.stdout.write(text + "\n")
    return OK


def check(options: argparse.Namespace, settings: Settings) -> int:
    """Name file, line and fault of whatever is wrong with the entries."""
    if options.packs and not Path(options.packs).is_dir():
        raise CommandError(f"{options.packs} is no folder", BAD_USE)
    reading = _reading(options.packs, settings)
    faults = faults_in(reading)
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    if faults:
        return FAILED
    sys.stdout.write(f"{len(reading.library.entries)} entries, no faults\n")
    return OK


def _reading(packs: str | None, settings: Settings) -> Reading:
    """Other packs as they are; ours with the edited pages in front of them."""
    if packs:
        return Shelf(Path(packs)).read()
    return our_shelf().read(asyncio.run(served_pages(settings, warn)).pages)


def measure(options: argparse.Namespace, settings: Settings) -> int:
    """Print how well the shipped search does on any corpus, and on demand how others do."""
    entries = list(_lines(options.entries, id=object, question=str))
    queries = list(_lines(options.queries, id=object, query=str, gold=list))
    _look_for_gold(options, entries, queries)
    report = evaluate.evaluate(entries, queries)
    if report.lacking and options.json:
        warn(f"figures that are null could not be taken: {report.lacking}")
    if options.out:
        with _writing(options.out) as out:
            out.writelines(orjson.dumps(row).decode() + "\n" for row in report.rows)
    others = baselines.compared(entries, queries) if options.baselines else {}
    if options.json:
        beside = {"baselines": others} if options.baselines else {}
        sys.stdout.write(orjson.dumps({**report.figures, **beside}).decode() + "\n")
        return OK
    sys.stdout.write(report.as_text() + "\n")
    if options.baselines:
        sys.stdout.write("\n" + baselines.as_text({"归雁": report.figures, **others}) + "\n")
        sys.stderr.write("" if baselines.has_words() else f"{baselines.NEEDED}\n")
    return OK


def _look_for_gold(
    options: argparse.Namespace,
    entries: Sequence[evaluate.Line],
    queries: Sequence[evaluate.Line],
) -> None:
    """Say before the long work what of the gold is nowhere; refuse where that is all of it."""
    unknown = evaluate.strangers(entries, queries)
    if not unknown:
        return
    said = f"gold ids that no entry of {options.entries} has: {evaluate.named(unknown)}"
    if len(unknown) == len({evaluate.key(id) for query in queries for id in query["gold"]}):
        raise CommandError(f"{said}, all there are: do the two files belong together?", BAD_USE)
    warn(f"{said}; they count as not found")


def _ask_many(
    options: argparse.Namespace, settings: Settings, answerer: Answerer, now: datetime
) -> int:
    model = Model(settings) if settings.model_url else None
    with _writing(options.out) as out:
        if model is None:
            for line in batch.answer_batch(answerer, _lines(options.batch), now=now):
                out.write(orjson.dumps(line).decode() + "\n")
        else:
            asyncio.run(_ask_many_advised(options.batch, answerer, now, model, out))
    return OK


async def _ask_many_advised(
    path: str, answerer: Answerer, now: datetime, model: Model, out: IO[str]
) -> None:
    """One after the other, each with the model's advice where we are in doubt."""
    try:
        for line in _lines(path):
            asking = batch.asking_of(line)
            found = await answered(answerer, asking, model, now=now)
            answer = worked_out(found, asking.question, answerer.library)
            out.write(orjson.dumps(batch.as_line(line.get("id"), answer)).decode() + "\n")
    finally:
        await model.close()


async def _found(asking: Asking, settings: Settings, answerer: Answerer, now: datetime) -> Answer:
    if not settings.model_url:
        return answerer.answer(asking.question, area=asking.area, now=now)
    model = Model(settings)
    try:
        return await answered(answerer, asking, model, now=now)
    finally:
        await model.close()


def _library(settings: Settings) -> Library:
    try:
        return library_of(settings.areas, asyncio.run(edited_pages(settings, warn)))
    except EntryFault as fault:
        raise CommandError(str(fault)) from fault


def warn(sentence: str) -> None:
    """Tell the operator; the data goes elsewhere."""
    sys.stderr.write(sentence + "\n")


def _area(library: Library, name: str | None) -> str | None:
    if not name:
        return None
    area = library.areas.resolve(name)
    if area is None:
        raise CommandError(f"不知道「{name}」是哪里：请写县、市、区的名字或行政区划代码", BAD_USE)
    return area.code


def _plain(answer: Answer) -> str:
    lines = [answer.text]
    lines += [f"  {number}. {c.label}" for number, c in enumerate(answer.choices, 1)]
    return "\n".join(lines)


def _lines(path: str, **needed: type) -> Iterator[dict[str, Any]]:
    """The objects of a JSON-lines file; a broken line, or one without what it needs, is named."""
    try:
        with Path(path).open("rb") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield _object(path, number, line, needed)
    except OSError as fault:
        raise CommandError(f"cannot read {path}: {fault.strerror}", BAD_USE) from fault


def _object(path: str, number: int, line: bytes, needed: Mapping[str, type]) -> dict[str, Any]:
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as fault:
        raise CommandError(f"{path}:{number}: not valid JSON ({fault})", BAD_USE) from fault
    if not isinstance(value, dict):
        raise CommandError(f"{path}:{number}: must be an object", BAD_USE)
    for name, kind in needed.items():
        if name not in value or not isinstance(value[name], kind):
            raise CommandError(f'{path}:{number}: "{name}" is missing or of another kind', BAD_USE)
    return value


@contextmanager
def _writing(path: str | None) -> Iterator[IO[str]]:
    if not path:
        yield sys.stdout
        return
    try:
        with Path(path).open("w", encoding="utf-8") as file:
            yield file
    except OSError as fault:
        raise CommandError(f"cannot write {path}: {fault.strerror}", BAD_USE) from fault
