"""Forms are data: a county adds a field without code; a faulty file is refused in plain words."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlers.forms import course
from handlers.forms.form import FormError, load_forms, read_form, shipped_forms
from handlers.my_data import export_text
from handlers.prompts import fits
from records.people import ConsentMissing, Entered
from tests.handlers.support.talks import REGISTERED, registered
from tests.handlers.support.walk import Walk

SHIPPED = Path(course.__file__).parent / "registration.toml"
MORE = """
[[question]]
id = "shoe_size"
number = 10
kind = "choice"
label = "鞋码"
ask = "劳保鞋穿多大?"
help = "看鞋底的数字。"
purpose = "发劳保鞋"
readers = ["county"]
[[question.choice]]
code = "small"
label = "40以下"
[[question.choice]]
code = "large"
label = "40以上"
"""
SENSITIVE = """
[[question]]
id = "health"
number = 10
kind = "text"
label = "身体"
ask = "身体有啥要照顾的?"
help = "说一句就行。"
purpose = "安排轻活"
readers = ["county"]
consent = "health"
why = "身体情况只用来安排轻活"
"""


def _walk_with(more: str, folder: Path) -> Walk:
    (folder / "registration.toml").write_text(SHIPPED.read_text("utf-8") + more, "utf-8")
    return Walk(forms=load_forms(folder))


def test_a_county_adds_a_field_without_code(tmp_path: Path) -> None:
    walk = _walk_with(MORE, tmp_path)
    walk.all(*REGISTERED[:-1])
    assert "第10题，共10题\n劳保鞋穿多大?" in walk.said()
    walk.all("40以上", "更多")
    assert "10鞋码：40以上" in walk.said()
    walk.say("1")
    assert walk.profiles()[0].answers["shoe_size"] == "large"


def test_an_added_field_is_corrected_and_exported(tmp_path: Path) -> None:
    walk = _walk_with(MORE, tmp_path)
    walk.all(*REGISTERED[:-1], "2", "1", "改10", "1")
    profile = walk.profiles()[0]
    assert profile.answers["shoe_size"] == "small"
    assert "鞋码：40以下" in export_text(profile, walk.forms["registration"])


def test_a_sensitive_field_needs_its_own_yes(tmp_path: Path) -> None:
    walk = _walk_with(SENSITIVE, tmp_path)
    walk.all(*REGISTERED[:-1])
    assert "身体情况只用来安排轻活" in walk.said()
    walk.all("同意", "腰不好", "1")
    assert walk.profiles()[0].answers["health"] == "腰不好"
    assert walk.profiles()[0].consents_to("health")


def test_refusing_it_does_not_block_the_rest(tmp_path: Path) -> None:
    walk = _walk_with(SENSITIVE, tmp_path)
    walk.all(*REGISTERED[:-1], "不同意", "1")
    profile = walk.profiles()[0]
    assert "health" not in profile.answers
    assert not profile.consents_to("health")


def test_it_is_not_stored_without_its_consent(tmp_path: Path) -> None:
    walk = registered()
    person_id = walk.profiles()[0].id
    entered = Entered(codes={}, texts={"health": "腰不好"}, needs={"health": "health"})
    with pytest.raises(ConsentMissing):
        walk.correct(person_id, entered)


def test_what_others_entered_stays_the_shipped_form(tmp_path: Path) -> None:
    assert load_forms(tmp_path)["proxy"] is shipped_forms()["proxy"]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('kind = "place"', 'kind = "guess"', "question home_place: kind 'guess' is none of"),
        ('purpose = "按老家找政策、派专员"\n', "", "question home_place: purpose is missing"),
        ('purpose = "按老家找政策、派专员"', 'purpose = ""', "must say why it is asked"),
        ("counted = true\npurpose", "weight = 3\npurpose", "question home_place: weight means"),
        ('id = "where_now"', 'id = "home_place"', "this id is taken by an earlier question"),
        ('where_now = ["away"] }', 'later = ["away"] }', "it depends on later"),
        ('code = "away"', 'code = "returned"', "two options have the same code"),
        ('ask = "您现在在哪？"', f'ask = "{"很" * 90}"', "78 characters"),
        ('title = "创业意愿登记"', "", "needs id, title"),
        ("[[question]]", "[[question", "registration.toml: "),
    ],
)
def test_a_faulty_form_is_refused_in_plain_words(
    tmp_path: Path, old: str, new: str, fault: str
) -> None:
    path = tmp_path / "registration.toml"
    path.write_text(SHIPPED.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(FormError, match=r"registration\.toml: ") as refused:
        read_form(path)
    assert fault in str(refused.value)


@pytest.mark.parametrize("name", ["registration", "proxy"])
def test_every_question_fits_on_one_message(name: str) -> None:
    form = shipped_forms()[name]
    for question in form.questions:
        texts = [question.ask, *(text for _, text in question.variants)]
        assert all(fits(f"第9题,共9题\n{text}") for text in texts), question.id
        assert fits(f"{question.help}\n第9题,共9题\n{question.ask}"), question.id


def test_long_lists_are_kept_for_what_people_do() -> None:
    long = {q.id for q in shipped_forms()["registration"].questions if len(q.choices) > 5}
    assert long == {"biz_kind", "want_kind", "skills", "lacks"}


def test_the_proxy_form_asks_only_what_may_be_left() -> None:
    asked = {question.id for question in shipped_forms()["proxy"].questions}
    assert asked == {"nickname", "phone", "home_place", "home_village", "intent"}
