"""Words that answer an invitation, and sentences that are about something else."""

from __future__ import annotations

import pytest

from handlers.events.answers import Meaning, answer_of

SAID = {
    Meaning.YES: "来 来的 我来 我去 去 好的，一定到 行，我去 一定来 肯定来 准时到 我会去的 "
    "到时候一定到 好，来，谢谢 参加 我参加 我要参加 好的我来 能来 那天我一定来",
    Meaning.NO: "不来 去不了 我去不了 没空 没时间 去不成 那天没空 抱歉，来不了 "
    "要上班，去不了 家里有事，来不了 走不开 不参加 回不来 赶不回去 去不了，谢谢 恐怕去不了 "
    "我在广东，回不来 请不了假",
    Meaning.NO_MORE: "不来了 不去了 我不去了 来不了了 去不了了 抱歉，不去了 "
    "临时有事来不了了 不去了，下次吧",
    Meaning.AGAIN: "又能来了 能来了 我又能去了 可以去了 还是来吧 "
    "改主意了，我还是去 请到假了，又能来了",
    Meaning.OPEN: "到时候看 看情况 到时候再说 可能来 可能去不了 尽量去 还没定 有空就去 不一定来",
    Meaning.ASKS: "几点开始 几点开始？ 在哪 在哪儿？ 啥时候 什么时候开始 地点 活动在哪 哪天",
    Meaning.WELL: "好 好的 收到 行 嗯 知道了",
}
BRINGS = (
    "带两个人来 我们一家三口都去 我们一家都来 我带两个人来 我和老婆一起去 全家来 我们三个人去 "
    "带老婆孩子来 来两个人 我们俩去 带一个朋友来 好的，我们一家都来 我来，带两个人 "
    "我带上我爸妈一起去 叫上朋友一起来 我们三个人"
)
OTHERS = (
    "来贷款要啥材料",
    "不去了，问下社保",
    "来问下补贴",
    "我来问个事",
    "去哪办营业执照",
    "不来钱怎么办",
    "来个人",
    "带两个人创业能补多少",
    "我想带两个人干活",
    "能贷款吗",
    "我能去吗",
    "来得及吗",
    "去年登记过",
    "我去年回来的",
    "不想干了",
    "没空闲地",
    "没时间限制吧",
    "贷款批不下来，去不了",
    "几点上班",
    "在哪交社保",
    "到期了怎么办",
    "一定要本地户口吗",
    "我们一家三口能领补贴吗",
    "能来接我吗",
    "回去开店",
    "不来往了",
    "人工",
    "我的活动",
    "停",
    "招两个人",
    "我不想回老家",
    "看看贷款",
    "到账了吗",
)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [(text, meaning) for meaning, texts in SAID.items() for text in texts.split(" ")],
)
def test_what_guests_say(text: str, meaning: Meaning) -> None:
    heard = answer_of(text)
    assert heard is not None
    assert (heard.meaning, heard.brings) == (meaning, False)


@pytest.mark.parametrize("text", BRINGS.split(" "))
def test_who_comes_with_others_says_yes(text: str) -> None:
    heard = answer_of(text)
    assert heard is not None
    assert (heard.meaning, heard.brings) == (Meaning.YES, True)


@pytest.mark.parametrize("text", OTHERS)
def test_what_is_said_of_something_else_is_no_answer(text: str) -> None:
    assert answer_of(text) is None


@pytest.mark.parametrize(
    "part", ["嗯", "好的", "一起", "会要能", "我那天有事", "谢谢您", "可能", "的吧"]
)
def test_nobody_can_keep_us_busy_with_repeated_words(part: str) -> None:
    assert answer_of((part * 30)[:29] + "x") is None
