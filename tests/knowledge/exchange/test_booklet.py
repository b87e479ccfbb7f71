"""The booklet of an area: what stands in it, how it is set, and that it prints anywhere."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from io import BytesIO
from zoneinfo import ZoneInfo

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.entry import TALK, Kind, Status
from knowledge.exchange.booklet import layout
from knowledge.exchange.booklet.blocks import HEADINGS, Block, Style
from knowledge.exchange.booklet.breaking import broken, columns
from knowledge.exchange.booklet.contents import UNMENTIONED, Booklet, Office, booklet_of
from knowledge.exchange.booklet.layout import A4, A5, SETTINGS, laid_out
from knowledge.exchange.booklet.pdf import as_pdf, missing_characters
from knowledge.exchange.booklet.plain import WIDTH, as_markdown, as_text
from knowledge.exchange.labels import EIGHT
from knowledge.library import Library, Pack

NOW = datetime(2026, 11, 22, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
OFFICE = Office("定陶区返乡创业服务中心", "0530-0000000")
AREAS = ("371703", "410900", "420500", "430300", "X")


def _booklet(library: Library, pack: Pack | None = None) -> Booklet:
    return booklet_of(library, pack or library.packs["371703"], OFFICE, NOW)


@cache
def _read(library: Library, paper: layout.Paper = A4) -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(as_pdf(_booklet(library), paper)))


@cache
def _flat(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("area", AREAS)
def test_it_has_every_fact_of_the_area_and_none_of_another(library: Library, area: str) -> None:
    booklet = booklet_of(library, library.packs[area], OFFICE, NOW)
    matters = [*(m for c in booklet.chapters for m in c.matters), *booklet.silences]
    printed = {q.entry for matter in matters for q in matter.questions if q.entry}
    assert printed == {e.id for e in library.packs[area].entries if e.kind not in TALK}


def test_the_eight_headings_come_first_and_in_order(library: Library) -> None:
    titles = [chapter.title for chapter in _booklet(library).chapters]
    assert tuple(titles[:8]) == EIGHT


def test_an_answer_carries_all_that_one_needs_before_setting_out(library: Library) -> None:
    text = _flat(as_text(_booklet(library)))
    start = text.index("个体户创业担保贷款最高多少")
    entry = text[start : start + 400]
    for words in (
        "创业担保贷款最高10万元",
        "条件：从事个体经营",
        "文件没写：要带的材料、去哪里办",
        "找谁：区人社局、区财政局，电话待补",
        "依据：菏定政办发〔2017〕38号，2017年12月21日，三（三）",
        "这是2017年的文件，办之前请打电话问一下",
    ):
        assert words in entry


def test_the_cover_says_whose_it_is_when_and_that_it_is_free(library: Library) -> None:
    cover = as_text(_booklet(library))[:900]
    for words in ("菏泽市定陶区", "2026年11月22日", "免费", "0530-0000000", "12345", "区人社局"):
        assert words in cover


def _changed(library: Library, **fields: object) -> str:
    pack = library.packs["371703"]
    entry = next(e for e in pack.entries if e.id == "dingtao-loan-individual-cap")
    changed = replace(entry, title="改过的这一条", **fields)  # type: ignore[arg-type]
    return _flat(as_text(_booklet(library, replace(pack, entries=(changed,)))))


def test_what_has_ended_or_not_begun_is_left_out(library: Library) -> None:
    assert "改过的这一条" in _changed(library, valid_until=date(2026, 11, 22))
    assert "改过的这一条" not in _changed(library, valid_until=date(2026, 11, 21))
    assert "改过的这一条" not in _changed(library, valid_from=date(2026, 11, 23))


def test_talk_is_left_out(library: Library) -> None:
    assert "改过的这一条" not in _changed(library, kind=Kind.SMALLTALK)


def test_a_plan_and_a_sum_for_all_are_said_to_be_so(library: Library) -> None:
    assert "文件写的是打算" in _changed(library, status=Status.PLANNED)
    assert "不是给一个人的" in _changed(library, status=Status.POOL)
    assert "不是给一个人的" not in _changed(library)


def test_silences_are_listed_at_the_end_with_whom_to_ask(library: Library) -> None:
    text = _flat(as_text(_booklet(library)))
    silent = text[text.index("文件里没写的") :]
    assert "没写：利息多少" in silent or "利息多少" in silent
    assert "可以问：区人社局" in silent


@pytest.mark.parametrize("area", AREAS)
def test_silences_are_brief_and_leave_no_matter_out(library: Library, area: str) -> None:
    pack = library.packs[area]
    booklet = booklet_of(library, pack, OFFICE, NOW)
    names = {matter.name for matter in booklet.silences}
    lists = [q for m in booklet.silences for q in m.questions if q.answer.startswith("没写：")]
    assert max(q.answer.count("、") for q in lists) < 4
    together = "".join(q.answer for m in booklet.silences[-1:] for q in m.questions)
    assert all(u.matter in names or u.matter in together for u in pack.unknowns)
    for matter in booklet.silences:
        whom = [text for q in matter.questions for label, text in q.notes if label == "可以问"]
        assert whom
        assert matter.name == UNMENTIONED or len(whom) == len(set(whom))


def test_hard_words_that_occur_are_explained(library: Library) -> None:
    text = as_text(_booklet(library))
    assert "贴息：利息由政府帮出一部分。" in text


def test_plain_text_fits_a_narrow_window(library: Library) -> None:
    assert max(map(columns, as_text(_booklet(library)).splitlines())) <= WIDTH


def test_markdown_has_headings_and_no_html(library: Library) -> None:
    text = as_markdown(_booklet(library))
    assert "\n## 融资\n" in text
    assert not re.search(r"(?<!\\)<", text)


@given(st.text("ab12%.中国返乡创业，。、；（）《》“”：？！", max_size=80), st.integers(6, 30))
@settings(max_examples=300)
def test_lines_break_where_chinese_may_break(text: str, width: int) -> None:
    lines = broken(text, width, columns)
    assert "".join(lines) == text
    assert all(columns(line) <= width for line in lines)


def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(library: Library) -> None:
    lines = [line.strip() for line in as_text(_booklet(library)).splitlines() if line.strip()]
    assert not [line for line in lines if line[0] in "，。、；：？！）》”%"]
    assert not [line for line in lines if line[-1] in "（《“〔"]


def _blocks(styles: list[Style], longest: int) -> st.SearchStrategy[Block]:
    return st.builds(
        Block, st.sampled_from(styles), st.integers(1, longest).map(lambda n: "创" * n)
    )


_HEADINGS = st.lists(_blocks(sorted(HEADINGS, key=lambda s: s.value), 30), max_size=3)
_TEXTS = st.lists(_blocks([Style.ANSWER, Style.NOTE, Style.BODY], 300), min_size=1, max_size=6)
_GROUPS = st.lists(st.tuples(_HEADINGS, _TEXTS), max_size=12)


@given(_GROUPS, st.sampled_from([A4, A5]))
@settings(max_examples=150, deadline=None)
def test_no_heading_stands_alone_at_the_foot_of_a_page(
    groups: list[tuple[list[Block], list[Block]]], paper: layout.Paper
) -> None:
    blocks = [block for group in groups for part in group for block in part]
    pages = laid_out(blocks, paper, lambda text: float(len(text))).pages
    lines = [placed for page in pages for placed in page]
    assert "".join(p.text for p in lines) == "".join(b.text for b in blocks)
    assert not [page for page in pages if page and page[-1].block.style in HEADINGS]
    assert all(p.top + SETTINGS[p.block.style].size * 1.5 <= paper.down + 1 for p in lines)


@pytest.mark.parametrize(("paper", "width"), [(A4, 595), (A5, 420)])
def test_the_pdf_can_be_searched_and_has_its_font_inside(
    library: Library, paper: layout.Paper, width: int
) -> None:
    reader = _read(library, paper)
    text = _flat("".join(page.extract_text() for page in reader.pages))
    assert "干个体的，创业担保贷款最高10万元" in text or "创业担保贷款最高10万元" in text
    assert "菏定政办发〔2017〕38号" in text
    assert round(float(reader.pages[0].mediabox.width)) == width
    fonts = [f.get_object() for p in reader.pages for f in p["/Resources"]["/Font"].values()]  # type: ignore[index]
    [inner] = {f["/DescendantFonts"][0].get_object()["/BaseFont"] for f in fonts}
    assert re.fullmatch(r"/[A-Z]{6}\+NotoSansCJKSC.*", inner)


def test_the_contents_name_the_true_pages(library: Library) -> None:
    reader = _read(library)
    pages = [page.extract_text() for page in reader.pages]
    listed = re.findall(r"^(\S+?)(?: \.)+ ?(\d+)$", "\n".join(pages[1:5]), re.MULTILINE)
    assert len(listed) > 20
    for title, number in listed:
        assert title.rstrip("…")[:8] in pages[int(number) - 1]


def test_the_type_is_large() -> None:
    assert min(setting.size for setting in SETTINGS.values()) >= 16


def test_every_character_that_we_ship_can_be_printed(library: Library) -> None:
    for area in AREAS:
        assert not missing_characters(booklet_of(library, library.packs[area], OFFICE, NOW))


def test_a_character_outside_the_font_is_reported_and_shown(library: Library) -> None:
    booklet = replace(_booklet(library), area="𠮷乡", chapters=(), silences=(), papers=())
    assert missing_characters(booklet) == "𠮷"
    first = pypdf.PdfReader(BytesIO(as_pdf(booklet))).pages[0].extract_text()
    assert "〓乡" in first


def test_the_same_day_prints_the_same_file(library: Library) -> None:
    assert as_pdf(_booklet(library)) == as_pdf(_booklet(library))
