"""What the self-check says: what is still open, what is short, what comes out of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from handlers import prompts
from handlers.self_check.policies import background
from handlers.self_check.telling import phrase
from handlers.texts import say
from knowledge.compose import advice, tail
from knowledge.entry import Entry
from knowledge.numerals import plain
from knowledge.shelf import Library
from matching.conditions import Clause, Gap
from matching.eligibility import ORDER, Kind, Note, Policy, Result
from matching.facts import ASKED_BY, Entity, Facts
from matching.promising import fits

_RANK = (Kind.LOOKS_OK, Kind.UNCLEAR, Kind.NOT_YET, Kind.NO)
_FLAT = {Kind.NOT_A_BENEFIT: "self_check.pool", Kind.HUMAN_CONTACT: "self_check.service"}


@dataclass(frozen=True, slots=True)
class Speaker:
    """Puts results into words for one person at one time."""

    library: Library
    facts: Facts
    now: datetime
    is_date_from_record: bool = False
    told_before: Mapping[str, Any] = field(default_factory=dict)

    def outcome(self, results: Sequence[Result], label: str = "") -> list[str]:
        """The messages for settled results: one matter at length, several in a line each.

        `label` says whose rules these are, where they are not those of the person's home.
        """
        best = [_best(found) for found in _by_matter(results)]
        ending = [self._from_record(results), *self._ending(best[0][0])]
        if len(best) == 1:
            return packed([label, *self._at_length(best[0]), *ending])
        lines = [self._in_a_line(found) for found in best]
        return packed([label, *lines, *self._together(best), *ending])

    def as_told(self, results: Sequence[Result]) -> str:
        """What was told in earlier checks and counts here; never used silently."""
        attrs = {ASKED_BY.get(c.attr, c.attr) for r in results for c in r.policy.condition.clauses}
        used = [phrase(attr, self.told_before) for attr in ORDER if attr in attrs]
        told = "，".join(filter(None, used))
        return say("self_check.as_told", told=told) if told else ""

    def opening(self, question: str, results: Sequence[Result], area: str, label: str = "") -> str:
        """The first question, after what is short already and which conditions are open."""
        matter = "和".join(dict.fromkeys(result.policy.matter for result in results))
        named = {"matter": matter, "area": "" if area in matter else area}
        printed = [clause.printed for clause in self._open(results)]
        is_choice = len(results) > len(_by_matter(results))
        heads = [say("self_check.variants", **named)] if is_choice else []
        heads += [say("self_check.open_clauses", conditions="、".join(printed), **named)]
        heads += [say("self_check.open_count", count=len(printed), **named)]
        ask = self._counted(question, results)
        short = self._short(results)
        texts = ["\n".join(filter(None, (label, short, head, ask))) for head in heads]
        plain = "\n".join(filter(None, (label, ask)))
        return next((text for text in texts if prompts.fits(text)), plain)

    def going_on(self, question: str, results: Sequence[Result], before: Sequence[Result]) -> str:
        """The next question, after what the last answer showed to be short."""
        ask, short = self._counted(question, results), self._short(results)
        return f"{short}\n{ask}" if short and short != self._short(before) else ask

    def _counted(self, question: str, results: Sequence[Result]) -> str:
        left = len({attr for attrs in self._open(results).values() for attr in attrs})
        return say("self_check.left", question=question, count=left) if left > 1 else question

    def _open(self, results: Sequence[Result]) -> dict[Clause, tuple[str, ...]]:
        """The conditions that questions can still settle, each with what to ask for."""
        clauses = [c for r in results if r.question for c in r.policy.condition.clauses]
        missing = {clause: clause.holds(self.facts, self.now).missing for clause in clauses}
        return {clause: attrs for clause, attrs in missing.items() if attrs}

    def _short(self, results: Sequence[Result]) -> str:
        """What is short so far, in one sentence; "" if nothing is."""
        short = self._gaps(results)
        return say("self_check.short_now", gaps=short) if short else ""

    def _at_length(self, results: Sequence[Result]) -> list[str]:
        first = results[0]
        if first.kind is Kind.NO:
            return [self._refusal(first)]
        if first.kind is Kind.NOT_YET:
            matter = first.policy.matter
            return [say("self_check.not_yet", matter=matter, gaps=self._gaps(results))]
        if first.kind in _FLAT:
            return [self._flat(first)]
        return [*self._verdict(first), *self._sums(results)]

    def _in_a_line(self, results: Sequence[Result]) -> str:
        first = results[0]
        if first.kind not in (Kind.LOOKS_OK, Kind.UNCLEAR):
            return self._at_length(results)[0]
        looks_ok = self._looks_ok(first)
        key = "self_check.brief_to_be_judged" if looks_ok else "self_check.brief_unsure"
        key = key if first.unclear else "self_check.brief_looks_ok"
        return say(key, matter=first.policy.matter) + self._sum(first)

    def _verdict(self, result: Result) -> list[str]:
        """How it looks, and what of it the office must judge."""
        agency, matter = _agency(result.policy), result.policy.matter
        if not result.policy.is_checkable:
            return [say("self_check.no_terms", agency=agency, matter=matter)]
        points = [self._point(clause) for clause in result.unclear]
        if not self._looks_ok(result):
            return [say("self_check.unsure", agency=agency, points="；".join(points))]
        judged = [say("self_check.judged", agency=agency, points="、".join(points))]
        return [say("self_check.looks_ok", agency=agency), *(judged if points else ())]

    def _looks_ok(self, result: Result) -> bool:
        """Whether all that can be checked holds, and the office need only read some words."""
        return fits(result.policy.condition, self.facts, self.now)

    def _is_other_entity(self, clause: Clause) -> bool:
        entity = self.facts.entity_type
        return clause.attr == "is_small_micro" and entity not in (None, Entity.FIRM)

    def _point(self, clause: Clause) -> str:
        """A condition that stays open whatever one answers."""
        if self._is_other_entity(clause):
            return say("self_check.point_entity", entity=self.facts.entity_type)
        if clause.attr == "is_returnee" and "返乡" in clause.printed:
            return say("self_check.point_returnee")
        if clause.attr == "is_small_micro":
            return say("self_check.point_small_micro")
        return say("self_check.point_other", printed=clause.printed)

    def _refusal(self, result: Result) -> str:
        clause = result.because[0]
        is_first = clause.attr == "first_registration"
        key = "self_check.no_first" if is_first else "self_check.no_other"
        reason = say(key, printed=clause.printed)
        return say("self_check.no", matter=result.policy.matter, reason=reason)

    def _flat(self, result: Result) -> str:
        policy = result.policy
        return say(_FLAT[result.kind], matter=policy.matter, agency=_agency(policy))

    def _sums(self, results: Sequence[Result]) -> list[str]:
        """What is paid as far as the papers say, and what the country says beside them."""
        sums = list(dict.fromkeys(self._sum(result) for result in results))
        if len(sums) > 1:
            return [say("self_check.sums_differ")]
        cards = [background(self.library, result.policy, self.now.date()) for result in results]
        outside = [self._outside(card) for card in cards if card is not None]
        return [*sums, *dict.fromkeys(outside)]

    def _sum(self, result: Result) -> str:
        policy, posts = result.policy, self.facts.contracts_1y
        total = policy.amount.for_posts(posts) if posts else None
        if total is not None and policy.amount.value is not None:
            each = plain(policy.amount.value)
            return say("self_check.calculated", each=each, count=posts, total=plain(total))
        if Note.NO_AMOUNT in result.notes:
            return say("self_check.no_amount")
        entry = self._entry(policy)
        return entry.spoken(entry.answer)

    def _outside(self, card: Entry) -> str:
        paper = self.library.document(card.area, card.source)
        cap = next(iter(card.figures.values())).spoken
        year = paper.date[:4] if paper else ""
        return say("self_check.outside", who=card.who[0], cap=cap, year=year)

    def _together(self, best: Sequence[Sequence[Result]]) -> list[str]:
        """Nothing is ever added up (domain 7.1)."""
        good = [r[0] for r in best if r[0].kind in (Kind.LOOKS_OK, Kind.UNCLEAR)]
        agency = _agency(best[0][0].policy)
        return [say("self_check.together", agency=agency)] if len(good) > 1 else []

    def _ending(self, result: Result) -> list[str]:
        entry = self._entry(result.policy)
        paper = self.library.document(entry.area, entry.source)
        said = [say("self_check.planned")] if Note.PLANNED in result.notes else []
        if Note.OLD in result.notes and paper:
            said.append(advice(paper, self.now))
        elif Note.UNDATED in result.notes:
            said.append(say("self_check.undated"))
        return [*said, tail(paper, entry.agency, entry.phone)]

    def _from_record(self, results: Iterable[Result]) -> str:
        """That the registration was used, where it was (never silently)."""
        clauses = [clause for result in results for clause in result.policy.condition.clauses]
        is_used = self.is_date_from_record and self.facts.registered_on is not None
        if is_used and any(clause.attr == "months_operating" for clause in clauses):
            return say("self_check.profile_used")
        return ""

    def _entry(self, policy: Policy) -> Entry:
        return self.library.entries[policy.id]

    def _gaps(self, results: Iterable[Result]) -> str:
        gaps = [gap for result in results for gap in result.gaps]
        titles = [name for gap in gaps for name in gap.clause.names]
        said = [_gap(gap, self.now.date()) for gap in gaps if gap.clause.attr != "recognised_as"]
        if titles:
            said.append(say("self_check.gap_title", names="、".join(dict.fromkeys(titles))))
        return "；".join(dict.fromkeys(said))


def packed(lines: Iterable[str]) -> list[str]:
    """Lines put together into as few messages as hold them."""
    found: list[str] = []
    for line in filter(None, lines):
        joined = f"{found[-1]}\n{line}" if found else line
        if found and prompts.fits(joined):
            found[-1] = joined
        else:
            found.append(line)
    return found


def _by_matter(results: Sequence[Result]) -> list[list[Result]]:
    matters = dict.fromkeys(result.policy.matter for result in results)
    return [[r for r in results if r.policy.matter == matter] for matter in matters]


def _best(results: Sequence[Result]) -> list[Result]:
    """Of the variants of a matter those that come nearest."""
    near = min(map(_distance, results))
    return [result for result in results if _distance(result) == near]


def _distance(result: Result) -> tuple[int, int]:
    rank = _RANK.index(result.kind) if result.kind in _RANK else len(_RANK)
    return rank, len(result.unclear)


def _agency(policy: Policy) -> str:
    return policy.agency or say("self_check.office")


def _gap(gap: Gap, today: date) -> str:
    clause = gap.clause
    if gap.needs_licence:
        is_timed = clause.attr == "months_operating"
        key = "self_check.gap_licence_months" if is_timed else "self_check.gap_licence"
        return say(key, need=clause.value)
    if gap.due:
        key = "self_check.gap_about" if gap.is_about else "self_check.gap_due"
        return say(key, day=_day(gap, today), need=clause.value)
    values = {"short": gap.short, "need": clause.value, "printed": clause.printed}
    return say(_GAPS.get(clause.attr, "self_check.gap_other"), **values)


def _day(gap: Gap, today: date) -> str:
    due = gap.due or today
    year = "" if due.year == today.year else f"{due.year}年"
    return f"{year}{due.month}月" + ("" if gap.is_about else f"{due.day}日")


_GAPS = {
    "headcount_incl_founder": "self_check.gap_people",
    "contracts_1y": "self_check.gap_contracts",
    "contracts_signed": "self_check.gap_contract",
    "social_insurance": "self_check.gap_insurance",
}
