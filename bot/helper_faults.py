"""Why an outside helper (a language model, a recogniser) does not help, and how to mend it."""

from __future__ import annotations

TOO_LATE = "no answer in time"
TOO_LONG = "an answer too long"
NO_SENSE = "not the JSON that was asked for"
STATUS = "status"

_MENDS = {
    "400": "check {setting}_{name}",
    "401": "check {setting}_KEY",
    "403": "check {setting}_KEY, and what it may do",
    "404": "check {setting}_URL, which mostly ends in /v1, and {setting}_{name}",
    "405": "check {setting}_URL, which mostly ends in /v1",
    "429": "it is asked too often, or its credit is used up: look into its account",
}
_FORWARDS = "it sends us elsewhere, which is not followed: name the last address in {setting}_URL"
_BROKEN = "it is broken itself: look into its own log"


def mended(reason: str, setting: str, *, name: str = "MODEL") -> str:
    """A sentence for the operator; `reason` holds neither key nor content, nor may the result.

    `setting` begins the names of its settings, `name` ends that of the model's name.
    """
    if reason == TOO_LATE:
        words = "raise {setting}_TIMEOUT, or mend what slows it or the way there"
    elif reason in (NO_SENSE, TOO_LONG):
        words = "check {setting}_URL, and take a model that answers in the form asked for"
    elif reason.startswith(STATUS):
        status = reason.removeprefix(STATUS).strip()
        other = _FORWARDS if status.startswith("3") else _BROKEN
        words = _MENDS.get(status, other)
        reason = f"it answers with status {status}"
    else:
        reason = f"it cannot be reached ({reason})"
        words = "check {setting}_URL, that it runs, and that this machine is let out to it"
    return f"{reason}: {words.format(setting=setting, name=name)}"
