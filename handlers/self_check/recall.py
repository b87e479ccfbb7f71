"""«还差什么»: what a finished check found short, asked for again a little later."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from handlers import commands, frames, hearing
from handlers.commands import Command
from handlers.dialogue import Scene, State
from handlers.effects import Effect
from handlers.person_effects import AdoptProfile, SaveProfile, SaveProxy
from handlers.self_check import occasion
from handlers.self_check.checking import Checking
from handlers.self_check.policies import matters_named
from knowledge.text import normalise
from records.messages import Inbound, InboundKind

KEPT = timedelta(minutes=30)  # of one sitting: several people may share the phone
_LEAVING = frozenset({Command.END, Command.QUIT, Command.LATER, Command.DELETE})
_FAREWELLS = frozenset({"再见", "拜拜", "拜", "bye", "byebye", "回头见", "回见"})
_NEXT_ONE = re.compile(
    r"(?:我们?)?(?:现在)?换(?:了)?[一1]?个?人(?:了|来)?(?:问|用|看|说)?(?:了|吧|啊|呀|一下)*|"
    r"(?:我)?不是(?:刚才|刚刚|前面|上一个|前一个)(?:的)?(?:那个?)?人?(?:了)?|"
    r"(?:下|换下|轮到下)[一1]个人?(?:问|来)?(?:了|吧)?|换别人(?:问|用|来)?(?:了|吧)?"
)

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


def keeping(state: State, checking: Checking, now: datetime, loan: str = "") -> State:
    """With what a check was about and what was told in it, without the words that began it.

    `loan` is what it found of a loan, for a request that follows.
    """
    kept = asdict(replace(checking, text=""))
    return state.remember(checked={"at": now.isoformat(), "loan": loan, **kept})


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
    return state if is_kept(state) and now <= until(state) else dropped(state)


def until(state: State) -> datetime:
    """When the answers of the finished check are to be gone."""
    return datetime.fromisoformat(state.memory["checked"]["at"]) + KEPT


def hands_over(text: str) -> bool:
    """Whether somebody else says that they have the phone now; «换人» alone asks for staff."""
    return commands.of(text) is None and _is_next(text)


def is_over(message: Inbound, effects: Iterable[Effect], scene: Scene) -> bool:
    """Whether the sitting ends with this turn, or somebody else is at the phone from now on."""
    text = message.text
    if message.kind is InboundKind.START or commands.of(text) in _LEAVING:
        return True
    is_said = hearing.core(text).lower() in _FAREWELLS | {"/start", "start"}
    return is_said or _is_next(text) or commands.for_another(text) or _registers(effects, scene)


def _is_next(text: str) -> bool:
    return bool(_NEXT_ONE.fullmatch(hearing.core(text)))


def _registers(effects: Iterable[Effect], scene: Scene) -> bool:
    """Whether another person is registered than the one who may be already."""
    kinds = (SaveProfile, AdoptProfile, SaveProxy) if scene.profiles else (SaveProxy,)
    return any(isinstance(effect, kinds) for effect in effects)


def is_kept(state: State) -> bool:
    """Whether the answers of a finished check are held."""
    return "checked" in state.memory


def dropped(state: State) -> State:
    """Without the finished check."""
    memory = {name: value for name, value in state.memory.items() if name != "checked"}
    return State(state.flow, state.step, state.data, memory)
