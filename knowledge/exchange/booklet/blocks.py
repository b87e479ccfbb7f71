"""The booklet as paragraphs one after another, the same for print and for plain text."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from knowledge import compose
from knowledge.exchange.booklet.contents import Booklet, Matter, Question

NOT_TOLD = "我们手上的文件没有专门写这一项。"
SILENT_TITLE = "文件里没写的"
GLOSSARY_TITLE = "难懂的词"
PAPERS_TITLE = "依据哪些文件"


class Style(Enum):
    """What a paragraph is."""

    TITLE = auto()
    COVER = auto()
    CHAPTER = auto()
    MATTER = auto()
    SILENCE = auto()  # a matter in the last part, not in the contents
    QUESTION = auto()
    ANSWER = auto()
    NOTE = auto()
    BODY = auto()


HEADINGS = frozenset({Style.CHAPTER, Style.MATTER, Style.SILENCE, Style.QUESTION})


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph."""

    style: Style
    text: str


def blocks_of(booklet: Booklet) -> Iterator[Block]:
    """Cover, chapters, silences, plain words, papers."""
    yield from cover_of(booklet)
    yield from body_of(booklet)


def cover_of(booklet: Booklet) -> Iterator[Block]:
    """Whose it is, that it costs nothing, whom to call."""
    day = compose.spoken_day(booklet.now.date().isoformat())
    office = booklet.office
    yield Block(Style.TITLE, f"{booklet.area}\n{booklet.name}")
    yield Block(Style.COVER, f"{day}印，共 {booklet.count} 问")
    yield Block(Style.COVER, "免费发放。问政策、办登记都不收钱，不要验证码和银行卡密码。")
    yield Block(Style.COVER, f"编印：{office.name}，{office.phone or compose.NO_PHONE}")
    yield Block(Style.COVER, "想核实真假，打 12345。")
    yield Block(Style.COVER, "找谁问：")
    for agency, phone in booklet.contacts:
        yield Block(Style.COVER, f"{agency}　{phone}")
    yield Block(
        Style.COVER, "政策会变，办之前请先打电话问一下。够不够条件，最后由办事的部门审核。"
    )


def body_of(booklet: Booklet) -> Iterator[Block]:
    """Everything after the contents."""
    number = 0
    for chapter in booklet.chapters:
        yield Block(Style.CHAPTER, chapter.title)
        if not chapter.matters:
            yield Block(Style.BODY, NOT_TOLD)
        for matter in chapter.matters:
            yield Block(Style.MATTER, matter.name)
            for question in matter.questions:
                number += 1
                yield from _question(question, f"{number}. {question.text}")
    if booklet.silences:
        yield Block(Style.CHAPTER, SILENT_TITLE)
        yield Block(Style.BODY, "下面这些，我们手上的文件没有写。别信外面传的数，打电话问了再算。")
    for matter in booklet.silences:
        yield from _silence(matter)
    yield from _end(booklet)


def _question(question: Question, title: str) -> Iterator[Block]:
    if title:
        yield Block(Style.QUESTION, title)
    yield Block(Style.ANSWER, question.answer)
    yield from (Block(Style.NOTE, f"{label}：{text}") for label, text in question.notes)


def _silence(matter: Matter) -> Iterator[Block]:
    yield Block(Style.SILENCE, matter.name)
    for question in matter.questions:
        yield from _question(question, question.text)


def _end(booklet: Booklet) -> Iterator[Block]:
    if booklet.glossary:
        yield Block(Style.CHAPTER, GLOSSARY_TITLE)
        yield from (Block(Style.BODY, f"{word}：{text}") for word, text in booklet.glossary)
    if booklet.papers:
        yield Block(Style.CHAPTER, PAPERS_TITLE)
        yield from (Block(Style.BODY, paper) for paper in booklet.papers)
