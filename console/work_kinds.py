"""The kinds of work that is done in the background: one line each."""

from __future__ import annotations

from console.exports import making
from console.exports.asking import EXPORT
from console.work import Work

WORK: dict[str, Work] = {EXPORT: making.make}
