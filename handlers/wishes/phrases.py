"""The words of which wishes are made: not, send, only, the days; and what is understood."""

from __future__ import annotations

from dataclasses import dataclass

from records.wishes import Wanted

NOT = (
    r"(?:不要|不用|不想|不准|不许|不必|别要|白要|莫要|甭要|休要|别|莫|甭|勿|白(?=给我|给俺|再|老|吵|烦|打扰)|"
    r"少给我|不)(?:再|老|总|老是|总是)?"
)
ME = r"(?:给我|跟我|向我|往我这|给俺|我)?"
PLAINLY_NOT = NOT.replace("|不)", ")")  # «补贴不发了» is a complaint
SEND = (
    r"(?:发送|发来|发给我|推送|推荐|发|推|收到|接收|收|"
    r"吵[我俺]|打扰[我俺]?|打搅[我俺]?|骚扰[我俺]?|烦[我俺]|(?:找|联系)[我俺])"
)
ENDS = (
    r"(?:了|啦|吧|啊|呀|呗|嘛|哈|哦|的|给我|过来|来|消息|短信|信息|推送|通知|"
    r"就行|就好|(?:就|也)?够(?!吗|不)|就得|就成|就中|就可以|行吗|好吗|可以吗|行不|吗|谢谢)*"
)
ONLY = r"(?:只|光|单|仅)"
AGAIN = r"(?:接着|继续|恢复|重新|又|还是|可以|照样|也|再)+"
WEEKEND = (
    r"(?:在)?(?:周末|双休日|周六周日|周六日|星期六星期天|星期六和星期天|礼拜六礼拜天|休息日)"
    r"(?:的时候)?"
)
WORKDAY = r"(?:在)?(?:工作日|平时|平日|上班日)(?:的时候)?"
ONE_DAY = r"(?:周|星期|礼拜)([1-6一二三四五六日天])"
TO = r"(?:到|至|-|~)"
DAYS = rf"(?:每个?)?{ONE_DAY}(?:({TO}|和|跟)?(?:周|星期|礼拜)?([1-6一二三四五六日天]))?"
OTHERS = r"(?:别的|其他的?|其它的?|其余的?|旁的|另外的|剩下的|余下的|除此以外)"
SUNDAY = {"日": 7, "天": 7, **{c: n for n, c in enumerate("一二三四五六", 1)}}
NUM = r"(\d+)\s*(?:条|次|回|个)"
MOST = r"(?:最多|顶多|至多|就|只|只要|给我|给俺|发|推|收|来|有)*"


@dataclass(frozen=True, slots=True)
class Heard:
    """What somebody wishes: what holds from now on, what holds no longer.

    `is_clear`: it speaks of sending, so that it cannot be the answer to a question of a form.
    `narrows`: what was said not to be sent, or not then; it takes nothing from what holds already.
    """

    wanted: tuple[Wanted, ...] = ()
    dropped: tuple[str, ...] = ()
    is_clear: bool = False
    narrows: tuple[str, ...] = ()
