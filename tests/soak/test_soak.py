"""A short soak: everybody is answered once while all work at the same time."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.soak.plotting import Line, panels
from tests.soak.report import as_page, plot
from tests.soak.run import Found, Load, soak
from tests.soak.samples import Watched, alarms, parsed
from tests.soak.verdict import Verdict
from tests.soak.waits import Waits, minutes

SHORT = Load(
    county=400,
    telegram=(10, 3.0),
    customers=(10, 3.0),
    members=(5, 1.0),
    visitors=(5, 1.0),
    asks=4,
)
_ALERTS = "looks at which an alert would hold"  # a machine that is busy else may be slow


@pytest.fixture
def folder() -> Iterator[Path]:
    """One that another user's server may be in."""
    with tempfile.TemporaryDirectory(prefix="guiyan-soak-", dir="/tmp") as folder:
        yield Path(folder)


async def test_everybody_is_answered_once_while_all_work(folder: Path) -> None:
    found = await soak(folder, SHORT, 0.25, lambda line: None)
    broken = {name: number for name, number in found.faults.items() if number}
    assert set(broken) <= {_ALERTS}
    assert all(found.counts.values()), found.counts
    assert all(one.taken for one in found.waits.values())
    assert plot(found).count("<polyline") == len(found.watched) + 3


def test_somebody_waits_for_what_comes_after_they_wrote() -> None:
    waits = Waits()
    waits.say("甲")
    waits.answered("甲", waits.open["甲"] - 1)
    assert "甲" in waits.open
    waits.answered("甲", waits.open["甲"] + 2)
    assert [wait for _, wait in waits.taken] == [2.0]


def test_waits_are_told_by_the_minute_in_which_they_began() -> None:
    waits = Waits(taken=[(100.0, 0.5), (161.0, 0.7), (222.0, 0.9)])
    assert minutes({"Telegram": waits}, 100.0) == [[0.5], [0.7], [0.9]]


def test_what_an_alert_would_tell_is_counted() -> None:
    text = (
        'guiyan_oldest_due_seconds{kind="bulk"} 9000\n'
        'guiyan_oldest_due_seconds{kind="awaited"} 121\n'
        "guiyan_oldest_unanswered_seconds 60\n"
        "guiyan_store_faults_total 1\n"
        'guiyan_sends_total{channel="telegram",result="throttled"} 2\n'
        'guiyan_sends_total{channel="telegram",result="rejected"} 1\n'
        'guiyan_sends_total{channel="telegram",result="sent"} 2\n'
    )
    samples = parsed(text)
    assert sorted(alarms(samples)) == [
        "guiyan_oldest_due_seconds",
        "guiyan_store_faults_total",
        "sends rejected",
    ]


def test_what_a_provider_wanted_later_is_counted_by_itself() -> None:
    watched = Watched("sender")
    text = (
        "process_resident_memory_bytes 1\nprocess_cpu_seconds_total 1\n"
        'guiyan_sends_total{channel="telegram",result="throttled"} 2\n'
    )
    for _ in range(2):
        watched.note(parsed(text), 0.0)
    assert (watched.throttled, watched.alarms) == (2, {})


def test_lines_fill_their_panel() -> None:
    drawn = panels({"MB": [Line("web", [(0, 0), (5, 50), (10, 100)])]}, "minutes")
    (points,) = re.findall(r'points="([^"]*)"', drawn)
    assert points == "0.0,200.0 320.0,100.0 640.0,0.0"


def test_the_page_says_which_limit_is_broken() -> None:
    found = Found(0.0, 60.0, {"Telegram": Waits(said=1, taken=[(1.0, 0.25)])}, [], [], {}, {})
    page = as_page(found, SHORT, [Verdict("people written to twice", 1, 0)], "Here.")
    assert "1 of 1 limits broken" in page
    assert "| people written to twice | 1 | 0 | **broken** |" in page
    assert "| Telegram | 1 | 250 | 250 | 250 |" in page
