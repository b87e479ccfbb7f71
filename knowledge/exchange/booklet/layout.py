"""Paragraphs set into pages: which line stands where, known before anything is drawn."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import dropwhile, takewhile

from knowledge.exchange.booklet.blocks import HEADINGS, Block, Style
from knowledge.exchange.booklet.breaking import Measure, broken

LEADING = 1.5  # line height by type size
_WHOLE = 5  # a paragraph of no more lines is not torn apart
_SHORT = 0.6  # an answer of no more of a page's height either
_LATE = 0.55  # a chapter begins a new page after so much of one
_FEWEST = 2  # of a longer one, so many lines stay together at either end


@dataclass(frozen=True, slots=True)
class Setting:
    """How a kind of paragraph is set; sizes in points."""

    size: float
    before: float = 0
    indent: float = 0
    is_bold: bool = False
    is_centred: bool = False


SETTINGS = {
    Style.TITLE: Setting(32, before=120, is_bold=True, is_centred=True),
    Style.COVER: Setting(18, before=14),
    Style.CHAPTER: Setting(26, before=36, is_bold=True),
    Style.MATTER: Setting(20, before=16, is_bold=True),
    Style.SILENCE: Setting(20, before=16, is_bold=True),
    Style.QUESTION: Setting(17, before=12, is_bold=True),
    Style.ANSWER: Setting(17, before=4, indent=8),
    Style.NOTE: Setting(16, before=2, indent=8),
    Style.BODY: Setting(16, before=8),
}


@dataclass(frozen=True, slots=True)
class Paper:
    """A size of paper, and the empty border around the text; in points."""

    name: str
    width: float
    height: float
    border: float

    @property
    def across(self) -> float:
        """The width of a line."""
        return self.width - 2 * self.border

    @property
    def down(self) -> float:
        """The height of the text; the page's number stands below it."""
        return self.height - 2 * self.border - 14


A4 = Paper("a4", 595.28, 841.89, 54)
A5 = Paper("a5", 419.53, 595.28, 36)


@dataclass(frozen=True, slots=True)
class Placed:
    """A line on a page: how far below the top of the text, and of which paragraph."""

    top: float
    text: str
    block: Block


@dataclass(frozen=True, slots=True)
class Mark:
    """A heading for the contents, and the page that it is on, counted from 0."""

    block: Block
    page: int


@dataclass(slots=True)
class Pages:
    """The lines of each page, and where the headings are."""

    pages: list[list[Placed]] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Paragraph:
    block: Block
    lines: Sequence[str]

    @property
    def setting(self) -> Setting:
        return SETTINGS[self.block.style]

    @property
    def line(self) -> float:
        return self.setting.size * LEADING

    def height(self, lines: int) -> float:
        return self.setting.before + lines * self.line

    @property
    def least(self) -> int:
        """How many lines must stand together at the start."""
        is_whole = len(self.lines) <= _WHOLE or self.block.style in HEADINGS
        return len(self.lines) if is_whole else _FEWEST


def laid_out(blocks: Iterable[Block], paper: Paper, measure: Measure) -> Pages:
    """The pages; `measure` is the width of a text in points at one point of size."""
    paragraphs = [_Paragraph(b, _lines(b, paper, measure)) for b in blocks]
    setter = _Setter(paper)
    for group in _groups(paragraphs):
        setter.put(group)
    return setter.done


def _lines(block: Block, paper: Paper, measure: Measure) -> list[str]:
    setting = SETTINGS[block.style]
    width = (paper.across - setting.indent) / (setting.size * (1.02 if setting.is_bold else 1))
    return broken(block.text, width, measure)


def _groups(paragraphs: Sequence[_Paragraph]) -> Iterator[list[_Paragraph]]:
    """Headings with what they stand over, an answer with its notes."""
    group: list[_Paragraph] = []
    for paragraph in paragraphs:
        is_note = paragraph.block.style is Style.NOTE
        if group and not is_note and group[-1].block.style not in HEADINGS:
            yield group
            group = []
        group.append(paragraph)
    if group:
        yield group


def _is_heading(paragraph: _Paragraph) -> bool:
    return paragraph.block.style in HEADINGS


class _Setter:
    """Fills one page after another."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self._top = 0.0
        self.done = Pages([[]])

    def put(self, group: Sequence[_Paragraph]) -> None:
        """Headings never stand alone at the foot of a page; answers are torn only if long."""
        whole = sum(p.height(len(p.lines)) for p in group)
        begin = [*takewhile(_is_heading, group), *list(dropwhile(_is_heading, group))[:1]]
        needed = sum(p.height(p.least) for p in begin)
        is_late = group[0].block.style is Style.CHAPTER and self._top > self._paper.down * _LATE
        if is_late or not self._fits(whole if whole < self._paper.down * _SHORT else needed):
            self._turn()
        for paragraph in group:
            self._put(paragraph)

    def _fits(self, height: float) -> bool:
        return self._top + height <= self._paper.down

    def _turn(self) -> None:
        if self.done.pages[-1]:
            self.done.pages.append([])
        self._top = 0.0

    def _put(self, paragraph: _Paragraph) -> None:
        if paragraph.block.style in (Style.CHAPTER, Style.MATTER):
            self.done.marks.append(Mark(paragraph.block, len(self.done.pages) - 1))
        is_first = not self._top and paragraph.block.style is not Style.TITLE
        self._top += 0 if is_first else paragraph.setting.before
        left = len(paragraph.lines)
        for line in paragraph.lines:
            room = int((self._paper.down - self._top) / paragraph.line)
            last_but_one = len(paragraph.lines) > _WHOLE and left == _FEWEST and room < _FEWEST
            if room < 1 or last_but_one:
                self._turn()
            self.done.pages[-1].append(Placed(self._top, line, paragraph.block))
            self._top += paragraph.line
            left -= 1
