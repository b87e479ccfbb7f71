"""群发 of mentors and stewards: groups, text, preview, confirmation; 已发, 群发情况, 撤回."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from handlers import commands, frames
from handlers.album import PICTURE
from handlers.commands import Command
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.human_help import TYPED
from handlers.posting import choosing, confirming, marking, pages, picturing, writing
from handlers.posting.effects import WithdrawPost
from handlers.posting.seen import FLOW
from handlers.posting.words import Begin, Done, Status, Wish, Withdraw, wish_of
from handlers.posting.writing import Written
from handlers.texts import say, say_of
from outreach.groups.registry import Group
from outreach.posting.limits import Full
from records.group_posts import PostState
from records.messages import Inbound, Option
from records.staff_accounts import Staff

GROUPS, TEXT, CONFIRM = "groups", "text", "confirm"
_DROPS = frozenset({Command.BACK, Command.END, Command.QUIT, Command.RESTART})


class PostToGroups:
    """群发, 已发 2, 群发情况, 撤回 5."""

    name = FLOW

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        if scene.counter.staff is None or message.is_group or scene.ticket:
            return False
        wish = wish_of(_typed(message))
        if isinstance(wish, Begin | Status | Done | Withdraw):
            return True
        if state.flow != FLOW or wish is not None:
            return False
        command = commands.of(message.text)
        return command is None or command in _DROPS

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        staff, wish = scene.counter.staff, wish_of(_typed(message))
        assert staff is not None
        if wish is not None:
            return _wished(wish, staff, beside(state), scene)
        if commands.of(message.text) in _DROPS or message.text in (
            "0",
            say_of("posting_way", "drop"),
        ):
            return _told(say("posting.dropped"), frames.leave(state))
        if picturing.is_no_use(message):
            return _told(say("posting.only_words"), state)
        if picturing.is_one(message):
            return _pictured(message, state, scene)
        match state.step:
            case "groups":
                return _choose(_typed(message), state, scene)
            case "text":
                return _write(message, state, scene)
        return confirming.decided(message, state, scene)


def beside(state: State) -> State:
    """A look aside leaves what is being written as it is."""
    return state if state.flow == FLOW else frames.leave(state)


def _typed(message: Inbound) -> str:
    return (message.extra.get(TYPED) or message.text).strip()


def _told(text: str, state: State) -> Turn:
    return Turn((Reply(text, kind="staff"),), state)


def _wished(wish: Wish, staff: Staff, state: State, scene: Scene) -> Turn:
    posting = scene.posting
    match wish:
        case Begin():
            return _begin(wish, state, scene)
        case Done():
            return marking.marked(wish, posting, state)
        case Status(number) if number:
            post = posting.posts.get(number)
            if post is None:
                return _told(say("posting.unknown", number=number), state)
            return _told(pages.detail(post, posting.names, reader=staff.name), state)
        case Withdraw(number):
            return _withdraw(number, staff, state, scene)
    return _told(pages.posts(posting.mine), state)


def _withdraw(number: int, staff: Staff, state: State, scene: Scene) -> Turn:
    post = scene.posting.posts.get(number)
    if post is None:
        return _told(say("posting.unknown", number=number), state)
    if post.state not in (PostState.HELD, PostState.PASSED):
        return _told(pages.taken_back(post, is_new=False, reader=staff.name), state)
    after = marking.withdrawn(post, scene.now)
    effect = WithdrawPost(number, staff.name)
    text = pages.taken_back(after, is_new=True, reader=staff.name)
    return Turn((Reply(text, kind="staff"),), state, (effect,))


def _begin(wish: Begin, state: State, scene: Scene) -> Turn:
    posting = scene.posting
    if not posting.groups:
        return _told(say("posting.no_groups"), state)
    if full := posting.writer_full:
        return _told(_too_many(full), state)
    entered = frames.enter(frames.leave(state), FLOW, GROUPS, token=scene.token[:6])
    if wish.to:
        return _choose(wish.to, entered, scene)
    if all(one.id in posting.full for one in posting.groups.values()):
        return _told(f"{pages.listed(posting)}\n{say('posting.none_free')}", state)
    return _told(pages.listed(posting), entered)


def _too_many(full: Full) -> str:
    if full.days == 1:
        return say("posting.too_many_today", most=full.most)
    return say("posting.too_many", days=full.days, most=full.most)


def _choose(said: str, state: State, scene: Scene) -> Turn:
    posting = scene.posting
    chosen = choosing.chosen(said, posting)
    if not chosen:
        return _told(say("posting.which"), state)
    for number, one in chosen.items():
        if full := posting.full.get(one.id):
            why = pages.why_full(full)
            return _told(say("posting.is_full", number=number, name=one.name, why=why), state)
    data = {**state.data, "groups": [[number, one.id] for number, one in chosen.items()]}
    if data.get("text"):
        return confirming.preview(State(FLOW, CONFIRM, data, state.memory), scene)
    return _ask_text(State(FLOW, TEXT, data, state.memory), chosen, scene)


def _ask_text(state: State, chosen: Mapping[int, Group], scene: Scene) -> Turn:
    found = writing.offered(scene, chosen)
    count, most = len(chosen), writing.MOST
    people = pages.sizes(list(chosen.values()))
    picture = pages.may_picture(scene.posting.channel)
    ask = say("posting.write", count=count, people=people, most=most, picture=picture)
    tag = f"post_{state.data['token']}"
    options = tuple(Option(f"{n} {one.label}", f"{tag}:{n}") for n, one in enumerate(found, 1))
    reply = Reply(ask, options, kind="staff")
    return Turn((reply,), State(FLOW, TEXT, {**state.data, "tag": tag}, state.memory))


def _write(message: Inbound, state: State, scene: Scene) -> Turn:
    if _typed(message).strip("。.！! ") == say_of("posting_way", "change_groups"):
        return _told(pages.listed(scene.posting), State(FLOW, GROUPS, state.data, state.memory))
    groups = confirming.groups(state, scene)
    ready = writing.picked(message, scene, groups)
    if ready is not None and not ready.text:
        return _told(say("posting.no_entries"), state)
    written = ready or Written(_typed(message))
    data = {**state.data, **picturing.kept(message)}
    if fault := writing.refusal(written, scene):
        return _told(fault, State(FLOW, TEXT, data, state.memory))
    data |= {"text": written.text, "source": written.source}
    return _with(picturing.fault(message), State(FLOW, CONFIRM, data, state.memory), scene)


def _pictured(message: Inbound, state: State, scene: Scene) -> Turn:
    """A picture may come at any step; the last one counts."""
    if fault := picturing.fault(message):
        return _told(fault, state)
    is_new = PICTURE not in state.data
    after = State(FLOW, state.step, {**state.data, **picturing.kept(message)}, state.memory)
    if state.step == CONFIRM:
        return confirming.preview(after, scene)
    return _told(picturing.told(after, is_new=is_new), after)


def _with(fault: str, state: State, scene: Scene) -> Turn:
    """The preview, with what is wrong with the picture before it."""
    turn = confirming.preview(state, scene)
    if not fault:
        return turn
    first, *others = turn.replies
    return replace(turn, replies=(replace(first, text=f"{fault}\n{first.text}"), *others))
