"""What a wish means for a message: the topic of its key, the caps and the hours that are left."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import time

from records import wishes
from records.database import Session
from records.wishes import Topic, Wish, meeting

LESS, MONTHLY = (1, 3), (1, 1)  # «少发点», «一个月一次»: in seven days, in thirty

_CAMPAIGN = "camp/"
_TOPICS = (  # how the keys of messages begin, the longer before the shorter
    ("elig/", Topic.POLICY),
    ("remind/licence/", Topic.POLICY),
    ("remind/directory/", Topic.SURVEYS),
    ("remind/", Topic.OWN),
    ("project/", Topic.PROJECTS),
    ("projects/", Topic.OWN),
    ("gap/", Topic.OWN),
    ("fix/", Topic.OWN),
    ("helper.", Topic.OWN),
)
_ENDINGS = (  # and what some of them hold that begin alike
    (re.compile(r"^remind/course/.+/outcome/\d+$"), Topic.SURVEYS),
    (re.compile(r"^of:[^:]+:rating$"), Topic.SURVEYS),
)


def topics_of(session: Session, keys: Sequence[str]) -> dict[str, Topic]:
    """What each message is about; a campaign says so itself."""
    numbers = {key: key.split("/")[1] for key in keys if key.startswith(_CAMPAIGN)}
    said = wishes.of_campaigns(session, {int(n) for n in numbers.values() if n.isdigit()})
    return {
        key: as_topic(said.get(int(numbers[key]), "")) if key in numbers else _topic(key)
        for key in keys
    }


def as_topic(name: str) -> Topic:
    """The topic of a campaign; one that has none cannot be refused by topic."""
    return Topic(name) if name in set(Topic) else Topic.OWN


def most_of(wish: Wish, usual: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """In so many days, so many messages: never more than is usual."""
    week, month = wish.rate or (10**6, 10**6)
    own = {7: week, 30: month}
    return tuple((days, min(most, own.get(days, most))) for days, most in usual)


def windows(
    hours: Sequence[tuple[time, time]], day: tuple[time, time]
) -> tuple[tuple[time, time], ...]:
    """The hours that may be used of a day; the whole day where nothing of it is left."""
    return meeting(hours, (day,)) or (day,)


def _topic(key: str) -> Topic:
    named = next((topic for pattern, topic in _ENDINGS if pattern.search(key)), None)
    return named or next((topic for begin, topic in _TOPICS if key.startswith(begin)), Topic.OWN)
