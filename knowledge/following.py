"""What goes on with the last answer by one side alone: 谁管, 明年呢, 单说台前县, 大学生呢."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from knowledge.areas import COMMON, COUNTRY, Area
from knowledge.aspects import Aspect, asked_aspects
from knowledge.candidates import Candidate
from knowledge.compose import NO_DATE, spoken_day
from knowledge.context import is_only_side, left_over
from knowledge.entry import SILENT, Document, Entry, Kind
from knowledge.reader import Asked
from knowledge.reply import Decision, Topic
from knowledge.shelf import Library
from knowledge.telling import Teller, Told
from knowledge.text import normalise
from knowledge.understand import WEAK, Frame, kin, read_frame
from knowledge.verify import years

_YEARS = {"今年": 0, "本年": 0, "明年": 1, "来年": 1, "后年": 2, "去年": -1, "前年": -2}
_LATER = ("以后", "往后", "今后", "将来")  # no paper tells what holds after it
_NEXT = ("第2年", "次年", "下1年", "转过年", "转年")  # after the year that was told of
_YEAR = rf"(?P<year>{'|'.join((*_YEARS, *_LATER, *_NEXT))}|20\d\d年?|(?<!\d)2\d年)"
# 明年还有吗: of the same thing only another year is asked
_ONLY_YEAR = re.compile(
    rf"(?:那|到了?|要是|如果|换成|单说|光说|就说|这个?|它|\W)*{_YEAR}度?"
    r"(?:还|也|又|仍|都|会|得|能|是|有|给|发|补|领|拿|贷|办|算数?|管用|作数|执行|继续|照旧|这个数|这么多|1样|变|"
    r"政策|标准|的话|的|呢|吗|么|吧|啊|不|没|了|多少|怎么样|可以|行|咧|\W)*"
)
_OTHER_YEAR = re.compile(rf"{'|'.join((*_YEARS, *_LATER))}|20\d\d年|每年|这几年")
_HOW_LONG = re.compile(
    r"(?:那|得|要|需要|大概|1般|1共|总共)*(?:多久|多长时间|多少时间)(?:才|能|会|可以|要|给)*"
    r"(?P<paid>发|批|下来|到账|到手|拿到|办好|办完|办成|放款?|审)?(?:呢|啊|呀|吗|的|\W)*"
)
_LENGTHS = ("时限", "频次", "期限", "时间")  # what 多久 alone may ask, the likeliest first
# Sides that a fact of their own must tell; those of the second row its wordings may ask for.
_STRICT = ("部门", "责任", "电话", "材料", "期限", "利率", "担保", "叠加")
_LOOSE = ("地点", "时限", "截止", "频次", "流程", "对象", "名额")
_ALONE = re.compile(r"(?:单独?|光|只|就|专门)(?:说|讲|问|看|论)?(?=.)|自己的?")
_OURS = re.compile(
    r"(?:那|到|在|要是|就|光|单|说)*(?:我们?|咱们?|俺们?|本)(?:这个?|那个?)?[县区市镇乡](?:城|上|级)?"
    r"(?:里|这边|那边|这里|自己)?(?:的|呢|有没有|有没|有|吗|多少|怎么|说|算|样|\W)*"
)
_COUNTED = ("数量", "名额")
_EACH = re.compile(r"各县|各[市区镇乡]|每个?[县市区镇乡]|县市区")
_NOTHING = (Decision.UNKNOWN, Decision.OUT_OF_SCOPE, Decision.CLARIFY, Decision.SMALLTALK)
OF_WHOLE = "{0}自己的，文件没单写；下面是{1}统一的："
WHICH_COUNTY = "各县的数不一样。您是哪个县（市、区）的？说县名就行。"
NOT_APART = "文件只有{1}一个总数，没单列{0}的。"


class Following:
    """Knows what the entry talked of says of one side, and what it does not."""

    def __init__(self, library: Library, candidates: Iterable[Candidate]) -> None:
        self._library = library
        self._wording = library.wording
        self._teller = Teller(library)
        self._of_matter: dict[tuple[str, str], list[Candidate]] = {}
        for candidate in candidates:
            self._of_matter.setdefault((candidate.area, candidate.matter), []).append(candidate)

    def meant(self, text: str, home: Area | None, topic: Topic | None, today: date) -> str:
        """The text with the year that 明年 is, the county that 我们县 is, the side of 多久."""
        if topic is None or not topic.matter:
            return text
        if _OURS.fullmatch(text) and home and self._is_elsewhere(home, topic):
            return f"{home.name}呢"
        if _OURS.fullmatch(text) and any("县" in c.levels for c in self._own(topic)):
            return "县级呢"
        if found := _ONLY_YEAR.fullmatch(text):
            return f"{self._year(found['year'], topic, today)}呢"
        if found := _HOW_LONG.fullmatch(text):
            own = set() if found["paid"] else {c.slot for c in self._own(topic)}
            slot = next((slot for slot in _LENGTHS if slot in own), _LENGTHS[0])
            return self._wording.slots.words(slot)[0]
        return text

    def told(self, asked: Asked, now: datetime) -> Told | None:
        """The answer from the entry itself; None where the papers are to be searched."""
        topic = asked.topic
        if topic is None or not self._is_followed(asked, topic):
            return None
        frame = read_frame(asked.heard.plain, self._wording, asked.scope.places)
        told = (
            self._aspect(asked, frame, topic, now)
            or self._ours(asked, topic, now)
            or self._side(asked, frame, topic, now)
        )
        if told is None:
            return None
        return self._teller.labelled(told, topic.area, asked.scope.home)

    def checked(self, asked: Asked, told: Told, now: datetime) -> Told:
        """The answer, unless it speaks of another year, or of more than the county asked about."""
        told = self._of_year(asked, told, now) or self._of_county(asked, told) or told
        return self._remembered(asked, told)

    def _remembered(self, asked: Asked, told: Told) -> Told:
        """The answer, with what was asked of a place whose papers we do not have: 那定陶呢."""
        topic, frame = told.topic, read_frame(asked.heard.plain, self._wording)
        if told.decision is not Decision.OTHER_AREA or topic is None or topic.matter:
            return told
        if not frame.matters:
            before = asked.topic
            kept = replace(before, area=topic.area, told="") if before else topic
            return replace(told, topic=kept)
        matter = max(frame.matters, key=frame.matters.__getitem__)
        slot = max(frame.slots, key=frame.slots.__getitem__, default="")
        who = min(frame.who, default="")
        return replace(told, topic=replace(topic, matter=matter, slot=slot, who=who))

    def _is_followed(self, asked: Asked, topic: Topic) -> bool:
        """Whether it is said of the place that was talked of."""
        is_local = topic.area in self._library.packs and topic.area not in (COMMON, COUNTRY)
        return is_local and bool(topic.matter) and not asked.heard.mentions

    def _is_elsewhere(self, home: Area, topic: Topic) -> bool:
        """Whether a home is a county of the area talked of, or lies outside of it."""
        return home.code != topic.area and self._library.areas.pack_for(home.code) is not None

    def _own(self, topic: Topic) -> Sequence[Candidate]:
        return self._of_matter.get((topic.area, topic.matter), ())

    def _entry(self, topic: Topic) -> Entry | None:
        return self._library.entries.get(topic.entry)

    def _candidate(self, topic: Topic) -> Candidate | None:
        """What was told, or whatever stands for the matter where nothing was."""
        own = self._own(topic)
        told = next((c for c in own if c.entry and c.entry.id == topic.entry), None)
        return told or next(iter(own), None)

    def _side(self, asked: Asked, frame: Frame, topic: Topic, now: datetime) -> Told | None:
        """A side of the entry that has no fact of its own: from its fields, or that it is open."""
        if not is_only_side(asked.heard.plain, frame, self._wording):
            return None
        side = next((s for s in (*_STRICT, *_LOOSE) if s in frame.slots), "")
        candidate = self._candidate(topic)
        served = [c for c in self._own(topic) if c.entry is None or c.entry.is_served(now.date())]
        if not side or candidate is None or any(_tells(c, side) for c in served):
            return None
        entry = self._entry(topic)
        line = _field(entry, side) if entry else ""
        asked_of = replace(topic, slot=side)
        if not line and entry is None and side in kin("部门"):
            return None  # where a matter is left open, who does such things may stand elsewhere
        if not line:
            return replace(self._teller.silent(candidate, side, 1.0), topic=asked_of)
        told = self._teller.stated([candidate], 1.0, now, frame=frame)
        return replace(told, lines=(line,), more=(), topic=asked_of)

    def _aspect(self, asked: Asked, frame: Frame, topic: Topic, now: datetime) -> Told | None:
        """What the matter says where an aspect alone is asked for: 大学生呢, 要钱不."""
        plain, candidate = asked.heard.plain, self._candidate(topic)
        aspect = next(iter(asked_aspects(plain)), None)
        if aspect is None or candidate is None or frame.slots.keys() - WEAK:
            return None
        rest = aspect.asked.sub("", plain)
        named = read_frame(rest, self._wording)
        if frame.kinds or named.matters or len(left_over(rest, self._wording)) > 1:
            return None
        served = [c for c in self._own(topic) if c.entry and c.entry.is_served(now.date())]
        told = self._of_aspect(aspect, topic, served, now)
        if told is None and not any(map(aspect.is_told, served)):
            told = self._teller.silent(candidate, topic.slot, 1.0, aspect=aspect)
        return replace(told, topic=topic) if told else None

    def _of_aspect(
        self, aspect: Aspect, topic: Topic, served: Sequence[Candidate], now: datetime
    ) -> Told | None:
        """What the last answer, or a known silence, says of an aspect."""
        entry = self._entry(topic)
        silence = next((c for c in served if c.is_silent and aspect.is_of(c)), None)
        if silence and not any(aspect.is_told(c) for c in served if not c.is_silent):
            return self._teller.silent(silence, "", 1.0)
        last = next((c for c in served if _is_of(c, entry) and not c.is_silent), None)
        if entry is None or last is None or not aspect.is_told(last):
            return None
        is_said = aspect.told.search(normalise(entry.spoken(entry.answer)))
        return self._teller.stated([last], 1.0, now, frame=Frame()) if is_said else None

    def _ours(self, asked: Asked, topic: Topic, now: datetime) -> Told | None:
        """What holds in 我们县, where we know but the city: the same in all its counties."""
        own = self._own(topic)
        entries = [c for name in topic.told.split() for c in own if c.id == name and c.entry]
        if not _OURS.fullmatch(asked.heard.said) or not entries:
            return None
        if any(c.places for c in own):
            return Told(Decision.CLARIFY, (WHICH_COUNTY,), 1.0, topic=topic)
        area = self._library.packs[topic.area].place.area
        told = self._teller.stated(entries, 1.0, now, frame=Frame())
        return told if area.level == "county" else self._of_whole(told, "各县", area.short)

    def _of_whole(self, told: Told, place: str, whole: str) -> Told:
        """The same, said to be the whole area's; of a number only that there is no other."""
        entry = self._library.entries[told.entries[0]]
        if entry.slot in _COUNTED and entry.kind is Kind.FACT:
            line = NOT_APART.format(place, whole)
            return replace(told, decision=Decision.NOT_STATED, lines=(line,), more=())
        return replace(told, lines=(OF_WHOLE.format(place, whole), *told.lines))

    def _of_year(self, asked: Asked, told: Told, now: datetime) -> Told | None:
        """That the papers do not speak of the year asked about; None where they do."""
        topic, found = asked.topic, _ONLY_YEAR.fullmatch(asked.heard.said)
        entry = self._entry(topic) if topic else None
        if topic is None or entry is None or found is None:
            return None
        year = self._year(found["year"], topic, now.date())
        is_on = told.topic is not None and told.topic.matter == topic.matter
        if told.decision is Decision.NOT_STATED and is_on:
            return replace(told, topic=topic)
        if told.decision not in _NOTHING and self._speaks_of(told, year):
            return None
        silent = replace(self._no_year(entry, topic, year), topic=topic)
        return self._teller.labelled(silent, topic.area, asked.scope.home)

    def _no_year(self, entry: Entry, topic: Topic, year: str) -> Told:
        """That nothing is written of this year, and of when the paper is."""
        known = next((c for c in self._own(topic) if _is_of_years(c, topic.slot)), None)
        if known:
            return self._teller.silent(known, "", 1.0)
        # By its id: areas are read once and shared, so that the entry may be another object.
        candidate = next(c for c in self._own(topic) if _is_of(c, entry))
        silent = self._teller.silent(candidate, topic.slot, 1.0, when=year)
        first, *rest = silent.lines
        until = _until(entry, self._library.document(entry.area, entry.source))
        return replace(silent, lines=(first + until, *rest))

    def _year(self, said: str, topic: Topic, today: date) -> str:
        """2027年 for 明年, and for what comes later; for 第二年 the one after that told of."""
        if said[:1].isdecimal():
            digits = said.removesuffix("年")
            return f"{digits if len(digits) == 4 else '20' + digits}年"
        if said not in _NEXT:
            return f"{today.year + _YEARS.get(said, 1)}年"
        entry = self._entry(topic)
        named = years(entry.spoken(entry.title + entry.answer)) if entry else set()
        return f"{int(max(named, default=str(today.year))[:4]) + 1}年"

    def _speaks_of(self, told: Told, year: str) -> bool:
        """Whether the entries told, or the paper they stand in, are of this year."""
        for name in told.entries:
            entry = self._library.entries[name]
            document = self._library.document(entry.area, entry.source)
            printed = years(document.date[:4]) if document else set()
            if year in printed | years(entry.spoken(entry.answer + entry.detail)):
                return True
            if entry.valid_until and int(year[:4]) <= entry.valid_until.year:
                return True
        return False

    def _of_county(self, asked: Asked, told: Told) -> Told | None:
        """That the county asked about has no rule or number of its own; None where it has."""
        names = asked.scope.places
        if told.decision is not Decision.ANSWER or len(names) != 1 or not told.entries:
            return None
        entries = [self._library.entries[name] for name in told.entries]
        short = self._library.packs[entries[0].area].place.area.short if entries else ""
        if not short or any(_names(entry, names[0]) for entry in entries):
            return None
        is_number = entries[0].slot in _COUNTED and entries[0].kind is Kind.FACT
        is_apart = asked.heard.is_place or _ALONE.match(asked.heard.said)
        return self._of_whole(told, names[0], short) if is_number or is_apart else None


def _until(entry: Entry, document: Document | None) -> str:
    """Of when the paper is, and until when it holds."""
    if entry.valid_until:
        return f"这一条管到{spoken_day(entry.valid_until.isoformat())}。"
    day = spoken_day(document.date[:4]) if document else ""
    return f"文件是{day}的，管到哪年没写。" if day else f"文件{NO_DATE}，管到哪年没写。"


def _tells(candidate: Candidate, side: str) -> bool:
    """Whether it is a fact, or a known silence, on this side."""
    if candidate.slot in kin(side):
        return True
    return side in _LOOSE and candidate.entry is not None and side in candidate.slots


def _is_of_years(candidate: Candidate, slot: str) -> bool:
    """Whether it says that of other years this side is left open."""
    is_open = candidate.entry is not None and candidate.entry.status in SILENT
    named = sum(bool(_OTHER_YEAR.search(text)) for text in candidate.texts)
    return is_open and candidate.slot in kin(slot) and 2 * named >= len(candidate.texts)


def _field(entry: Entry, side: str) -> str:
    """What the entry's own fields say of a side; "" where they do not."""
    if side in kin("部门") and entry.agency:
        return f"这件事找{entry.agency}。"
    if side == "地点" and entry.where:
        return f"去{entry.where}。"
    if side == "电话" and entry.phone:
        return f"电话是{entry.phone}。"
    return f"要带：{'；'.join(entry.materials)}。" if side == "材料" and entry.materials else ""


def _names(entry: Entry, place: str) -> bool:
    """Whether an entry speaks of this place."""
    said = entry.spoken(f"{entry.title}{entry.answer}{entry.detail}{entry.agency}{entry.where}")
    return place[:2] in said or place in entry.who or bool(_EACH.search(said))


def _is_of(candidate: Candidate, entry: Entry | None) -> bool:
    told = candidate.entry
    return told is not None and entry is not None and told.id == entry.id
