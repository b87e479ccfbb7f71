"""When a campaign goes out: waves as people say them, with their shares, never at quiet times.

A wave goes by the calendar, or by a day of each person's own (own_words.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from outreach.almanac import AlmanacFault, Moment, lunar, moment
from outreach.calendars import CHINA, EVENING, MORNING, after_quiet, is_quiet
from outreach.campaigns import own_days, own_words
from outreach.campaigns.own_days import Own
from outreach.campaigns.refusing import CampaignRefused
from records.campaigns import CampaignWave

MOST = 12  # waves
LATE = 90  # from here on are the waves of those who came after the freeze
_WHOLE = 100  # percent
_SHARE = re.compile(r"[\s,，=:：]*(?<!\d)([-−－]?\d{1,3})\s*[%％]$")
_AFTER = timedelta(days=7)  # a campaign ends so long after its last wave, if nobody says when
_AFTER_OWN = timedelta(days=90)  # one by days of people's own
_MOST_OWN = timedelta(days=366)
_DAY = timedelta(days=1)
_SAID = 60
OF_EVENINGS = (
    "“每人的晚上”从18:00到20:30；说过上夜班的，当天14:00起发；"
    "说过白天方便的，第二天8:30起发；说过自己钟点的，按本人的。"
)


@dataclass(frozen=True, slots=True)
class Wave:
    """One wave as it was said, and what that is.

    One by a day of people's own is due at `at` at the earliest.
    """

    said: str
    at: datetime
    share: int
    is_evening: bool
    words: str
    own: Own | None = None

    def row(self, campaign: int, number: int) -> CampaignWave:
        """As it is kept."""
        own = self.own
        return CampaignWave(
            campaign_id=campaign,
            number=number,
            said=self.said,
            at=self.at,
            share=self.share,
            is_evening=self.is_evening,
            day=own.own.value if own else "",
            months=own.months if own else 0,
            days=own.days if own else 0,
        )


def read(typed: Sequence[str], now: datetime) -> list[Wave]:
    """The waves in the order of their time; those without a share part what is left evenly."""
    if not typed:
        raise CampaignRefused("还没写什么时候发：比如 腊月廿三 9:30，或 除夕前3天 40%。")
    if len(typed) > MOST:
        raise CampaignRefused(f"最多分{MOST}波，请并成几波。")
    said = [part(one) for one in typed]
    shares = _shares([share for _, share in said])
    found = [_wave(words, share, now) for (words, _), share in zip(said, shares, strict=True)]
    if len({one.own or (one.at, one.is_evening) for one in found}) < len(found):
        raise CampaignRefused("有两波是同一个时间，请并成一波。")
    return sorted(found, key=lambda one: one.at)


def ends(said: str, waves: Sequence[Wave], now: datetime) -> datetime:
    """When what is left is not sent any more: as it was said, or a week after the last wave.

    By days of people's own there is no last wave: then it lasts a season.
    """
    last, has_own = max(one.at for one in waves), any(one.own for one in waves)
    if not said:
        rest = max(last + _AFTER, now + _AFTER_OWN) if has_own else last + _AFTER
        return datetime.combine(rest.astimezone(CHINA).date(), EVENING, CHINA)
    at = _moment(said, now).at
    if has_own and at > now + _MOST_OWN:
        raise CampaignRefused(f"按每人自己的日子发，最长一年，“{said}”太晚了。")
    if at <= last:
        raise CampaignRefused(
            f"结束的时间“{said}”在最后一波（{spoken(last)}）之前，请写晚一点的日子。"
        )
    return at


def spoken(at: datetime) -> str:
    """A moment in both calendars, as people say it."""
    here = at.astimezone(CHINA)
    return f"{here.year}年{here.month}月{here.day}日（{lunar(here.date())}）{here:%H:%M}"


def when(wave: CampaignWave) -> str:
    """When a wave goes out, in words."""
    own = own_days.of_wave(wave)
    return own.words if own else words(wave.at, is_evening=wave.is_evening)


def is_past(wave: CampaignWave, now: datetime) -> bool:
    """Whether a wave by the calendar comes too late; an evening lasts until the night."""
    if wave.day:
        return False
    here = wave.at.astimezone(CHINA)
    ends = datetime.combine(here.date(), EVENING, CHINA) if wave.is_evening else here
    return ends <= now


def first(waves: Sequence[CampaignWave]) -> str:
    """When the first wave goes out; "" where there is none."""
    found = min(waves, key=lambda one: one.at, default=None)
    return when(found) if found else ""


def words(at: datetime, *, is_evening: bool) -> str:
    """When a wave by the calendar goes out."""
    whole = spoken(at)
    return (
        f"{whole.removesuffix(f'{at.astimezone(CHINA):%H:%M}')}每人的晚上" if is_evening else whole
    )


def part(typed: str) -> tuple[str, int | None]:
    """What was said of a wave, and its share; None where none was."""
    text = typed.strip()
    found = _SHARE.search(text)
    if not found:
        return text, None
    return text[: found.start()].strip(), int(re.sub("[−－]", "-", found[1]))


def _shares(given: Sequence[int | None]) -> list[int]:
    sized = [share for share in given if share is not None]
    rest = _WHOLE - sum(sized)
    open_ones = len(given) - len(sized)
    if any(not 1 <= share <= _WHOLE for share in sized):
        raise CampaignRefused("每一波的份额要在1%到100%之间。")
    if rest < open_ones or (not open_ones and rest):
        raise CampaignRefused(
            f"各波的份额加起来是{sum(sized)}%，要正好100%：请改一下，或有一波不写份额。"
        )
    even, more = divmod(rest, open_ones) if open_ones else (0, 0)
    shares = []
    for share in given:
        if share is None:
            shares.append(even + (1 if more > 0 else 0))
            more -= 1
        else:
            shares.append(share)
    return shares


def _wave(said: str, share: int, now: datetime) -> Wave:
    if own := own_words.read(said):
        at = _next(own, now)
        return Wave(said[:_SAID], at, share, own.is_evening, own.words, own)
    found = _moment(said, now)
    if is_quiet(found.at):
        raise CampaignRefused(_quiet(said, found.at))
    return Wave(said[:_SAID], found.at, share, found.is_evening, found.words)


def _next(own: Own, now: datetime) -> datetime:
    """The first moment from now on of its hour."""
    at = datetime.combine(now.astimezone(CHINA).date(), own.clock, CHINA)
    return at if at > now else at + _DAY


def _moment(said: str, now: datetime) -> Moment:
    try:
        return moment(own_words.with_evening(said), now)
    except AlmanacFault as fault:
        raise CampaignRefused(str(fault)) from fault


def _quiet(said: str, at: datetime) -> str:
    here = at.astimezone(CHINA)
    is_night = not MORNING <= here.time() < EVENING
    why = (
        f"晚上{EVENING:%H:%M}到早上{MORNING:%H:%M}不打扰人"
        if is_night
        else "除夕18:00到初一结束，一家人团圆，不打扰人"
    )
    return f"“{said}”（{spoken(at)}）不能发：{why}。最早可以{spoken(after_quiet(at))}。"
