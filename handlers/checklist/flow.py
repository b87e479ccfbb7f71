"""办事清单: the steps in order, each as the papers print it, what they leave out said so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers import frames, human_help
from handlers.checklist.effects import Tick
from handlers.checklist.words import Kind, Wish, wish_of
from handlers.choices import Choice, by_number
from handlers.dialogue import Office, Reply, Scene, State, Turn
from handlers.effects import OpenTicket
from handlers.identity import living
from handlers.prompts import ask, fits
from handlers.texts import say
from knowledge.checklists import Step, steps
from outreach.calendars import CHINA
from records.messages import Inbound, Option
from records.people import Profile
from records.tickets import TicketKind

LIST = "list"
_REMEMBERED = "checklist"  # in a talk's memory: what a stranger has ticked off
_QUIET = "checklist_quiet"


@dataclass(frozen=True, slots=True)
class _Here:
    """The list for one person."""

    steps: tuple[Step, ...]
    done: frozenset[str]
    person: Profile | None

    def next(self) -> int:
        """The number of the first step that is not done; 0 where all are."""
        waiting = (n for n, step in enumerate(self.steps, 1) if step.name not in self.done)
        return next(waiting, 0)

    def named(self, numbers: Sequence[int]) -> tuple[str, ...]:
        """The steps of these numbers; () where one of them is none."""
        if not all(1 <= n <= len(self.steps) for n in numbers):
            return ()
        return tuple(self.steps[n - 1].name for n in numbers)


class Checklist:
    """一件事, 办事清单, 怎么一步步办, 办好1, 下一步办啥."""

    name = "checklist"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        if message.is_group or frames.is_asking(state):
            return False
        wish = wish_of(message.text)
        if wish is not None:
            return not wish.place or scene.places.resolve(wish.place) is not None
        return state.flow == self.name and bool(_number(message.text, state, scene))

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        wish = wish_of(message.text)
        place = scene.places.resolve(wish.place) if wish and wish.place else None
        if place is not None:
            state = state.remember(area=place.code)
        if not _area(state, scene):
            return Turn((Reply(say("checklist.where")),), frames.leave(state))
        here = _here(state, scene)
        if wish is None:
            return _shown(_number(message.text, state, scene), here, state, scene.office)
        return _did(wish, here, state, scene)


def _did(wish: Wish, here: _Here, state: State, scene: Scene) -> Turn:
    if wish.kind is Kind.LOOK:
        return _listed(here, state)
    if wish.kind is Kind.NEXT:
        number = here.next()
        return _shown(number, here, state, scene.office) if number else _all_done(state)
    if wish.kind is Kind.HELP:
        return _handed_over(here, state, scene)
    if wish.kind is Kind.QUIET:
        effects = (Tick(here.person.id),) if here.person else ()
        quiet = frames.leave(state).remember(**{_QUIET: True})
        return Turn((Reply(say("checklist.quiet"), kind="notice"),), quiet, effects)
    return _ticked(wish, here, state)


def _area(state: State, scene: Scene) -> str:
    known = [profile.area for profile in living(scene.profiles) if profile.area]
    return str(state.memory.get("area") or (known[0] if known else "") or scene.area)


def _here(state: State, scene: Scene) -> _Here:
    known = living(scene.profiles)
    told = state.memory.get(_REMEMBERED, ())
    today = scene.now.astimezone(CHINA).date()
    found = steps(scene.answerer.library, _area(state, scene), today)
    done = scene.agenda.ticked | frozenset(told)
    return _Here(found, done, known[0] if known else None)


def _number(text: str, state: State, scene: Scene) -> int:
    if not _area(state, scene):
        return 0
    codes = by_number(text, _choices(_here(state, scene))).codes
    return int(codes[0]) if codes else 0


def _choices(here: _Here) -> tuple[Choice, ...]:
    return tuple(
        Choice(str(n), say("checklist.done_mark", title=step.title))
        if step.name in here.done
        else Choice(str(n), step.title)
        for n, step in enumerate(here.steps, 1)
    )


def _listed(here: _Here, state: State) -> Turn:
    number = here.next()
    if number:
        left = say("checklist.head", done=len(here.done), all=len(here.steps), next=number)
    else:
        left = say("checklist.all_done")
    reply = ask(left, _choices(here), key=LIST, kind="answer")
    return Turn((reply,), frames.enter(state, Checklist.name, LIST))


def _shown(number: int, here: _Here, state: State, office: Office) -> Turn:
    """A step as the papers print it; where to go and what to bring, or that they do not say."""
    step = here.steps[number - 1]
    words = (
        say("checklist.did", n=number),
        step.word,
        say("checklist.next_word"),
        say("checklist.help_word"),
    )
    ways = tuple(Option(word, word) for word in words if word)
    replies = (
        Reply(_said(number, step), kind="answer"),
        Reply(_where(step, office), ways, kind="answer"),
    )
    return Turn(replies, frames.enter(state, Checklist.name, LIST))


def _said(number: int, step: Step) -> str:
    head = say("checklist.step", n=number, title=step.title)
    lines = [head]
    if step.is_elsewhere:
        lines.append(say("checklist.not_written"))
    for entry in step.entries:
        line = entry.spoken(entry.answer)
        if fits("\n".join((*lines, line))) or lines == [head]:
            lines.append(line)
    return "\n".join(lines)


def _where(step: Step, office: Office) -> str:
    """Where to go, whom to ask, what to bring; our own office where the papers name nobody."""
    entries = step.entries
    where = next((entry.where for entry in entries if entry.where), "")
    phone = next((entry.phone for entry in entries if entry.phone), "")
    agency = next((entry.agency for entry in entries if entry.agency), "")
    if not agency:
        agency, phone = office.name, office.phone
    papers = next((entry.materials for entry in entries if entry.materials), ())
    unsaid = say("checklist.unsaid")
    return "\n".join(
        (
            say("checklist.window", where=where or unsaid),
            say("checklist.agency", agency=agency or unsaid, phone=phone or unsaid),
            say("checklist.papers", papers="、".join(papers) or unsaid),
        )
    )


def _ticked(wish: Wish, here: _Here, state: State) -> Turn:
    names = here.named(wish.numbers)
    if not names:
        return Turn((Reply(say("checklist.no_such", all=len(here.steps))),), state)
    is_done = wish.kind is Kind.DONE
    after = here.done | set(names) if is_done else here.done - set(names)
    now = _Here(here.steps, after, here.person)
    number = now.next()
    title = here.steps[number - 1].title if number else ""
    is_quiet = bool(state.memory.get(_QUIET))
    then = frames.enter(state, Checklist.name, LIST).remember(**{_REMEMBERED: []})
    if here.person is None:
        then = then.remember(**{_REMEMBERED: sorted(after)})
        return Turn((Reply(_noted(number, title, here), kind="notice"),), then)
    effect = Tick(
        here.person.id,
        done=tuple(sorted(after)) if is_done else (),
        undone=() if is_done else names,
        next_title="" if is_quiet else title,
    )
    return Turn((Reply(_noted(number, title, here), kind="notice"),), then, (effect,))


def _noted(number: int, title: str, here: _Here) -> str:
    if not number:
        return say("checklist.all_done")
    told = say("checklist.noted", n=number, title=title)
    return told if here.person else f"{told}{say('checklist.unregistered')}"


def _all_done(state: State) -> Turn:
    return Turn((Reply(say("checklist.all_done"), kind="answer"),), frames.leave(state))


def _handed_over(here: _Here, state: State, scene: Scene) -> Turn:
    number = here.next()
    title = here.steps[number - 1].title if number else ""
    done = "、".join(step.title for step in here.steps if step.name in here.done)
    none = say("checklist.nothing")
    subject = say("checklist.subject", done=done or none, next=title or none)
    ticket = human_help.a_ticket(TicketKind.CALLBACK, subject, state, scene)
    until = human_help.promise(ticket, scene)
    text = say("checklist.handed_over", number=ticket.number, until=until)
    return Turn((Reply(text, kind="notice"),), frames.leave(state), (OpenTicket(ticket),))
