"""What a person and a project are held together on, one aspect at a time: the whole of the rules.

An aspect names the fields that it sees of either side. People with equal fields get the same
finding, so a night's batch asks once for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter
from typing import Any, NamedTuple

from matching.codes import Bar, Category, Evidence, Mark, Reach, Site, Skill, Status, Term
from matching.projects import Project, Seeker, Surroundings
from matching.weights import THOUSANDTHS, UNKNOWN_SHARE, WHOLE, Rules, our_rules


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """With what eyes is looked: the rules, the places, the day; `is_push` is for unasked sends."""

    today: date
    around: Surroundings
    rules: Rules
    is_push: bool = False

    @classmethod
    def on(cls, today: date, *, around: Surroundings | None = None, is_push: bool = False) -> View:
        """By our own rules."""
        return cls(
            today=today, around=around or Surroundings(), rules=our_rules(), is_push=is_push
        )


class Finding(NamedTuple):
    """What one aspect says: a share in thousandths (None: not known), bars, marks, a penalty."""

    share: int | None = None
    bars: tuple[Bar, ...] = ()
    marks: tuple[Mark, ...] = ()
    penalty: int = 0  # in WHOLE; only of what feeds a term


NOTHING = Finding()


class Sum(NamedTuple):
    """What a finding adds to a score: points in WHOLE, what is known in hundredths."""

    points: int
    known: int
    is_reason: bool  # above half of what the term can give, after its penalty


NO_SUM = Sum(0, 0, False)


@dataclass(frozen=True, slots=True)
class Aspect:
    """Its fields on either side, what it finds, and the term that it feeds, if any.

    `kinds` tells under a view what matters of a project's fields: one kind gets one finding.
    """

    seeker: tuple[str, ...]
    project: tuple[str, ...]
    find: Callable[[Seeker, Project, View], Finding]
    term: Term | None = None
    kinds: Callable[[View], Callable[[Project], Hashable]] | None = None

    def add(self, finding: Finding, rules: Rules) -> Sum:
        """The finding in points."""
        if self.term is None:
            return NO_SUM
        weight = rules.weights[self.term]
        if finding.share is None:
            return Sum(weight * UNKNOWN_SHARE - finding.penalty, 0, False)
        points = weight * finding.share - finding.penalty
        return Sum(points, weight, points > weight * UNKNOWN_SHARE)

    @property
    def of_seeker(self) -> Callable[[Seeker], Any]:
        return _fields(self.seeker)

    @property
    def of_project(self) -> Callable[[Project], Any]:
        return _fields(self.project)


def _fields(names: tuple[str, ...]) -> Callable[[Any], Any]:
    return attrgetter(*names) if names else lambda _: None


def interest(seeker: Seeker, project: Project, view: View) -> Finding:
    """The line that the person wants, or one near it."""
    shares = view.rules.shares
    if seeker.wants is None:
        return NOTHING
    if not seeker.wants:
        return Finding(shares["undecided"])
    if project.category in seeker.wants:
        return Finding(shares["same_line"])
    is_near = bool(seeker.wants & view.rules.neighbours[project.category])
    return Finding(shares["near_line"] if is_near else 0)


def skill(seeker: Seeker, project: Project, view: View) -> Finding:
    """What the person can do of what is useful there; not known where nothing is written down."""
    useful = project.skills_any or project.skills_required
    if seeker.skills is None or not useful:
        return NOTHING
    shares, names = view.rules.shares, ("no_skill", "one_skill", "two_skills")
    share = shares[names[min(2, len(seeker.skills & useful - {Skill.OTHER}))]]
    if project.skills_required and project.skills_required <= seeker.skills:
        share = min(THOUSANDTHS, share + shares["all_required"])
    return Finding(share)


def capital(seeker: Seeker, project: Project, view: View) -> Finding:
    """Own money against the least that it takes (H3); never borrowed unless they said so."""
    needed, rules = project.min_capital_yuan, view.rules
    if seeker.band is None:
        return Finding(marks=(Mark.COUNT_YOUR_MONEY,) if needed > 0 else ())
    if needed <= seeker.band.least:
        return Finding(rules.shares["within_lower_edge"])
    most = seeker.band.most
    if most is None or needed <= most:
        return Finding(rules.shares["within_upper_edge"])
    if seeker.accepts_loan and needed <= most + rules.limits["most_borrowed_yuan"]:
        return Finding(rules.shares["with_loan"], marks=(Mark.BORROW,))
    return Finding(0, bars=(Bar.TOO_DEAR,))


def experience(seeker: Seeker, project: Project, view: View) -> Finding:
    """Years in the line, full at five."""
    if seeker.trades is None:
        return NOTHING
    line = project.category
    years = max((t.years for t in seeker.trades if t.category is line), default=0)
    full = view.rules.full_experience_years
    return Finding(THOUSANDTHS * min(years, full) // full)


def lack(seeker: Seeker, project: Project, view: View) -> Finding:
    """Which part of what the person lacks comes with the project."""
    answered_by = view.rules.answered_by
    lacks = [one for one in seeker.lacks or () if one in answered_by]
    if not lacks:
        return NOTHING
    answered = sum(bool(answered_by[one] & project.all_offers) for one in lacks)
    return Finding(THOUSANDTHS * answered // len(lacks))


def place(seeker: Seeker, project: Project, view: View) -> Finding:
    """How near it is (H2, H6), less what too many of a kind in the town take off."""
    towns, is_ours = open_towns(seeker, project, view), seeker.county == project.county
    share: int | None = None
    if seeker.town or not is_ours:
        near = max((_nearness(seeker, town, view) for town in towns), default=0)
        share = max(near, view.rules.shares["same_county"]) if is_ours else near
    bars: tuple[Bar, ...] = () if towns else (Bar.BANNED_THERE,)
    if not seeker.county or not (is_ours or seeker.accepts_other_county):
        bars = (Bar.OTHER_COUNTY, *bars)
    return Finding(share, bars=bars, penalty=_saturation(seeker.town, towns, project, view))


def open_towns(seeker: Seeker, project: Project, view: View) -> tuple[str, ...]:
    """The towns where it may be done; for a whole county the person's own, "" if not known."""
    bans, line = view.around.bans, project.category
    if (project.county, line) in bans:
        return ()
    towns = project.towns
    if not towns:
        towns = (seeker.town if seeker.county == project.county else "",)
    return tuple([town for town in towns if (town, line) not in bans])


def _places(view: View) -> Callable[[Project], Hashable]:
    """Where projects are; their line only where staff said something of the line somewhere."""
    ruled = {line for _, line in (*view.around.bans, *view.around.limits)}
    return lambda one: (one.county, one.towns, one.category if one.category in ruled else None)


def _nearness(seeker: Seeker, town: str, view: View) -> int:
    if not town or not seeker.town:
        return 0
    if town == seeker.town:
        return view.rules.shares["same_town"]
    near = view.around.neighbours
    is_near = town in near.get(seeker.town, ()) or seeker.town in near.get(town, ())
    return view.rules.shares["near_town"] if is_near else 0


def _saturation(home: str, towns: tuple[str, ...], project: Project, view: View) -> int:
    """By the person's own town if it may be done there, otherwise by the emptiest."""
    line = project.category
    if home and home in towns:
        fill = _fill(home, line, view)
    else:
        fill = min((_fill(town, line, view) for town in towns), default=0)
    return view.rules.saturation * THOUSANDTHS * fill // WHOLE


def _fill(town: str, category: Category, view: View) -> int:
    """How full a town is of a line, in WHOLE; not full where staff set no limit."""
    limit = view.around.limits.get((town, category), 0)
    if limit <= 0:
        return 0
    return min(WHOLE, WHOLE * view.around.entities.get((town, category), 0) // limit)


def theme(_: Seeker, project: Project, view: View) -> Finding:
    """Whether it fits what the county wants to stand for; not known where it has no theme."""
    wanted = view.around.themes.get(project.county)
    if not wanted:
        return NOTHING
    return Finding(THOUSANDTHS if project.theme_tags & wanted else 0)


def papers(seeker: Seeker, project: Project, view: View) -> Finding:
    """H4: every certificate, high enough and still valid, or the training for it."""
    held = seeker.certificates or frozenset()
    if all(
        any(one.serves(required, view.today) for one in held)
        for required in project.certificates_required
    ):
        return NOTHING
    if project.training_available:
        return Finding(marks=(Mark.TRAIN_FIRST,))
    return Finding(bars=(Bar.NO_CERTIFICATE,))


def room(seeker: Seeker, project: Project, view: View) -> Finding:
    """H5: has the place to work in, or one is listed in the county."""
    if project.site_need is Site.NONE or project.site_need in (seeker.sites or ()):
        return NOTHING
    if seeker.sites is None:
        return Finding(marks=(Mark.FIND_A_SITE,))
    if (project.county, project.site_need) in view.around.vacancies:
        return Finding(marks=(Mark.RENT_A_SITE,))
    return Finding(bars=(Bar.NO_SITE,))


def refusal(seeker: Seeker, project: Project, _: View) -> Finding:
    """H7: a line that the person waved away."""
    return Finding(bars=(Bar.REFUSED,)) if project.category in seeker.refused else NOTHING


def reach(seeker: Seeker, _: Project, view: View) -> Finding:
    """H9: who may be written to unasked; nobody is shown anything once known to be dead."""
    is_held = view.is_push and seeker.reach is not Reach.AGREED
    if is_held or seeker.reach is Reach.DECEASED:
        return Finding(bars=(Bar.NOT_TO_BE_WRITTEN_TO,))
    return NOTHING


def current(_: Seeker, project: Project, view: View) -> Finding:
    """H1, H8 and H10: what holds of a project whoever looks at it."""
    return Finding(bars=_standing(project, view))


def _standing(project: Project, view: View) -> tuple[Bar, ...]:
    bars: tuple[Bar, ...] = () if is_current(project, view) else (Bar.NOT_CURRENT,)
    if project.slots < 1 or _is_full(project, view):
        bars = (*bars, Bar.FULL)
    if view.is_push and project.evidence is Evidence.UNVERIFIED:
        bars = (*bars, Bar.UNVERIFIED)
    return bars


def _standings(view: View) -> Callable[[Project], Hashable]:
    return lambda project: _standing(project, view)


def _is_full(project: Project, view: View) -> bool:
    return project.id in view.around.shown and room_left(project, view) < 1


def is_current(project: Project, view: View) -> bool:
    """H1: published, not expired, verified within 180 days; the last day counts."""
    published, verified = project.published_on, project.verified_on
    if project.status is not Status.PUBLISHED or published is None or verified is None:
        return False
    oldest = view.today - timedelta(view.rules.limits["verified_days"])
    return published <= view.today <= project.expires_on and oldest <= verified <= view.today


def room_left(project: Project, view: View) -> int:
    """To how many people it may still be shown in these 30 days."""
    return view.rules.cap(project.slots) - view.around.shown.get(project.id, 0)


_PLACE = ("county", "town", "accepts_other_county")
_CURRENT = ("id", "status", "published_on", "verified_on", "expires_on", "slots", "evidence")
# In the order of the terms' names in the weights file: of equal contributions the first is told.
ASPECTS = (
    Aspect(("wants",), ("category",), interest, Term.INTEREST),
    Aspect(("skills",), ("skills_any", "skills_required"), skill, Term.SKILL),
    Aspect(("band", "accepts_loan"), ("min_capital_yuan",), capital, Term.CAPITAL),
    Aspect(("trades",), ("category",), experience, Term.EXPERIENCE),
    Aspect(("lacks",), ("offers", "training_available"), lack, Term.LACK),
    Aspect(_PLACE, ("county", "towns", "category"), place, Term.PLACE, _places),
    Aspect((), ("county", "theme_tags"), theme, Term.THEME),
    Aspect(("certificates",), ("certificates_required", "training_available"), papers),
    Aspect(("sites",), ("county", "site_need"), room),
    Aspect(("refused",), ("category",), refusal),
    Aspect(("reach",), (), reach),
    Aspect((), _CURRENT, current, kinds=_standings),
)
