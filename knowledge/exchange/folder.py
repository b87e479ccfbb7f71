"""What is served as files in the entry format, and such files held against what is served."""

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from knowledge.exchange.columns import COLUMNS, Column
from knowledge.exchange.content import HEAD, Content
from knowledge.exchange.edits import Edits
from knowledge.exchange.guard import FileRefused
from knowledge.exchange.lines import LineFault
from knowledge.exchange.report import Change, Outcome
from knowledge.exchange.settling import Ground, block_of_page, settle
from knowledge.exchange.toml_text import parsed
from knowledge.exchange.values import Papers, shown
from knowledge.pages import LONGEST_PAGE
from knowledge.shelf import is_page

LIST = "exported.tsv"  # path and fingerprint of each file that was written
_MOST_FILES = 100_000
_MEANWHILE = "导出以后别人改过这个文件，没有覆盖；请重新导出，在新的文件里再改一次"


def write_folder(content: Content, target: Path) -> int:
    """Write every page below a folder; how many. FileRefused where that would lose an edit."""
    before = _listed(target)
    _refuse_loss(target, before)
    for path in before.keys() - content.pages.keys():
        target.joinpath(path).unlink(missing_ok=True)
    for path, text in content.pages.items():
        _write(target.joinpath(path), text)
    marks = (f"{path}\t{_mark(text)}\n" for path, text in sorted(content.pages.items()))
    _write(target.joinpath(LIST), "".join(marks))
    return len(content.pages)


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _listed(folder: Path) -> dict[str, str]:
    """What an earlier export wrote there."""
    file = folder / LIST
    if not file.is_file():
        return {}
    rows = (line.split("\t") for line in file.read_text("utf-8", "replace").splitlines())
    return {row[0]: row[1] for row in rows if len(row) == 2 and is_page(row[0])}


def _refuse_loss(target: Path, before: Mapping[str, str]) -> None:
    """Only what an earlier export left untouched is written over."""
    for file in _files(target) if target.exists() else ():
        path = file.relative_to(target).as_posix()
        if path != LIST and before.get(path) != _mark(_text(file) or ""):
            raise FileRefused(f"{file} 不是导出的，或者改过了，没有覆盖；请换一个空文件夹。")


def _files(folder: Path) -> Iterator[Path]:
    for place, _, names in sorted(os.walk(folder)):
        yield from (Path(place) / name for name in sorted(names))


def _text(file: Path) -> str | None:
    """The words of a file, one kind of line end; None where it is not UTF-8 or far too long."""
    if file.stat().st_size > LONGEST_PAGE:
        return None
    try:
        return file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return None


def from_folder(source: Path, ground: Ground) -> Edits:
    """What a folder would change: the packs' folder, or that of one area."""
    edits, marks = Edits(), _listed(source)
    root = source.resolve().parent if (source / HEAD).is_file() else source
    for file in _files(source):
        path = (file.resolve() if root != source else file).relative_to(root).as_posix()
        if is_page(path):
            _take(edits, ground, path, text=_text(file), mark=marks.get(path, ""))
        elif file.suffix == ".toml":
            edits.report.notices.append(f"{path} 不是内容文件的名字，没有读。")
    if not edits.report.lines:
        raise FileRefused(f"{source} 里没有内容文件（要像 dingtao/policies/dingtao-xxx.toml）。")
    settle(edits, ground)
    return edits


def _take(edits: Edits, ground: Ground, path: str, *, text: str | None, mark: str) -> None:
    line, old = edits.line(path, 0, ""), ground.pages.get(path)
    if text is None:
        line.refuse("", f"不是 UTF-8 文字，或者超过 {LONGEST_PAGE} 个字节；请另存为 UTF-8")
    elif text != (old or "").replace("\r\n", "\n") and mark != _mark(text):
        line.outcome = Outcome.NEW if old is None else Outcome.CHANGED
        line.changes = tuple(_changes(path, old or "", text, ground))
        edits.put(path, text, line)
        if mark and mark != _mark(old or ""):
            edits.refuse(path, "", _MEANWHILE)


def _changes(path: str, old: str, new: str, ground: Ground) -> Iterator[Change]:
    """The fields of an entry that differ; of other pages only that they do."""
    if "/policies/" not in path:
        return
    section = Content(ground.pages).sections.get(path.split("/")[0])
    papers = section.papers if section else Papers({})
    before, after = parsed(old), parsed(new)
    for column in COLUMNS[block_of_page(path)] if before else ():
        words = [_words(column, data.get(column.key), papers) for data in (before, after)]
        if words[0] != words[1]:
            yield Change(column.heading, *words)


def _words(column: Column, value: Any, papers: Papers) -> str:
    try:
        return shown(column, value, papers)
    except (LineFault, AttributeError, TypeError, ValueError):
        return str(value)  # a value of a wrong kind, which the page's own faults name
