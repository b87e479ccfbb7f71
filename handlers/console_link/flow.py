"""工作台: a link to the staff's pages, for the account that is bound to somebody."""

from __future__ import annotations

import re
from datetime import timedelta

from handlers import frames
from handlers.console_link.effects import OfferLink
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.human_help import TYPED
from handlers.texts import say
from handlers.tokens import identifier
from records.messages import Inbound

LIFE = timedelta(minutes=30)
_ASKED = re.compile(
    r"(?:打开|登录|进|我要进?)?(?:工作台|管理后台|后台|控制台)(?:链接|网址|登录)?[。！!？?]?"
)


class ConsoleLink:
    """工作台, of staff, not in a group: whoever reads along would come in as them."""

    name = "console_link"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        said = message.extra.get(TYPED) or message.text
        is_asked = scene.counter.staff is not None and _ASKED.fullmatch(said.strip())
        return bool(is_asked) and not message.is_group

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        staff = scene.counter.staff
        if staff is None or not scene.office.address:
            return Turn((Reply(say("console.no_address"), kind="staff"),), frames.leave(state))
        code = identifier(scene.token, "console link")
        link = f"{scene.office.address}/console/enter?code={code}"
        text = say("console.link", minutes=int(LIFE.total_seconds() // 60), link=link)
        effect = OfferLink(staff.name, code, LIFE)
        return Turn((Reply(text, kind="staff"),), frames.leave(state), (effect,))
