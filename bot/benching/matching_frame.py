"""Matching as one would write it over a dataframe: a long table of pairs, column by column.

Neither pandas nor polars is installed, so the columns are numpy arrays; the rules are written
anew, with bits for sets, and share no code with `matching.aspects`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.aspects import View, is_current
from matching.codes import Category, Evidence, Lack, Reach, Site, Skill, Support
from matching.picking import TOP, is_narrow, turn
from matching.projects import Certificate, Project, Seeker
from matching.stock import spin
from matching.weights import WHOLE

Column = NDArray[Any]
Frame = dict[str, Column]
_LINES, _SKILLS, _SITES = list(Category), list(Skill), list(Site)
_LACKS, _OFFERS = list(Lack), list(Support)
_UNTOLD = -1
_KEPT = ("person", "project", "line", "turn", "spin", "narrow")
_CHUNK = 200  # people whose pairs are held at a time


def by_columns(
    seekers: Sequence[Seeker], projects: Sequence[Project], view: View
) -> list[tuple[str, ...]]:
    """The ids of each person's projects, without caps."""
    offers, found = _of_projects(projects, view), []
    for start in range(0, len(seekers), _CHUNK):
        chunk = seekers[start : start + _CHUNK]
        people = _of_people(chunk, view)
        pairs = _crossed(people, offers)
        kept = _filtered(pairs, _scored(pairs, view), view)
        found += _first(kept, chunk, projects, view)
    return found


def _bits(codes: Iterable[StrEnum] | None, of: Sequence[StrEnum]) -> int:
    return _UNTOLD if codes is None else sum(1 << of.index(code) for code in codes)


def _of_people(seekers: Sequence[Seeker], view: View) -> Frame:
    def column(values: Iterable[object]) -> Column:
        return np.array(list(values))

    return {
        "person": np.arange(len(seekers)),
        "home": column(one.county for one in seekers),
        "home_town": column(one.town for one in seekers),
        "wants": column(_bits(one.wants, _LINES) for one in seekers),
        "near": column(_near_wants(one, view) for one in seekers),
        "skills": column(_bits(_named(one.skills), _SKILLS) for one in seekers),
        "lacks": column(_bits(_answerable(one.lacks, view), _LACKS) for one in seekers),
        "least": column(one.band.least if one.band else _UNTOLD for one in seekers),
        "most": column(_most(one) for one in seekers),
        "loan": column(one.accepts_loan for one in seekers),
        "sites": column(_bits(one.sites, _SITES) for one in seekers),
        "refused": column(_bits(one.refused, _LINES) for one in seekers),
        "other": column(one.accepts_other_county for one in seekers),
        "reached": column(one.reach is Reach.AGREED and one.is_personal for one in seekers),
        "years": np.array([_years(one) for one in seekers]),
        "turn": np.array([turn(one.id, view.today) for one in seekers], np.uint32),
        "narrow": column(is_narrow(one) for one in seekers),
        "papers": np.array([one.certificates for one in seekers], dtype=object),
    }


def _named(skills: frozenset[Skill] | None) -> frozenset[Skill] | None:
    return None if skills is None else skills - {Skill.OTHER}


def _answerable(lacks: frozenset[Lack] | None, view: View) -> list[Lack]:
    return [one for one in lacks or () if one in view.rules.answered_by]


def _near_wants(seeker: Seeker, view: View) -> int:
    near = {line for one in seeker.wants or () for line in view.rules.neighbours[one]}
    return _bits(near, _LINES)


def _most(seeker: Seeker) -> int:
    if seeker.band is None:
        return _UNTOLD
    return 10**12 if seeker.band.most is None else seeker.band.most


def _years(seeker: Seeker) -> list[int]:
    if seeker.trades is None:
        return [_UNTOLD] * len(_LINES)
    by_line = {trade.category: trade.years for trade in sorted(seeker.trades, key=_by_years)}
    return [by_line.get(line, 0) for line in _LINES]


def _by_years(trade: Any) -> int:
    return int(trade.years)


def _of_projects(projects: Sequence[Project], view: View) -> Frame:
    current = [_is_open(project, view) for project in projects]
    themes = view.around.themes
    return {
        "project": np.arange(len(projects)),
        "open": np.array(current),
        "line": np.array([_LINES.index(one.category) for one in projects]),
        "county": np.array([one.county for one in projects]),
        "needed": np.array([one.min_capital_yuan for one in projects]),
        "useful": np.array([_bits(_useful(one), _SKILLS) for one in projects]),
        "any": np.array([bool(one.skills_any or one.skills_required) for one in projects]),
        "required": np.array([_bits(one.skills_required, _SKILLS) for one in projects]),
        "offers": np.array([_bits(one.all_offers, _OFFERS) for one in projects]),
        "site": np.array([_SITES.index(one.site_need) for one in projects]),
        "vacant": np.array([(one.county, one.site_need) in view.around.vacancies
                            for one in projects]),
        "training": np.array([one.training_available for one in projects]),
        "theme": np.array([_theme(one, themes) for one in projects]),
        "spin": np.array([spin(one.id) for one in projects], np.uint32),
        "row": np.array(list(projects), dtype=object),
    }  # fmt: skip


def _useful(project: Project) -> frozenset[Skill]:
    return (project.skills_any or project.skills_required) - {Skill.OTHER}


def _is_open(project: Project, view: View) -> bool:
    return (
        is_current(project, view)
        and project.slots > 0
        and project.evidence is not Evidence.UNVERIFIED
    )


def _theme(project: Project, themes: Mapping[str, frozenset[str]]) -> int:
    wanted = themes.get(project.county)
    return _UNTOLD if not wanted else 1000 * bool(wanted & project.theme_tags)


def _crossed(people: Frame, offers: Frame) -> Frame:
    """Every person with every project, as a cross join gives it."""
    many, width = len(people["person"]), len(offers["project"])
    pairs = {name: np.repeat(column, width, axis=0) for name, column in people.items()}
    return pairs | {name: np.tile(column, many) for name, column in offers.items()}


def _scored(pairs: Frame, view: View) -> Frame:
    """Shares in thousandths, by term; _UNTOLD where not known."""
    shares, told = view.rules.shares, pairs["skills"] >= 0
    met = pairs["skills"] & pairs["useful"]
    many = np.bitwise_count(np.maximum(met, 0))
    skill = np.select(
        [many == 0, many == 1],
        [shares["no_skill"], shares["one_skill"]], shares["two_skills"],
    )  # fmt: skip
    has_all = (pairs["required"] > 0) & (pairs["required"] & ~pairs["skills"] == 0)
    skill = np.minimum(1000, skill + shares["all_required"] * has_all)
    line = 1 << pairs["line"]
    years = pairs["years"][np.arange(len(line)), pairs["line"]]
    full = view.rules.full_experience_years
    place, lost, banned = _placed(pairs, view)
    return {
        "interest": np.select(
            [pairs["wants"] < 0, pairs["wants"] == 0, pairs["wants"] & line > 0,
             pairs["near"] & line > 0],
            [_UNTOLD, shares["undecided"], shares["same_line"], shares["near_line"]], 0,
        ),
        "skill": np.where(told & pairs["any"], skill, _UNTOLD),
        "capital": np.select(
            [pairs["least"] < 0, pairs["needed"] <= pairs["least"],
             pairs["needed"] <= pairs["most"], _may_borrow(pairs, view)],
            [_UNTOLD, shares["within_lower_edge"], shares["within_upper_edge"],
             shares["with_loan"]], 0,
        ),
        "experience": np.where(years < 0, _UNTOLD, 1000 * np.clip(years, 0, full) // full),
        "lack": _answered(pairs, view),
        "place": place,
        "theme": pairs["theme"],
        "lost": lost,
        "banned": banned,
    }  # fmt: skip


def _may_borrow(pairs: Frame, view: View) -> Column:
    most = pairs["most"] + view.rules.limits["most_borrowed_yuan"]
    return pairs["loan"] & (pairs["needed"] <= most)


def _answered(pairs: Frame, view: View) -> Column:
    lacks = pairs["lacks"]
    count, met = np.bitwise_count(lacks).astype(int), np.zeros(len(lacks), int)
    for lack, offers in view.rules.answered_by.items():
        is_lacked = lacks >> _LACKS.index(lack) & 1
        met += is_lacked * (pairs["offers"] & _bits(offers, _OFFERS) > 0)
    return np.where(count > 0, 1000 * met // np.maximum(count, 1), _UNTOLD)


def _placed(pairs: Frame, view: View) -> tuple[Column, Column, Column]:
    """Where it is, what a full town takes off, and whether it is banned there: row by row, since
    towns are lists.
    """
    found = np.empty((3, len(pairs["line"])), int)
    is_ours = pairs["home"] == pairs["county"]
    may = (pairs["other"] | is_ours) & pairs["open"] & pairs["reached"]
    found[:, ~may] = [[_UNTOLD], [0], [1]]
    for n in np.flatnonzero(may):
        project, home = pairs["row"][n], str(pairs["home_town"][n])
        found[:, n] = _where(project, home, bool(is_ours[n]), view)
    return found[0], found[1], found[2]


def _where(project: Project, home: str, is_ours: bool, view: View) -> tuple[int, int, int]:
    around, line = view.around, project.category
    towns = list(project.towns or [home if is_ours else ""])
    towns = [one for one in towns if (one, line) not in around.bans]
    if not towns or (project.county, line) in around.bans:
        return 0, 0, 1
    fills = {one: _fill(one, line, view) for one in towns}
    lost = fills[home] if home and home in towns else min(fills.values())
    near = around.neighbours
    share = 500 if is_ours else 0
    if home and any(home in near.get(t, ()) or t in near.get(home, ()) for t in towns):
        share = 700
    if home and home in towns:
        share = 1000
    return _UNTOLD if is_ours and not home else share, lost * view.rules.saturation // 100, 0


def _fill(town: str, line: Category, view: View) -> int:
    limit = view.around.limits.get((town, line), 0)
    running = view.around.entities.get((town, line), 0)
    return min(WHOLE, WHOLE * running // limit) if limit > 0 else 0


def _filtered(pairs: Frame, shares: Frame, view: View) -> Frame:
    """The pairs that may be shown, with their scores."""
    points, known = -shares["lost"], np.zeros(len(shares["lost"]), int)
    speaks = np.zeros(len(points), bool)
    for term, weight in view.rules.weights.items():
        share = shares[term.value]
        told = share >= 0
        points = points + weight * np.where(told, share, 500)
        known += weight * told
        net = weight * share - (shares["lost"] if term.value == "place" else 0)
        speaks |= told & (net > weight * 500)
    rules = view.rules
    is_shown = (points >= rules.show_score) & (known >= rules.show_confidence) & speaks
    kept = np.flatnonzero(is_shown & ~_barred(pairs, shares, view))
    kept = kept[[_has_papers(pairs, int(n), view) for n in kept]] if len(kept) else kept
    return {name: pairs[name][kept] for name in _KEPT} | {"points": points[kept]}


def _barred(pairs: Frame, shares: Frame, view: View) -> Column:
    """All constraints but the certificates (H4) and the cap of showings."""
    told = pairs["most"] >= 0
    too_dear = told & (pairs["needed"] > pairs["most"]) & ~_may_borrow(pairs, view)
    has_site = (pairs["site"] == 0) | pairs["vacant"] | (pairs["sites"] < 0)
    has_site |= (pairs["sites"] >> pairs["site"] & 1) > 0
    is_refused = (pairs["refused"] >> pairs["line"] & 1) > 0
    barred: Column = too_dear | ~has_site | is_refused | (shares["banned"] > 0)
    return barred


def _has_papers(pairs: Frame, n: int, view: View) -> bool:
    project: Project = pairs["row"][n]
    held: frozenset[Certificate] = pairs["papers"][n] or frozenset()
    return bool(pairs["training"][n]) or all(
        any(one.serves(wanted, view.today) for one in held)
        for wanted in project.certificates_required
    )


def _first(
    kept: Frame, seekers: Sequence[Seeker], projects: Sequence[Project], view: View
) -> list[tuple[str, ...]]:
    """Three of each person, picked for all people of the table at a time."""
    found: list[list[int]] = [[] for _ in seekers]
    worth = kept["points"] * view.rules.variety
    alike = np.zeros(len(worth), int)
    for _ in range(TOP):
        chosen = _best_rows(kept, worth - alike, found, projects, view)
        for n in chosen:
            found[kept["person"][n]].append(int(kept["project"][n]))
        worth[chosen] = -(10**12)
        alike = np.maximum(alike, _likeness(kept, chosen, view))
    return [tuple(projects[n].id for n in row) for row in found]


def _best_rows(
    kept: Frame, left: Column, found: list[list[int]], projects: Sequence[Project], view: View
) -> Column:
    """One row of each person: of those near the best, the one whose turn it is."""
    left = left.copy()
    for person, row in enumerate(found):
        lines = {projects[n].category for n in row}
        if len(row) == TOP - 1 and len(lines) == 1:
            _leave_others(kept, left, person, _LINES.index(lines.pop()))
    rows = np.flatnonzero(left > -(10**11))
    people = kept["person"][rows]
    best = np.full(len(found), -(10**12))
    np.maximum.at(best, people, left[rows])
    rows = rows[left[rows] >= best[people] - view.rules.variety * view.rules.near_tie]
    order = kept["spin"][rows] * kept["turn"][rows]
    rows = rows[np.lexsort((order, kept["person"][rows]))]
    _, first = np.unique(kept["person"][rows], return_index=True)
    picked: Column = rows[first]
    return picked


def _leave_others(kept: Frame, left: Column, person: int, line: int) -> None:
    mine = (kept["person"] == person) & ~kept["narrow"]
    others = mine & (kept["line"] != line) & (left > -(10**11))
    if others.any():
        left[mine & ~others] = -(10**12)


def _likeness(kept: Frame, chosen: Column, view: View) -> Column:
    rules = view.rules
    alike = np.array([[rules.likeness(a, b) for b in _LINES] for a in _LINES])
    line = np.full(int(kept["person"].max(initial=0)) + 1, _UNTOLD)
    line[kept["person"][chosen]] = kept["line"][chosen]
    picked = line[kept["person"]]
    factor = np.where((picked >= 0) & ~kept["narrow"], alike[picked, kept["line"]], 0)
    scaled: Column = factor * (100 - rules.variety) * WHOLE // 100
    return scaled
