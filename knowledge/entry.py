"""One fact of one area as its file states it, with its figures as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from string import Formatter

from knowledge.numerals import plain


class Kind(StrEnum):
    """What sort of thing an entry is."""

    POLICY = "policy"
    FACT = "fact"
    STATION = "station"
    COURSE = "course"
    EVENT = "event"
    CALENDAR = "calendar"
    SERVICE = "service"
    SMALLTALK = "smalltalk"
    OUT_OF_SCOPE = "out_of_scope"
    HUMAN = "human"
    SAFETY = "safety"


class Status(StrEnum):
    """How far the documents carry an entry."""

    IN_FORCE = "in_force"
    PLANNED = "planned"
    POOL = "pool"
    NOT_STATED = "not_stated"
    NOT_HELD = "not_held"
    BACKGROUND = "background"


class Bound(StrEnum):
    """How a figure is meant."""

    EXACT = "exact"
    MAX = "max"
    MIN = "min"
    PER_POST = "per_post"
    POOL = "pool"
    PLANNED = "planned"
    NOT_STATED = "not_stated"


TALK = frozenset({Kind.SMALLTALK, Kind.OUT_OF_SCOPE, Kind.HUMAN, Kind.SAFETY})
SILENT = frozenset({Status.NOT_STATED, Status.NOT_HELD})

SLOTS = (
    *("额度", "条件", "对象", "材料", "流程", "时限", "截止", "期限", "利率", "担保", "部门"),
    *("电话", "地点", "名额", "数量", "时间", "频次", "内容", "叠加", "依据", "责任", "状态"),
)

_SPOKEN = {
    Bound.EXACT: "{}",
    Bound.MAX: "最高{}",
    Bound.MIN: "不低于{}",
    Bound.PER_POST: "每个岗位{}",
    Bound.POOL: "总共{}",
    Bound.PLANNED: "打算提高到{}",
}
NO_FIGURE = "（文件没写数字）"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of an answer, with how it is bounded and how the document prints it."""

    value: Decimal | None
    unit: str
    bound: Bound
    printed: str

    @property
    def amount(self) -> str:
        """The number with its unit, in 万 or 亿 where the document prints it so."""
        return "" if self.value is None else _scaled(self.value, self.printed) + self.unit

    @property
    def spoken(self) -> str:
        """As it stands in a sentence, bound included."""
        if self.value is None or self.bound is Bound.NOT_STATED:
            return NO_FIGURE
        return _SPOKEN[self.bound].format(self.amount)


def _scaled(value: Decimal, printed: str) -> str:
    for size, word in ((10**8, "亿"), (10**4, "万")):
        short = plain(value / size)
        if value >= size and word in printed and len(short) <= 7:
            return short + word
    return plain(value)


@dataclass(frozen=True, slots=True)
class Reference:
    """A figure that stands in another entry; `bound` where this entry speaks of it otherwise."""

    entry: str
    name: str
    bound: Bound | None = None

    def __str__(self) -> str:
        return f"{self.entry}.{self.name}"


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition that a program can check."""

    attr: str
    op: str
    value: object
    printed: str
    defined: bool
    value_of: str = ""  # the figure of the entry that value and wording come from


@dataclass(frozen=True, slots=True)
class Document:
    """A paper that facts are taken from."""

    key: str
    title: str
    number: str = ""
    date: str = ""
    issuer: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact: what is asked, what the document answers, for whom, under which conditions."""

    id: str
    area: str
    kind: Kind
    topic: str
    matter: str
    slot: str
    who: tuple[str, ...]
    title: str
    answer: str
    detail: str
    status: Status
    conditions: tuple[str, ...]
    materials: tuple[str, ...]
    where: str
    agency: str
    phone: str
    source: str
    place: str
    valid_from: date | None
    valid_until: date | None
    review_by: date | None
    traps: tuple[str, ...]
    asked_as: tuple[str, ...]
    figures: Mapping[str, Figure]
    rules: tuple[Rule, ...]
    owner: str = ""  # who answers for it
    apart_from: Mapping[str, str] = field(default_factory=dict)  # id → why its figures may differ
    same_as: Mapping[str, Reference] = field(default_factory=dict)  # figures that stand elsewhere

    def spoken(self, text: str) -> str:
        """A text of this entry with its figures filled in."""
        return text.format(**{name: figure.spoken for name, figure in self.figures.items()})

    def is_served(self, today: date) -> bool:
        """Whether the entry holds on this day."""
        begun = self.valid_from is None or self.valid_from <= today
        return begun and (self.valid_until is None or today <= self.valid_until)


@dataclass(frozen=True, slots=True)
class Unknown:
    """What people will ask about a matter and the documents do not say."""

    area: str
    matter: str
    who: tuple[str, ...]
    slots: tuple[str, ...]
    agency: str
    source: str
    note: str
    asked_as: Mapping[str, tuple[str, ...]]


def figure_names(text: str) -> frozenset[str]:
    """The {names} in a text."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)
