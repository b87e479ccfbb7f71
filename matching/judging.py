"""One person and one project, in the open: every constraint, every term, and the sum."""

from __future__ import annotations

from dataclasses import dataclass

from matching.aspects import ASPECTS, Aspect, Finding, Sum, View
from matching.codes import Bar, Mark, Term
from matching.projects import Part, Project, Refusal, Seeker
from matching.weights import HUNDREDTHS, THOUSANDTHS, WHOLE, Rules


@dataclass(frozen=True, slots=True)
class Judgement:
    """What all aspects found; points in WHOLE, `known` in hundredths."""

    findings: tuple[tuple[Aspect, Finding, Sum], ...]

    @property
    def bars(self) -> tuple[Bar, ...]:
        """The constraints that fail, in the order of their codes."""
        found = {bar for _, finding, _ in self.findings for bar in finding.bars}
        return tuple(bar for bar in Bar if bar in found)

    @property
    def marks(self) -> tuple[Mark, ...]:
        return tuple(mark for _, finding, _ in self.findings for mark in finding.marks)

    @property
    def points(self) -> int:
        return sum(added.points for *_, added in self.findings)

    @property
    def known(self) -> int:
        return sum(added.known for *_, added in self.findings)

    @property
    def penalty(self) -> int:
        return sum(finding.penalty for _, finding, _ in self.findings)

    @property
    def reasons(self) -> tuple[Term, ...]:
        """The terms that speak for it, the strongest first."""
        told = [(added.points, a.term) for a, _, added in self.findings if added.is_reason]
        return tuple(term for _, term in sorted(told, key=lambda pair: -pair[0]) if term)

    @property
    def score(self) -> float:
        return self.points / WHOLE

    @property
    def confidence(self) -> float:
        return self.known / HUNDREDTHS

    @property
    def parts(self) -> tuple[Part, ...]:
        """The terms one by one, before the penalty."""
        return tuple(
            Part(aspect.term, _share(finding), (added.points + finding.penalty) / WHOLE)
            for aspect, finding, added in self.findings
            if aspect.term
        )

    def may_be_shown(self, rules: Rules) -> bool:
        """No constraint fails, it scores enough, enough is known, and something speaks for it."""
        is_enough = self.points >= rules.show_score and self.known >= rules.show_confidence
        return is_enough and bool(self.reasons) and not self.bars


def judge(seeker: Seeker, project: Project, view: View) -> Judgement:
    """Hold a project against a person on every aspect."""
    found = ((aspect, aspect.find(seeker, project, view)) for aspect in ASPECTS)
    return Judgement(tuple((a, finding, a.add(finding, view.rules)) for a, finding in found))


def why_not(seeker: Seeker, project: Project, view: View) -> Refusal:
    """Why a project is not shown to somebody; no bars where none stands against it."""
    return Refusal(project, judge(seeker, project, view).bars)


def _share(finding: Finding) -> float | None:
    return None if finding.share is None else finding.share / THOUSANDTHS
