"""The columns of the three kinds of sheets: entries, documents, and what the papers leave open."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from knowledge.exchange.labels import KINDS, SLOT_LABELS, STATUSES, TOPIC_LABELS, WITHDRAWN


class Shape(Enum):
    """How the value of a column is written in a cell."""

    TEXT = auto()
    CODE = auto()  # a text without blanks, in half-width letters
    PHONE = auto()
    CHOICE = auto()  # one of `labels`
    LINES = auto()  # a list, one item a line
    WORDS = auto()  # a list of words, also divided by 、
    DAY = auto()
    YEAR = auto()  # a day, or only its year
    SOURCE = auto()  # a document, by its number or title
    FIGURES = auto()
    RULES = auto()
    ASKED = auto()
    REASONS = auto()  # other entries, each with a reason


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it holds, under which heading, and how it is written."""

    key: str
    heading: str
    shape: Shape = Shape.TEXT
    width: int = 14
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)
    also: tuple[str, ...] = ()  # other headings that people use
    must: bool = False  # a new row is nothing without it


class Block(Enum):
    """What the rows of a sheet are."""

    ENTRIES = ""
    DOCUMENTS = "文件"
    SILENCES = "没写的"


VERSION = "version"  # hidden: the fingerprint of what was exported
AREA = "area"
STATUS = "status"
SEEN = Column(VERSION, "版本", Shape.CODE, 10)
_WHERE = Column(AREA, "地区", also=("县区", "区县", "地方"))
_STATUS_LABELS = {str(k): v for k, v in STATUSES.items()} | {WITHDRAWN: WITHDRAWN}
_SLOTS = {slot: slot for slot in SLOT_LABELS}

ENTRY_COLUMNS = (
    Column("id", "编号", Shape.CODE, 24, also=("代码", "ID")),
    Column("kind", "类别", Shape.CHOICE, 10, {str(k): v for k, v in KINDS.items()}),
    Column("topic", "主题", Shape.CHOICE, 10, TOPIC_LABELS, must=True),
    Column("matter", "事项", width=16),
    Column("slot", "方面", Shape.CHOICE, 8, _SLOTS),
    Column("who", "对象", Shape.WORDS, 14, also=("适用对象",)),
    Column("title", "标题", width=26, also=("问题",), must=True),
    Column("answer", "答复", width=40, also=("答案", "回答"), must=True),
    Column("detail", "详细", width=40, also=("详细说明",)),
    Column(STATUS, "状态", Shape.CHOICE, 10, _STATUS_LABELS),
    Column("conditions", "条件", Shape.LINES, 32),
    Column("materials", "材料", Shape.LINES, 24, also=("所需材料", "要带的材料")),
    Column("where", "地点", width=20, also=("办理地点",)),
    Column("agency", "部门", width=18, also=("经办机构", "办理部门", "主管部门")),
    Column("phone", "电话", Shape.PHONE, 18, also=("咨询电话", "联系电话")),
    Column("source", "依据文件", Shape.SOURCE, 26, also=("依据", "文件", "来源")),
    Column("place", "条款", width=16, also=("出处",)),
    Column("valid_from", "起", Shape.DAY, 12, also=("开始日期", "生效日期")),
    Column("valid_until", "止", Shape.DAY, 12, also=("截止日期", "失效日期")),
    Column("review_by", "复核日期", Shape.DAY, 12),
    Column("owner", "负责人", width=12),
    Column("asked_as", "问法", Shape.LINES, 40, also=("常见问法",)),
    Column("figures", "数字", Shape.FIGURES, 40, also=("数据",)),
    Column("rules", "规则", Shape.RULES, 40),
    Column("apart_from", "可以不同于", Shape.REASONS, 24),
    Column("traps", "备查", Shape.WORDS, 10),
)
DOCUMENT_COLUMNS = (
    Column("key", "代号", Shape.CODE, 14, must=True),
    Column("title", "题名", width=44, must=True),
    Column("number", "文号", width=26),
    Column("date", "日期", Shape.YEAR, 12),
    Column("issuer", "发文单位", width=28),
    Column("note", "说明", width=44),
)
SILENCE_COLUMNS = (
    Column("matter", "事项", width=18, must=True),
    Column("who", "对象", Shape.WORDS, 14),
    Column("slots", "没写的方面", Shape.WORDS, 30, _SLOTS, must=True),
    Column("agency", "部门", width=18, also=("经办机构",)),
    Column("source", "依据文件", Shape.SOURCE, 26),
    Column("note", "说明", width=36),
    Column("asked_as", "问法", Shape.ASKED, 40),
    Column(STATUS, "状态", Shape.CHOICE, 8, {"": "", WITHDRAWN: WITHDRAWN}),
)
COLUMNS = {
    Block.ENTRIES: ENTRY_COLUMNS,
    Block.DOCUMENTS: DOCUMENT_COLUMNS,
    Block.SILENCES: SILENCE_COLUMNS,
}
# A heading row is known by these; entries come last, their headings are the commonest.
_MARKS = (
    (Block.SILENCES, frozenset({"matter", "slots"})),
    (Block.DOCUMENTS, frozenset({"title", "number"})),
    (Block.DOCUMENTS, frozenset({"key", "title"})),
    (Block.ENTRIES, frozenset({"title", "answer"})),
    (Block.ENTRIES, frozenset({"id"})),
)
_REMARK = re.compile(r"[(（【\[].*?[)）】\]]|[\s:：*＊]")


def heading_text(heading: str) -> str:
    """A heading without blanks, remarks in brackets, colons and stars."""
    return _REMARK.sub("", unicodedata.normalize("NFKC", heading))


def _names(block: Block) -> dict[str, Column]:
    names = {other: column for column in (*COLUMNS[block], SEEN, _WHERE) for other in column.also}
    return names | {column.heading: column for column in (*COLUMNS[block], SEEN, _WHERE)}


_NAMES = {block: _names(block) for block in Block}


def column_named(block: Block, heading: str) -> Column | None:
    """The column under this heading."""
    return _NAMES[block].get(heading_text(heading))


def block_of(headings: Sequence[str]) -> Block | None:
    """What the rows under these headings are; None where it is no heading row of ours."""
    for block, marks in _MARKS:
        columns = (column_named(block, heading) for heading in headings if heading)
        keys = {column.key for column in columns if column}
        if marks <= keys and len(keys) > 1:
            return block
    return None
