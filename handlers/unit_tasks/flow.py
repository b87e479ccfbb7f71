"""任务, 任务 5, 任务 5 交给 小刘, 做完 任务5 …: what units are to do by when."""

from __future__ import annotations

from datetime import date

from handlers import frames
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.effects import Effect
from handlers.human_help import TYPED
from handlers.texts import say
from handlers.unit_tasks.effects import FinishTask, HandTask
from handlers.unit_tasks.words import Finish, HandTo, Look, Wish, wish_of
from outreach.calendars import CHINA
from outreach.unit_tasks import Standing, is_early
from records import rights
from records.messages import Inbound
from records.rights import Right
from records.unit_tasks import Done

_MOST = 12  # tasks at once
_EVIDENCE = 200  # characters


class UnitTasks:
    """The tasks of a unit, for its staff."""

    name = "unit_tasks"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        staff = scene.counter.staff
        return staff is not None and rights.may(staff, Right.TASKS) and _wish(message) is not None

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        wish, staff, left = _wish(message), scene.counter.staff, frames.leave(state)
        if wish is None or staff is None:
            return Turn((), left)
        text, effects = _done(wish, staff.name, scene)
        kind = "staff" if isinstance(wish, Look) else "notice"
        return Turn((Reply(text, kind=kind),), left, effects)


def _wish(message: Inbound) -> Wish | None:
    return wish_of(message.extra.get(TYPED) or message.text)


def _done(wish: Wish, by: str, scene: Scene) -> tuple[str, tuple[Effect, ...]]:
    tasks = scene.agenda.tasks
    if not wish.number:
        return _listed(tasks.standings), ()
    one = tasks.numbered(wish.number)
    if one is None:
        return say("task.not_yours", number=wish.number), ()
    match wish:
        case Look():
            return _detail(one, tasks.evidence), ()
        case HandTo():
            if wish.staff not in tasks.colleagues:
                return say("task.no_colleague", name=wish.staff), ()
            text = say("task.handed", number=wish.number, name=wish.staff)
            return text, (HandTask(wish.number, wish.staff, by),)
        case Finish():
            return _finished(wish, one, by, scene)


def _finished(
    wish: Finish, one: Standing, by: str, scene: Scene
) -> tuple[str, tuple[Effect, ...]]:
    if not wish.evidence:
        return say("task.no_evidence", number=wish.number), ()
    told = one.task.told
    is_undated = told.due_on is None and not told.rhythm and not one.task.done
    if not (one.missed or one.due or is_undated):
        return say("task.done_already", number=wish.number), ()
    if is_early(one, scene.now.astimezone(CHINA).date()):
        return say("task.early", number=wish.number), ()
    text = say("task.finished", number=wish.number, rest=_rest(one))
    return text, (FinishTask(one.task, wish.evidence[:_EVIDENCE], by),)


def _rest(one: Standing) -> str:
    """What of it is still open after this."""
    left = one.missed[1:] if one.missed else ()
    return say("task.still_missed", n=len(left)) if left else ""


def _listed(standings: tuple[Standing, ...]) -> str:
    """Overdue ones first, then by the day; done ones are left out."""
    still = [one for one in standings if one.missed or one.due]
    still.sort(key=lambda one: one.missed[0] if one.missed else one.due or date.max)
    if not still:
        return say("task.none")
    lines = [_line(one) for one in still[:_MOST]]
    if len(still) > _MOST:
        lines.append(say("task.more", n=len(still) - _MOST))
    return "\n".join((*lines, say("task.how")))


def _line(one: Standing) -> str:
    when = _state(one)
    return say("task.line", number=one.task.number, title=one.task.told.title, when=when)


def _state(one: Standing) -> str:
    if one.missed:
        return say("task.overdue", day=_day(one.missed[0]), n=len(one.missed))
    if one.due:
        return say("task.due", day=_day(one.due))
    return say("task.closed") if one.task.done else say("task.undated")


def _detail(one: Standing, evidence: tuple[Done, ...]) -> str:
    told = one.task.told
    lines = [say("task.head", number=one.task.number, title=told.title)]
    if told.units:
        lines.append(say("task.units", units=told.units))
    if told.printed:
        lines.append(say("task.printed", printed=told.printed))
    lines.append(_state(one))
    if told.staff:
        lines.append(say("task.by", name=told.staff))
    lines += [
        say("task.evidence", day=_day(each.due_on), name=each.staff, text=each.evidence)
        for each in evidence[:3]
    ]
    return "\n".join((*lines, say("task.how_one", number=one.task.number)))


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
