"""What the papers of an area say to one person's answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from handlers.dialogue import Scene
from handlers.effects import NoteCheck
from handlers.self_check import occasion
from handlers.self_check.checking import Checking
from handlers.self_check.policies import offered, policies_of
from handlers.self_check.questions import Question, question_for
from handlers.self_check.wording import Speaker
from handlers.texts import say
from matching.eligibility import LOANS, Result, check, first_question, rule_version
from matching.facts import NOTHING, Facts, from_answers, from_profile
from records.people import Profile, Status

CHINA = timezone(timedelta(hours=8))  # licences are dated in China
MOST_MATTERS = 2  # in one check
MOST_LISTED = 5


class Adviser:
    """Knows the library and the person, and judges a check."""

    def __init__(self, scene: Scene) -> None:
        self.library = scene.answerer.library
        self.now: datetime = scene.now.astimezone(CHINA)
        self.today = self.now.date()
        self._profiles = scene.profiles
        self.own = _own_profile(scene.profiles)

    def told_before(self) -> dict[str, Any]:
        """What the person told in earlier checks; what they could not tell is asked again."""
        told = self.own.told if self.own else {}
        return {attr: value for attr, value in told.items() if attr != "unsure"}

    def results(self, checking: Checking) -> list[Result]:
        """Each policy of the check against what is known."""
        policies = policies_of(self.library, checking.area, checking.matters, self.today)
        return [check(policy, self._facts(checking), self.now) for policy in policies]

    def question(self, checking: Checking) -> Question | None:
        """The one question that can still change something."""
        results = self.results(checking)
        attr = first_question(tuple(r.question for r in results if r.question))
        return question_for(attr, checking.answers, results) if attr else None

    def speaker(self, checking: Checking) -> Speaker:
        """Who puts the results into words."""
        is_from_record = "registered_on" not in checking.answers
        used = {attr: checking.answers[attr] for attr in checking.known}
        return Speaker(self.library, self._facts(checking), self.now, is_from_record, used)

    def notes(self, checking: Checking) -> tuple[NoteCheck, ...]:
        """What each result rests on, for the log (domain 7.1)."""
        inputs = repr(self._facts(checking))
        return tuple(
            NoteCheck(r.policy.id, rule_version(r.policy.condition), inputs, r.kind.value)
            for r in self.results(checking)
        )

    def about(self, checking: Checking, claimed: Sequence[str]) -> Checking:
        """A check of the matters named that have conditions here, or else of the first of them."""
        claimed = claimed or self._told_about(checking)
        ruled = [matter for matter in claimed if self._attributes(checking, matter)]
        return replace(checking, matters=tuple(ruled[:MOST_MATTERS] or claimed[:1])).on()

    def offered(self, checking: Checking) -> tuple[str, ...]:
        """The matters to choose from; loans only for who speaks of money or lacks it (G-14)."""
        lacks = [profile.answers.get("lacks") or () for profile in self._profiles]
        is_short = occasion.asks_for_money(checking.text) or any("capital" in x for x in lacks)
        return offered(self.library, checking.area, self.now, with_loans=is_short)[:MOST_LISTED]

    def unmentioned(self, checking: Checking) -> str:
        """That the area's papers do not name what was asked for, and whom to ask."""
        pack, matter = self.library.packs[checking.area], checking.matters[0]
        agencies = [u.agency for u in pack.unknowns if u.matter == matter and u.agency]
        agency = next(iter(agencies), say("self_check.office"))
        area = self.short(checking)
        return say("self_check.not_mentioned", area=area, matter=matter, agency=agency)

    def short(self, checking: Checking) -> str:
        """The area's short name."""
        return self.library.packs[checking.area].place.area.short

    def _told_about(self, checking: Checking) -> tuple[str, ...]:
        """The one matter whose conditions the message speaks of without naming it."""
        listed = self.offered(checking)
        if occasion.asks_to_borrow(checking.text):
            listed = tuple(matter for matter in listed if matter in LOANS) or listed
        if len(listed) > 1 and occasion.counts_contracts(checking.text):
            listed = tuple(m for m in listed if "contracts_1y" in self._attributes(checking, m))
        return listed if len(listed) == 1 else ()

    def _attributes(self, checking: Checking, matter: str) -> set[str]:
        policies = policies_of(self.library, checking.area, [matter], self.today)
        return {clause.attr for policy in policies for clause in policy.condition.clauses}

    def _facts(self, checking: Checking) -> Facts:
        known = from_profile(self.own.answers, self.today) if self.own else NOTHING
        return from_answers(checking.answers, known)


def _own_profile(profiles: Sequence[Profile]) -> Profile | None:
    """The one person that this can only be; on a shared phone nobody's record is used (P-30)."""
    usable = [p for p in profiles if p.status is Status.CONFIRMED and p.is_personal]
    return usable[0] if len(profiles) == len(usable) == 1 else None
