"""What the references say is what the code has, and nothing that it has not."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from bot.cli import _parser
from bot.settings import SETTINGS
from console.pages.pictures import KINDS
from knowledge.entry import Entry
from matching.codes import Bar
from matching.eligibility import Kind
from outreach.privacy.periods import PERIODS
from outreach.reports.periods import PeriodKind
from outreach.reports.registry import REPORTS
from outreach.reports.table import Report
from scheduler.jobs import JOBS

ROOT = Path(__file__).parent.parent
SPANS = {PeriodKind.TWO_MONTHS: "two months"}
_ADDRESS = re.compile(r"""(?:web\.(?:get|post)\(\s*|^[A-Z_]*PATH = )"(/[a-z/_]*)""", re.M)


def _page(name: str) -> str:
    return (ROOT / "docs" / "reference" / name).read_text("utf-8")


def _listed(name: str) -> list[str]:
    """The names that begin a row."""
    return re.findall(r"^\| `([^`]+)` \|", _page(name), re.M)


COMMAND_LINE = _page("command-line.md")
ROWS = [
    " ".join(re.findall(r"`([^`]+)`", line)).replace("\\|", " ").split()
    for line in COMMAND_LINE.splitlines()
    if line.startswith("| `")
]
BY_ITSELF = ("report", "table")  # what `report NAME` and `report --list` are turned into


def _commands(
    parser: argparse.ArgumentParser, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], argparse.ArgumentParser]]:
    """Every command and every group of them, with its parser."""
    yield path, parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, one in action._name_parser_map.items():
                yield from _commands(one, (*path, name))


COMMANDS = {path: one for path, one in _commands(_parser()) if path and path != BY_ITSELF}
OPTIONS = {o for _, one in _commands(_parser()) for a in one._actions for o in a.option_strings}


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_a_command_is_in_the_reference(path: tuple[str, ...]) -> None:
    assert any(set(path) <= set(words) for words in ROWS)


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_each_option_is_in_the_reference(path: tuple[str, ...]) -> None:
    options = {o for a in COMMANDS[path]._actions for o in a.option_strings} - {"-h", "--help"}
    assert {option for option in options if option not in COMMAND_LINE} == set()


def test_the_reference_has_no_option_that_is_not() -> None:
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z0-9-]+", COMMAND_LINE)) - OPTIONS == set()


def test_every_row_begins_with_a_command() -> None:
    first = {row.split()[0] for row in re.findall(r"^\| `([^`]+)`", COMMAND_LINE, re.M)}
    assert first <= {path[0] for path in COMMANDS}


def test_no_setting_and_no_job_is_listed_that_is_not() -> None:
    assert sorted(_listed("settings.md")) == sorted(setting.variable for setting in SETTINGS)
    assert set(_listed("jobs.md")) <= {job.name for job in JOBS}


def test_each_setting_that_a_file_may_hold_says_so() -> None:
    held = {f"{setting.variable}_FILE" for setting in SETTINGS if setting.may_be_a_file}
    assert held - set(re.findall(r"GUIYAN_[A-Z_]+_FILE", _page("settings.md"))) == set()


@pytest.mark.parametrize("report", REPORTS, ids=lambda one: one.name)
def test_the_row_of_a_report_is_right(report: Report) -> None:
    spans = " or a ".join(SPANS.get(kind, str(kind)) for kind in (report.period, *_others(report)))
    of = spans if report.period in SPANS else f"a {spans}"
    people = "yes" if report.has_people else "no"
    row = f"| `{report.name}` | {report.title} | {of} | {people} | {report.about} |"
    assert row in _page("reports.md").splitlines()


def _others(report: Report) -> list[PeriodKind]:
    return [kind for kind in PeriodKind if kind in report.also]


def test_no_report_is_listed_that_is_not() -> None:
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| [^|]+ \| (?:yes|no) \|", _page("reports.md"), re.M)
    assert rows == [report.name for report in REPORTS]


def test_purposes_and_their_jobs_are_those_of_the_code() -> None:
    rows = re.findall(r"^\| `(\w+)` \|.*\| (?:`(\w+)`|–) \|$", _page("retention.md"), re.M)
    assert rows == [(one.purpose.value, one.job) for one in PERIODS]


def test_the_tabs_of_the_pictures_are_in_the_reference() -> None:
    rows = re.findall(
        r"^\| (\S+) \| [a-z].*\| (?:人|人次|that of the measure) \|$", _page("pictures.md"), re.M
    )
    assert sorted(rows) == sorted(tab for tab, _, _ in KINDS.values())


def test_what_can_come_out_of_a_check_is_in_the_reference() -> None:
    assert set(_listed("eligibility.md")) >= {kind.value for kind in Kind}


@pytest.mark.parametrize("key", sorted({f.name for f in fields(Entry)} - {"area"}))
def test_each_key_of_an_entry_is_in_the_reference(key: str) -> None:
    assert re.search(rf"^{key} = |[\[`]{key}\b", _page("entry-format.md"), re.M)


def test_the_constraints_are_those_of_the_code() -> None:
    assert re.findall(r"^\| (H\d+) \|", _page("matching.md"), re.M) == [bar.value for bar in Bar]


def _addresses() -> set[str]:
    files = [ROOT / "bot/server.py", *(ROOT / "channels").rglob("*.py")]
    return {one for file in files for one in _ADDRESS.findall(file.read_text("utf-8"))}


@pytest.mark.parametrize("address", sorted(_addresses()))
def test_each_address_is_in_the_reference(address: str) -> None:
    parts = address.strip("/").split("/")
    assert f"`/{'/'.join(parts)}" in _page("http.md") or f" /{'/'.join(parts)}" in _page("http.md")


def test_the_tables_of_places_have_the_rows_that_are_named() -> None:
    tables = ROOT / "knowledge" / "tables"
    told = re.search(r"(\d+) former names", _page("places.md"))
    rows = (tables / "renamed.tsv").read_text("utf-8").splitlines()
    assert told is not None
    assert int(told[1]) == len([row for row in rows if not row.startswith("#")])
