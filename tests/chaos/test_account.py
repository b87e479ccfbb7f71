"""The account of the chaos rounds sees what is broken."""

from __future__ import annotations

from pathlib import Path

from tests.chaos.account import Account, Queued, faults
from tests.chaos.report import RECOVERY, Report, as_page, keep, kept

QUEUED = [Queued("甲", 1), Queued("乙", 2), Queued("乙", 1), Queued("丙", 1)]


def test_what_was_queued_is_heard_in_its_order() -> None:
    assert faults(QUEUED, ["甲", "乙", "乙", "丙"]) == []


def test_what_was_tried_twice_may_be_heard_twice() -> None:
    assert faults(QUEUED, ["甲", "乙", "乙", "乙", "丙"]) == []


def test_a_doubled_message_is_seen() -> None:
    assert faults(QUEUED, ["甲", "甲", "乙", "乙", "丙"]) == [
        "heard 2 times what was queued 1 and tried 1 times"
    ]


def test_a_message_too_often_in_doubt_is_seen() -> None:
    assert len(faults(QUEUED, ["甲", "乙", "乙", "乙", "乙", "丙"])) == 1


def test_a_lost_message_is_seen() -> None:
    assert faults(QUEUED, ["甲", "乙", "乙"]) == ["heard something else, or in another order"]
    assert len(faults(QUEUED, ["甲", "乙", "丙"])) == 1


def test_another_order_is_seen() -> None:
    assert len(faults(QUEUED, ["乙", "乙", "甲", "丙"])) == 1


def test_a_long_silence_breaks_an_invariant() -> None:
    report = Report(1)
    report.note("cut", RECOVERY + 0.1)
    assert report.broken == ["round 1, cut: 10.1 s silent"]


def test_the_page_says_what_was_broken_and_left_out(tmp_path: Path) -> None:
    report = Report(3, left_out=["cut (only root may make network namespaces)"])
    report.note("kill_one", 1.0)
    report.broken.append("1000 said 2, 1 stored")
    report.account = Account(2, 2, 2, 0, ())
    keep(report, tmp_path / "results")
    page = as_page(kept(tmp_path / "results"))
    assert "1 rounds of 1 seeds, 1 broken" in page
    assert "- seed 3: 1000 said 2, 1 stored" in page
    assert "Left out: cut (only root" in page


def test_a_seed_that_is_done_again_takes_its_former_place(tmp_path: Path) -> None:
    for seed, place in ((1, "one"), (3, "one"), (2, "one"), (3, "other")):
        keep(Report(seed, where=place), tmp_path / "results")
    page = as_page(kept(tmp_path / "results"))
    assert "- seeds 1, 2: one\n- seeds 3: other\n" in page
