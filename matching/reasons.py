"""Why a project is shown, so that it can be checked: each reason names the field behind it."""

from __future__ import annotations

from collections.abc import Callable

from matching.aspects import View, open_towns
from matching.codes import Bar, Mark, Skill, Term
from matching.judging import Judgement, judge
from matching.projects import Match, Project, Reason, Seeker
from matching.weights import THOUSANDTHS, WHOLE
from matching.words import label, listed, words, yuan

MOST = 2  # reasons to tell


def explain(seeker: Seeker, project: Project, view: View) -> Match:
    """The match of a person and a project, whatever it scores."""
    judgement = judge(seeker, project, view)
    return Match(
        project=project,
        score=judgement.score,
        confidence=judgement.confidence,
        parts=judgement.parts,
        penalty=judgement.penalty / WHOLE,
        reasons=tuple(_REASONS[term](seeker, project, view) for term in judgement.reasons[:MOST]),
        caution=_caution(seeker, project, judgement, view),
        marks=judgement.marks,
    )


def bars_told(seeker: Seeker, project: Project, bars: tuple[Bar, ...]) -> str:
    """«为什么没有这个»: in the words of the person, the first bars first."""
    if not bars:
        return words("bars")["none"]
    return "；".join(_bar_told(seeker, project, bar) for bar in bars)


def _bar_told(seeker: Seeker, project: Project, bar: Bar) -> str:
    if bar is Bar.OTHER_COUNTY and not seeker.county:
        return words("bars")["unknown_county"]
    return words("bars")[bar].format(
        needed=yuan(project.min_capital_yuan),
        certificates=_certificates(project),
        site=label("sites", project.site_need),
    )


def _certificates(project: Project) -> str:
    levels = words("levels")
    return "、".join(
        sorted(one.kind + levels.get(str(one.level), "") for one in project.certificates_required)
    )


def _interest(seeker: Seeker, project: Project, view: View) -> Reason:
    wants = seeker.wants or frozenset()
    if project.category in wants:
        text = words("reasons")["same_line"].format(line=label("lines", project.category))
        return Reason(Term.INTEREST, "seeker.wants", (project.category.value,), text)
    near = sorted(wants & view.rules.neighbours[project.category])
    text = words("reasons")["near_line"].format(line=listed("lines", near))
    return Reason(Term.INTEREST, "seeker.wants", tuple(near), text)


def _skill(seeker: Seeker, project: Project, _: View) -> Reason:
    useful = (project.skills_any | project.skills_required) - {Skill.OTHER}
    known = sorted((seeker.skills or frozenset()) & useful)
    text = words("reasons")["skill"].format(skills=listed("skills", known))
    return Reason(Term.SKILL, "seeker.skills", tuple(known), text)


def _capital(seeker: Seeker, _: Project, __: View) -> Reason:
    band = seeker.band or ""
    text = words("reasons")["capital"].format(band=label("bands", band))
    return Reason(Term.CAPITAL, "seeker.band", (str(band),), text)


def _experience(seeker: Seeker, project: Project, _: View) -> Reason:
    trades = seeker.trades or frozenset()
    years = max(trade.years for trade in trades if trade.category is project.category)
    text = words("reasons")["experience"].format(years=years)
    return Reason(Term.EXPERIENCE, "seeker.trades", (project.category.value, str(years)), text)


def _lack(seeker: Seeker, project: Project, view: View) -> Reason:
    answers = {
        one: view.rules.answered_by[one] & project.all_offers
        for one in seeker.lacks or ()
        if one in view.rules.answered_by
    }
    met = sorted(one for one, offers in answers.items() if offers)
    offers = {offer for one in met for offer in answers[one]}
    text = words("reasons")["lack"].format(
        lacks=listed("lacks", met), offers=listed("supports", offers)
    )
    return Reason(Term.LACK, "seeker.lacks", tuple(met), text)


def _place(seeker: Seeker, project: Project, view: View) -> Reason:
    is_here = seeker.town in open_towns(seeker, project, view)
    here = "same_town" if project.towns else "whole_county"
    text = words("reasons")[here if is_here else "near_town"]
    return Reason(Term.PLACE, "seeker.town", (seeker.town,), text)


def _theme(_: Seeker, project: Project, view: View) -> Reason:
    tags = sorted(project.theme_tags & view.around.themes[project.county])
    return Reason(Term.THEME, "project.theme_tags", tuple(tags), words("reasons")["theme"])


_REASONS: dict[Term, Callable[[Seeker, Project, View], Reason]] = {
    Term.INTEREST: _interest,
    Term.SKILL: _skill,
    Term.CAPITAL: _capital,
    Term.EXPERIENCE: _experience,
    Term.LACK: _lack,
    Term.PLACE: _place,
    Term.THEME: _theme,
}


def _caution(seeker: Seeker, project: Project, judgement: Judgement, view: View) -> str:
    """What is open comes first, then the weakest side of it, then the project's own risk."""
    if judgement.marks:
        return "，".join(words("marks")[mark] for mark in Mark if mark in judgement.marks)
    return _weak_side(seeker, project, judgement, view) or project.risk_line


def _weak_side(seeker: Seeker, project: Project, judgement: Judgement, view: View) -> str:
    told, skills = words("cautions"), seeker.skills
    if skills is not None and project.skills_required - skills:
        missing = listed("skills", project.skills_required - skills)
        return told["missing_skills"].format(skills=missing)
    if skills is not None and project.skills_any and not project.skills_any & skills:
        return told["no_skill"]
    if seeker.county != project.county:
        return told["far"]
    is_crowded = judgement.penalty * 2 >= view.rules.saturation * THOUSANDTHS
    return told["saturation"] if is_crowded and judgement.penalty else ""
