"""What stewards and the county read of posts, composed of sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from handlers.posting.seen import Posting
from handlers.texts import say, say_of
from outreach.calendars import CHINA
from outreach.groups.registry import Group
from outreach.posting import checking
from outreach.posting.checking import Finding
from outreach.posting.limits import Full, limits
from outreach.posting.sending import Draft
from outreach.posting.telling import people, summary
from records.group_posts import Post, PostState, Target, TargetState
from records.groups import ROBOT, WECOM

_SHOW_PICTURES = frozenset({"telegram", "wecom_app", "wecom_kf", "webchat"})
_FAULTS = 5
_SHORT = 20
_LAST = 5


def listed(posting: Posting) -> str:
    """The steward's groups, each with its number, its way and whether it may have one more."""
    lines = [
        say(
            "posting.line",
            number=number,
            name=one.name,
            kind=kind(one),
            way=way(one),
            size=size(one),
            full=_full(posting.full.get(one.id)),
        )
        for number, one in posting.groups.items()
    ]
    return "\n".join((say("posting.head"), *lines, caps(posting)))


def caps(posting: Posting) -> str:
    """How much may be posted at all, and how much of it is left to them today."""
    (_, day), (_, week), *_ = limits().group
    return say("posting.caps", day=day, week=week, left=posting.left)


def preview(groups: Mapping[int, Group], draft: Draft, *, channel: str) -> str:
    """To which groups, how many people, by which way, and whether somebody reads it first.

    `channel`: where the writer reads this, and gets what they are to paste.
    """
    lines = [
        say("posting.preview_line", number=number, name=one.name, size=size(one), way=way(one))
        + (_picture(one, channel) if draft.picture else "")
        for number, one in groups.items()
    ]
    held = [say("posting.held_why", why="；".join(draft.doubts))] if draft.doubts else []
    is_ours = any(one.chat and one.channel != WECOM for one in groups.values())
    checked = [say("posting.checked")] if is_ours else []
    return "\n".join((*lines, *held, *checked, say("posting.preview")))


def faults(text: str, found: Sequence[Finding]) -> str:
    """What is wrong with a text and where, with a limit to how much is said at once."""
    lines = [_fault(text, one) for one in found[:_FAULTS]]
    left = len(found) - len(lines)
    more = [say("posting.more_faults", count=left)] if left else []
    return "\n".join((say("posting.refused"), *lines, *more))


def doubt(one: Finding) -> str:
    """Why a second person looks at a place."""
    return say("posting.doubt", words=one.words, why=one.why.value)


def why_full(full: Full) -> str:
    """Which cap is reached."""
    if full.days == 1:
        return say("posting.why_today", most=full.most)
    return say("posting.why_days", days=full.days, most=full.most)


def posts(mine: Sequence[Post]) -> str:
    """The last posts of somebody, a line each."""
    return "\n".join(line(post) for post in mine[:_LAST]) or say("posting.no_posts")


def line(post: Post, *, reader: str = "") -> str:
    """A post in one line, for its writer or for another `reader`."""
    return say(
        "posting.post_line",
        number=post.number,
        day=day(post.made_at),
        short=short(post.text),
        summary=how_it_stands(post, reader=reader),
    )


def detail(post: Post, names: Mapping[int, str], *, reader: str) -> str:
    """A post group by group."""
    lines = [
        say(
            "posting.target_line",
            number=one.number,
            name=names.get(one.group, ""),
            state=_state(one, is_writer=reader == post.staff),
            size="" if one.size is None else f"（{say('posting.size', count=one.size)}）",
        )
        for one in post.targets
    ]
    return "\n".join((line(post, reader=reader), *lines))


def how_it_stands(post: Post, *, reader: str = "") -> str:
    """Held, returned, withdrawn, or what became of it."""
    if post.state is PostState.RETURNED:
        return say("posting.is_returned", reason=post.reason)
    told = summary(post, to_writer=reader in ("", post.staff))
    is_back = post.state is PostState.WITHDRAWN
    return f"{say('posting.is_withdrawn')}，{told}" if is_back else told


def taken_back(post: Post, *, is_new: bool, reader: str) -> str:
    """What came of taking a post back, and honestly what stays."""
    told = summary(post, to_writer=reader == post.staff)
    head = (
        say("posting.withdrawn", number=post.number, summary=told)
        if is_new
        else say("posting.withdrawn_before", number=post.number, summary=told)
    )
    stays = dict.fromkeys(filter(None, map(_stays, post.targets)))
    return "\n".join((head, *stays))


def held(found: Sequence[Post]) -> str:
    """What waits for a second person."""
    if not found:
        return say("posting_desk.none")
    lines = [
        say(
            "posting_desk.line",
            number=post.number,
            name=post.staff,
            count=len(post.targets),
            people=people(post.targets),
            why="；".join(post.doubts),
            short=short(post.text),
        )
        for post in found[:_LAST]
    ]
    left = len(found) - len(lines)
    more = [say("posting_desk.more", count=left)] if left else []
    return "\n".join((*lines, *more, say("posting_desk.how", number=found[0].number)))


def held_head(post: Post, names: Mapping[int, str]) -> str:
    """What goes before the whole text of a post that waits."""
    groups = say(
        "posting_desk.groups", names="、".join(names.get(t.group, "") for t in post.targets)
    )
    head = say(
        "posting_desk.head",
        number=post.number,
        name=post.staff,
        count=len(post.targets),
        people=people(post.targets),
        why="；".join(post.doubts),
    )
    return "\n".join((head, groups, say("posting_desk.how_to_decide", number=post.number)))


def kind(one: Group) -> str:
    """Which kind a group is of, with its city where the name does not say it."""
    label = say_of("posting_kind", one.kind.value)
    says_city = not one.city or one.city.removesuffix("市") in one.name
    return label if says_city else f"{one.city}，{label}"


def may_picture(channel: str) -> str:
    """That a picture may come along, where that can be."""
    return say("posting.may_picture") if channel in _SHOW_PICTURES else ""


def way(one: Group) -> str:
    """By which way a post gets into a group."""
    if one.is_copy_ready:
        return say("posting.pastes")
    if one.channel == WECOM:
        return say("posting.confirms")
    return say("posting.robot_sends") if one.channel == ROBOT else say("posting.sends")


def size(one: Group) -> str:
    """How many people a group has, as far as known."""
    return say("posting.no_size") if one.size is None else say("posting.size", count=one.size)


def sizes(groups: Sequence[Group]) -> str:
    """How many people some groups have together."""
    known = sum(one.size for one in groups if one.size is not None)
    is_known = any(one.size is not None for one in groups)
    return say("posting.size", count=known) if is_known else say("posting.no_size")


def short(text: str) -> str:
    """The beginning of a text."""
    whole = text.replace("\n", " ")
    return whole if len(whole) <= _SHORT else f"{whole[:_SHORT]}…"


def day(at: datetime) -> str:
    """A day in China."""
    here = at.astimezone(CHINA)
    return f"{here.month}月{here.day}日"


def _full(full: Full | None) -> str:
    if full is None:
        return ""
    if full.days == 1:
        return say("posting.full_today")
    return say("posting.full", days=full.days, most=full.most)


def _picture(one: Group, channel: str) -> str:
    if not one.is_copy_ready:
        return say("posting.picture_there")
    shows = channel in _SHOW_PICTURES
    return say("posting.picture_to_paste") if shows else say("posting.picture_not_there")


def _fault(text: str, one: Finding) -> str:
    number, column = checking.place_of(text, one.at)
    why = (one.more or one.why.value).rstrip("。")
    if "\n" not in text:
        return say("posting.place_one", column=column, words=one.words, why=why)
    return say("posting.place", line=number, column=column, words=one.words, why=why)


def _state(one: Target, *, is_writer: bool) -> str:
    mine = is_writer and one.state in (TargetState.TASK, TargetState.PASTE)
    return say_of("posting_state", f"your_{one.state.value}" if mine else one.state.value)


def _stays(one: Target) -> str:
    if one.state is TargetState.UNCERTAIN:
        return say("posting.cannot_unsure")
    if one.state is not TargetState.POSTED:
        return ""
    if not one.chat:
        return say("posting.cannot_paste")
    if one.channel == ROBOT:
        return say("posting.cannot_robot")
    return say("posting.cannot_wecom") if one.channel == WECOM else say("posting.cannot_old")
