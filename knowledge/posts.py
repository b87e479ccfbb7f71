"""A subsidy by the post, worked out for the number of people that a question names."""

import re
from dataclasses import replace
from decimal import Decimal

from knowledge.entry import Bound, Entry, Figure
from knowledge.numerals import plain
from knowledge.reply import Answer, Decision
from knowledge.shelf import Library
from knowledge.text import normalise

MOST_POSTS = 999
_PEOPLE = r"(?:工人|员工|帮手|师傅|小工|老乡|村民|人|工|岗位|岗|合同)"
_COUNTED = re.compile(
    rf"(?<!\d)(\d{{1,4}})(?:个|名|位|口|份)?(?:1年的?)?{_PEOPLE}|"
    r"(?:雇|招|请|签|用|带)(?:了|着|过)?(\d{1,4})(?:个|名|位)|"
    r"^(?:那|要是|如果)?(\d{1,4})(?:个|名|位)(?:呢|多少|的话|\?|$)"
)


def worked_out(answer: Answer, question: str, library: Library) -> Answer:
    """The answer with the sum for so many posts, where it tells of such a subsidy."""
    if answer.decision not in (Decision.ANSWER, Decision.OTHER_AREA):
        return answer
    posts = posts_in(question)
    entries = [library.entries[name] for name in answer.entries if name in library.entries]
    for entry in entries:
        said, each = entry.spoken(entry.answer), _each(entry)
        if posts and each is not None and said in answer.text:
            told = f"{said}{_sum(posts, each)}"
            brief = answer.brief.replace(said, told, 1)
            return replace(answer, text=answer.text.replace(said, told, 1), brief=brief)
    return answer


def posts_in(question: str) -> int:
    """How many people or posts a question speaks of, from two on; 0 for none."""
    counts = {int(next(filter(None, found))) for found in _COUNTED.findall(normalise(question))}
    count = counts.pop() if len(counts) == 1 else 0
    return count if 2 <= count <= MOST_POSTS else 0


def _each(entry: Entry) -> Decimal | None:
    sums: list[Figure] = [f for f in entry.figures.values() if f.bound is Bound.PER_POST]
    return sums[0].value if sums else None


def _sum(posts: int, each: Decimal) -> str:
    return f"{posts}个都够条件的话，按文件算{plain(each)}×{posts}={plain(each * posts)}元。"
