"""One person of the register as an audience sees them."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from matching.audience.values import ANY, Day, Field, Someone, around
from matching.facts import Days
from records.own_days import RETURN_ON
from records.seen_people import SeenPerson

_CHINA = timezone(timedelta(hours=8))
_CODES = frozenset(
    {
        *(Field.WHERE, Field.RETURN, Field.AWAY, Field.HUKOU, Field.INTENT, Field.TRADE),
        *(Field.LICENCE, Field.TIME, Field.WISH, Field.SKILL, Field.LACK),
    }
)


def someone(row: SeenPerson) -> Someone:
    """The same facts as matching/audience/sql.py reads from the tables."""
    words = {name: _several(row.codes.get(name.value)) for name in _CODES}
    words[Field.HOME] = around(row.area) | ({row.town, row.village} - {""})
    words[Field.CITY] = around(str(row.codes.get("where_area") or ""))
    words[Field.FORM] = frozenset({row.form} - {""})
    words[Field.TIER] = frozenset({row.tier} - {""})
    words[Field.PUSHES] = frozenset("yes" if given else "no" for given in row.pushes)
    words[Field.CHANNEL] = frozenset(account.split(":", 1)[0] for account in row.accounts)
    words[Field.HELPER] = frozenset(row.helpers)
    words[Field.COURSE] = frozenset(map(str, row.courses)) | ({ANY} if row.courses else set())
    words[Field.LEARN] = frozenset(row.wishes)
    words[Field.TAG] = row.tags
    words[Field.SOURCE] = frozenset({row.source})
    return Someone(words=words, days=_days(row))


def _days(row: SeenPerson) -> dict[Day, list[Days]]:
    moments = {
        Day.REGISTERED: [row.created_at],
        Day.CONTACT: [max(row.contacts)] if row.contacts else [],
        Day.VISITED: row.visits,
        Day.AGREED: row.agreed,
        Day.HELPED: row.helped,
        Day.TRAINED: row.attended,
    }
    days = {day: [Days.of(_day(at)) for at in known] for day, known in moments.items()}
    days[Day.LICENSED] = [Days(*row.licensed)] if row.licensed else []
    home = row.codes.get(RETURN_ON)
    days[Day.RETURN] = [Days.of(date.fromisoformat(home))] if home else []
    return days


def _several(value: object) -> frozenset[str]:
    if isinstance(value, str):
        return frozenset({value})
    return frozenset(map(str, value)) if isinstance(value, list | tuple) else frozenset()


def _day(moment: datetime) -> date:
    return moment.astimezone(_CHINA).date()
