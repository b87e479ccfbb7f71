"""已发: which groups a steward means; 撤回: how a post stands once it is taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from handlers.dialogue import Reply, State, Turn
from handlers.posting.effects import MarkPasted
from handlers.posting.seen import Posting
from handlers.posting.words import Done
from handlers.texts import say
from outreach.posting import recalling
from outreach.posting.telling import summary
from records.group_posts import Post, PostState, Target, TargetState


def marked(wish: Done, posting: Posting, state: State) -> Turn:
    """The groups are marked, or it is asked which are meant."""
    open_ones = [
        (post, one)
        for post in posting.mine
        for one in post.targets
        if one.state is TargetState.PASTE and wish.post in (0, post.number)
    ]
    meant = [(post, one) for post, one in open_ones if _is_meant(one, wish)]
    if not meant:
        return _told(say("posting.nothing_to_mark"), state)
    if len({post.number for post, _ in meant}) > 1 or (not wish.groups and len(meant) > 1):
        post, one = meant[0]
        return _told(say("posting.mark_which", post=post.number, group=one.number), state)
    post, groups = meant[0][0], tuple(one.group for _, one in meant)
    after = replace(post, targets=tuple(_after(one, groups) for one in post.targets))
    names = "、".join(_name(one, posting) for _, one in meant)
    text = say("posting.done", names=names, number=post.number, summary=summary(after))
    effect = MarkPasted(((post.number, groups),))
    return Turn((Reply(text, kind="notice"),), state, (effect,))


def withdrawn(post: Post, now: datetime) -> Post:
    """The post as it stands once it is taken back, as far as that is known beforehand."""
    targets = tuple(recalling.after(one, now) for one in post.targets)
    return replace(post, state=PostState.WITHDRAWN, targets=targets)


def _is_meant(one: Target, wish: Done) -> bool:
    return not wish.groups or one.number in wish.groups


def _after(one: Target, groups: tuple[int, ...]) -> Target:
    return replace(one, state=TargetState.POSTED) if one.group in groups else one


def _name(one: Target, posting: Posting) -> str:
    known = {group.id: group.name for group in posting.groups.values()}
    return known.get(one.group, f"{one.number}号群")


def _told(text: str, state: State) -> Turn:
    return Turn((Reply(text, kind="notice"),), state)
