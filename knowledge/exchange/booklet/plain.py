"""The booklet as plain text, or as markdown without any HTML."""

import re
from collections.abc import Iterator

from knowledge.exchange.booklet.blocks import Block, Style, blocks_of
from knowledge.exchange.booklet.breaking import broken, columns
from knowledge.exchange.booklet.contents import Booklet

WIDTH = 64  # columns: 32 Chinese characters
_INDENT = {Style.NOTE: "  ", Style.ANSWER: "  "}
_MARKS = {
    Style.TITLE: "# ",
    Style.CHAPTER: "## ",
    Style.MATTER: "### ",
    Style.SILENCE: "### ",
    Style.QUESTION: "#### ",
    Style.NOTE: "- ",
}
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|])")


def as_text(booklet: Booklet) -> str:
    """Wrapped for reading anywhere."""
    return "\n".join(line for block in blocks_of(booklet) for line in _text(block)) + "\n"


def _text(block: Block) -> Iterator[str]:
    if block.style in (Style.TITLE, Style.CHAPTER):
        yield from ("", "=" * WIDTH)
    elif block.style in (Style.MATTER, Style.SILENCE, Style.QUESTION):
        yield ""
    indent = _INDENT.get(block.style, "")
    head = f"【{block.text}】" if block.style in (Style.MATTER, Style.SILENCE) else block.text
    yield from (indent + line for line in broken(head, WIDTH - len(indent), columns))
    if block.style in (Style.TITLE, Style.CHAPTER):
        yield "=" * WIDTH


def as_markdown(booklet: Booklet) -> str:
    """Headings and lists; what markdown would take for a mark is escaped."""
    return "\n".join(line for block in blocks_of(booklet) for line in _markdown(block)) + "\n"


def _markdown(block: Block) -> Iterator[str]:
    if block.style is not Style.NOTE:
        yield ""
    text = block.text.replace("\n", "")
    yield _MARKS.get(block.style, "") + _SPECIAL.sub(r"\\\1", text)
