"""`guiyan weights`: the weights of matching, and what others would change before they are used."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from bot.cli import OK, CommandError
from bot.settings import Settings
from matching.golden import Comparison, compare
from matching.weights import HUNDREDTHS, Rules, WeightsFault, our_rules, rules_at


def weights(options: argparse.Namespace, settings: Settings) -> int:
    """Print the weights in use, or a dry run of others on the graded set."""
    try:
        before = rules_at(Path(options.against)) if options.against else our_rules()
        after = rules_at(Path(options.file)) if options.file else None
    except WeightsFault as fault:
        raise CommandError(str(fault)) from fault
    lines = _shown(before) if after is None else _compared(before, after)
    sys.stdout.write("\n".join(lines) + "\n")
    return OK


def _shown(rules: Rules) -> Iterator[str]:
    yield f"weights of {rules.day}, by {rules.author}"
    for term, weight in rules.weights.items():
        yield f"{term.value:<12}{weight / HUNDREDTHS:.2f}"
    yield f"{'saturation':<12}-{rules.saturation / HUNDREDTHS:.2f} at most"


def _compared(before: Rules, after: Rules) -> Iterator[str]:
    found = compare(before, after)
    yield f"dry run on {found.people} people, graded by ourselves: no set of clerks exists yet"
    yield from _differences(before, after)
    yield f"agreement (nDCG@3): {found.before:.3f} before, {found.after:.3f} after"
    yield f"something is shown to {found.shown[0]} people before, {found.shown[1]} after"
    yield f"first three changed for {len(found.changes)} people"
    yield from found.changes
    yield _verdict(found)


def _differences(before: Rules, after: Rules) -> Iterator[str]:
    for term, weight in before.weights.items():
        if weight != after.weights[term]:
            yield (
                f"{term.value}: {weight / HUNDREDTHS:.2f} before,"
                f" {after.weights[term] / HUNDREDTHS:.2f} after"
            )
    for name, share in before.shares.items():
        if share != after.shares[name]:
            yield f"{name}: {share / 1000:g} before, {after.shares[name] / 1000:g} after"


def _verdict(found: Comparison) -> str:
    if found.after < found.before:
        return "worse than before: think again, or say in the file's comment why"
    return "no worse than before: put the figures into [dry_run] of the file"
