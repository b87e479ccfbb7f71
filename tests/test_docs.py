"""What is registered is documented, or the build is red."""

from __future__ import annotations

import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest

from bot.settings import SETTINGS, load
from channels.registry import CHANNELS
from scheduler.jobs import JOBS

ROOT = Path(__file__).parent.parent


def _page(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda s: s.variable)
def test_each_setting_is_in_the_reference(setting: object) -> None:
    variable, default = setting.variable, setting.default  # type: ignore[attr-defined]
    assert re.search(
        rf"\| `{variable}` \| (–|`{re.escape(default)}`) \|", _page("reference/settings.md")
    )


def test_the_example_of_wecom_is_whole_and_right(tmp_path: Path) -> None:
    lines = _page("reference/wecom.env.example").splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    load(given, tmp_path)
    wanted = {s.variable for s in SETTINGS if s.field.startswith("wecom_") and not s.default}
    assert wanted - {"GUIYAN_WECOM_LIMITS"} <= set(given)


@pytest.mark.parametrize("job", JOBS, ids=lambda j: j.name)
def test_each_job_is_in_the_reference(job: object) -> None:
    assert f"| `{job.name}` |" in _page("reference/jobs.md")  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", CHANNELS)
def test_each_channel_has_a_page(kind: str) -> None:
    assert (ROOT / "docs" / "howto" / f"{kind}.md").is_file()


def test_each_dependency_earns_its_place_in_a_line() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    names = {re.match(r"[a-z0-9-]+", line).group() for line in wanted}  # type: ignore[union-attr]
    names.discard("guiyan")  # one extra of ours in another
    listed = set(re.findall(r"^\| `([a-z0-9-]+)` \|", _page("reference/dependencies.md"), re.M))
    assert listed == names


def test_links_between_pages_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{page.relative_to(ROOT)} → {target}"
        for page in pages
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []


@pytest.mark.parametrize("mode", ["app", "kf", "contact"])
def test_the_console_is_told_things_in_the_order_that_it_takes_them(mode: str) -> None:
    page = _page(f"howto/wecom_{mode}.md")
    steps = ("设置API接收", "`guiyan run`", f"example/wecom/{mode}`", "企业可信IP → 配置")
    places = [page.index(step) for step in steps]
    assert places == sorted(places)
