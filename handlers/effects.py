"""What a turn may cause, as values; carrying_out.py makes it so in the transaction of the turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.cadre.effects import CadreEffect, StandingEffect
from handlers.campaigns.effects import CampaignEffect
from handlers.cases.effects import CaseEffect
from handlers.checklist.effects import Tick
from handlers.console_link.effects import OfferLink
from handlers.courses.effects import CourseEffect
from handlers.desk import Work
from handlers.events.effects import EventEffect
from handlers.helping.effects import HelpingEffect
from handlers.link_effects import LinkEffect
from handlers.person_effects import PersonEffect
from handlers.posting.effects import PostEffect
from handlers.projects.effects import ProjectEffect
from handlers.sages.effects import SageEffect
from handlers.segments.effects import SegmentEffect
from handlers.sharing.effects import SharingEffect
from handlers.stalls.effects import StallEffect
from handlers.stations.effects import StationEffect
from handlers.stewards.effects import PlaceGroup
from handlers.tickets.effects import TicketEffect
from handlers.unit_tasks.effects import TaskEffect
from handlers.wishes.effects import KeepWishes, NoteWrongCode, OpenPush
from records.questions import Reason
from records.stops import StopReason
from records.tickets import NewTicket


@dataclass(frozen=True, slots=True)
class KeepFacts:
    """What a registered person told of their business: attributes, None where taken back."""

    person_id: str
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NoteCheck:
    """A policy was held against somebody: which, in which version, on what, with what result."""

    rule: str
    version: str
    inputs: str  # as text; only its fingerprint is kept
    kind: str


@dataclass(frozen=True, slots=True)
class WithdrawConsent:
    """Nothing may be done with this person's record any more."""

    person_id: str
    receipt: str


@dataclass(frozen=True, slots=True)
class EraseProfile:
    """Remove a person; `counted` answers stay as anonymous totals."""

    person_id: str
    receipt: str
    counted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ForgetConversation:
    """Nothing of this talk stays; the door wipes its messages once the receipt has arrived."""

    receipt: str


@dataclass(frozen=True, slots=True)
class StopPushes:
    """No pushes to this account and these numbers; for good, or until a day."""

    reason: StopReason
    phones: tuple[str, ...] = ()
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AllowPushes:
    """Pushes are welcome again."""

    phones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChooseView:
    """Whether lists may look at who these people are."""

    person_ids: tuple[str, ...]
    is_personal: bool


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """A human is wanted."""

    ticket: NewTicket


@dataclass(frozen=True, slots=True)
class AddToTicket:
    """What the person wrote goes to the staff."""

    number: str
    text: str


@dataclass(frozen=True, slots=True)
class FlagTicket:
    """Danger was spoken of in a talk with staff."""

    number: str


@dataclass(frozen=True, slots=True)
class LeaveTicket:
    """The person talks to the bot again."""

    number: str


@dataclass(frozen=True, slots=True)
class BindStaff:
    """This account speaks for one of the staff from now on, by a code that they were given."""

    code: str


@dataclass(frozen=True, slots=True)
class RecordQuestion:
    """A question for the editors, already without personal data; may the asker be told later?"""

    text: str
    area: str
    decision: str
    score: float
    reason: Reason
    entries: tuple[str, ...] = ()
    tells: bool = True


@dataclass(frozen=True, slots=True)
class RecordFeedback:
    """Whether an answer helped."""

    entries: tuple[str, ...]
    area: str
    is_useful: bool


@dataclass(frozen=True, slots=True)
class RecordTold:
    """This conversation was answered from these entries."""

    entries: tuple[str, ...]


Effect = (
    PersonEffect
    | KeepFacts
    | NoteCheck
    | WithdrawConsent
    | EraseProfile
    | ForgetConversation
    | StopPushes
    | AllowPushes
    | ChooseView
    | OpenTicket
    | AddToTicket
    | FlagTicket
    | LeaveTicket
    | Work
    | BindStaff
    | RecordQuestion
    | RecordFeedback
    | RecordTold
    | LinkEffect
    | HelpingEffect
    | ProjectEffect
    | TicketEffect
    | CourseEffect
    | OfferLink
    | CampaignEffect
    | CaseEffect
    | EventEffect
    | TaskEffect
    | StationEffect
    | PlaceGroup
    | CadreEffect
    | StandingEffect
    | SageEffect
    | SegmentEffect
    | SharingEffect
    | StallEffect
    | PostEffect
    | Tick
    | KeepWishes
    | OpenPush
    | NoteWrongCode
)
