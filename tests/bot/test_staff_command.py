"""`guiyan staff` as operators use it, and the code that it prints as staff use it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support.program import clean_environment


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


def test_the_code_binds_whoever_sends_it(tmp_path: Path) -> None:
    assert _guiyan(tmp_path, "staff", "add", "小刘", "--area", "定陶").returncode == 0
    code = _guiyan(tmp_path, "staff", "link", "小刘").stdout.strip()
    talk = _guiyan(tmp_path, "talk", said=f"绑定 {code}\n待办\n")
    assert "绑好了，小刘" in talk.stdout
    assert "眼下没有人在等" in talk.stdout
    assert (
        "小刘  staff  山东省菏泽市定陶区  terminal:" in _guiyan(tmp_path, "staff", "list").stdout
    )


def test_refusals_say_how_to_mend_it_and_change_nothing(tmp_path: Path) -> None:
    _guiyan(tmp_path, "staff", "add", "小刘", "--wecom", "LiuYang")
    taken = _guiyan(tmp_path, "staff", "add", "老张", "--wecom", "liuyang")
    assert (taken.returncode, "speaks for 小刘" in taken.stderr) == (1, True)
    assert _guiyan(tmp_path, "staff", "add", "老周", "--area", "没这地方").returncode == 2
    assert _guiyan(tmp_path, "staff", "role", "没人", "mentor").returncode == 1
    listed = _guiyan(tmp_path, "staff", "list").stdout
    assert listed == "小刘  staff  everywhere  wecom_app:liuyang\n"


def test_what_somebody_who_is_disabled_had_in_hand_goes_back(tmp_path: Path) -> None:
    _guiyan(tmp_path, "staff", "add", "小刘")
    code = _guiyan(tmp_path, "staff", "link", "小刘").stdout.strip()
    asked = _guiyan(tmp_path, "talk", "--as", "worker", said="人工\n").stdout
    number = asked.partition("编号")[2][:6]
    _guiyan(tmp_path, "talk", "--as", "clerk", said=f"{code}\n接 {number}\n")
    done = _guiyan(tmp_path, "staff", "disable", "小刘")
    assert (done.returncode, done.stdout) == (0, f"handed back to colleagues: {number}\n")


def test_dossiers_go_on_when_a_commissioner_is_disabled(tmp_path: Path) -> None:
    for name in ("小刘", "小张"):
        _guiyan(tmp_path, "staff", "add", name, "--role", "commissioner", "--area", "定陶")
    _guiyan(tmp_path, "staff", "helper", "小张", "--most", "5")
    form = "登记 同意 定陶陈集镇 3 1 2 1 跳过 跳过 老周 13700009999 对 1 2 1"
    talk = _guiyan(tmp_path, "talk", said=form.replace(" ", "\n") + "\n我的专员\n")
    first = "小刘" if "专员是小刘" in talk.stdout else "小张"
    other = {"小刘": "小张", "小张": "小刘"}[first]
    done = _guiyan(tmp_path, "staff", "disable", first)
    assert (done.returncode, done.stdout) == (0, f"{other} takes 1 dossiers\n")


def test_only_helpers_take_dossiers(tmp_path: Path) -> None:
    _guiyan(tmp_path, "staff", "add", "小刘", "--role", "commissioner")
    _guiyan(tmp_path, "staff", "add", "老谢", "--role", "cadre")
    assert "is cadre" in _guiyan(tmp_path, "staff", "handover", "小刘", "--to", "老谢").stderr
    wrong = _guiyan(tmp_path, "staff", "helper", "小刘", "--trades", "养牛")
    assert (wrong.returncode, "no trade is called 养牛" in wrong.stderr) == (2, True)


def test_a_cadre_is_for_a_village_and_a_clerk_for_a_town(tmp_path: Path) -> None:
    village = ("--role", "cadre", "--area", "定陶冉固镇赵庄村")
    assert _guiyan(tmp_path, "staff", "add", "老孙", *village).returncode == 0
    assert _guiyan(tmp_path, "staff", "add", "小周", "--area", "定陶区冉堌镇").returncode == 0
    many = _guiyan(tmp_path, "staff", "add", "老李", "--area", "定陶赵庄村")
    assert (many.returncode, "name the town too" in many.stderr) == (2, True)
    listed = _guiyan(tmp_path, "staff", "list").stdout
    assert "老孙  cadre  山东省菏泽市定陶区冉堌镇赵庄村" in listed
    assert "小周  staff  山东省菏泽市定陶区冉堌镇  " in listed
