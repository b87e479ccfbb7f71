"""«还差什么»: what a finished check found short, asked for again a little later."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from datetime import datetime

from handlers import frames, hearing
from handlers.dialogue import Scene, State
from handlers.policy_question import FOLLOW_UP
from handlers.self_check import occasion
from handlers.self_check.checking import Checking
from handlers.self_check.policies import matters_named
from knowledge.text import normalise

_TERMS = r"(?:条件|资格|格)?"
_END = r"(?:了|的|呢|呀|啊|啦|嘛|吗|没|没有)*$"
_SHORT = re.compile(
    rf"(?:差|缺|欠)(?:了|的是|的)?(?:什么|些什么|点什么|啥|点啥|些啥|哪些|哪[一1]?[样条项点个]|哪几[样条项点]|几[样条项]|多少|多久){_TERMS}{_END}|"
    rf"(?:差|缺|卡)在(?:了)?(?:哪|啥地方|什么地方)(?:里|儿|块|[一1]?[条样项点])?{_END}|"
    rf"(?:什么|哪[些里儿]?|啥|哪[一1]?[条样项点])(?:条件|地方)?(?:我|俺)?(?:还)?(?:不够|不符合|没够|没达到|不达标){_TERMS}{_END}|"
    rf"(?:什么时候|啥时候?|什么时间|几时|哪[一1]?天|几号|多久|多会儿?)(?:我|俺)?(?:才|就|能|可以|会|算)*(?:够|满足|符合|达到|达标){_TERMS}{_END}|"
    rf"(?:为什么|为啥|为何|咋|怎么|凭啥|凭什么)(?:我|俺|说|就|还|会|是)*(?:不够|不符合|没资格|够不上){_TERMS}{_END}"
)
_FILLERS = re.compile(
    r"(?:请问|那么?|好吧?|哦|噢|嗯|我们?|俺们?|咱们?|这个|这|现在|目前|还|到底|究竟|具体|就|都|也|是|要|想问|看看|[,，。、\s])*"
)


def asks(text: str, scene: Scene) -> bool:
    """Whether the message asks what is short, of nothing else than of a matter that we know."""
    said = normalise(hearing.core(text))
    found = _SHORT.search(said)
    if found is None:
        return False
    before = said[: found.start()]
    library = scene.answerer.library
    is_named = matters_named(library, before) or library.areas.mentions(before, near=None)
    return bool(is_named or _FILLERS.fullmatch(before))


def is_asked(text: str, state: State, scene: Scene) -> bool:
    """Whether a finished check is asked for again, or one of what is talked of."""
    if not asks(text, scene):
        return False
    if finished(text, state, scene) is not None:
        return True
    # In the middle of a form it asks what is still to be filled in.
    return not frames.is_asking(state) and bool(occasion.claimable(text, state, scene))


def keeping(state: State, checking: Checking, now: datetime) -> State:
    """With what a check was about and what was told in it, without the words that began it."""
    kept = asdict(replace(checking, text=""))
    return state.remember(checked={"at": now.isoformat(), **kept})


def finished(text: str, state: State, scene: Scene) -> Checking | None:
    """The check just finished, if the message is about it; None if about something else."""
    kept = lately(state, scene.now).memory.get("checked")
    if not kept:
        return None
    checking = Checking.of(kept)
    named = occasion.claimable(text, state, scene)
    place = occasion.area_of(text, scene.answerer.library, "")
    is_elsewhere = place and scene.answerer.library.areas.pack_for(place.code) != checking.area
    is_other = named and not set(named) & set(checking.matters)
    return None if is_elsewhere or is_other else checking


def lately(state: State, now: datetime) -> State:
    """Without a check that is too long ago to be asked for again: its answers are not kept."""
    kept = state.memory.get("checked")
    is_fresh = kept and now - datetime.fromisoformat(kept["at"]) <= FOLLOW_UP
    return state if is_fresh else dropped(state)


def is_kept(state: State) -> bool:
    """Whether the answers of a finished check are held."""
    return "checked" in state.memory


def dropped(state: State) -> State:
    """Without the finished check."""
    memory = {name: value for name, value in state.memory.items() if name != "checked"}
    return State(state.flow, state.step, state.data, memory)
