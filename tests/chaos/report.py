"""What a run found: a line of JSON for each seed, and all of them as a page."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.chaos.account import Account

RECOVERY = 10.0  # seconds within which newcomers are answered again

_HEAD = (Path(__file__).parent / "report.md").read_text(encoding="utf-8")


@dataclass(slots=True)
class Report:
    """What the rounds of one seed found, and where. `left_out`: fault and why."""

    seed: int
    rounds: int = 0
    recoveries: dict[str, list[float]] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    account: Account | None = None
    where: str = ""

    def note(self, fault: str, seconds: float) -> None:
        """How long it took until newcomers were answered again."""
        self.rounds += 1
        self.recoveries.setdefault(fault, []).append(round(seconds, 2))
        if seconds > RECOVERY:
            self.broken.append(f"round {self.rounds}, {fault}: {seconds:.1f} s silent")


def keep(report: Report, results: Path) -> None:
    """Its line in the file of results, in place of what the same seed found before."""
    others = [one for one in kept(results) if one.seed != report.seed]
    in_order = sorted([*others, report], key=lambda one: one.seed)
    lines = [json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in in_order]
    results.write_text("".join(lines), encoding="utf-8")


def kept(results: Path) -> list[Report]:
    """All that were kept; none where there is no file."""
    if not results.exists():
        return []
    lines = results.read_text(encoding="utf-8").splitlines()
    found = [Report(**json.loads(line)) for line in lines]
    for report in found:
        if isinstance(told := report.account, dict):
            report.account = Account(**told)
    return found


def as_page(reports: Sequence[Report]) -> str:
    """All of it, in Markdown."""
    rounds, broken = sum(one.rounds for one in reports), _broken(reports)
    lines = [
        _HEAD,
        f"**{rounds:,} rounds of {len(reports)} seeds, {len(broken)} broken invariants.**",
        "",
        *_where(reports),
    ]
    lines += ["", "| fault | rounds | median s | worst s |", "|---|---|---|---|"]
    lines += _by_fault(reports)
    lines += ["", "| seed | rounds | said | replies | heard | of these repeated | broken |"]
    lines += ["|---|---|---|---|---|---|---|", *map(_line, reports)]
    left_out = sorted({word for one in reports for word in one.left_out})
    lines += ["", "Left out: " + ("; ".join(left_out) or "nothing") + ".", ""]
    lines += [f"- {word}" for word in broken]
    return "\n".join(lines).rstrip() + "\n"


def _where(reports: Sequence[Report]) -> list[str]:
    seeds: dict[str, list[str]] = defaultdict(list)
    for one in reports:
        seeds[one.where].append(str(one.seed))
    return [f"- seeds {', '.join(each)}: {place}" for place, each in seeds.items()]


def _by_fault(reports: Sequence[Report]) -> list[str]:
    found: dict[str, list[float]] = defaultdict(list)
    for report in reports:
        for name, seconds in report.recoveries.items():
            found[name] += seconds
    rows = ((name, sorted(seconds)) for name, seconds in sorted(found.items()))
    return [f"| `{n}` | {len(s)} | {s[len(s) // 2]:.2f} | {s[-1]:.2f} |" for n, s in rows]


def _line(one: Report) -> str:
    a = one.account
    figures = f"{a.said} | {a.queued} | {a.heard} | {a.repeated}" if a else "– | – | – | –"
    return f"| {one.seed} | {one.rounds} | {figures} | {len(one.broken)} |"


def _broken(reports: Sequence[Report]) -> list[str]:
    return [f"seed {one.seed}: {word}" for one in reports for word in one.broken]
