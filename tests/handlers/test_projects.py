"""Projects in a chat: masked owners' lists, refusals that stick, and who is left alone."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.projects.words import Ask, Wish, wish_of
from records import consents, people, project_people, projects
from records.consents import CORE, Said
from records.database import Session
from records.people import Entered
from records.project_people import Answer
from tests.handlers.support.walk import Store, Walk

XIANGXIANG = "430381"


@pytest.mark.parametrize(
    ("said", "wish"),
    [
        ("项目", Wish(Ask.SHOW)),
        ("给我推荐个项目吧", Wish(Ask.SHOW)),
        ("有没有适合我的项目", Wish(Ask.SHOW)),
        ("哪里有厂房出租", Wish(Ask.SITES)),
        ("有空的场地吗", Wish(Ask.SITES)),
        ("哪里招人", Wish(Ask.TALENT)),
        ("谁收货", Wish(Ask.DEMANDS)),
        ("12号项目", Wish(Ask.ONE, 12)),
        ("想了解12号项目", Wish(Ask.WANT, 12)),
        ("为什么没有民宿", Wish(Ask.WHY_NOT, about="民宿")),
        ("我有个项目想推广", Wish(Ask.OFFER)),
        ("项目补贴多少钱", None),
        ("场地租金补贴怎么申请", None),
        ("招人有补贴吗", None),
        ("我有个问题", None),
    ],
)
def test_what_is_asked_of_the_library_and_what_of_the_papers(said: str, wish: Wish | None) -> None:
    assert wish_of(said) == wish


def _enter(session: Session, walk: Walk, person: str, codes: dict[str, Any]) -> None:
    said = (Said(CORE, True, walk.now, "1"),)
    texts = {"nickname": f"{person}大姐", "phone": "13700001111"}
    entered = Entered(codes=codes, texts=texts, area=XIANGXIANG, said=said)
    people.enter(session, walk.store.vault, person, entered, at=walk.now, account=walk.account)
    consents.note(session, person, said, channel=walk.channel)


def _walk(store: Store, chat: str, person: str, **codes: Any) -> Walk:
    walk = Walk(store=store, chat=chat, area=XIANGXIANG)
    store.run(lambda s: _enter(s, walk, person, codes))
    return walk


def _own(session: Session, person: str) -> int:
    row = next(r for r in projects.within(session, [XIANGXIANG]) if r.kind == "project")
    row.person_id = person
    return row.number


def _want(session: Session, walk: Walk, number: int, *, agrees: bool) -> None:
    said = Answer.INTERESTED
    project_people.answer(session, "王", number, said, category="farming", at=walk.now)
    project_people.agree(session, "王", number, yes=agrees)


@pytest.fixture
def owner() -> Walk:
    """Somebody whose own project is in the library, and somebody who may be interested."""
    walk = _walk(Store(), "1", "李")
    walk.stock(is_real=True)
    _walk(walk.store, "2", "王")
    return walk


def test_an_owner_sees_masked_names_only(owner: Walk) -> None:
    number = owner.store.run(lambda s: _own(s, "李"))
    owner.store.run(lambda s: _want(s, owner, number, agrees=False))
    owner.say("我的项目")
    labels = [option.label for option in owner.last.replies[-1].options]
    assert any("王**" in label for label in labels)
    assert "1370000" not in owner.said()
    owner.say("1")
    assert "1370000" not in owner.said()


def test_names_are_named_when_both_said_yes(owner: Walk) -> None:
    number = owner.store.run(lambda s: _own(s, "李"))
    owner.store.run(lambda s: _want(s, owner, number, agrees=True))
    owner.all("我的项目", "1", "我的项目", "1")
    assert "王大姐的电话是13700001111" in owner.said()


def test_twice_refused_a_line_comes_no_more() -> None:
    walk = _walk(Store(), "1", "李", want_kind=["farming", "shop"], skills=["livestock"])
    walk.stock(is_real=True)
    walk.store.run(
        lambda s: project_people.answer(
            s, "李", 9_999, Answer.REFUSED, category="farming", at=walk.now
        )
    )
    walk.say("项目")
    assert "林下养土鸡" in walk.said()
    walk.say("2")
    assert "种养这一行半年里不再给您推荐" in walk.said()
    walk.say("为什么没有养殖")
    assert "说过两次不感兴趣" in walk.said()


def test_little_is_known_so_one_question_is_asked() -> None:
    walk = _walk(Store(), "1", "李", lacks=["people"])
    walk.stock(is_real=True)
    walk.say("项目")
    asked = walk.said()
    walk.say("跳过")
    assert walk.said() != asked
    assert "unsaid" in walk.profiles()[0].answers.values()


def test_two_people_on_one_account_see_what_everybody_sees() -> None:
    store = Store()
    walk = _walk(store, "1", "李", want_kind=["farming"])
    _walk(store, "1", "王")
    walk.stock(is_real=True)
    walk.say("项目")
    assert "没看您的资料" in walk.said()


def test_without_a_library_the_papers_answer_as_before() -> None:
    walk = Walk(area=XIANGXIANG)
    walk.say("项目")
    assert "没看您的资料" not in walk.said()
