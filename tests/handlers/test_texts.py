"""Every sentence is used, and every place in it is filled."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from string import Formatter

import pytest

import handlers
from handlers.forms.form import shipped_forms
from handlers.projects import owning
from handlers.texts import say_of, sentences, table
from matching.codes import Lack
from records.projects import ProjectState

FOLDER = Path(handlers.__file__).parent
# The self-check composes its keys; its own tests look after them.
APART = "self_check"
_HALF_WIDTH = re.compile(r"[\u4e00-\u9fff}”][,:;?!()]|[,:;?!()][\u4e00-\u9fff{“]")


def _calls() -> Iterator[tuple[str, ast.Call]]:
    for path in FOLDER.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
        for call in calls if APART not in path.parts else ():
            if isinstance(call.func, ast.Name) and call.func.id == "say":
                yield f"{path.name}:{call.lineno}", call


def _key(call: ast.Call) -> str:
    return str(call.args[0].value) if isinstance(call.args[0], ast.Constant) else ""


def _sentences() -> dict[str, str]:
    return {key: text for key, text in sentences().items() if not key.startswith(APART)}


def test_every_sentence_is_asked_for_by_its_name() -> None:
    assert [place for place, call in _calls() if not _key(call)] == []


def test_every_sentence_is_used_and_every_used_one_exists() -> None:
    assert {_key(call) for _, call in _calls()} == set(_sentences())


def test_every_place_in_a_sentence_is_filled() -> None:
    sentences = _sentences()
    for place, call in _calls():
        places = Formatter().parse(sentences[_key(call)])
        names = {name for _, name, _, _ in places if name}
        assert names == {keyword.arg for keyword in call.keywords}, place


@pytest.mark.parametrize(
    ("kind", "codes"),
    [("needs", Lack), ("own_project_asked", owning.ASKED), ("own_project_state", ProjectState)],
)
def test_every_code_has_its_sentence(kind: str, codes: Iterable[str]) -> None:
    assert {say_of(kind, code) for code in codes} == set(table("coded")[kind].values())


def test_chinese_sentences_have_chinese_punctuation() -> None:
    coded = (text for texts in table("coded").values() for text in texts.values())
    shown = [*_sentences().values(), *coded, *_asked()]
    assert [text for text in shown if _HALF_WIDTH.search(text)] == []


def _asked() -> Iterator[str]:
    for question in (q for form in shipped_forms().values() for q in form.questions):
        yield from (question.ask, question.help, question.why, question.label)
        yield from (text for _, text in question.variants)
        yield from (text for choice in question.choices for text in (choice.label, choice.remark))


def test_every_list_of_choices_is_used() -> None:
    code = "\n".join(path.read_text("utf-8") for path in FOLDER.rglob("*.py"))
    assert [name for name in table("choices") if f'"{name}"' not in code] == []


def test_no_word_means_two_things() -> None:
    seen: dict[str, str] = {}
    for command, words in table("words")["commands"].items():
        for word in words:
            assert seen.setdefault(word, command) == command, word
