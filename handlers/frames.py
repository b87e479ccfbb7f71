"""A form that waits beneath another talk, and is taken up again when that is over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from handlers.forms.form import REGISTRATION
from handlers.state import State

FORM = "registration"  # the flow that fills in forms
_BENEATH = "beneath"
DRAFT_LIFE = timedelta(days=30)  # domain rule 3.3-12, whether or not a job has swept since


def enter(state: State, flow: str, step: str, **data: Any) -> State:
    """Another talk begins; a form that is running waits beneath it."""
    waiting = _waiting(state)
    beneath = {_BENEATH: waiting} if waiting else {}
    return State(flow, step, {**data, **beneath}, state.memory)


def leave(state: State) -> State:
    """The talk is over: the waiting form, or nothing."""
    waiting = state.data.get(_BENEATH)
    if state.flow == FORM or not waiting:
        return state if state.flow == FORM else state.idle()
    return State(FORM, waiting["step"], dict(waiting["data"]), state.memory)


def parked(state: State) -> State:
    """A form that is open waits until it is asked for again."""
    if state.flow != FORM:
        return state
    return State(state.flow, state.step, {**state.data, "parked": True}, state.memory)


def drop_form(state: State) -> State:
    """Nothing of an unfinished form is left."""
    return state.idle()


def without_person(state: State, person_id: str) -> State:
    """Without the form that corrects or completes this person's record."""
    waiting = _waiting(state)
    is_theirs = waiting is not None and waiting["data"].get("person") == person_id
    return drop_form(state) if is_theirs else state


def without_first(state: State) -> State:
    """Without the form by which somebody registers anew: they are found to be registered."""
    waiting = _waiting(state)
    is_new = waiting is not None and not waiting["data"].get("person")
    is_own = waiting is not None and waiting["data"].get("form", REGISTRATION) == REGISTRATION
    return drop_form(state) if is_new and is_own else state


def has_form(state: State) -> bool:
    """Whether a form is unfinished, running or waiting."""
    return _waiting(state) is not None


def form_of(state: State) -> State:
    """The unfinished form by itself; `has_form` has seen that there is one."""
    waiting = _waiting(state)
    assert waiting is not None
    return State(FORM, waiting["step"], dict(waiting["data"]), state.memory)


def is_asking(state: State) -> bool:
    """Whether a question of a form is open at this moment."""
    return state.flow == FORM and not state.data.get("parked")


def _waiting(state: State) -> dict[str, Any] | None:
    if state.flow == FORM:
        return {"step": state.step, "data": dict(state.data)}
    return state.data.get(_BENEATH)
