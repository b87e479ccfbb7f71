"""An index made anew: what has changed is answered by, what has not is kept."""

from __future__ import annotations

import gc
from dataclasses import replace
from datetime import UTC, datetime
from weakref import ref

from knowledge.answer import Answerer
from knowledge.index import MANY, Index
from knowledge.library import Library, load_library
from knowledge.parts import parts_of

NOW = datetime(2026, 11, 22, tzinfo=UTC)
AREA, ENTRY = "371703", "dingtao-loan-individual-cap"


def _with_wording(library: Library, text: str) -> Library:
    pack = library.packs[AREA]
    entries = tuple(
        replace(e, asked_as=(*e.asked_as, text)) if e.id == ENTRY else e for e in pack.entries
    )
    packs = {**library.packs, AREA: replace(pack, entries=entries)}
    return Library(list(packs.values()), library.wording)


def test_only_the_changed_area_is_read_again(library: Library) -> None:
    before = parts_of(library)
    after = parts_of(_with_wording(library, "吃瓜群众能借几个子"))
    again = [b.pack.code for b, a in zip(before, after, strict=True) if b is not a]
    assert again == [AREA]


def test_of_the_changed_area_only_the_changed_entry_is_read_again(library: Library) -> None:
    parts = parts_of(library)
    before = {c.id + c.slot: c for part in parts for c in part.candidates}
    after = [c for p in parts_of(_with_wording(library, "吃瓜群众")) for c in p.candidates]
    assert [c.id for c in after if before[c.id + c.slot] is not c] == [ENTRY]


def test_a_new_wording_is_answered_by_the_next_index(library: Library) -> None:
    asked = "吃瓜群众能借几个子"
    answer = Answerer(_with_wording(library, asked)).answer(asked, area=AREA, now=NOW)
    assert ENTRY in answer.entries


def test_parts_are_let_go_with_whoever_answers_by_them(library: Library) -> None:
    held = {part.pack.code: part for part in parts_of(_with_wording(library, "吃瓜群众"))}
    changed = ref(held.pop(AREA))
    gc.collect()
    assert changed() is None


def test_of_many_areas_a_few_are_searched_and_what_holds_everywhere(library: Library) -> None:
    parts = parts_of(library)
    index = Index([*parts, *parts, *parts])
    few = index.likely("创业担保贷款最高能贷多少", range(len(index.parts)))
    assert len(few) == MANY
    assert {"common", "100000"} <= {index.parts[n].pack.code for n in few}


def test_a_year_is_followed_where_areas_are_shared_with_another_library(library: Library) -> None:
    asked, before = "定陶个人创业担保贷款最高多少", Answerer(library)
    answerer = Answerer(load_library())
    answer = answerer.answer("今年呢", area=AREA, prev=[asked], now=NOW)
    assert "没写2026年" in answer.text
    assert before.answer("今年呢", area=AREA, prev=[asked], now=NOW).text == answer.text
