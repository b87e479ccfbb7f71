"""Grading sheets: every person and project in words for a clerk, and the grades read back."""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from matching.cases import Cases
from matching.codes import Site
from matching.golden import Graded, GradedSet
from matching.projects import Certificate, Project, Seeker
from matching.stock import Stock
from matching.words import label, listed, words, yuan

HEADINGS = ("人", "这个人的情况", "项目", "项目的情况", "打分")
GRADES = range(4)
Grades = Mapping[tuple[str, str], int]  # by person and project
_BYTE_ORDER = "\ufeff"  # so that a spreadsheet program reads it as UTF-8


class SheetFault(ValueError):
    """A sheet that cannot be evaluated: says what is wrong in it."""


def blank(cases: Cases, seed: int) -> str:
    """A sheet to be filled in: people in order, the projects of each in an order drawn anew."""
    text, draw = io.StringIO(), random.Random(seed)
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    for person in cases.people:
        shown = draw.sample(cases.projects, len(cases.projects))
        about = _person(person, cases)
        writer.writerows([person.id, about, one.id, _project(one, cases), ""] for one in shown)
    return _BYTE_ORDER + text.getvalue()


def read(data: bytes, cases: Cases) -> Grades:
    """The grades of a filled sheet, each pair once; SheetFault names the first thing wrong."""
    found: dict[tuple[str, str], int] = {}
    people = {person.id for person in cases.people}
    projects = {project.id for project in cases.projects}
    for line, row in _rows(data):
        pair = row[HEADINGS[0]].strip().zfill(2), row[HEADINGS[2]].strip()
        if pair[0] not in people or pair[1] not in projects:
            raise SheetFault(f"line {line}: no such person or project in the sheet that we print")
        if pair in found:
            raise SheetFault(f"line {line}: {pair[0]} and {pair[1]} are graded a second time")
        found[pair] = _grade(row[HEADINGS[4]].strip(), line)
    missing = [pair for pair in product(sorted(people), sorted(projects)) if pair not in found]
    if missing:
        raise SheetFault(f"{len(missing)} pairs have no line, the first is {missing[0]}")
    return found


def _rows(data: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(_text(data), newline=""), restval="")
    try:
        _refuse_other_sheets(reader.fieldnames or ())
        for row in reader:
            yield reader.line_num, row
    except csv.Error as fault:
        raise SheetFault(f"line {reader.line_num}: not a row of a csv file") from fault


def _refuse_other_sheets(headings: Sequence[str]) -> None:
    lacking = [one for one in (HEADINGS[0], *HEADINGS[2::2]) if one not in headings]
    if lacking:
        raise SheetFault(f"the column {lacking[0]} is missing: fill in the sheet that we print")


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetFault("is neither in UTF-8 nor in GBK")


def _grade(said: str, line: int) -> int:
    if said not in {str(grade) for grade in GRADES}:
        raise SheetFault(f"line {line}: a grade is 0, 1, 2 or 3, not {said or 'left empty'}")
    return int(said)


def kappa(one: Grades, other: Grades, *, is_weighted: bool = False) -> float:
    """Cohen's kappa of two graders of the same pairs: 1 in full agreement, 0 as by chance.

    Weighted, a difference counts by its square: 2 beside 3 is less than 0 beside 3.
    """
    cost = _squared if is_weighted else _differs
    size = len(one)
    seen = sum(cost(one[pair], other[pair]) for pair in one) / size
    first, second = Counter(one.values()), Counter(other.values())
    by_chance = sum(cost(a, b) * first[a] * second[b] for a, b in product(GRADES, GRADES))
    return 1 - seen / (by_chance / size**2) if by_chance else 1.0


def _squared(one: int, other: int) -> int:
    return (one - other) ** 2


def _differs(one: int, other: int) -> int:
    return int(one != other)


def graded_set(cases: Cases, sheets: Sequence[Grades]) -> GradedSet:
    """The people with the mean of what their graders said."""
    return GradedSet(
        Stock(cases.projects),
        tuple(
            Graded(
                person,
                {
                    project.id: sum(sheet[person.id, project.id] for sheet in sheets) / len(sheets)
                    for project in cases.projects
                },
            )
            for person in cases.people
        ),
    )


def _person(person: Seeker, cases: Cases) -> str:
    return "；".join(_told(person, cases))


def _told(person: Seeker, cases: Cases) -> Iterator[str]:
    yield f"老家{cases.towns[person.town]}"
    if person.wants is not None:
        yield f"想干{listed('lines', person.wants)}" if person.wants else "没想好干哪一行"
    if person.skills is not None:
        yield f"会{listed('skills', person.skills)}" if person.skills else "没什么手艺"
    for trade in person.trades or ():
        yield f"{label('lines', trade.category)}干过{trade.years}年"
    if person.lacks:
        yield f"眼下最缺{listed('lacks', person.lacks)}"
    if person.band:
        loan = "，愿意贷款" if person.accepts_loan else "，没说愿意贷款"
        yield f"自己拿得出{label('bands', person.band)}{loan}"
    if person.sites is not None:
        yield f"有{listed('sites', person.sites)}" if person.sites else "没有场地"
    if person.certificates:
        yield f"有证：{_papers(person.certificates)}"
    if person.refused:
        yield f"说过两次不要{listed('lines', person.refused)}"


def _project(project: Project, cases: Cases) -> str:
    return "；".join(_offered(project, cases))


def _offered(project: Project, cases: Cases) -> Iterator[str]:
    yield label("lines", project.category)
    towns = [cases.towns[town] for town in project.towns]
    yield f"在{'、'.join(towns)}" if towns else "全县都行"
    yield f"最少要{yuan(project.min_capital_yuan)}元"
    if project.site_need is not Site.NONE:
        yield f"要有{label('sites', project.site_need)}"
    if project.skills_any:
        yield f"用得上{listed('skills', project.skills_any)}"
    if project.skills_required:
        yield f"必须会{listed('skills', project.skills_required)}"
    if project.certificates_required:
        yield f"必须有证：{_papers(project.certificates_required)}"
    if project.training_available:
        yield "不会的、没证的有培训"
    if project.offers:
        yield f"带着{listed('supports', project.offers)}"


def _papers(papers: frozenset[Certificate]) -> str:
    levels = words("levels")
    return "、".join(sorted(levels.get(str(one.level), "") + one.kind for one in papers))
