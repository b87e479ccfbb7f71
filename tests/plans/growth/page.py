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
    Measure("talk_pages", "a conversation by its key: pages"),
    Measure("talk_cpu_us", "a conversation: processor, µs", "1.6"),
    Measure("talk_p50_us", "a conversation: p50, µs"),
    Measure("talk_p99_us", "a conversation: p99, µs"),
    Measure("person_pages", "a person by the account: pages"),
    Measure("person_cpu_us", "a person: processor, µs", "1.6", "a person looked up, µs"),
    Measure("person_p50_us", "a person: p50, µs"),
    Measure("person_p99_us", "a person: p99, µs"),
    Measure("turn_pages", "a whole turn: pages", "", "pages of a turn"),
    Measure("turn_cpu_ms", "a turn of fifty at once: processor, ms", "1.25", "a turn, ms"),
    Measure("turn_ms_together", "a turn of fifty at once: ms"),
    Measure("turn_p50_ms", "a turn alone: p50, ms"),
    Measure("turn_p99_ms", "a turn alone: p99, ms"),
    Measure("claim_pages", "100 rows claimed: pages"),
    Measure("claim_cpu_ms", "100 rows claimed: processor, ms", "1.0", "100 rows claimed, ms"),
    Measure("claim_p50_ms", "100 rows claimed: p50, ms", "1.0"),
    Measure("reminders_look_pages", "the first 100 reminders due: pages"),
    Measure("reminders_look_cpu_ms", "the first 100 reminders due: processor, ms"),
    Measure("reminders_late_pages", "reminders that come too late: pages"),
    Measure("reminders_due", "reminders due on one day"),
    Measure("reminders_ms", "a day's reminders into the outbox: ms"),
    Measure("reminder_cpu_ms", "each of them: processor, ms", "", "one reminder, ms"),
    Measure("page_pages", "5,000 people frozen: pages"),
    Measure("page_cpu_ms", "5,000 people frozen: processor, ms", "", "5,000 people frozen, ms"),
    Measure("page_ms", "5,000 people frozen: ms"),
    Measure("queued_pages", "4,500 rows queued: pages"),
    Measure("queued_cpu_us", "a row queued: processor, µs", "", "one row queued, µs"),
    Measure("queued_rows_a_second", "rows queued a second"),
    Measure("county_pages", "an area's campaign frozen: pages"),
    Measure(
        "county_freeze_cpu_ms",
        "an area's campaign frozen: processor, ms",
        "",
        "an area's campaign, ms",
    ),
    Measure("county_freeze_ms", "an area's campaign frozen: ms"),
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
        Panel(one.title, [_measured(one, name, rows) for name, rows in known.items()])
        for one in MEASURES
        if one.title
    ]
    return picture("What a contact more costs: from 10 thousand contacts to 10 million", panels)


def _measured(measure: Measure, database: str, rows: Sequence[Figures]) -> Line:
    points = [
        (float(row["contacts"]), float(row[measure.name])) for row in rows if measure.name in row
    ]
    return Line(NAMES[database], points)


def _table(database: str, rows: Sequence[Figures]) -> str:
    sizes = [f"{row['contacts']:,}" for row in rows]
    head = [NAMES[database], *sizes, "last ÷ first", "goal"]
    told = [one for one in MEASURES if any(one.name in row for row in rows)]
    lines = [head, ["---"] * len(head), *(_row(one, rows) for one in told)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _row(measure: Measure, rows: Sequence[Figures]) -> list[str]:
    """What was not measured is a dash."""
    values = [float(row[measure.name]) if measure.name in row else None for row in rows]
    first, last = values[0], values[-1]
    ratio = f"{last / first:,.2f}" if first and last else "–"
    goal = f"≤ {measure.goal}" if measure.goal else ""
    return [measure.said, *map(_cell, values), ratio, goal]


def _cell(value: float | None) -> str:
    return "–" if value is None else as_figure(value)


def _by_database(lines: Sequence[Figures]) -> dict[str, list[Figures]]:
    return {
        name: found
        for name in NAMES
        if (found := [one for one in lines if one["database"] == name])
    }


def _key(one: Figures) -> tuple[str, float]:
    return str(one["database"]), float(one["contacts"])
