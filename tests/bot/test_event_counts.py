"""`guiyan events count`: how many of each kind an area held in a year (S0-24, S3-06, S4-16)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support.program import clean_environment

PLANNED = """办活动 宣讲 12月20日9点 泉塘村
办活动 宣讲 12月21日9点 花桥村
办活动 路演 12月22日9点 县里
办活动 宣讲 12月20日14点 村部 进乡村
办活动 宣讲 12月20日15点 厂门口 进企业
办活动 宣讲 12月20日16点 文化站 进乡村
"""


def _guiyan(folder: Path, *arguments: str, now: str, said: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env=clean_environment() | {"GUIYAN_NOW": now},
        input=said,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout


def test_what_was_held_is_counted_by_kind_and_area(tmp_path: Path) -> None:
    before, after = "2026-12-01T10:00:00+08:00", "2026-12-21T18:00:00+08:00"
    _guiyan(tmp_path, "staff", "add", "小唐", "--area", "湘乡", now=before)
    code = _guiyan(tmp_path, "staff", "link", "小唐", now=before).strip()
    _guiyan(tmp_path, "talk", now=before, said=f"{code}\n{PLANNED}")
    counts = ("events", "count", "--year", "2026", "--area")
    assert _guiyan(tmp_path, *counts, "湘潭", now=after) == (
        "宣讲  5 held  0 came\n宣讲 进乡村  2 held  0 came\n宣讲 进企业  1 held  0 came\n"
    )
    assert _guiyan(tmp_path, *counts, "定陶", now=after) == ""
