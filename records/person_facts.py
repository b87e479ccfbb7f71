"""What a registered person told about their business: the facts that policies are held against."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from records.types import UtcDateTime


class PersonFacts(SQLModel, table=True):
    """The attributes of domain 7.2, one column each; None where nothing is known.

    `titles`, `no_titles` and `unsure` hold words between bars: "|雁归宜昌项目|荆楚归雁项目|".
    """

    __tablename__ = "person_facts"

    person_id: str = Field(primary_key=True, max_length=24)
    is_returnee: bool | None = None
    first_registration: bool | None = None
    entity_type: str | None = Field(default=None, max_length=12)
    registered_first: date | None = None  # the licence's day, or the first it can have been
    registered_last: date | None = None
    headcount_incl_founder: int | None = None
    contracts_1y: int | None = None
    contracts_signed: bool | None = None
    social_insurance: str | None = Field(default=None, max_length=12)
    loan_kind: str | None = Field(default=None, max_length=12)
    titles: str = Field(default="", max_length=300)
    no_titles: str = Field(default="", max_length=300)
    unsure: str = Field(default="", max_length=200)
    told_at: datetime = Field(sa_type=UtcDateTime)
