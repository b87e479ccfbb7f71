"""`bench match --graded`: the rankings held against what people graded without knowing them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.benching.program import BenchFailure
from matching import cases, golden, sheets
from matching.sheets import Grades, SheetFault
from matching.stock import spin
from matching.weights import our_rules

NDCG_BAR, MARGIN_BAR = 0.80, 0.10


def write_sheet(path: Path) -> dict[str, Any]:
    """A sheet for a clerk, in an order of its own by its name; nothing is overwritten."""
    case, seed = cases.for_clerks(), spin(path.name)
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(sheets.blank(case, seed))
    except FileExistsError as fault:
        raise BenchFailure(f"{path} is there already: name a new file") from fault
    except OSError as fault:
        raise BenchFailure(f"{path} cannot be written: {fault.strerror}") from fault
    return {"sheet": str(path), "pairs_to_grade": len(case.people) * len(case.projects)}


def measure(paths: list[Path]) -> dict[str, Any]:
    """The figures of design 6.8 on these sheets, one of each grader."""
    case, rules = cases.for_clerks(), our_rules()
    graded = [_read(path) for path in paths]
    found = sheets.graded_set(case, graded)
    ours = golden.agreement(rules, graded=found)
    others = {
        name: golden.agreement(rules, choose, found) for name, choose in golden.BASELINES.items()
    }
    best = max(others.values())
    return {
        "people": len(case.people),
        "projects": len(case.projects),
        "graders": len(graded),
        **(_agreement(*graded) if len(graded) == 2 else {}),
        "people_shown_something": golden.shown_something(rules, found),
        "ndcg_at_3": round(ours, 3),
        "ndcg_at_3_bar": NDCG_BAR,
        "ndcg_by_score_alone": round(golden.agreement(rules, golden.by_score_alone, found), 3),
        **{f"ndcg_{name}": round(value, 3) for name, value in others.items()},
        "above_the_best_baseline": round(ours - best, 3),
        "above_the_best_baseline_bar": MARGIN_BAR,
    }


def _read(path: Path) -> Grades:
    try:
        return sheets.read(path.read_bytes(), cases.for_clerks())
    except OSError as fault:
        raise BenchFailure(f"{path} cannot be read: {fault.strerror}") from fault
    except SheetFault as fault:
        raise BenchFailure(f"{path}: {fault}") from fault


def _agreement(one: Grades, other: Grades) -> dict[str, float]:
    same = sum(one[pair] == other[pair] for pair in one) / len(one)
    return {
        "graded_the_same": round(same, 3),
        "kappa": round(sheets.kappa(one, other), 3),
        "kappa_weighted": round(sheets.kappa(one, other, is_weighted=True), 3),
    }
