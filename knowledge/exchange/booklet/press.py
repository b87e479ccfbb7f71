"""Paper, and what is drawn on it: lines of one font that is embedded in the file."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from importlib.resources import as_file, files
from typing import Final

from fpdf import FPDF
from fpdf.enums import TextMode
from fpdf.fonts import TTFFont

from knowledge.exchange.booklet.blocks import Block
from knowledge.exchange.booklet.layout import LEADING, SETTINGS, Paper, Placed

FONT: Final = "NotoSansCJKsc-Subset.ttf"
MISSING = "〓"  # printed for a character that the font does not have
_NAME = "main"
_FOOT = 12.0
_STROKE = 0.035  # of a bold line, by type size
_RULE = 0.6
_BASE = 0.88  # from the top of a line of type to its foot, by type size


class Press:
    """Prints one booklet."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self._pdf = FPDF(unit="pt", format=(paper.width, paper.height))
        self._pdf.set_auto_page_break(False)
        with as_file(files("knowledge").joinpath("exchange", "fonts", FONT)) as font:
            self._pdf.add_font(_NAME, fname=font)
        self._pdf.set_font(_NAME, size=100)
        used = self._pdf.fonts[_NAME]
        assert isinstance(used, TTFFont)
        self._font = used.ttfont
        self._font.recalcTimestamp = False  # the same booklet is the same file
        self._known = frozenset(used.cmap)
        self._widths: dict[str, float] = {}

    def name(self, title: str, now: datetime) -> None:
        """What a reader's program shows of the file."""
        self._pdf.set_title(title)
        self._pdf.set_lang("zh-CN")
        self._pdf.set_creation_date(now)

    def has(self, character: str) -> bool:
        """Whether the font can print it."""
        return character.isspace() or ord(character) in self._known

    def printable(self, blocks: Iterable[Block]) -> Iterator[Block]:
        """The paragraphs with a sign for each character that the font does not have."""
        for block in blocks:
            text = "".join(c if self.has(c) else MISSING for c in block.text)
            yield replace(block, text=text)

    def measure(self, text: str) -> float:
        """The width of a text in points at one point of size."""
        for character in text:
            if character not in self._widths:
                self._pdf.set_font(_NAME, size=100)
                self._widths[character] = self._pdf.get_string_width(character) / 100
        return sum(self._widths[character] for character in text)

    def cut(self, text: str, width: float) -> str:
        """As much of a text as fits, so wide at one point of size."""
        if self.measure(text) <= width:
            return text
        while text and self.measure(f"{text}…") > width:
            text = text[:-1]
        return f"{text}…"

    def turn(self, *, is_numbered: bool = True) -> None:
        """A new page, with its number at the foot."""
        self._pdf.add_page()
        if is_numbered:
            number = str(self._pdf.page)
            middle = (self.paper.across - self.measure(number) * _FOOT) / 2
            self.write(number, middle, self.paper.down + _FOOT, size=_FOOT)

    def draw(self, page: Sequence[Placed]) -> None:
        """The lines of a page."""
        for line in page:
            setting = SETTINGS[line.block.style]
            left = setting.indent
            if setting.is_centred:
                left = (self.paper.across - self.measure(line.text) * setting.size) / 2
            self.write(line.text, left, line.top, size=setting.size, is_bold=setting.is_bold)

    def write(
        self, text: str, left: float, top: float, *, size: float, is_bold: bool = False
    ) -> None:
        """A line of text; bold is the same font with a line around each stroke."""
        if not text.strip():
            return
        border = self.paper.border
        self._pdf.set_font(_NAME, size=size)
        with self._pdf.local_context(
            text_mode=TextMode.FILL_STROKE if is_bold else TextMode.FILL,
            line_width=size * _STROKE,
        ):
            down = border + top + size * ((LEADING - 1) / 2 + _BASE)
            self._pdf.text(border + left, down, text)

    def rule(self, left: float, top: float, right: float, bottom: float) -> None:
        """A thin straight line."""
        border = self.paper.border
        self._pdf.set_line_width(_RULE)
        self._pdf.line(border + left, border + top, border + right, border + bottom)

    def link(self, top: float, height: float, page: int) -> None:
        """A line that leads to a page."""
        border = self.paper.border
        target = self._pdf.add_link(page=page)
        self._pdf.link(border, border + top, self.paper.across, height, target)

    def bookmark(self, title: str, *, level: int) -> None:
        """A heading in the list beside the pages."""
        self._pdf.start_section(title, level=level, strict=False)

    def done(self) -> bytes:
        """The file."""
        return bytes(self._pdf.output())

    def close(self) -> None:
        """Let go of the font's file."""
        self._font.close()
