"""Every way in which the web chat says no: a status and a sentence that helps."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the visitor is told, and after how many seconds another try makes sense, if said."""

    status: int
    sentence: str
    retry_after: int = 0

    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after)} if self.retry_after else {}


class Refused(Exception):
    """The request is not taken, for the reason given."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence)
        self.refusal = refusal


NO_VISITOR = Refusal(401, "这个页面放得太久了，请刷新一下再发。")
FOREIGN_PAGE = Refusal(403, "请回到归雁自己的页面上发消息。")
NOT_JSON = Refusal(400, "没看懂发来的内容，请刷新页面再发一次。")
ONE_OF_TWO = Refusal(400, "一次发一句话，或者点一个选项，请再发一次。")
NOT_TEXT = Refusal(400, "只能发文字，请再发一次。")
NOT_A_UUID = Refusal(400, "消息的编号不对，请刷新页面再发一次。")
NOT_A_NUMBER = Refusal(400, "要看多少条，请写一个数字。")
EMPTY = Refusal(400, "还没有写字，请写一句再发。")
TOO_BIG = Refusal(413, "内容太长了，请分成几段发。")
NO_PICTURE = Refusal(404, "没有这张图，或者已经删了。")
NOT_A_PICTURE = Refusal(415, "只收JPG、PNG照片，请换一张再发。")
PICTURE_TOO_BIG = Refusal(413, "图太大，最多2MB，请换小一点的再发。")
PICTURE_TOO_WIDE = Refusal(413, "图的宽高太大，手机打不开，请压小一点再发。")
TOO_FAST = Refusal(429, "发得太快了，请歇一歇再发。")
TOO_MANY_STREAMS = Refusal(429, "这个聊天打开的页面太多了，请关掉几个再看。", 10)
STORE_DOWN = Refusal(503, "系统正忙，这句话还没有收下，请过一会儿再发。", 5)
STOPPING = Refusal(503, "系统正在重新启动，请过一会儿再试。", 5)


def too_long(limit: int) -> Refusal:
    """The text has more characters than we take."""
    return Refusal(413, f"这句话太长了，请分成几段发，每段不超过{limit}个字。")


def too_fast(wait: float) -> Refusal:
    """The visitor may write again after `wait` seconds."""
    return replace(TOO_FAST, retry_after=max(1, round(wait + 0.5)))
