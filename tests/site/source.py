"""What the site is built from: the pages as they are, in the order that the indexes name."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

ROOT = Path(__file__).parents[2]
_HERE = Path(__file__).parent
FOLDERS = {
    "manual": "工作台手册",
    "tutorial": "入门 Tutorial",
    "howto": "怎么做 How-to",
    "reference": "参考 Reference",
    "decisions": "决定 Decisions",
}
BESIDE = ("knowledge/exchange/fonts/README.md",)  # pages elsewhere that the documentation links
# Readers open the site at the page in Chinese; on a forge README.md is the front.
FRONT = {"README.zh.md": "README.md", "README.md": "english.md"}
_LINK = re.compile(r"(\]\()(?!https?:|#)([^)#\s]+)")


def pages() -> list[str]:
    """Every page of the documentation, by its place in the checkout."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return sorted(page.relative_to(ROOT).as_posix() for page in found)


def index(folder: str) -> list[tuple[str, list[str]]]:
    """The pages of a folder as its README.md names them: headings, and the links under each."""
    place = f"docs/{folder}/README.md"
    parts = re.split(r"^## (.+)$", (ROOT / place).read_text("utf-8"), flags=re.M)
    titled = zip(["", *parts[1::2]], parts[::2], strict=True)
    return [(title, [place] * (not title) + _named(folder, text)) for title, text in titled]


def navigation() -> list[dict[str, object]]:
    """The menu of the site: the manual first."""
    first: list[dict[str, object]] = [{"归雁": "README.md"}]
    rooms: list[dict[str, object]] = [{FOLDERS[f]: _menu(f)} for f in FOLDERS]
    rest = ["english.md", *(p for p in pages() if "/" not in p and p not in FRONT), *BESIDE]
    return [*first, *rooms, {"English, changes, contributing": rest}]


def lay_out(target: Path) -> None:
    """The pages side by side as in the checkout, and what the builder is told."""
    shutil.rmtree(target, ignore_errors=True)
    source = target / "source"
    shutil.copytree(ROOT / "docs", source / "docs")
    for own in ("style.css", "reading.js"):
        shutil.copy(_HERE / own, source)
    for page in (*pages(), *BESIDE):
        place = source / FRONT.get(page, page)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(as_built(page, (ROOT / page).read_text("utf-8")), encoding="utf-8")
    told = {
        "INHERIT": str(_HERE / "mkdocs.yml"),
        "docs_dir": str(source),
        "site_dir": str(target.parent / "site"),
        "theme": {"custom_dir": str(_HERE / "theme")},
        "nav": navigation(),
    }
    (target / "mkdocs.yml").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def as_built(page: str, text: str) -> str:
    """A page as the builder wants it: links to the fronts turned, lists set in by four."""
    turned = _LINK.sub(lambda found: found[1] + _turned(page, found[2]), text)
    return "\n".join(_set_in(turned.split("\n")))


def _menu(folder: str) -> list[object]:
    menu: list[object] = []
    for title, named in index(folder):
        menu.extend([{title: named}] if title else named)
    return menu


def _named(folder: str, text: str) -> list[str]:
    return [
        f"docs/{folder}/{target}"
        for target in re.findall(r"^[-|] .*?\]\(([^)#/]+\.md)\)", text, re.M)
    ]


def _turned(page: str, target: str) -> str:
    """The same link, where the page that it means has another name on the site."""
    up = "../" * page.count("/")
    meant = {f"{up}{front}": f"{up}{name}" for front, name in FRONT.items()}
    return meant.get(target, target)


def _set_in(lines: list[str]) -> list[str]:
    """What stands under «1. » with three spaces gets a fourth: this builder asks for it."""
    is_numbered, done = False, []
    for line in lines:
        if line[:1].strip():
            is_numbered = bool(re.match(r"\d+\. ", line))
        done.append(f" {line}" if is_numbered and line.startswith("   ") else line)
    return done
