"""Answers put into words: the answer, the age and intent of the paper, where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from knowledge.entry import Bound, Document, Entry, Status

STALE_MONTHS = 24
NO_PHONE = "电话待补"
NO_DATE = "没印日期"
ANYONE = "当地人社部门"  # whom to ask where the papers name nobody


@dataclass(frozen=True, slots=True)
class Source:
    """The paper an answer rests on."""

    title: str
    number: str
    date: str


def source_of(document: Document) -> Source:
    """A document as it is shown to people."""
    return Source(document.title, document.number, document.date)


def is_stale(day: str, now: datetime) -> bool:
    """Whether a paper is older than two years; one without a date is not known to be."""
    if not day:
        return False
    printed = date.fromisoformat(day) if len(day) > 4 else date(int(day), 12, 31)
    months = (now.year - printed.year) * 12 + now.month - printed.month
    return (months, now.day) > (STALE_MONTHS, printed.day)


def advice(document: Document, now: datetime) -> str:
    """What to say about the age of a paper."""
    return _ages([document.date[:4]]) if is_stale(document.date, now) else ""


def _ages(years: Sequence[str]) -> str:
    said = "、".join(f"{year}年" for year in years)
    return f"这是{said}的文件，办之前请打电话问一下。"


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that an answer rests on, or that was looked through in vain, and whom to ask."""

    document: Document
    agencies: tuple[str, ...] = ()
    phone: str = ""
    is_stale: bool = False
    is_silent: bool = False


def ending(papers: Sequence[Paper]) -> str:
    """The last lines of every answer (domain rule 3.3-6): age, what was looked through, source."""
    told, looked = _apart(papers)
    years = _stale_years(told)
    lines = [_ages(years)] if years else []
    lines += [f"查过：{'；'.join(cited(d) for d in looked)}。"] if looked else []
    lines += [f"依据：{'；'.join(map(_clause, told))}。"] if told else []
    return "\n".join(lines)


def brief_ending(papers: Sequence[Paper]) -> str:
    """The same in as few words as there may be, for where only one message has room."""
    told, looked = _apart(papers)
    documents = [*(p.document for p in told), *looked]
    phones = tuple(dict.fromkeys(p.phone for p in told if p.phone)) or (NO_PHONE,)
    if not documents:
        return ""
    years = _stale_years(told)
    source = f"依据：{'；'.join(map(cited, documents))}，{'、'.join(phones)}。"
    return f"{_ages(years)}{source}" if years else source


def _stale_years(papers: Sequence[Paper]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(p.document.date[:4] for p in papers if p.is_stale))


def _apart(papers: Sequence[Paper]) -> tuple[list[Paper], list[Document]]:
    """The papers that tell something, each once with all its agencies; those that are silent."""
    told: dict[Document, Paper] = {}
    for paper in (p for p in papers if not p.is_silent):
        first = told.get(paper.document, replace(paper, agencies=()))
        agencies = tuple(dict.fromkeys((*first.agencies, *paper.agencies)))
        told[paper.document] = replace(first, agencies=agencies, phone=first.phone or paper.phone)
    silent = dict.fromkeys(p.document for p in papers if p.is_silent)
    return list(told.values()), [d for d in silent if d not in told]


def _clause(paper: Paper) -> str:
    agencies = "、".join(paper.agencies)
    said = (cited(paper.document), agencies, paper.phone or NO_PHONE)
    return "，".join(filter(None, said))


def intent(entry: Entry) -> str:
    """That a paper only intends something, unless the answer already says so."""
    planned = any(f.bound is Bound.PLANNED for f in entry.figures.values())
    said = any(word in entry.answer for word in ("打算", "计划", "拟", "准备", "将"))
    return "文件写的是打算。" if entry.status is Status.PLANNED and not (planned or said) else ""


def cited(document: Document) -> str:
    """A paper in a few words: its number, or its title where it has none."""
    day = spoken_day(document.date) or NO_DATE
    name = document.number or f"《{document.title}》"
    return "，".join(filter(None, (name, day)))


def spoken_day(day: str) -> str:
    """2017-12-21 as people read it."""
    if len(day) <= 4:
        return f"{day}年" if day else ""
    year, month, number = day.split("-")
    return f"{year}年{int(month)}月{int(number)}日"


# Words that nobody uses at home (domain rule 3.3-8): what says it already, what does.
_PLAINLY = (
    ("反担保", "找人", "反担保，就是找人或东西帮你担保。"),
    ("贴息", "利息", "贴息，就是利息政府帮出一部分。"),
    ("孵化基地", "场地", "孵化基地，就是便宜的场地。"),
)


def plainly(text: str) -> str:
    """What the paper's own words in an answer mean, where the answer does not say it."""
    return "".join(gloss for word, said, gloss in _PLAINLY if word in text and said not in text)


def circumstances(entry: Entry) -> tuple[str, ...]:
    """What follows an answer: conditions, papers, where; each only if stated and not said yet."""
    said = entry.spoken(entry.answer)
    conditions = [c for c in entry.conditions if _plain(c) not in said and entry.slot != "条件"]
    lines = [f"条件：{_listed(conditions)}。"] if conditions else []
    lines += [f"要带：{_listed(entry.materials)}。"] if entry.materials else []
    is_place = entry.slot == "地点" or entry.where in said
    lines += [f"去哪办：{entry.where}。"] if entry.where and not is_place else []
    return tuple(lines)


def _plain(condition: str) -> str:
    """A condition without the remark in brackets."""
    return condition.partition("（")[0]


def tail(document: Document | None, agency: str, phone: str) -> str:
    """The last line: paper, date, agency, phone."""
    if document is None:
        return ""
    return "依据：" + "，".join(filter(None, (cited(document), agency, phone or NO_PHONE))) + "。"


def detail(entry: Entry, document: Document | None) -> str:
    """The longer text for «详细»: conditions, papers, where, place in the document."""
    lines = [entry.spoken(entry.detail)]
    lines += [f"条件：{_listed(entry.conditions)}。"] if entry.conditions else []
    lines += [f"要带：{_listed(entry.materials)}。"] if entry.materials else []
    lines += [f"去哪办：{entry.where}。"] if entry.where else []
    if document is not None:
        place = f"，{entry.place}" if entry.place else ""
        lines.append(f"出处：《{document.title}》{document.number}{place}。")
        lines += [f"说明：{document.note}。"] if document.note else []
    return "\n".join(filter(None, lines))


def _listed(items: Sequence[str]) -> str:
    return "；".join(items)


def named(matter: str) -> str:
    """A matter as people know it; the papers themselves are «this paper»."""
    return "这份文件" if matter in _PAPERS else matter


_PAPERS = frozenset({"文件说明", "推进方案", "建议答复"})

# How a slot is spoken of when the papers leave it open: «文件没写创业担保贷款利息多少».
ASKED_FOR = {
    "额度": "的具体金额",
    "条件": "要什么条件",
    "对象": "给哪些人",
    "材料": "要带什么材料",
    "流程": "怎么办",
    "时限": "多久办好",
    "截止": "什么时候截止",
    "期限": "期限多长",
    "利率": "利息多少",
    "担保": "要不要担保",
    "部门": "归哪个部门管",
    "电话": "的电话",
    "地点": "在哪里办",
    "名额": "有多少名额",
    "数量": "有多少",
    "时间": "是什么时候",
    "频次": "多久一次",
    "内容": "具体是什么",
    "叠加": "能不能一起拿",
    "依据": "依据哪个文件",
    "责任": "由谁负责",
    "状态": "现在还有没有",
}
