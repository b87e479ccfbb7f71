"""What became of a post, in a line: groups and people counted, nobody named."""

from __future__ import annotations

from collections.abc import Sequence

from outreach.texts import say
from records.group_posts import Post, Target, TargetState

_WORDS = (
    (TargetState.POSTED, "post.posted"),
    (TargetState.LEAVING, "post.leaving"),
    (TargetState.TASK, "post.task"),
    (TargetState.PASTE, "post.paste"),
    (TargetState.WAITING, "post.waiting"),
    (TargetState.UNCERTAIN, "post.uncertain"),
    (TargetState.FAILED, "post.failed"),
    (TargetState.DROPPED, "post.dropped"),
    (TargetState.RECALLING, "post.recalling"),
    (TargetState.RECALLED, "post.recalled"),
)

_TO_OTHERS = {TargetState.TASK: "post.task_by_owner", TargetState.PASTE: "post.paste_by_writer"}


def summary(post: Post, *, to_writer: bool = True) -> str:
    """3个群：2个已发（共412人），1个等您粘贴。"""
    parts = []
    for state, key in _WORDS:
        found = [one for one in post.targets if one.state is state]
        if found:
            key = key if to_writer else _TO_OTHERS.get(state, key)
            parts.append(say(key, count=len(found), people=people(found)))
    return say("post.summary", count=len(post.targets), parts="，".join(parts))


def people(targets: Sequence[Target]) -> str:
    """How many people these groups have; where nobody counted a group, that is said."""
    known = sum(one.size for one in targets if one.size is not None)
    unknown = sum(one.size is None for one in targets)
    if unknown == len(targets):
        return say("post.people_unknown")
    words = say("post.people", count=known)
    return f"{words}{say('post.and_unknown', count=unknown)}" if unknown else words


def reached(post: Post) -> tuple[int, int]:
    """How many groups got it, and how many people are in them."""
    got = (TargetState.POSTED, TargetState.RECALLING, TargetState.RECALLED)
    found = [one for one in post.targets if one.state in got]
    return len(found), sum(one.size or 0 for one in found)
