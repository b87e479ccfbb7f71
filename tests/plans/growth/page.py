"""docs/reference/growth.md: its figures as JSON lines, and what is made of them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.plans.growth.drawing import Line, Panel, as_figure, picture

Figures = dict[str, str | float]

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "growth.md"
FIGURES, PICTURE = "figures.jsonl", "growth.svg"
NAMES = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}
_TABLES = re.compile(r"(?<=<!-- measured -->\n).*(?=<!-- end -->)", re.S)


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of the tables: the figure's name, what it is, and the goal of its growth."""

    name: str
    said: str
    goal: str = ""
    title: str = ""  # over its picture; "" where it has none


MEASURES = (
    Measure("talk_p50_us", "a conversation by its key: p50, µs", "1.6"),
    Measure("talk_p99_us", "p99, µs"),
    Measure("talk_cpu_us", "processor, µs"),
    Measure("person_p50_us", "a person by the account, with consents and facts: p50, µs"),
    Measure("person_p99_us", "p99, µs"),
    Measure("person_cpu_us", "processor, µs", "1.6", "a person looked up, µs"),
    Measure("turn_p50_ms", "a whole turn, alone: p50, ms"),
    Measure("turn_p99_ms", "p99, ms"),
    Measure("turn_ms_together", "fifty turns at once: ms each"),
    Measure("turn_cpu_ms", "processor, ms each", "1.25", "a turn, ms"),
    Measure("claim_p50_ms", "100 rows of the outbox claimed: p50, ms", "1.0"),
    Measure("claim_cpu_ms", "processor, ms", "1.0", "100 rows claimed, ms"),
    Measure("reminders_due", "reminders due on one day"),
    Measure("reminders_look_cpu_ms", "a look for the first 100 of them: processor, ms"),
    Measure("reminders_ms", "all of them brought into the outbox: ms"),
    Measure("reminder_cpu_ms", "processor, ms each", "", "one reminder, ms"),
    Measure("page_ms", "a page of 5,000 people of a campaign for everybody frozen: ms"),
    Measure("page_cpu_ms", "processor, ms", "", "5,000 people frozen, ms"),
    Measure("queued_rows_a_second", "rows of it queued a second"),
    Measure("queued_cpu_us", "processor, µs a row", "", "one row queued, µs"),
    Measure("county_freeze_ms", "a campaign for one area's 5,000 people frozen, all of it: ms"),
    Measure("county_freeze_cpu_ms", "processor, ms", "", "a county's campaign, ms"),
    Measure("contact_bytes", "bytes of a contact with its indexes", "", "bytes of a contact"),
    Measure("message_bytes", "bytes of a message with its indexes"),
    Measure("memory_mb", "memory of the process at the most, MB", "1.0"),
)


def keep(page: Path, found: Sequence[Figures]) -> None:
    """Put figures in the place of older ones of the same size, and make all of it anew."""
    folder = page.with_suffix("")
    folder.mkdir(exist_ok=True)
    known = {_key(one): one for one in (*kept(page), *found)}
    lines = [known[key] for key in sorted(known)]
    text = "".join(f"{json.dumps(one)}\n" for one in lines)
    (folder / FIGURES).write_text(text, encoding="utf-8")
    (folder / PICTURE).write_text(drawn(lines), encoding="utf-8")
    page.write_text(with_tables(page.read_text("utf-8"), lines), encoding="utf-8")


def kept(page: Path) -> list[Figures]:
    """What was measured before; nothing where there is no such file yet."""
    file = page.with_suffix("") / FIGURES
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    return [json.loads(line) for line in lines]


def with_tables(text: str, lines: Sequence[Figures]) -> str:
    """The page with these tables between its two marks."""
    tables = "\n".join(_table(name, rows) for name, rows in _by_database(lines).items())
    return _TABLES.sub(lambda _: f"\n{tables}\n", text)


def drawn(lines: Sequence[Figures]) -> str:
    """Each measure that has a title as a panel, with a line for each database."""
    known = _by_database(lines)
    panels = [
        Panel(
            one.title,
            [
                Line(NAMES[name], [(float(row["contacts"]), float(row[one.name])) for row in rows])
                for name, rows in known.items()
            ],
        )
        for one in MEASURES
        if one.title
    ]
    return picture("What a contact more costs: from 10 thousand contacts to 10 million", panels)


def _table(database: str, rows: Sequence[Figures]) -> str:
    sizes = [f"{row['contacts']:,}" for row in rows]
    head = [NAMES[database], *sizes, "last ÷ first", "goal"]
    lines = [head, ["---"] * len(head), *(_row(one, rows) for one in MEASURES)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _row(measure: Measure, rows: Sequence[Figures]) -> list[str]:
    values = [float(row[measure.name]) for row in rows]
    ratio = f"{values[-1] / values[0]:,.2f}" if values[0] else "–"
    goal = f"≤ {measure.goal}" if measure.goal else ""
    return [measure.said, *map(as_figure, values), ratio, goal]


def _by_database(lines: Sequence[Figures]) -> dict[str, list[Figures]]:
    return {
        name: found
        for name in NAMES
        if (found := [one for one in lines if one["database"] == name])
    }


def _key(one: Figures) -> tuple[str, float]:
    return str(one["database"]), float(one["contacts"])
