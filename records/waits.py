"""Why a message waits; of what was stopped while it waited, why it had not left before."""

from __future__ import annotations

from enum import StrEnum


class Wait(StrEnum):
    """Why a message is held; any other word is the sender's, of its last try."""

    TURN = "turn"  # its wave, or the portion before it
    QUEUE = "queue"  # waits in the outbox, or is being sent
    BEHIND = "behind"  # another message to them waits for its moment before it
    PAUSED = "paused"
    CAPPED = "capped"  # one more would be too many
    HOURS = "hours"  # it is not their own hour or day
    QUIET = "quiet"  # the night, or the festival of the family
    WISHED = "wished"  # they wish to hear nothing until a day
    WINDOW = "window"  # the channel lets us write when they have written


# For which the gate puts a message aside: as the failure of what waits for its moment.
OF_THE_GATE = tuple(one.value for one in (Wait.CAPPED, Wait.HOURS, Wait.QUIET, Wait.WISHED))
