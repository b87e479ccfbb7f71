"""`guiyan bench`: figures, and the limits that they are held against, in one run."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from typing import Any

import orjson

from bot.benching.program import BenchFailure
from bot.cli import BAD_USE, OK, CommandError
from bot.settings import Settings


def bench(options: argparse.Namespace, settings: Settings) -> int:
    """Take one benchmark and print it."""
    module = import_module(f"bot.benching.{options.what}")
    try:
        figures: dict[str, Any] = module.measure(**_chosen(options))
    except BenchFailure as fault:
        raise CommandError(str(fault)) from fault
    if options.json:
        sys.stdout.write(orjson.dumps(figures).decode() + "\n")
    else:
        width = max(map(len, figures))
        sys.stdout.writelines(f"{name:<{width}}  {value}\n" for name, value in figures.items())
    return OK


def _chosen(options: argparse.Namespace) -> dict[str, Any]:
    """What only some benchmarks take."""
    if not options.database:
        return {}
    if options.what != "match":
        raise CommandError("--database is for `bench match` only", BAD_USE)
    return {"database_url": options.database}
