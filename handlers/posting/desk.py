"""群发审核, 过 5, 退 5 原因: the county reads a post before it leaves."""

from __future__ import annotations

from dataclasses import replace

from handlers.dialogue import Reply, Scene, State, Turn
from handlers.human_help import TYPED
from handlers.posting import pages
from handlers.posting.effects import PassPost, ReturnPost
from handlers.posting.flow import beside
from handlers.posting.words import Pass, Return, Review, wish_of
from handlers.texts import say
from outreach.posting import checking
from outreach.posting.reviewing import is_county
from outreach.posting.sending import as_sent
from outreach.posting.telling import summary
from records.group_posts import Post, PostState
from records.messages import Inbound
from records.staff_accounts import Staff

_REASON = 60  # characters


class PostDesk:
    """群发审核, 群发审核 5, 过 5, 退 5 原因."""

    name = "post_desk"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        staff = scene.counter.staff
        if staff is None or message.is_group or not is_county(staff):
            return False
        return isinstance(wish_of(_typed(message)), Review | Pass | Return)

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        staff, wish, left = scene.counter.staff, wish_of(_typed(message)), beside(state)
        assert staff is not None
        waiting = {post.number: post for post in scene.posting.held}
        if not isinstance(wish, Review | Pass | Return):
            return Turn((), left)
        if isinstance(wish, Review) and not wish.number:
            return _told(pages.held(scene.posting.held), left)
        post = waiting.get(wish.number)
        if post is None:
            return _told(say("posting_desk.not_held", number=wish.number), left)
        if isinstance(wish, Review):
            head = Reply(pages.held_head(post, scene.posting.names), kind="staff")
            return Turn((head, Reply(post.text, kind="file", picture=post.picture)), left)
        return _decided(wish, post, staff, left)


def _decided(wish: Pass | Return, post: Post, staff: Staff, state: State) -> Turn:
    if post.staff == staff.name:
        return _told(say("posting_desk.own"), state)
    if isinstance(wish, Pass):
        after = replace(as_sent(post), state=PostState.PASSED)
        text = say(
            "posting_desk.passed", number=post.number, summary=summary(after, to_writer=False)
        )
        return Turn((Reply(text, kind="notice"),), state, (PassPost(post.number, staff.name),))
    if fault := _fault(wish, post):
        return _told(fault, state)
    text = say("posting_desk.returned", number=post.number, name=post.staff)
    effect = ReturnPost(post.number, wish.reason, staff.name)
    return Turn((Reply(text, kind="notice"),), state, (effect,))


def _fault(wish: Return, post: Post) -> str:
    if not wish.reason:
        return say("posting_desk.no_reason", number=post.number)
    if len(wish.reason) > _REASON:
        return say("posting_desk.long_reason", most=_REASON)
    found = checking.check(wish.reason, checking.Named())
    secret = any(one.why in (checking.Why.NUMBER, checking.Why.IDENTITY) for one in found)
    return say("posting_desk.secret") if secret else ""


def _told(text: str, state: State) -> Turn:
    return Turn((Reply(text, kind="staff"),), state)


def _typed(message: Inbound) -> str:
    return message.extra.get(TYPED) or message.text
