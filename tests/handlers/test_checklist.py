"""返乡创业一件事: the steps, ticked off per person, honest about what the papers leave out."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from handlers.checklist.words import Kind, wish_of
from handlers.prompts import LONGEST, MOST_LINES
from knowledge.answer import Answerer
from knowledge.checklists import steps
from knowledge.library import load_library
from knowledge.shelf import Pack
from records import checklists, reminders
from tests.handlers.support.talks import registered
from tests.handlers.support.walk import START, Walk

LIBRARY = load_library()
ANSWERER = Answerer(LIBRARY)
AREAS = ("420583", "410928", "371703", "430381", "110101")


@pytest.mark.parametrize(
    ("said", "kind", "numbers"),
    [
        ("一件事", Kind.LOOK, ()),
        ("办事清单", Kind.LOOK, ()),
        ("怎么一步步办？", Kind.LOOK, ()),
        ("开店咋一步一步来", Kind.LOOK, ()),
        ("先办啥后办啥", Kind.LOOK, ()),
        ("下一步办什么", Kind.NEXT, ()),
        ("办好1", Kind.DONE, (1,)),
        ("办好了 2 3", Kind.DONE, (2, 3)),
        ("第一步办好了", Kind.DONE, (1,)),
        ("没办好2", Kind.UNDONE, (2,)),
        ("清单不提醒", Kind.QUIET, ()),
        ("清单转专员", Kind.HELP, ()),
    ],
)
def test_what_is_wanted_of_the_list(said: str, kind: Kind, numbers: tuple[int, ...]) -> None:
    wish = wish_of(said)
    assert wish is not None
    assert (wish.kind, wish.numbers) == (kind, numbers)


@pytest.mark.parametrize(
    "said", ["返乡创业一件事是啥", "一件事在哪里办", "办好了吗", "贷款怎么办"]
)
def test_questions_of_policy_stay_questions(said: str) -> None:
    assert wish_of(said) is None


@pytest.mark.parametrize("pack", LIBRARY.packs.values(), ids=lambda pack: pack.folder)
def test_every_entry_that_a_list_names_is_one_of_the_pack(pack: Pack) -> None:
    file = files("knowledge").joinpath("packs", pack.folder, "checklist.toml")
    named = tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
    rows = named.pop("step", [])
    own = {entry.id for entry in pack.entries}
    assert [one for ids in named.values() for one in ids if one not in own] == []
    assert [one for row in rows for one in row["elsewhere"] if one not in LIBRARY.entries] == []


def test_every_list_knows_the_same_steps() -> None:
    names = [step.name for step in steps(LIBRARY, "", START.date())]
    for area in AREAS:
        assert [step.name for step in steps(LIBRARY, area, START.date())] == names


@pytest.mark.parametrize("area", AREAS)
def test_every_step_fits_and_names_a_window_or_says_that_none_is_written(area: str) -> None:
    walk = Walk(answerer=ANSWERER, area=area, is_new=False)
    walk.say("办事清单")
    for number in range(1, 9):
        said, where = walk.all("办事清单", str(number))
        assert said.text.count("\n") < MOST_LINES
        assert len(where.text) <= LONGEST
        heads = [line.partition("：")[0] for line in where.text.splitlines()]
        assert heads == ["去哪", "问谁", "材料"]


def test_what_the_papers_leave_out_is_said() -> None:
    walk = Walk(answerer=ANSWERER, area="420583", is_new=False)
    walk.all("办事清单", "5")
    assert "要办哪些证照，文件没写" in walk.said()
    assert "材料：文件没写" in walk.said()


def test_without_a_home_the_county_is_asked_for_and_taken() -> None:
    walk = Walk(answerer=ANSWERER, is_new=False)
    walk.say("办事清单")
    assert "先说老家是哪个县" in walk.said()
    walk.all("枝江 办事清单", "1")
    assert "县级服务中心" in walk.said()


def test_ticks_stay_with_the_person_and_the_next_step_is_said_later() -> None:
    person = registered()
    person.answerer = ANSWERER
    person.say("办好1 2")
    (profile,) = person.profiles()
    assert person.store.run(lambda s: checklists.done(s, profile.id)) == {"ask", "project"}
    assert "下一步：3 学一学" in person.said()
    whom = reminders.to_person(profile.id)
    (due,) = person.store.run(lambda s: reminders.of(s, whom))
    assert due.due.date().isoformat() == "2026-12-05"


def test_a_tick_is_taken_back_and_reminders_stop_by_a_word() -> None:
    person = registered()
    person.answerer = ANSWERER
    person.all("办好1 2", "没办好2", "清单不提醒", "办好2")
    (profile,) = person.profiles()
    assert person.store.run(lambda s: checklists.done(s, profile.id)) == {"ask", "project"}
    whom = reminders.to_person(profile.id)
    states = person.store.run(lambda s: [row.state for row in reminders.of(s, whom)])
    assert states == ["cancelled"]


def test_a_stranger_ticks_too_and_nothing_is_stored_of_them() -> None:
    walk = Walk(answerer=ANSWERER, area="420583", is_new=False)
    walk.all("办好1", "办事清单")
    assert "办好1/8，下一步是2" in walk.said()


def test_numbers_that_are_no_step_change_nothing() -> None:
    walk = Walk(answerer=ANSWERER, area="420583", is_new=False)
    walk.all("办好1 20", "办事清单")
    assert "办好0/8" in walk.said()


def test_the_commissioner_gets_what_is_done_and_what_comes() -> None:
    person = registered()
    person.answerer = ANSWERER
    person.all("办好1", "清单转专员")
    assert "转给专员了，编号" in person.said()
    (effect,) = person.last.effects
    assert effect.ticket.subject == "办事清单要人帮：办好了找窗口问清楚；下一步选项目"  # type: ignore[union-attr]


def test_when_all_is_done_nothing_is_due() -> None:
    person = registered()
    person.answerer = ANSWERER
    person.say("办好1 2 3 4 5 6 7 8")
    assert "都办好了" in person.said()
    (profile,) = person.profiles()
    whom = reminders.to_person(profile.id)
    assert person.store.run(lambda s: reminders.of(s, whom)) == []
