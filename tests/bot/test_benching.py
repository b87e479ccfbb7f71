"""The corpora and the baselines that the search is measured beside."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest

from bot.benching import recheck
from bot.benching.answer import held_out
from bot.benching.baselines import as_text, compared
from bot.benching.grown import WORDINGS, grown
from bot.benching.noise import KINDS, Noise
from bot.benching.pairs import Pair, corpus, read_pairs
from bot.benching.program import cpu_seconds
from knowledge.library import Library, load_library

ASKED = [
    Pair("怎么还款", "如何还钱", same=True),
    Pair("如何还钱", "怎样还上借款", same=True),
    Pair("怎么还款", "怎么借款", same=False),
    Pair("园区在哪", "园区在哪里", same=True),
]
FILLING = [Pair("天气好不好", "今天下雨吗", same=False), Pair("谁写的书", "书是谁写的", same=True)]


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


@pytest.mark.parametrize(
    "text",
    [
        "怎么还款\t如何还钱\t1\n",
        "7\t怎么还款\t如何还钱\t1\n",
        "\ufeff一,二,标签\n怎么还款,如何还钱,1\n",
    ],
)
def test_pairs_are_read_with_tabs_or_commas_and_columns_before(tmp_path: Path, text: str) -> None:
    (tmp_path / "pairs").write_text(text, "utf-8")
    assert list(read_pairs(tmp_path / "pairs")) == [Pair("怎么还款", "如何还钱", same=True)]


def test_a_corpus_asks_other_wordings_and_strangers() -> None:
    made = corpus(ASKED, FILLING, size=4)
    questions = {entry["id"]: entry["question"] for entry in made.entries}
    asked = {query["query"]: query["gold"] for query in made.queries}
    assert len(questions) == 4
    assert questions[asked["如何还钱"][0]] == "怎么还款"
    assert asked["怎么借款"] == []
    assert not set(asked) & set(questions.values())


@pytest.mark.parametrize("kind", KINDS)
def test_noise_changes_a_question_and_leaves_most_of_it(kind: str) -> None:
    question = "创业担保贷款最高能贷多少钱"
    noise = Noise([question, "创业单宝代宽罪高", "床业旦保"], random.Random(1))
    noisy = noise.of(question, kind)
    assert noisy != question
    assert sum(c in noisy for c in question) >= 5


def test_every_baseline_finds_what_is_asked_word_for_word() -> None:
    lines = [{"id": n, "question": q} for n, q in enumerate(("怎么还款", "园区在哪", "谁写的书"))]
    queries = [
        {"id": line["id"], "query": line["question"], "gold": [line["id"]]} for line in lines
    ]
    table = compared(lines, queries)
    assert len(table) >= 5
    assert all(figures["recall_at_1"] == 1.0 for figures in table.values())
    assert len(as_text(table).splitlines()) == len(table) + 1


def test_baselines_keep_to_the_area_too() -> None:
    lines = [{"id": n, "question": "补贴多少", "area": a} for n, a in enumerate(("定陶", "濮阳"))]
    queries = [{"id": 1, "query": "补贴多少", "area": "濮阳市", "gold": [1]}]
    assert all(f["recall_at_1"] == 1.0 for f in compared(lines, queries).values())


def test_of_each_entry_one_wording_is_taken_and_asked(library: Library) -> None:
    less, questions = held_out(library, most=20)
    for question in questions:
        id = question["id"]
        assert question["query"] in library.entries[id].asked_as
        assert question["query"] not in less.entries[id].asked_as


def test_a_grown_library_has_so_many_entries_in_areas_of_their_own(library: Library) -> None:
    big = grown(library, entries=3_000)
    assert len(big.entries) >= 3_000
    local = [pack for pack in big.packs.values() if pack.code.startswith("98")]
    assert all(big.areas.pack_for(pack.code) == pack.code for pack in local)
    assert max(len(e.asked_as) for pack in local for e in pack.entries) <= WORDINGS


def test_the_bench_of_policies_says_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    figures = recheck.measure(people=10_200)
    said = capsys.readouterr()
    assert (said.out, figures["people"], figures["disagreements"]) == ("", 10_200, 0)
    lines = said.err.splitlines()
    assert lines[:2] == [f"bench match: made {n} of 10,200 people" for n in ("10,000", "10,200")]
    assert lines[-1] == "bench match: holding memory against SQL for 5,000 people"


def test_what_a_process_computed_is_what_its_own_clock_says() -> None:
    # The kernel counts in hundredths of a second.
    assert cpu_seconds(os.getpid()) == pytest.approx(time.process_time(), abs=0.1)
