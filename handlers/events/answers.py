"""How guests answer an invitation in words of their own, told apart from every other sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from handlers import hearing
from records.events import Answer


class Meaning(StrEnum):
    """What somebody says of an invitation."""

    YES = "yes"
    NO = "no"
    AGAIN = "again"  # they come after all
    NO_MORE = "no_more"  # they do not, after all
    OPEN = "open"  # they cannot say yet
    ASKS = "asks"  # when, where
    WELL = "well"  # a courtesy that is no answer


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer; `brings`: not alone; `is_weak`: only right after the invitation it means that."""

    meaning: Meaning
    brings: bool = False
    is_weak: bool = False

    @property
    def answer(self) -> Answer:
        return _ANSWERS.get(self.meaning, Answer.NONE)


_ANSWERS = {
    Meaning.YES: Answer.YES,
    Meaning.AGAIN: Answer.YES,
    Meaning.NO: Answer.NO,
    Meaning.NO_MORE: Answer.NO,
}
_STOPS = re.compile(r"[\s,，。.!！~～、;；…]+")
_LONGEST = 30
_FINE = (
    r"(?:好的?|好嘞|好滴|好呀|好啊|行|可以|嗯|恩|收到|没问题|知道了|谢谢你?您?|"
    r"感谢|ok|中|要得|得|哦)"
)
_SORRY = r"(?:抱歉|对不起|不好意思|真不巧|可惜|谢谢你?您?(?:邀请)?|多谢|感谢邀请?)"
_I = r"(?:我们?|俺们?|咱们?|本人|我本人|我自己)"
_DAY = r"(?:到时候?|那天|当天|那时候?|这次|这回|今年)"
_SURE = r"(?:一定|肯定|必须|必|准时?|按时|准点|会|要|能|可以|也|想|都|保证|愿意|争取)"
_GO = r"(?:过来|过去|来|去|到场|到|参加|出席)"
_END = r"(?:的|吧|啊|呀|哦|噢|嘞|哈|啦|滴|哩)*"
_THANKS = r"(?:谢谢你?您?(?:邀请)?|多谢|感谢邀请?|到时候?见|放心吧?)?"
_SEVERAL = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,2}|俩|仨|几)"
_PEOPLE = r"(?:个人|口人|口子|个|口|位|人|名)"
_ALL = r"(?:都|全都?|一起|一块儿?|一同|一道)*"
_KIN_ONE = (
    r"(?:老婆|媳妇儿?|爱人|对象|老公|丈夫|男人|孩子|娃儿?|小孩|儿子|闺女|女儿|爸妈?|妈|爹娘?|娘|"
    r"父母|父亲|母亲|哥哥?|弟弟?|姐姐?|妹妹?|家属|家人|家里人|亲戚|朋友|同事|老乡|工友|同学|邻居|合伙人)"
)
_KIN = rf"(?:我|俺|我的|我家)?{_KIN_ONE}(?:和|跟|、)?{_KIN_ONE}?"
_WITH = (
    rf"(?:{_I}|我家)?(?:一家子?|全家人?|一家人|家里)?(?:{_SEVERAL}{_PEOPLE}|俩|仨)?{_ALL}{_SURE}*{_ALL}{_GO}",
    rf"{_I}?{_DAY}?{_SURE}*再?(?:带|领|叫|喊|约)(?:上|着|了)?{_SEVERAL}{_PEOPLE}?(?:{_KIN})?{_ALL}{_SURE}*{_GO}?",
    rf"{_I}?{_DAY}?{_SURE}*(?:带|领|叫|喊|约)(?:上|着|了)?{_KIN}{_ALL}{_SURE}*{_GO}",
    rf"{_I}(?:和|跟|同){_KIN}{_ALL}(?:俩|{_SEVERAL}{_PEOPLE})?{_ALL}{_SURE}*{_GO}",
    rf"{_I}?{_SURE}*(?:来|去|到){_SEVERAL}(?:个人|口人|个|位|人)",
    rf"(?:{_I}|一共|总共|共){_SURE}*(?:来|去)?{_SEVERAL}(?:个人|口人|人|位)",
)
_ALONE = rf"{_I}?{_DAY}?{_I}?{_SURE}*{_GO}"
_YES = re.compile(rf"{_FINE}*{_ALONE}{_END}{_THANKS}")
_BRINGS = re.compile(rf"{_FINE}*(?:{_ALONE})?(?:{'|'.join(_WITH)}){_END}{_THANKS}")
_AGAIN = re.compile(
    rf"{_FINE}*(?:改主意了|时间调开了|请到假了|有空了|有时间了)?{_I}?{_DAY}?"
    rf"(?:又|还是){_SURE}*{_GO}(?:得了)?了?{_END}|{_I}?{_DAY}?(?:能|可以){_GO}了{_END}"
)
_CANNOT = (
    r"(?:来不了|去不了|到不了|来不成|去不成|参加不了|来不及|赶不回[来去]|赶不上|赶不到|回不[来去了]|"
    r"不参加|不到场|不能(?:来|去|参加|到场)|不会(?:来|去)|不想(?:来|去|参加)|不打算(?:来|去)|不来|不去|"
    r"(?:没|没有|没得)(?:办)?法(?:来|去|参加|到场)|(?:没空|没时间|没有时间|没得空|不得空|没工夫)(?:来|去|参加)?|"
    r"抽不开身|抽不出(?:空|时间)|走不开|脱不开身|请不[了到]假|请不下假)"
)
_LIKELY = (
    r"(?:恐怕|怕是|估计|应该|实在|真的?|可能是|临时有事|有事|家里有事|要上班|得上班|"
    r"要加班|在外地|太远了?)"
)
_NEXT = r"(?:下次吧?|下次再(?:说|来|去)吧?|下次一定|以后再说吧?|就不(?:来|去|参加)了)?"
_NO = re.compile(
    rf"{_FINE}*{_SORRY}*(?:{_I}|{_DAY}|{_LIKELY}|都|就)*{_CANNOT}{_END}{_NEXT}{_SORRY}?"
)
_NO_MORE = re.compile(
    rf"{_SORRY}*(?:{_I}|{_DAY}|{_LIKELY}|又|就|都)*{_CANNOT}了{_END}{_NEXT}{_SORRY}?"
)
_REASON = re.compile(r"[^,，。\s]{1,12}[,，\s]+([^,，。\s]{2,8})")
_OPEN = re.compile(
    rf"{_FINE}*{_I}?(?:到时候?(?:再)?(?:看(?:看)?(?:情况)?|说)|看情况(?:再说)?|(?:现在|目前)?(?:还)?(?:定不下来|没定|说不准|"
    rf"说不好|不确定)|可能(?:会)?{_GO}|可能{_CANNOT}了?|尽量{_GO}|有空就{_GO}|有时间就{_GO}|有空再{_GO}|不一定{_GO}|"
    rf"不知道能不能{_GO}){_END}"
)
_OPEN_WEAK = re.compile(
    rf"{_FINE}*{_I}?(?:再说|再看看?|不一定|说不定|考虑(?:一下|下|考虑)?|想想|想一想|看看|不知道|还不知道){_END}"
)
_WHEN = (
    r"(?:几点钟?|啥时候?|什么时候|什么时间|啥时间|哪天|哪一天|几号|时间)"
    r"(?:开始|开|到|来|去|举行|办|集合|的?活动)?"
)
_WHERE = (
    r"(?:在哪儿?|在哪里|哪里|哪儿|地点|地址|在什么地方|在啥地方|什么地方|啥地方|到哪儿?|到哪里|去哪儿?|去哪里)"
    r"(?:开|办|举行|集合|活动)?"
)
_ABOUT = r"(?:活动|会议?|座谈会|恳谈会)"
_ASKS = re.compile(rf"{_ABOUT}?(?:是)?(?:{_WHEN}|{_WHERE})(?:呢|呀|啊|来着|是|的)*[?？]?")
_ASKS_STRONG = re.compile(
    rf"{_ABOUT}(?:是)?(?:{_WHEN}|{_WHERE})(?:呢|呀|啊|来着)*[?？]?|"
    r"(?:几点钟?|啥时候?|什么时候)(?:开始|集合)(?:呢|呀|啊|来着|的)*[?？]?"
)
_WELL = re.compile(rf"{_FINE}+{_END}{_THANKS}")


def answer_of(text: str) -> Heard | None:
    """What a guest says; None where any word is of something else."""
    said = hearing.core(text)
    if not said or len(said) > _LONGEST:
        return None
    plain = _STOPS.sub("", said)
    for pattern, heard in _ORDER:
        if pattern.fullmatch(plain):
            return heard
    return _with_reason(said)


def _with_reason(said: str) -> Heard | None:
    """«要上班，去不了»: a reason that is about nothing of ours, then a plain no."""
    found = _REASON.fullmatch(said)
    if found is None or hearing.asks(said) or hearing.concerns(said):
        return None
    return Heard(Meaning.NO) if _NO.fullmatch(found[1]) or _NO_MORE.fullmatch(found[1]) else None


_ORDER = (
    (_NO, Heard(Meaning.NO)),
    (_NO_MORE, Heard(Meaning.NO_MORE)),
    (_AGAIN, Heard(Meaning.AGAIN)),
    (_OPEN, Heard(Meaning.OPEN)),
    (_YES, Heard(Meaning.YES)),
    (_BRINGS, Heard(Meaning.YES, brings=True)),
    (_ASKS_STRONG, Heard(Meaning.ASKS)),
    (_ASKS, Heard(Meaning.ASKS, is_weak=True)),
    (_OPEN_WEAK, Heard(Meaning.OPEN, is_weak=True)),
    (_WELL, Heard(Meaning.WELL, is_weak=True)),
)
