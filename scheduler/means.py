"""What long jobs work with: they take several transactions, and may read the entries."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from knowledge.answer import Answerer
from outreach.broadcasts import Rules
from outreach.groups.crowds import Ask, silent
from outreach.reach import ALL, Lines
from outreach.reports import rules as reports
from records.database import Database
from records.vault import Vault


async def _as_they_are() -> None:
    """Nothing to read again."""


@dataclass(frozen=True, slots=True)
class Means:
    """The store, the key to what is sealed in it, and the entries as they are served now."""

    database: Database
    vault: Vault
    answerer: Callable[[], Answerer]  # the first call may take seconds: not on the event loop
    refresh: Callable[[], Awaitable[None]] = _as_they_are  # before each run: may read them again
    lines: Lines = ALL  # the channels, by which people are written to unasked
    crowd: Ask = silent  # a channel's word on one of its groups
    broadcasts: Rules | None = None  # of WeCom's groups, where there are any
    rules: reports.Rules = field(default_factory=reports.Rules)  # of an office's forms
