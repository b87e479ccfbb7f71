"""The kinds of work that is done in the background: one line each."""

from __future__ import annotations

from console.campaigns import working
from console.exports import making
from console.exports.asking import EXPORT
from console.imports import differing, doing
from console.imports.differing import DECIDE
from console.imports.doing import IMPORT, TRIAL
from console.work import Work

WORK: dict[str, Work] = {
    EXPORT: making.make,
    TRIAL: doing.try_out,
    IMPORT: doing.bring_in,
    DECIDE: differing.decide_all,
}
