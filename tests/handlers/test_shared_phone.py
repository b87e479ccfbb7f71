"""Several people on one phone, and what is left for those who are not there (P-29, P-30, J4)."""

from __future__ import annotations

from datetime import timedelta

from handlers.forms import course
from records import erasure, people
from records.messages import InboundKind
from records.people import Entered, Source, Status
from tests.handlers.support.talks import LEFT_FOR, REGISTERED, registered, two_people
from tests.handlers.support.walk import Store, Walk

OWN = (
    "登记",
    "同意",
    "定陶陈集镇",
    "3",
    "1",
    "2",
    "跳过",
    "跳过",
    "跳过",
    "李强",
    "13700005678",
    "对",
)


def _entered_by_cadre(store: Store, area: str = "371703") -> None:
    entered = Entered(
        codes={"home_place": area, "hukou": "urban", "away_half_year": "half_year"},
        texts={"nickname": "李强", "phone": "13700005678", "home_village": "陈集镇"},
        area=area,
        source=Source.HOUSEHOLD,
    )
    now = Walk().now - timedelta(days=7)
    store.run(lambda s: people.enter(s, store.vault, "swept", entered, at=now, basis="文件一号"))


def _on_record(store: Store, person_id: str) -> people.Person | None:
    return store.run(lambda s: s.get(people.Person, person_id))


def test_a_list_of_people_shows_nicknames_only() -> None:
    walk = two_people()
    walk.say("我的信息")
    assert [o.label for o in walk.last.replies[0].options] == ["1 老王", "2 小芳", "0 返回"]
    assert "1390000" not in walk.said()


def test_one_cannot_read_the_other() -> None:
    walk = two_people()
    walk.all("我的信息", "小芳", "1234", "1234")
    assert "花桥村" not in walk.said()
    assert "3个工作日" in walk.said()


def test_naming_and_proving_opens_the_right_one() -> None:
    walk = two_people()
    walk.all("我的信息", "2", "5678")
    assert "小芳" in walk.said()
    assert "老王" not in walk.said()


def test_a_change_goes_to_the_person_named() -> None:
    walk = two_people()
    walk.all("改4", "小芳", "5678", "城镇")
    assert [p.answers["hukou"] for p in walk.profiles()] == ["rural", "urban"]


def test_deleting_one_leaves_the_other() -> None:
    walk = two_people()
    walk.all("删除", "小芳", "5678")
    assert [p.nickname for p in walk.profiles()] == ["老王"]
    assert "ForgetConversation" not in [type(e).__name__ for e in walk.last.effects]


def test_somebody_without_a_number_is_asked_for_the_village() -> None:
    walk = registered("给我妈登记", "在", "同意", "湘乡", "石狮村")
    walk.all("3", "1", "5", "跳过", "跳过", "1")
    walk.all("我的信息", "2", "不晓得", "石狮村")
    assert "石狮村" in walk.said()


def test_what_is_left_for_another_waits_for_their_yes() -> None:
    walk = Walk()
    walk.all(*LEFT_FOR)
    found = walk.store.run(lambda s: people.with_phone(s, walk.store.vault, ["13700005678"]))
    (left,) = found["13700005678"]
    assert (left.status, left.account) == (Status.PENDING, "")
    assert set(left.answers) <= {
        "nickname",
        "phone",
        "home_place",
        "home_place_text",
        "home_village",
        "intent",
    }


def test_who_left_it_cannot_read_it() -> None:
    walk = Walk()
    walk.all(*LEFT_FOR, "我的信息")
    assert "您没登记过" in walk.said()


def test_unconfirmed_it_is_erased_after_thirty_days() -> None:
    walk = Walk()
    walk.all(*LEFT_FOR)
    month = timedelta(days=30)
    assert walk.store.run(lambda s: erasure.erase_unconfirmed(s, walk.now + month / 2)) == 0
    assert walk.store.run(lambda s: erasure.erase_unconfirmed(s, walk.now + month)) == 1


def test_a_typed_number_needs_the_home_too() -> None:
    walk = Walk()
    walk.all(*LEFT_FOR)
    stranger = Walk(store=walk.store, chat="77")
    stranger.all("13700005678", "同意", "湘乡")
    assert stranger.profiles() == ()
    assert "OpenTicket" in [type(e).__name__ for e in stranger.last.effects]


def test_j4_a_cadres_record_and_ones_own_become_one() -> None:
    walk = Walk(chat="77")
    _entered_by_cadre(walk.store)
    walk.all(*OWN)
    assert "户口：城镇" in walk.said()
    walk.all("是我", "白天", "1", "1")
    (profile,) = walk.profiles()
    assert (profile.id, profile.answers["hukou"], profile.source) == (
        "swept",
        "rural",
        Source.HOUSEHOLD,
    )


def test_what_the_village_noted_need_not_be_typed_again() -> None:
    walk = Walk(chat="77")
    _entered_by_cadre(walk.store)
    walk.say("13700005678", InboundKind.CONTACT)
    assert "村里用这个号码替您登记过" in walk.said()
    walk.all("同意", "登记")
    assert "第2题" in walk.said()
    assert walk.profiles()[0].answers["hukou"] == "urban"


def test_what_the_village_noted_is_not_erased_by_a_no() -> None:
    walk = Walk(chat="77")
    _entered_by_cadre(walk.store)
    walk.say("13700005678", InboundKind.CONTACT)
    walk.say("不同意")
    assert walk.profiles() == ()
    assert _on_record(walk.store, "swept") is not None


def test_j4_where_each_value_came_from_is_kept() -> None:
    walk = Walk(chat="77")
    _entered_by_cadre(walk.store)
    walk.all(*OWN, "是我", "白天", "1", "1")
    memory = walk.store.run(lambda s: people.memory_of(s, walk.store.vault, "swept"))
    hukou = [(c.value, c.source.value) for c in memory if c.field == "hukou"]
    assert hukou == [("urban", "household"), ("rural", "chat")]
    assert memory[0].at < memory[-1].at


def test_j4_not_me_keeps_two_records() -> None:
    walk = Walk(chat="77")
    _entered_by_cadre(walk.store)
    walk.all(*OWN, "不是我", "白天", "1", "1")
    assert walk.profiles()[0].id != "swept"
    row = _on_record(walk.store, "swept")
    assert row is not None
    assert row.account == ""


def test_j4_a_typed_number_from_elsewhere_opens_nothing() -> None:
    walk = Walk(chat="77")
    _entered_by_cadre(walk.store, area="430381")
    walk.all(*OWN)
    assert "替您登记过" not in walk.said()


def test_what_a_proxy_left_out_is_asked_later() -> None:
    walk = Walk()
    walk.all(*LEFT_FOR)
    other = Walk(store=walk.store, chat="77")
    other.all("13700005678", "同意", "定陶", "登记")
    assert "还差几题" in other.said()
    other.all("2", "东莞", "1", "1", "1", "跳过", "跳过", "跳过", "1", "1")
    assert course.is_complete(other.forms["registration"], other.profiles()[0].answers)


def test_the_first_question_of_a_second_person_asks_nothing_of_the_first() -> None:
    walk = registered("给我老婆登记", "在", "同意")
    assert "第1题" in walk.said()
    assert len(REGISTERED) == 17
