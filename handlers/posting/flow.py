"""群发 of mentors and stewards: groups, text, preview, confirmation; 已发, 群发情况, 撤回."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from handlers import commands, frames
from handlers.commands import Command
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.human_help import TYPED
from handlers.posting import marking, pages, writing
from handlers.posting.effects import AskPost, WithdrawPost
from handlers.posting.seen import FLOW, Posting
from handlers.posting.words import Begin, Done, Status, Wish, Withdraw, numbers_of, wish_of
from handlers.posting.writing import Written
from handlers.texts import say, say_of
from outreach.calendars import is_quiet
from outreach.groups.registry import Group
from outreach.posting.limits import Full
from outreach.posting.sending import Draft, paste_option, planned
from outreach.posting.telling import summary
from records.group_posts import PostState, TargetState
from records.messages import Inbound, InboundKind, Option
from records.staff_accounts import Staff

GROUPS, TEXT, CONFIRM = "groups", "text", "confirm"
_ALL = frozenset({"全部", "所有", "都发", "全发", "全部群", "所有群", "都要"})
_WAYS = ("to_self", "confirm", "change_text", "change_groups", "drop")
_DROPS = frozenset({Command.BACK, Command.END, Command.QUIT, Command.RESTART})
_BUTTONS = 5


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
        match state.step:
            case "groups":
                return _choose(_typed(message), state, scene)
            case "text":
                return _write(message, state, scene)
        return _decide(message, state, scene)


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
            text = pages.detail(post) if post else say("posting.unknown", number=number)
            return _told(text, state)
        case Withdraw(number):
            return _withdraw(number, staff, state, scene)
    return _told(pages.posts(posting.mine), state)


def _withdraw(number: int, staff: Staff, state: State, scene: Scene) -> Turn:
    post = scene.posting.posts.get(number)
    if post is None:
        return _told(say("posting.unknown", number=number), state)
    if post.state not in (PostState.HELD, PostState.PASSED):
        return _told(pages.taken_back(post, is_new=False), state)
    after = marking.withdrawn(post, scene.now)
    effect = WithdrawPost(number, staff.name)
    return Turn((Reply(pages.taken_back(after, is_new=True), kind="staff"),), state, (effect,))


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
    chosen = _chosen(said, posting)
    if not chosen:
        return _told(say("posting.which"), state)
    for number, one in chosen.items():
        if full := posting.full.get(one.id):
            why = pages.why_full(full)
            return _told(say("posting.is_full", number=number, name=one.name, why=why), state)
    data = {**state.data, "groups": [[number, one.id] for number, one in chosen.items()]}
    if data.get("text"):
        return _preview(State(FLOW, CONFIRM, data, state.memory), scene)
    return _ask_text(State(FLOW, TEXT, data, state.memory), chosen, scene)


def _chosen(said: str, posting: Posting) -> dict[int, Group]:
    """The groups that a line names; by kind and «全部» only those that may have one more."""
    free = {n: one for n, one in posting.groups.items() if one.id not in posting.full}
    word = said.strip("。.！! ")
    if word in _ALL:
        return free
    kinds = {n: one for n, one in free.items() if _is_of(one, word)}
    if kinds:
        return kinds
    numbers = numbers_of(said)
    known = {n: posting.groups[n] for n in numbers if n in posting.groups}
    return known if len(known) == len(numbers) else {}


def _is_of(one: Group, word: str) -> bool:
    label = say_of("posting_kind", one.kind.value)
    return bool(word) and word in (label, label.removesuffix("群"), one.name)


def _ask_text(state: State, chosen: Mapping[int, Group], scene: Scene) -> Turn:
    found = writing.offered(scene, chosen)
    count, most = len(chosen), writing.MOST
    people = pages.sizes(list(chosen.values()))
    ask = (
        say("posting.write", count=count, people=people, most=most)
        if found
        else say("posting.write_bare", count=count, people=people, most=most)
    )
    tag = f"post_{state.data['token']}"
    options = tuple(Option(f"{n} {one.label}", f"{tag}:{n}") for n, one in enumerate(found, 1))
    reply = Reply(ask, options, kind="staff")
    return Turn((reply,), State(FLOW, TEXT, {**state.data, "tag": tag}, state.memory))


def _write(message: Inbound, state: State, scene: Scene) -> Turn:
    said = _typed(message)
    if message.kind is InboundKind.PICTURE:
        return _pictured(message, state)
    groups = _groups(state, scene)
    ready = writing.picked(message, scene, groups)
    if ready is not None and not ready.text:
        return _told(say("posting.no_entries"), state)
    written = ready or Written(said)
    if fault := writing.refusal(written, scene):
        return _told(fault, state)
    data = {**state.data, "text": written.text, "source": written.source}
    if picture := message.extra.get("file_id", ""):
        data |= {"picture": picture}
    return _preview(State(FLOW, CONFIRM, data, state.memory), scene)


def _pictured(message: Inbound, state: State) -> Turn:
    picture = message.extra.get("file_id", "")
    if message.channel != pages.TELEGRAM or not picture:
        return _told(say("posting.no_picture"), state)
    kept = State(FLOW, state.step, {**state.data, "picture": picture}, state.memory)
    return _told(say("posting.picture_kept"), kept)


def _preview(state: State, scene: Scene) -> Turn:
    groups, draft = _groups(state, scene), _draft(state, scene)
    head = pages.preview(groups, picture=draft.picture, doubts=draft.doubts)
    tag = f"post_{state.data['token']}_{scene.token[:4]}"
    after = State(FLOW, CONFIRM, {**state.data, "tag": tag}, state.memory)
    text = Reply(draft.text, _options(tag), kind="file")
    return Turn((Reply(head, kind="staff"), text), after)


def _options(tag: str) -> tuple[Option, ...]:
    return tuple(
        Option(f"{n} {say_of('posting_way', way)}", f"{tag}:{n}") for n, way in enumerate(_WAYS, 1)
    )


def _decide(message: Inbound, state: State, scene: Scene) -> Turn:
    way = _way(message.text)
    match way:
        case "to_self":
            ask = Reply(say("posting.ask"), _options(str(state.data["tag"])), kind="staff")
            return Turn((Reply(str(state.data["text"]), kind="file"), ask), state)
        case "confirm":
            return _confirm(state, scene)
        case "change_text":
            data = {k: v for k, v in state.data.items() if k not in ("text", "source", "tag")}
            return _told(say("posting.write_again"), State(FLOW, TEXT, data, state.memory))
        case "change_groups":
            return _told(
                pages.listed(scene.posting), State(FLOW, GROUPS, state.data, state.memory)
            )
        case "drop":
            return _told(say("posting.dropped"), frames.leave(state))
    return _told(say("posting.how"), state)


def _way(said: str) -> str:
    word = said.strip('。.！! “”"')
    known = {say_of("posting_way", way): way for way in _WAYS}
    known |= {str(n): way for n, way in enumerate(_WAYS, 1)}
    return known.get(word, "")


def _confirm(state: State, scene: Scene) -> Turn:
    """Everything is looked at once more: groups and caps may be others than at the preview."""
    staff, draft, posting = scene.counter.staff, _draft(state, scene), scene.posting
    assert staff is not None
    is_whole = len(draft.groups) == len(state.data["groups"])
    is_full = posting.writer_full or any(one.id in posting.full for _, one in draft.groups)
    if not is_whole or is_full:
        return _told(say("posting.gone"), frames.leave(state))
    written = Written(draft.text, draft.source)
    if fault := writing.refusal(written, scene):
        return _told(fault, State(FLOW, TEXT, state.data, state.memory))
    effect = AskPost(draft, staff)
    return Turn(_outcome(draft, staff, scene), frames.leave(state), (effect,))


def _outcome(draft: Draft, staff: Staff, scene: Scene) -> tuple[Reply, ...]:
    if draft.doubts:
        text = say("posting.held", number=draft.number, why="；".join(draft.doubts))
        return (Reply(text, kind="notice"),)
    post = planned(draft, staff, scene.now)
    lines = [say("posting.passed", number=draft.number, summary=summary(post))]
    is_leaving = any(one.state is not TargetState.PASTE for one in post.targets)
    if is_leaving and is_quiet(scene.now):
        lines.append(say("posting.night"))
    pasted = [one for one in post.targets if one.state is TargetState.PASTE]
    if not pasted:
        return (Reply("\n".join(lines), kind="notice"),)
    lines.append(say("posting.copy_below"))
    options = tuple(paste_option(one) for one in pasted[:_BUTTONS])
    return Reply("\n".join(lines), options, kind="notice"), Reply(draft.text, kind="file")


def _groups(state: State, scene: Scene) -> dict[int, Group]:
    """The chosen groups that are still the steward's, under the numbers they were chosen by."""
    by_id = {one.id: one for one in scene.posting.groups.values()}
    return {n: by_id[i] for n, i in state.data.get("groups", ()) if i in by_id}


def _draft(state: State, scene: Scene) -> Draft:
    draft = Draft(
        number=scene.posting.next_number,
        text=str(state.data.get("text") or ""),
        groups=tuple(_groups(state, scene).items()),
        picture=str(state.data.get("picture") or ""),
        source=str(state.data.get("source") or ""),
    )
    return replace(draft, doubts=writing.doubts(draft, scene))
