"""The kinds of work that is done in the background: one line each."""

from __future__ import annotations

from console.campaigns import working
from console.exports import making
from console.exports.asking import EXPORT
from console.imports import differing, doing, undoing
from console.imports.differing import DECIDE
from console.imports.doing import IMPORT, TRIAL
from console.projects import fitting
from console.projects.fitting import FIT
from console.reports import making as reports
from console.trail import VERIFY, verify
from console.work import Work

WORK: dict[str, Work] = {
    EXPORT: making.make,
    TRIAL: doing.try_out,
    IMPORT: doing.bring_in,
    DECIDE: differing.decide_all,
    undoing.LOOK: undoing.look,
    undoing.UNDO: undoing.undo,
    VERIFY: verify,
    reports.REPORT: reports.make,
    FIT: fitting.count,
    working.FREEZE: working.freeze,
    working.LATE: working.take_late,
    working.PROOF: working.make_proof,
}
