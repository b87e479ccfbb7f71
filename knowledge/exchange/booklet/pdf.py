"""The booklet as a PDF with its own font, so that it prints anywhere and can be searched."""

from collections.abc import Sequence
from contextlib import closing

from knowledge.exchange.booklet.blocks import Style, blocks_of, body_of, cover_of
from knowledge.exchange.booklet.contents import Booklet
from knowledge.exchange.booklet.layout import (
    A4,
    LEADING,
    Mark,
    Pages,
    Paper,
    laid_out,
)
from knowledge.exchange.booklet.press import Press

_CONTENTS = "目录"
_ENTRY = {Style.CHAPTER: 18.0, Style.MATTER: 16.0}  # sizes in the contents
_ABOVE = {Style.CHAPTER: 8.0, Style.MATTER: 0.0}
_INDENT = {Style.CHAPTER: 0.0, Style.MATTER: 18.0}
_TITLE_SIZE = 26.0


def missing_characters(booklet: Booklet) -> str:
    """The characters that cannot be printed, each once; a sign stands for them."""
    text = {c for block in blocks_of(booklet) for c in block.text}
    with closing(Press(A4)) as press:
        return "".join(sorted(c for c in text if not press.has(c)))


def as_pdf(booklet: Booklet, paper: Paper = A4) -> bytes:
    """Cover, contents, body; page numbers at the foot."""
    with closing(Press(paper)) as press:
        return _printed(booklet, press)


def _printed(booklet: Booklet, press: Press) -> bytes:
    paper = press.paper
    press.name(f"{booklet.area}{booklet.name}", booklet.now)
    cover = laid_out(press.printable(cover_of(booklet)), paper, press.measure)
    body = laid_out(press.printable(body_of(booklet)), paper, press.measure)
    listed = _in_pages(body.marks, paper)
    first = len(cover.pages) + len(listed) + 1
    for page in cover.pages:
        press.turn(is_numbered=False)
        press.draw(page)
    for number, marks in enumerate(listed):
        press.turn()
        _draw_contents(press, marks, first=first, is_begin=not number)
    _draw_body(press, body)
    return press.done()


def _in_pages(marks: Sequence[Mark], paper: Paper) -> list[list[Mark]]:
    """The contents, page by page; a chapter's name never stands alone at the foot."""
    pages: list[list[Mark]] = [[]]
    top = _TITLE_SIZE * LEADING
    for mark in marks:
        height = _height(mark)
        with_next = height + (_ENTRY[Style.MATTER] * LEADING if _is_chapter(mark) else 0)
        if top + with_next > paper.down:
            pages.append([])
            top = 0
        pages[-1].append(mark)
        top += height
    return pages


def _is_chapter(mark: Mark) -> bool:
    return mark.block.style is Style.CHAPTER


def _height(mark: Mark) -> float:
    return _ABOVE[mark.block.style] + _ENTRY[mark.block.style] * LEADING


def _draw_contents(press: Press, marks: Sequence[Mark], *, first: int, is_begin: bool) -> None:
    top = 0.0
    if is_begin:
        press.write(_CONTENTS, 0, top, size=_TITLE_SIZE, is_bold=True)
        top = _TITLE_SIZE * LEADING
    for mark in marks:
        top += _ABOVE[mark.block.style]
        _draw_entry(press, mark, top, page=first + mark.page)
        top += _ENTRY[mark.block.style] * LEADING


def _draw_entry(press: Press, mark: Mark, top: float, *, page: int) -> None:
    """Name, dots, number of the page."""
    style, number = mark.block.style, str(page)
    size, indent = _ENTRY[style], _INDENT[style]
    right = press.paper.across - press.measure(number) * size
    name = press.cut(mark.block.text, (right - indent) / size - 2)
    press.write(name, indent, top, size=size, is_bold=_is_chapter(mark))
    left = indent + press.measure(name) * size + 6
    dots = int((right - left - 6) / (press.measure(".") * size * 2))
    press.write(". " * dots, left, top, size=size)
    press.write(number, right, top, size=size)
    press.link(top, size * LEADING, page)


def _draw_body(press: Press, body: Pages) -> None:
    marks: dict[int, list[Mark]] = {}
    for mark in body.marks:
        marks.setdefault(mark.page, []).append(mark)
    for number, page in enumerate(body.pages):
        press.turn()
        for mark in marks.get(number, ()):
            press.bookmark(mark.block.text, level=0 if _is_chapter(mark) else 1)
        press.draw(page)
