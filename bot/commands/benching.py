"""`guiyan bench`: figures, and the limits that they are held against, in one run."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import orjson

from bot.benching.baselines import as_text
from bot.benching.program import BenchFailure
from bot.cli import BAD_USE, OK, CommandError
from bot.settings import Settings

_GRADERS = 2  # whose agreement is told
_ON_A_DATABASE = ("campaign", "console", "drain", "import", "intake", "match", "rates")
_MODULES = {"import": "importing"}  # a name that Python keeps for itself


def bench(options: argparse.Namespace, settings: Settings) -> int:
    """Take one benchmark and print it."""
    try:
        figures = _figures(options)
    except BenchFailure as fault:
        raise CommandError(str(fault)) from fault
    if options.json:
        sys.stdout.write(orjson.dumps(figures).decode() + "\n")
    else:
        sys.stdout.write("\n".join(_as_text(figures)) + "\n")
    return OK


def _figures(options: argparse.Namespace) -> dict[str, Any]:
    if not options.graded and not options.sheet:
        module = import_module(f"bot.benching.{_MODULES.get(options.what, options.what)}")
        found: dict[str, Any] = module.measure(**_chosen(options))
        return found
    if options.what != "match" or len(options.graded or ()) > _GRADERS:
        raise CommandError("--sheet, and --graded with one or two files, go with match", BAD_USE)
    graded = import_module("bot.benching.graded")
    if options.sheet:
        return dict(graded.write_sheet(Path(options.sheet)))
    return dict(graded.measure([Path(file) for file in options.graded]))


def _as_text(figures: dict[str, Any]) -> Iterator[str]:
    """A line for each figure, a heading for each group, a table for baselines."""
    width = max((len(name) for name in figures), default=0)
    for name, value in figures.items():
        if name == "baselines":
            yield as_text(value)
        elif isinstance(value, dict):
            yield from ("", name, *_as_text(value))
        else:
            yield f"{name:<{width}}  {value}"


def _chosen(options: argparse.Namespace) -> dict[str, Any]:
    """What only some benchmarks take."""
    chosen: dict[str, Any] = {}
    if options.database:
        chosen["database_url"] = options.database
        if options.what not in _ON_A_DATABASE:
            known = ", ".join(f"`{name}`" for name in _ON_A_DATABASE)
            raise CommandError(f"--database is for `bench` with {known}", BAD_USE)
    if options.only or options.people:
        chosen |= {"only": options.only, "people": options.people}
        if options.what not in ("campaign", "console"):
            raise CommandError(
                "--only and --people are for `bench campaign` and `console`", BAD_USE
            )
    return chosen
