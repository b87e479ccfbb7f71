"""`guiyan places` and `guiyan import places` as operators use them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support.program import clean_environment

LIST = "县,镇,村,别名,并入,撤并日期\n"
FORM = "登记 同意 定陶冉堌镇赵庄村 3 1 2 1 跳过 跳过 老周 13700009999 对 1 2 1"


def _guiyan(folder: Path, *arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env=clean_environment() | {"GUIYAN_AREAS": "定陶"},
        input=said,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_list_is_brought_and_shown(tmp_path: Path) -> None:
    rows = "定陶区,冉堌镇,赵庄村,老赵庄,,\n定陶区,冉堌镇,新村子,,,\n火星,火镇,,,,\n"
    (tmp_path / "l.csv").write_text(LIST + rows, "gb18030")
    done = _guiyan(tmp_path, "import", "places", "l.csv")
    assert (done.returncode, "新存 1 行，补充 1 行" in done.stdout) == (0, True)
    assert "第4行" in done.stdout
    shown = _guiyan(tmp_path, "places", "定陶冉固镇").stdout
    assert "赵庄村（又叫老赵庄）" in shown
    assert "新村子" in shown
    again = _guiyan(tmp_path, "import", "places", "l.csv").stdout
    assert "新存 0 行，补充 0 行，一样 2 行" in again


def test_people_of_a_merged_village_follow(tmp_path: Path) -> None:
    _guiyan(tmp_path, "talk", said="\n".join(FORM.split()) + "\n")
    (tmp_path / "l.csv").write_text(LIST + "定陶,冉堌镇,赵庄村,,大赵村,2024-3-1\n", "utf-8")
    tried = _guiyan(tmp_path, "import", "places", "l.csv", "--dry-run")
    assert tried.returncode == 0
    assert "大赵村" not in _guiyan(tmp_path, "places", "定陶冉堌镇").stdout
    _guiyan(tmp_path, "import", "places", "l.csv")
    report = (tmp_path / "l-导入结果.csv").read_text("utf-8-sig")
    assert "原来的1人改记在大赵村" in report


def test_a_home_that_names_no_village_is_listed(tmp_path: Path) -> None:
    talk = FORM.replace("赵庄村", "老屋湾村").split()
    _guiyan(tmp_path, "talk", said="\n".join(talk) + "\n")
    found = _guiyan(tmp_path, "places", "定陶", "--unplaced").stdout
    assert found.strip().endswith("定陶区冉堌镇  冉堌镇老屋湾村")


def test_what_is_no_place_is_refused(tmp_path: Path) -> None:
    assert _guiyan(tmp_path, "places", "没这地方").returncode == 2
    assert _guiyan(tmp_path, "places", "山东").returncode == 2
    assert "guiyan import places" in _guiyan(tmp_path, "places", "番禺").stdout
