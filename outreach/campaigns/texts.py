"""Wordings of campaigns: place-holders with fallbacks, and what no text to many may hold."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from outreach.campaigns import links
from outreach.campaigns.refusing import CampaignRefused
from outreach.posting import checking
from outreach.posting.checking import Named, Why
from outreach.texts import say
from records.campaigns import CampaignText

MOST, LINES = 90, 4  # characters and lines of one message (domain 3.3)
OF_A_LETTER = 600
CHANNELS: Mapping[str, str] = {
    "telegram": "Telegram",
    "webchat": "网页",
    "wecom_app": "企业微信",
    "wecom_kf": "微信客服",
}
NAMES = ("称呼", "县", "镇", "专员", "单位")
_A_CODE = 7  # characters by which a message is checked (outreach/genuine.py)
_A_NAME = 4  # characters that a value takes at least, when a text is measured
_NOBODY = Named()

_HOLDER = re.compile(r"\{([^{}|]*)(?:\|([^{}]*))?\}")
_WIDE = str.maketrans("｛｝｜", "{}|")
_NICK = re.compile("[老小阿大].")  # unless somebody is called so: 大方县, 大田, 小龙虾
_OFFICE = re.compile(r"(?<!\d)(?:0\d{2,3}[ -]?\d{7,8}|[48]00[ -]?\d{3}[ -]?\d{4})(?!\d)")
_PERSONAL = {
    Why.IDENTITY: "像证件号或卡号，群发里不能有：请删掉",
    Why.NUMBER: "像个人的号码，群发里不能有：请写办公电话，或写“回复我就行”",
    Why.ACCOUNT: "把人引到个人账号，群发里不能有：请写“回复我就行”",
    Why.NAME: "是登记过的人的名字，群发里不能点名：请写单位，或用占位符{专员|我们}",
    Why.LIKE_NAME: "像是某个人，群发里不能点名：请写单位，或用占位符{专员|我们}",
    Why.AMOUNT: "说的是某个人的钱，群发里不能有：请写政策的数额，不说谁有多少",
}
_FAULTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"(?:您|你|他|她|某)[^。！？!?\n]{0,10}?\d[\d,.]*\s*(?:多|余)?(?:亿|万|千|百)?(?:元|块)"
        ),
        "“{it}”说的是某个人的钱，群发里不能有：只写政策的数额，不说谁有多少。",
    ),
    (
        re.compile(
            r"恭喜|包[过批]|必[批过赚]|稳赚|稳拿|零风险|无风险|没有风险|百分之?百|100%"
            r"|保证[能会您你]|一定(?:能|会)(?:批|拿|赚|成|领)|肯定(?:能|会)?(?:批|拿|赚|成|领)"
            r"|秒批|免审|只赚不赔|内部名额|您?(?:已经|已)?符合条件"
        ),
        "“{it}”是打包票的话，不能发：请写“可以问、由部门审核”。",
    ),
    (
        re.compile(r"(?:快|赶紧|马上|赶快|都)?来?(?:贷一笔|申请贷款吧|来贷款|去贷款|贷款吧|快贷)"),
        "“{it}”是劝人借钱，不能发：贷款只能说有这项政策、可以问。",
    ),
    (
        re.compile(r"转发[^。！？\n]{0,8}(?:群|朋友圈|好友|人)|分享[^。！？\n]{0,8}(?:领|得|抽)"),
        "“{it}”是拉人转发，平台会封：请删掉。",
    ),
)


def plain(text: str) -> str:
    """A text as it is kept: place-holders in narrow signs, no blanks at its ends."""
    lines = [line.strip() for line in text.translate(_WIDE).strip().splitlines()]
    return "\n".join(line for line in lines if line)


def check(
    text: str,
    *,
    hosts: Sequence[str] = (),
    most: int = MOST,
    known: Named = _NOBODY,
    but: Collection[str] = (),
) -> None:
    """CampaignRefused if this may not be sent to many.

    `known` are the registered names among its words, `but` those of staff, which may stand.
    """
    body = _HOLDER.sub("〇", text)
    if not body.replace("〇", "").strip():
        raise CampaignRefused("还没写要发的话：请写上正文。")
    _check_holders(text)
    links.check(body, hosts)
    _check_personal(text, known, but)
    for sign, sentence in _FAULTS:
        if found := sign.search(body):
            raise CampaignRefused(sentence.format(it=found[0]))
    _check_length(text, most)


def check_link(link: str, hosts: Sequence[str]) -> None:
    """CampaignRefused where what stands beside a text is no whole link that may be sent."""
    if link.strip() and not re.fullmatch(r"https?://\S+", link.strip()):
        raise CampaignRefused("链接要写完整的网址，以https://开头。")
    links.check(link, hosts)


def which(variant: str, channel: str) -> str:
    """A wording as people call it."""
    return f"文字{variant}（{CHANNELS[channel]}）" if channel else f"文字{variant}"


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text for one person: a value that is missing or empty leaves the fallback."""

    def one(found: re.Match[str]) -> str:
        name, fallback = found[1].strip(), found[2]
        return values.get(name, "").strip() or (fallback if fallback is not None else "")

    return _HOLDER.sub(one, text)


def holders(text: str) -> tuple[str, ...]:
    """The names of its place-holders."""
    return tuple(dict.fromkeys(found[1].strip() for found in _HOLDER.finditer(text)))


def footed(text: str, link: str = "") -> str:
    """The whole message with its link and how it is stopped; its code follows when it leaves."""
    return "\n".join(part for part in (text, link, say("campaign.foot")) if part)


def trial(whole: str, which: str = "") -> str:
    """A whole message as it is sent to who tries it, and which wording of several it is."""
    return f"{say('campaign.test', which=which)}\n{whole}"


def _check_personal(text: str, known: Named, but: Collection[str]) -> None:
    """The same that no post may hold about one person, and where it stands."""
    bare = _HOLDER.sub(lambda found: "□" * len(found[0]), text)
    found = checking.check(bare, known, phones=_OFFICE.findall(bare), but=but)
    for one in found:
        is_loose = one.words in known.names or _NICK.fullmatch(one.words)
        is_word = one.why is Why.LIKE_NAME and is_loose
        if one.why in _PERSONAL and not is_word:
            line, column = checking.place_of(bare, one.at)
            where = f"第{line}行第{column}个字起"
            raise CampaignRefused(f"{where}“{one.words}”{_PERSONAL[one.why]}。")


def _check_holders(text: str) -> None:
    for found in _HOLDER.finditer(text):
        name, fallback = found[1].strip(), found[2]
        if name not in NAMES:
            known = "、".join(NAMES)
            raise CampaignRefused(f"没有占位符“{{{name}}}”，能用的是：{known}。")
        if not (fallback or "").strip():
            raise CampaignRefused(
                f"占位符“{{{name}}}”有的人没有，要写没有时怎么说：{{{name}|老乡}}。"
            )
    if stray := re.search(r"[{}]", _HOLDER.sub("", text)):
        raise CampaignRefused(f"多了一个“{stray[0]}”：占位符写成{{称呼|老乡}}。")


def _check_length(text: str, most: int) -> None:
    longest = _HOLDER.sub(_as_long_as_it_may_be, text)
    code = say("genuine.foot", code="〇" * _A_CODE)
    whole = longest if most > MOST else f"{footed(longest)}\n{code}"
    size = sum(not c.isspace() for c in links.without(whole))
    if size > most:
        raise CampaignRefused(
            f"太长了：连同结尾{size}个字，最多{most}个，请删去{size - most}个字。"
        )
    if most == MOST and (lines := whole.count("\n") + 1) > LINES:
        raise CampaignRefused(f"行数太多：连同结尾{lines}行，最多{LINES}行，请并成几行。")


def _as_long_as_it_may_be(found: re.Match[str]) -> str:
    return "〇" * max(_A_NAME, len(found[2] or ""))


def chosen(said: Sequence[CampaignText], variant: str, channel: str) -> CampaignText | None:
    """The wording for a variant and a channel: its own, else that of all channels, else A's."""
    by_key = {(one.variant, one.channel): one for one in said}
    wanted = ((variant, channel), (variant, ""), ("A", channel), ("A", ""))
    return next((by_key[key] for key in wanted if key in by_key), None)
