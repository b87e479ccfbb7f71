"""The preview of a post, and what its writer decides of it."""

from __future__ import annotations

from dataclasses import replace

from handlers import frames
from handlers.album import PICTURE
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.posting import pages, writing
from handlers.posting.effects import AskPost
from handlers.posting.seen import FLOW
from handlers.posting.writing import Written
from handlers.texts import say, say_of
from outreach.calendars import is_quiet
from outreach.groups.registry import Group
from outreach.posting.sending import Draft, paste_option, planned
from outreach.posting.telling import summary
from records.group_posts import TargetState
from records.messages import Inbound, Option
from records.staff_accounts import Staff

_WAYS = ("to_self", "confirm", "change_text", "change_groups", "drop", "no_picture")
_BUTTONS = 5


def preview(state: State, scene: Scene) -> Turn:
    """To whom it goes and how, then the post as it will look."""
    chosen, draft = groups(state, scene), _draft(state, scene)
    head = pages.preview(chosen, draft, channel=scene.posting.channel)
    tag = f"post_{state.data['token']}_{scene.token[:4]}"
    after = State(FLOW, "confirm", {**state.data, "tag": tag}, state.memory)
    options = _options(tag, has_picture=bool(draft.picture))
    text = Reply(draft.text, options, kind="file", picture=draft.picture)
    return Turn((Reply(head, kind="staff"), text), after)


def decided(message: Inbound, state: State, scene: Scene) -> Turn:
    """What the writer wants done with what they saw."""
    picture = str(state.data.get(PICTURE) or "")
    match _way(message.text):
        case "to_self":
            options = _options(str(state.data["tag"]), has_picture=bool(picture))
            ask = Reply(say("posting.ask"), options, kind="staff")
            text = Reply(str(state.data["text"]), kind="file", picture=picture)
            return Turn((text, ask), state)
        case "confirm":
            return _confirmed(state, scene)
        case "change_text":
            data = {k: v for k, v in state.data.items() if k not in ("text", "source", "tag")}
            again = say("posting.write_again_pictured") if picture else say("posting.write_again")
            return _told(again, State(FLOW, "text", data, state.memory))
        case "change_groups":
            page = pages.listed(scene.posting)
            return _told(page, State(FLOW, "groups", state.data, state.memory))
        case "no_picture" if picture:
            return preview(_without_picture(state), scene)
        case "drop":
            return _told(say("posting.dropped"), frames.leave(state))
    return _told(say("posting.how"), state)


def groups(state: State, scene: Scene) -> dict[int, Group]:
    """The chosen groups that are still the steward's, under the numbers they were chosen by."""
    by_id = {one.id: one for one in scene.posting.groups.values()}
    return {n: by_id[i] for n, i in state.data.get("groups", ()) if i in by_id}


def _confirmed(state: State, scene: Scene) -> Turn:
    """Everything is looked at once more: groups and caps may be others than at the preview."""
    staff, draft, posting = scene.counter.staff, _draft(state, scene), scene.posting
    assert staff is not None
    is_whole = len(draft.groups) == len(state.data["groups"])
    is_full = posting.writer_full or any(one.id in posting.full for _, one in draft.groups)
    if not is_whole or is_full:
        return _told(say("posting.gone"), frames.leave(state))
    written = Written(draft.text, draft.source)
    if fault := writing.refusal(written, scene):
        return _told(fault, State(FLOW, "text", state.data, state.memory))
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
    copy = Reply(draft.text, kind="file", picture=draft.picture)
    return Reply("\n".join(lines), options, kind="notice"), copy


def _draft(state: State, scene: Scene) -> Draft:
    draft = Draft(
        number=scene.posting.next_number,
        text=str(state.data.get("text") or ""),
        groups=tuple(groups(state, scene).items()),
        picture=str(state.data.get(PICTURE) or ""),
        source=str(state.data.get("source") or ""),
    )
    return replace(draft, doubts=writing.doubts(draft, scene))


def _options(tag: str, *, has_picture: bool) -> tuple[Option, ...]:
    ways = _WAYS if has_picture else _WAYS[:-1]
    return tuple(
        Option(f"{n} {say_of('posting_way', way)}", f"{tag}:{n}") for n, way in enumerate(ways, 1)
    )


def _way(said: str) -> str:
    word = said.strip('。.！! “”"')
    known = {say_of("posting_way", way): way for way in _WAYS}
    known |= {str(n): way for n, way in enumerate(_WAYS, 1)}
    return known.get(word, "")


def _without_picture(state: State) -> State:
    data = {name: value for name, value in state.data.items() if name != PICTURE}
    return State(FLOW, state.step, data, state.memory)


def _told(text: str, state: State) -> Turn:
    return Turn((Reply(text, kind="staff"),), state)
