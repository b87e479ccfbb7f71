"""A cadre in a chat: many people at once, faults mended, a round through the doors."""

from __future__ import annotations

import re

import pytest

from outreach.pushes import a_push
from records import audit, consents, outbox, people, sweeps
from records.messages import Priority
from records.outbox import OutboxRow, OutboxState
from records.people import Profile, Status
from records.staff_accounts import StaffRole
from tests.handlers.support.linked import rows
from tests.handlers.support.talks import registered
from tests.handlers.support.walk import Store, Walk

VILLAGE, OTHER = "430381111217", "430381111001"
GROUND = "依据 湘人社发〔2026〕3号"
RIGHT = "老屋湾 王{n} 138000000{n:02} 半年以上 农 2 8"
NAMES = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地"
WRONG = {
    3: "老屋湾 李三 1380000000 半年以上 农 2 8",
    8: "13900000008 老屋湾 半年以上 农 2 8",
    13: "月亮村 李七 13900000013 半年以上 农 2 8",
    18: "老屋湾 李八 13900000018 半年以上 农 9",
    23: "老屋湾 李九 13900000023 半年以上 农 2 打鱼杀",
    28: "老屋湾 李十 13900000028",
}


def _cadre(store: Store | None = None, area: str = VILLAGE, name: str = "老谢") -> Walk:
    walk = Walk(store=store or Store(), chat=f"of {name}", is_new=False)
    walk.serve(name, area, StaffRole.CADRE)
    return walk


def _thirty() -> str:
    names = iter(NAMES)
    return "\n".join(
        WRONG.get(n) or f"老屋湾 王{next(names)} 138000001{n:02} 半年以上 农 2 8"
        for n in range(1, 31)
    )


def _people(walk: Walk) -> list[people.Person]:
    return rows(walk.store, people.Person)


def test_thirty_lines_with_six_faults_are_all_accounted_for() -> None:
    walk = _cadre()
    walk.all(GROUND, _thirty())
    assert "收到30行：新存24，要改6。" in walk.said()
    assert [int(n) for n in re.findall(r"^第(\d+)行：", walk.said(), re.M)] == list(WRONG)
    assert walk.said().count("写成：") == len(WRONG)
    assert len(_people(walk)) == 24


def test_each_corrected_example_is_taken_as_it_stands() -> None:
    walk = _cadre()
    walk.all(GROUND, _thirty())
    examples = re.findall(r"写成：(.+)", walk.said())
    for example in examples:
        walk.say(example)
        assert "要改" not in walk.said(), example


def test_a_line_that_is_sent_again_is_not_wanted_any_more() -> None:
    walk = _cadre()
    walk.all(GROUND, _thirty(), "老屋湾 李三 13800000099 半年以上 农 2 8", "没存的")
    assert "第3行" not in walk.said()
    assert "第8行" in walk.said()


def test_a_part_of_a_line_by_its_number_is_enough() -> None:
    walk = _cadre()
    walk.all(GROUND, _thirty(), "第8行 李五", "第23行：开店", "第28行 1 1 1 2", "没存的")
    assert [int(n) for n in re.findall(r"^第(\d+)行", walk.said(), re.M)] == [3, 13, 18]


def test_what_is_wrong_again_stays_to_be_mended() -> None:
    walk = _cadre()
    walk.all(GROUND, _thirty(), "第3行 139", "没存的")
    assert "第3行" in walk.said()


def test_the_same_lines_twice_are_stored_once() -> None:
    walk = _cadre()
    walk.all(GROUND, _thirty(), _thirty())
    assert "收到30行：原来就有24，要改6。" in walk.said()
    assert len(_people(walk)) == 24
    walk.say("没存的")
    assert walk.said().count("原来是") == len(WRONG)


def test_a_person_twice_in_a_message_is_said_and_stored_once() -> None:
    walk = _cadre()
    line = "老屋湾 王某 13800000000 1 1 1 2"
    walk.all(GROUND, f"{line}\n老屋湾 李四 13800000001 1 1 1 2\n{line}")
    assert "新存2，原来就有1（第3行）" in walk.said()
    assert "第3行和第1行是同一个人" in walk.said()


def test_everybody_is_a_household_of_the_village_with_its_ground() -> None:
    walk = _cadre()
    walk.all(GROUND, _thirty())
    found = _people(walk)
    assert {(p.source, p.village, p.area) for p in found} == {("household", VILLAGE, "430381")}
    assert {p.basis for p in found} == {"湘人社发〔2026〕3号"}
    acts = walk.store.run(lambda s: audit.with_acts(s, ["person.listed"]))
    assert {act.actor for act in acts} == {"staff:老谢"}


def test_without_a_ground_nobody_is_stored_until_it_is_told() -> None:
    walk = _cadre()
    walk.say(_thirty())
    assert _people(walk) == []
    assert "收到30行：等依据24，要改6。" in walk.said()
    walk.say("1")
    assert "收到24行：新存24。" in walk.said()
    signed = {row.person_id for row in rows(walk.store, consents.Consent) if row.given}
    assert signed == {p.id for p in _people(walk)}


def test_who_signed_in_the_line_needs_no_document() -> None:
    walk = _cadre()
    walk.say("老屋湾 王某 13800000000 1 1 1 2 签字\n老屋湾 李四 13800000001 1 1 1 2")
    assert "新存1，等依据1" in walk.said()


def test_a_document_of_the_county_holds_in_its_villages() -> None:
    county = Walk(store=Store(), chat="county", is_new=False)
    county.serve("小唐", "430381")
    county.say(GROUND)
    walk = _cadre(county.store)
    walk.say("老屋湾 王某 13800000000 1 1 1 2")
    assert "新存1" in walk.said()


def test_a_message_that_a_channel_cut_in_two_is_whole_again() -> None:
    walk = _cadre()
    walk.all(
        GROUND,
        "老屋湾 王某 13800000000 1 1 1 2\n老屋湾 李四 138000",
        "00001 1 1 1 2 3\n赵五 1 1 1 2",
    )
    walk.say("没存的")
    assert "没有要改的行" in walk.said()
    assert len(_people(walk)) == 3


def test_nobody_of_another_village_is_changed() -> None:
    neighbour = _cadre(area=OTHER, name="老李")
    neighbour.all(GROUND, "王某 13800000000 1 1 1 2")
    walk = _cadre(neighbour.store)
    walk.all(GROUND, "老屋湾 王某 13800000000 2 1 1 5")
    assert "登记在别的村" in walk.said()
    (found,) = _people(walk)
    assert found.village == OTHER


def test_strangers_and_mentors_enter_nobody() -> None:
    for role in (None, StaffRole.MENTOR):
        walk = Walk(store=Store(), is_new=False)
        if role:
            walk.serve("陈姐", VILLAGE, role)
        walk.say("老屋湾 王某 13800000000 1 1 1 2")
        assert _people(walk) == []


def test_what_somebody_said_themselves_is_not_overwritten() -> None:
    person = registered()
    walk = _cadre(person.store, area="430381")
    walk.all(GROUND, "泉塘村 老王 13900001234 还在外地 半年以上 城镇 想干 3")
    assert "和登记不一样" in walk.said()
    (held,) = person.profiles()
    assert held.answers["hukou"] == "rural"


def _met(walk: Walk) -> sweeps.Round:
    found = walk.store.run(lambda s: sweeps.current(s, walk.store.vault, "老谢"))
    assert found is not None
    return found


def _sweep() -> Walk:
    walk = _cadre()
    names = "\n".join(f"老屋湾 王{n} 1380000010{i} 1 1 1 2" for i, n in enumerate("甲乙丙丁"))
    walk.all(GROUND, names, "开始摸排 老屋湾")
    return walk


def _status(walk: Walk, person_id: str) -> Status:
    found: dict[str, Profile] = walk.store.run(
        lambda s: people.by_ids(s, walk.store.vault, [person_id])
    )
    return found[person_id].status


def test_who_is_entered_on_a_round_has_been_talked_to() -> None:
    walk = _sweep()
    walk.say("老屋湾 赵五 13800000200 1 1 1 2")
    assert [(d.name, d.state.value) for d in _met(walk).doors][-1] == ("赵五", "talked")


def test_of_who_has_died_nothing_goes_out_any_more() -> None:
    walk = _sweep()
    walk.say("2号 已故")
    dead = _met(walk).doors[1].person_id
    assert _status(walk, dead) is Status.DECEASED
    walk.say("2 没去")
    assert _status(walk, dead) is Status.CONFIRMED


def _waiting(person: Walk) -> dict[str, str]:
    """What was queued for somebody by hand, with its state."""
    found = rows(person.store, OutboxRow)
    return {row.dedupe_key: row.state for row in found if row.dedupe_key.startswith("for/")}


@pytest.mark.parametrize("priority", [Priority.NOTICE, Priority.BULK])
def test_what_waits_for_a_dead_person_is_taken_back(priority: Priority) -> None:
    person = registered()
    vault, key = person.store.vault, "for/him"
    push = a_push(vault, person.account, "新项目", key=key, now=person.now, priority=priority)
    person.store.run(lambda s: outbox.enqueue(s, [push]))
    assert _waiting(person) == {key: OutboxState.QUEUED}
    walk = _cadre(person.store, area="430381")
    walk.all("开始摸排 泉塘镇", "1 已故")
    assert _waiting(person) == {key: OutboxState.STOPPED}


def test_who_did_not_want_to_is_left_alone_for_half_a_year() -> None:
    walk = _sweep()
    walk.all("3 不愿", "结束摸排", "开始摸排 老屋湾")
    assert "王丙 不愿（5月20日前不再问）" in walk.said()
    walk.say("结束摸排")
    walk.wait(days=181)
    walk.say("开始摸排 老屋湾")
    assert "不愿" not in walk.said()


def test_a_round_without_a_door_is_not_over() -> None:
    cadre = _cadre()
    cadre.say("开始摸排")
    assert "一户不差" not in cadre.say("还差谁")[0].text
