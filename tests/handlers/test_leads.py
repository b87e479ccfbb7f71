"""What heads of stations told: read by their county, and made into a project's draft."""

from __future__ import annotations

import pytest

from handlers.stations.words import Leads, MakeProject, lead_wish_of
from records import audit, projects
from records.projects import ProjectRow
from records.staff_accounts import StaffRole
from tests.handlers.support.linked import rows
from tests.handlers.support.walk import Store, Walk, sent_to

TOLD = "昭通老乡想回来办核桃初加工，找张总13700001111"
MAKE = "线索1 建项目 农产品加工 核桃初加工"


def _staff(store: Store, name: str, area: str, role: StaffRole = StaffRole.STAFF) -> Walk:
    walk = Walk(store=store, chat=f"of {name}", is_new=False)
    walk.serve(name, area, role=role)
    return walk


def _county() -> Walk:
    store = Store()
    _staff(store, "丁会长", "371703", StaffRole.HEAD).say(f"线索 {TOLD}")
    return _staff(store, "王科长", "371703")


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("线索", Leads()),
        ("看线索3", Leads(3)),
        ("线索3 建项目", MakeProject(3)),
        ("线索3 建项目 种养 核桃", MakeProject(3, "种养", "核桃")),
        ("线索：有个核桃加工", None),
    ],
)
def test_a_line_about_leads_is_read(text: str, wish: object) -> None:
    assert lead_wish_of(text) == wish


def test_the_county_reads_whose_lead_it_was_and_that_leaves_a_trace() -> None:
    county = _county()
    assert "丁会长：昭通老乡" in county.say("线索")[0].text
    assert TOLD in county.say("线索1")[0].text
    trail = county.store.run(lambda s: audit.of(s, "leads:1"))
    assert [(row.act, row.actor) for row in trail] == [("leads.read", "staff:王科长")] * 2


def test_another_county_reads_none() -> None:
    other = _staff(_county().store, "张科长", "430381")
    assert "还没有" in other.say("线索")[0].text
    assert "没有线索1" in other.say("线索1")[0].text


def test_a_city_reads_no_names() -> None:
    assert "丁会长" not in _staff(_county().store, "李主任", "371700").say("线索")[0].text


def test_a_head_reads_no_list() -> None:
    head = _staff(_county().store, "钱会长", "371703", StaffRole.HEAD)
    assert "核桃" not in head.say("线索")[0].text


def test_a_draft_is_made_of_a_lead_once_and_the_head_is_told() -> None:
    county = _county()
    assert "建成草稿“核桃初加工”" in county.say(MAKE)[0].text
    [row] = rows(county.store, ProjectRow)
    assert (row.state, row.county, row.category) == ("draft", "371703", "food_processing")
    assert projects.owner(row, county.store.vault)["words"] == TOLD
    assert any("核桃初加工" in told for told in sent_to(county.store, "of 丁会长"))
    assert "已经建过项目1" in county.say(MAKE)[0].text
    assert "已建项目1" in county.say("线索")[0].text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("线索1 建项目", "要建项目草稿就写"),
        ("线索1 建项目 挖矿 核桃", "没认出行业"),
        ("线索1 建项目 种养 找张总13700001111", "别写电话"),
        (f"线索1 建项目 种养 {'长' * 19}", "最多18个字"),
        ("线索9 建项目 种养 核桃", "没有线索9"),
    ],
)
def test_what_cannot_be_made_is_said_and_nothing_is_made(text: str, said: str) -> None:
    county = _county()
    assert said in county.say(text)[0].text
    assert rows(county.store, ProjectRow) == []
