"""What may be said to many, how it is filled in for one, and when it goes out."""

from __future__ import annotations

from datetime import datetime

import pytest

from outreach.calendars import CHINA
from outreach.campaigns import schedule, texts
from outreach.campaigns.kits import loading, printing
from outreach.campaigns.kits.printing import Here
from outreach.campaigns.refusing import CampaignRefused
from outreach.posting.checking import Named

NOW = datetime(2026, 11, 22, 16, tzinfo=CHINA)
HERE = Here("定陶区", "返乡创业服务中心", "0530-0000000", "定陶汽车站", "https://fx.gov.cn")
HOSTS = ("gov.cn",)
KNOWN = Named(frozenset({"李强", "王建国", "高兴"}))

REFUSED = [
    ("", "还没写"),
    ("{称呼|老乡}", "还没写"),
    ("{称呼}您好", "要写没有时怎么说"),
    ("{称呼|}您好", "要写没有时怎么说"),
    ("{姓名|老乡}您好", "没有占位符“{姓名}”"),
    ("您好{称呼|老乡", "多了一个“{”"),
    ("有事打13812345678", "第1行第4个字起“13812345678”"),
    ("有事打138 1234 5678", "个人的号码"),
    ("身份证371703199001011234记好", "证件号"),
    ("有事找王主任", "“王主任”像是某个人"),
    ("{称呼|老乡}好\n联系人：李大明", "第2行第5个字起“李大明”"),
    ("县人社局李建国同志负责", "“李建国同志”像是某个人"),
    ("到人社局李主任那里", "“李主任”像是某个人"),
    ("加我微信", "个人账号"),
    ("他领了三千元", "某个人的钱"),
    ("您的补贴5000元到了", "某个人的钱"),
    ("恭喜您，包过", "打包票"),
    ("创业贷款，马上贷一笔", "劝人借钱"),
    ("转发3个群领红包", "拉人转发"),
    ("看 t.cn/abc", "短链接"),
    ("看 https://evil.com/gov.cn", "不在允许的网址里"),
    ("看 https://gov.cn.evil.com/", "不在允许的网址里"),
    ("看 http://user@evil.com/", "不在允许的网址里"),
    ("看 ftp://dt.gov.cn/x", "https开头"),
    ("话" * 80, "太长了"),
    ("一\n二\n三\n四", "行数太多"),
]


@pytest.mark.parametrize(("text", "sentence"), REFUSED)
def test_what_may_not_be_sent_to_many_is_refused_in_words(text: str, sentence: str) -> None:
    with pytest.raises(CampaignRefused, match=sentence.replace("{", r"\{")):
        texts.check(texts.plain(text), hosts=HOSTS)


@pytest.mark.parametrize(
    "number",
    [
        "１３８００１３８０００",
        "一三八〇〇一三八〇〇〇",
        "1三八零零一三八零零零",
        "壹叁捌零零壹叁捌零零零",
        "①③⑧〇〇①③⑧〇〇〇",
        "1\ufe0f\u20e33\ufe0f\u20e38\ufe0f\u20e300138000",
        "wxid_abc123",
    ],
)
def test_a_number_is_refused_however_it_is_written(number: str) -> None:
    with pytest.raises(CampaignRefused, match=r"个人的?(?:号码|账号)"):
        texts.check(f"老乡，有事找{number}问")


@pytest.mark.parametrize(
    "text",
    [
        "{称呼|老乡}，{县|县里}有服务台，想问什么直接回我。",
        "｛称呼｜老乡｝好",
        "政策见 https://rsj.dt.gov.cn/a?b=1，或打0530-1234567。",
        "担保贷款最高20万元，怎么办可以问。",
        "打12333也能问。",
    ],
)
def test_what_is_fit_to_be_sent_passes(text: str) -> None:
    texts.check(texts.plain(text), hosts=HOSTS)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{称呼|老乡}，请李强来领表。", "第1行第10个字起“李强”是登记过的人的名字"),
        ("好消息\n王 建 国当上站长了", "第2行第1个字起“王 建 国”是登记过"),
        ("李强领了5000元", "登记过"),
    ],
)
def test_a_registered_person_is_not_named(text: str, sentence: str) -> None:
    with pytest.raises(CampaignRefused, match=sentence):
        texts.check(text, known=KNOWN)


@pytest.mark.parametrize(
    "text",
    [
        "找李强，电话0530-1234567",
        "马集镇的服务台，大家都高兴",
        "大方县，大范围，小龙虾，大田作物",
        "请找金融办问",
    ],
)
def test_staff_places_and_everyday_words_may_stand(text: str) -> None:
    texts.check(text, known=KNOWN, but=("李强",))


@pytest.mark.parametrize(
    ("values", "said"),
    [({"称呼": "老周"}, "老周好"), ({"称呼": " "}, "老乡好"), ({}, "老乡好")],
)
def test_a_missing_value_leaves_the_fallback(values: dict[str, str], said: str) -> None:
    assert texts.fill("{称呼|老乡}好", values) == said


@pytest.mark.parametrize(
    ("variant", "channel", "words"),
    [
        ("A", "", "文字A"),
        ("B", "telegram", "文字B（Telegram）"),
        ("A", "webchat", "文字A（网页）"),
    ],
)
def test_a_wording_has_a_name(variant: str, channel: str, words: str) -> None:
    assert texts.which(variant, channel) == words


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("腊月廿三 9:30 -5%", "1%到100%"),
        ("腊月廿三 9:30 －5%", "1%到100%"),
        ("腊月32 9:30", "没看懂“腊月32 9:30”是哪天"),
        ("腊月廿三 29:30", "时间不对"),
    ],
)
def test_what_is_wrong_with_a_wave_is_said(typed: str, sentence: str) -> None:
    with pytest.raises(CampaignRefused, match=sentence):
        schedule.read([typed], NOW)


@pytest.mark.parametrize(
    ("typed", "shares"),
    [
        (["腊月廿三 9:30"], [100]),
        (["腊月廿三 9:30 40%", "初六每人晚上"], [40, 60]),
        (["腊月廿三", "腊月廿五", "腊月廿六"], [34, 33, 33]),
        (["腊月廿三=30%", "腊月廿五：70％"], [30, 70]),
    ],
)
def test_shares_come_to_a_hundred(typed: list[str], shares: list[int]) -> None:
    assert [one.share for one in schedule.read(typed, NOW)] == shares


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ([], "还没写什么时候发"),
        (["腊月廿三 20:30"], "不打扰人"),
        (["腊月廿三 8:29"], "不打扰人"),
        (["除夕 18:00"], "一家人团圆"),
        (["除夕每人晚上"], "一家人团圆"),
        (["初一 15:00"], "一家人团圆"),
        (["今天 9:00"], "已经过了"),
        (["腊月廿三 30%", "腊月廿五 30%"], "加起来是60%"),
        (["腊月廿三 80%", "腊月廿五 30%"], "加起来是110%"),
        (["腊月廿三", "腊月廿三 9:00"], "同一个时间"),
        (["过几天"], "没看懂"),
        (["1月5日"] * 13, "最多分"),
    ],
)
def test_waves_at_quiet_times_or_in_the_past_are_refused(typed: list[str], sentence: str) -> None:
    with pytest.raises(CampaignRefused, match=sentence):
        schedule.read(typed, NOW)


@pytest.mark.parametrize("said", ["除夕 17:59", "初二 8:30", "腊月廿三 20:29"])
def test_up_to_the_quiet_times_waves_are_taken(said: str) -> None:
    assert len(schedule.read([said], NOW)) == 1


def test_it_ends_a_week_after_the_last_wave_unless_it_is_said() -> None:
    waves = schedule.read(["腊月廿三 9:30"], NOW)
    assert schedule.ends("", waves, NOW).date().isoformat() == "2027-02-06"
    with pytest.raises(CampaignRefused, match="之前"):
        schedule.ends("腊月廿二", waves, NOW)


@pytest.mark.parametrize("name", [kit.name for kit in loading.kits()])
def test_the_texts_of_every_kit_may_be_sent(name: str) -> None:
    for text in loading.kit(name).chat.values():
        texts.check(text)


@pytest.mark.parametrize("name", [kit.name for kit in loading.kits()])
def test_scripts_fill_their_time_and_no_more(name: str) -> None:
    for script in loading.kit(name).scripts:
        assert 0.8 * script.seconds <= printing.seconds(script, HERE) <= script.seconds


def test_waves_that_have_passed_this_season_are_not_put_into_the_next() -> None:
    said, notes = loading.season(("腊月十五", "腊月廿三"), datetime(2027, 1, 25, tzinfo=CHINA))
    assert said == ["腊月廿三"]
    assert "已经过了" in notes[0]


def test_an_unknown_kit_names_the_known_ones() -> None:
    with pytest.raises(CampaignRefused, match="温暖回家路"):
        loading.kit("没有")
