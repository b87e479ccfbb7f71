"""When somebody asks whether they qualify, for which place, and for what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from handlers.dialogue import Scene, State
from handlers.policy_question import FOLLOW_UP
from handlers.self_check import reading
from handlers.self_check.policies import can_be_claimed, matters_named
from knowledge.areas import Area
from knowledge.scope import scope_of
from knowledge.shelf import Library
from knowledge.text import normalise

_ME = r"(?:我|俺|咱)"
_PLAINLY = re.compile(
    rf"够不够(?:条件|格|资格)|(?:看看|看下|算算|查查).{{0,10}}(?:补贴|贷款|资金).{{0,4}}够不够|"
    rf"(?:补贴|贷款)够不够$|{_ME}(?:这样的?)?(?:够不够|合不合格|够格不|够条件不)$|"
    rf"{_ME}.{{0,6}}够条件|{_ME}.{{0,8}}符(?:合|不符合)条件|"
    rf"{_ME}.{{0,6}}有(?:没有)?资格|(?:帮|给)我(?:算算|算一下|算一算|对一对|对对)"
)
_MAY_I = re.compile(
    rf"(?:{_ME}|自己|家里)(?!.*(?:他|她|专员|导师)能).*(?:能不能|可不可以|能否|可以|能).{{0,8}}(?:领|拿|享受|申请|贷|得到)"
)
_YES_OR_NO = re.compile(r"能不能|可不可以|能否|(?:吗|不|么|没|嘛|吧|呢|了)[?。!]*$|\?$")
_HOW_MUCH = re.compile(r"(?:能|可以).{0,6}(?:领|拿|补|得).{0,6}(?:多少|几)")
_SOMETHING_ELSE = re.compile(
    r"怎么|咋|哪|谁|材料|流程|电话|手续|地址|多久|什么时候|几时|多长|为什么|啥时|多少|几|这么多|那么多"
)
_BORROW = re.compile(r"贷|借钱|借款")
_HERE = re.compile(r"我们?这|咱们?这|俺们?这|这边|这里|我们那|老家|本地")
_MONEY = re.compile(r"贷|借钱|资金|本钱|缺钱")


def is_asked(text: str, state: State, scene: Scene) -> bool:
    """Whether the message asks if its writer qualifies, for something that can be claimed."""
    said = normalise(text)
    if not (_PLAINLY.search(said) or _asks_may_i(said) or _asks_how_much(said)):
        return False
    is_open = not matters_named(scene.answerer.library, text)
    return is_open or bool(claimable(text, state, scene))


def claimable(text: str, state: State, scene: Scene) -> tuple[str, ...]:
    """What the message asks to get, or else what was talked about just before."""
    library = scene.answerer.library
    named = matters_named(library, text) or recent_matters(state, scene.now)
    return tuple(matter for matter in named if can_be_claimed(library, matter))


def area_of(text: str, library: Library, home: str) -> Area | None:
    """The place whose papers count: the one that the message names, or else the person's home."""
    said = normalise(text)
    areas = library.areas
    own = areas.area(home) if home else None
    mentions = areas.mentions(said, near=home or None)
    return scope_of(said, mentions, home=own, areas=areas).target


def asks_for_money(text: str) -> bool:
    """Whether the message speaks of borrowing or of lacking money."""
    return bool(_MONEY.search(text))


def asks_to_borrow(text: str) -> bool:
    """Whether the message is about borrowing."""
    return bool(_BORROW.search(text))


def asks_of_home(text: str) -> bool:
    """Whether the message points to one's own place (那我们这边呢)."""
    return bool(_HERE.search(text))


def counts_contracts(text: str) -> bool:
    """Whether the message says with how many people contracts are signed."""
    return reading.contracts(normalise(text)) is not None


def _asks_may_i(said: str) -> bool:
    is_open = not _SOMETHING_ELSE.search(said)
    return is_open and bool(_MAY_I.search(said) and _YES_OR_NO.search(said))


def _asks_how_much(said: str) -> bool:
    """«签了7个合同能拿多少»: a sum that hangs on what the message tells."""
    return bool(_HOW_MUCH.search(said)) and reading.contracts(said) is not None


def recent_matters(state: State, now: datetime) -> tuple[str, ...]:
    """What was talked about just before."""
    return tuple(filter(None, [_recent(state, now).get("matter")]))


def recent_area(state: State, now: datetime) -> str:
    """The place whose papers were talked about just before; "" if there is none."""
    return str(_recent(state, now).get("area") or "")


def _recent(state: State, now: datetime) -> Mapping[str, Any]:
    topic, at = state.memory.get("topic"), state.memory.get("topic_at")
    if not topic or not at or now - datetime.fromisoformat(at) > FOLLOW_UP:
        return {}
    return dict(topic)
