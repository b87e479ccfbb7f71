"""Edited pages stand in front of the shipped ones; one that cannot be used is left out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from knowledge.answer import Answerer
from knowledge.library import check, in_service, our_shelf
from knowledge.shelf import is_page

PATH = "dingtao/policies/dingtao-loan-individual-cap.toml"
OVERVIEW = "dingtao/policies/dingtao-loan-caps.toml"  # tells the figure of PATH
HEAD = "dingtao/pack.toml"
UNKNOWNS = "dingtao/unknowns.toml"
ID = "dingtao-loan-individual-cap"


def shipped(path: str = PATH) -> str:
    words = our_shelf().shipped(path)
    assert words is not None
    return words


def mended(was: str, now: str, path: str = PATH) -> str:
    words = shipped(path)
    assert was in words
    return words.replace(was, now, 1)


def test_an_edited_page_is_served_instead() -> None:
    library, left_out = in_service({PATH: mended("干个体的", "自己单干的")})
    assert (library.entries[ID].answer[:5], left_out) == ("自己单干的", {})


def test_a_withdrawn_page_is_not_served() -> None:
    library, _ = in_service({OVERVIEW: None})
    assert "dingtao-loan-caps" not in library.entries


def test_the_shipped_page_comes_back_unchanged() -> None:
    before = in_service({})[0].entries
    in_service({OVERVIEW: None})
    after = in_service({})[0].entries
    assert after == before
    others = before.keys() - {"dingtao-loan-caps"}
    assert all(after[key] is before[key] for key in others)  # nothing is read twice


def test_a_new_page_and_a_new_area_are_served() -> None:
    head = 'area = "410902"\nname = "河南省濮阳市华龙区"\nshort = "华龙"\nlevel = "county"\n'
    head += 'called = ["华龙"]\n[documents.plan]\ntitle = "方案"\n'
    entry = mended(f'id = "{ID}"', 'id = "hualong-cap"')
    pages: dict[str, str | None] = {
        "hualong/pack.toml": head,
        "hualong/policies/hualong-cap.toml": entry,
    }
    library, left_out = in_service(pages)
    assert left_out == {}
    assert library.entries["hualong-cap"].area == "410902"


BROKEN = [
    "",
    "id = [[[",
    'id = "another"',
    "figures = 5",
    "[figures.cap]\nvalue = nan",
    "a = " + "[" * 5000,
    "a = " + "9" * 5000,
    "\ud800",
    "asked_as = {a = 1}",
]


@pytest.mark.parametrize("text", BROKEN)
@pytest.mark.parametrize("path", [PATH, HEAD, "common/wording.toml"])
def test_a_broken_page_is_left_out(path: str, text: str) -> None:
    library, left_out = in_service({path: text})
    assert list(left_out) == [path]
    assert library.entries == in_service({})[0].entries


@pytest.mark.parametrize("text", BROKEN[1:])
def test_broken_unknowns_are_left_out(text: str) -> None:
    library, left_out = in_service({UNKNOWNS: text})
    assert list(left_out) == [UNKNOWNS]
    assert library.packs["371703"].unknowns


SLIPS = [
    ("{cap}", "{cap.value}", "没有定义的数字"),
    ("{cap}", "{cap:99}", "只能写数字的名字"),
    ("{cap}", "{cap!r}", "只能写数字的名字"),
    ("{cap}", "{}", "只能写数字的名字"),
    ("value = 100000", "value = inf", "要是数字"),
    ("value = 100000", "value = 1e300", "要是数字"),
    ("value = 100000", "value = 120000", "找不到这个数"),
    ('agency = "区人社局', 'agency = "{区人社局}', "不能有花括号"),
    ('op = "in"', 'op = ["in"]', "类型不对"),
    ('value = ["个体户"]', 'value = ["开店的"]', "程序判断不了"),
    ('source = "plan"', 'source = "gone"', "没有文件“gone”"),
    ("[figures.cap]", '[figures."0"]', "没有定义的数字"),
    ('review_by = "2027-06-30"', 'review_by = "9999-12-31"', "不是日期"),
    ('review_by = "2027-06-30"', 'review_by = "0001-01-01"', "不是日期"),
]


@pytest.mark.parametrize(("was", "now", "fault"), SLIPS)
def test_a_slip_is_named_and_never_served(was: str, now: str, fault: str) -> None:
    text = mended(was, now)
    found = [str(each) for each in check(edited={PATH: text})]
    assert any(each.startswith(PATH) and fault in each for each in found), found
    library, _ = in_service({PATH: text})
    assert library.entries[ID].answer.format(cap="x") == "干个体的，创业担保贷款x。"


def test_a_page_that_others_need_is_left_out_when_it_lacks_what_they_need() -> None:
    head = mended("[documents.plan]", "[documents.other]", HEAD)
    library, left_out = in_service({HEAD: head})
    assert list(left_out) == [HEAD]
    assert library.document("371703", "plan") is not None


def test_a_good_page_serves_beside_a_broken_one() -> None:
    owned = mended("kind =", 'owner = "就业科"\nkind =', OVERVIEW)
    library, left_out = in_service({PATH: "id = ", OVERVIEW: owned})
    assert list(left_out) == [PATH]
    assert library.entries["dingtao-loan-caps"].owner == "就业科"


def test_an_owner_may_be_named() -> None:
    library, _ = in_service({PATH: mended("kind =", 'owner = "就业科"\nkind =')})
    assert library.entries[ID].owner == "就业科"


@pytest.mark.parametrize(
    ("path", "may_be"),
    [
        (PATH, True),
        (HEAD, True),
        (UNKNOWNS, True),
        ("common/wording.toml", True),
        ("dingtao/wording.toml", False),
        ("../etc/policies/x.toml", False),
        ("dingtao/policies/../pack.toml", False),
        ("dingtao/policies/Ä.toml", False),
        ("policies/x.toml", False),
        ("", False),
    ],
)
def test_pages_have_plain_names(path: str, may_be: bool) -> None:
    assert is_page(path) is may_be


def test_a_library_of_an_edited_page_answers_with_it() -> None:
    text = mended("value = 100000", "value = 200000").replace("最高10万元", "最高20万元")
    library, _ = in_service({PATH: text})
    answer = Answerer(library.only(["定陶"])).answer(
        "个体户创业担保贷款最高多少", area="371703", now=datetime(2026, 11, 22, tzinfo=UTC)
    )
    assert "最高20万元" in answer.text


LOANS = (ID, "dingtao-loan-caps")
SUBSIDY = ("dingtao-startup-subsidy-amount", "dingtao-subsidies-overview")


@pytest.mark.parametrize(
    ("gone", "question", "said", "unsaid"),
    [
        (LOANS, "个体户贷款最高多少", "现在能告诉您的只有企业、小微企业的", "文件只写了"),
        (LOANS, "合伙的最高贷多少", "文件没写", "撤下"),
        (SUBSIDY, "一次性创业补贴给多少钱", "原来的说法已经撤下", "文件没写"),
        ((), "一次性创业补贴给多少钱", "不低于1.2万元", "撤下"),
    ],
)
def test_what_was_withdrawn_is_not_said_to_be_in_no_paper(
    gone: tuple[str, ...], question: str, said: str, unsaid: str
) -> None:
    library, _ = in_service({f"dingtao/policies/{name}.toml": None for name in gone})
    answerer = Answerer(library.only(["定陶"]))
    text = answerer.answer(question, area="371703", now=datetime(2026, 11, 22, tzinfo=UTC)).text
    assert (said in text, unsaid in text) == (True, False)


def test_what_has_ended_is_not_said_to_be_in_no_paper() -> None:
    pages = {
        f"dingtao/policies/{name}.toml": mended(
            'valid_until = ""', 'valid_until = "2026-11-01"', f"dingtao/policies/{name}.toml"
        )
        for name in LOANS
    }
    answerer = Answerer(in_service(pages)[0].only(["定陶"]))
    now = datetime(2026, 11, 22, tzinfo=UTC)
    text = answerer.answer("个体户贷款最高多少", area="371703", now=now).text
    assert text.startswith("现在能告诉您的只有企业、小微企业的")
