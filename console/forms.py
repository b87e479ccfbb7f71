"""What a page may be sent: plain models, and the fault of each field in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

FormT = TypeVar("FormT", bound="Form")


class Form(BaseModel):
    """What a form holds; texts are stripped, unknown fields are left aside."""

    model_config = ConfigDict(str_strip_whitespace=True, extra="ignore", frozen=True)


_PHONE = frozenset("0123456789-转 ")


def _is_an_office_s(phone: str) -> str:
    if not set(phone) <= _PHONE:
        raise ValueError("这里只写单位的电话号码，比如 0530-0000000")
    return phone


OfficePhone = Annotated[str, Field(max_length=20), AfterValidator(_is_an_office_s)]


@dataclass(frozen=True, slots=True)
class Filled(Generic[FormT]):
    """A form as it came: its value, or what is wrong with which field; `typed` is never lost."""

    typed: Mapping[str, str]
    value: FormT | None = None
    faults: Mapping[str, str] | None = None

    @property
    def is_right(self) -> bool:
        return self.value is not None

    def fault(self, name: str) -> str:
        """What is wrong with a field, or ""."""
        return (self.faults or {}).get(name, "")


_WORDS = {
    "missing": "请填写这一项",
    "string_too_short": "请填写这一项",
    "enum": "请从列出的里面选一个",
    "literal_error": "请从列出的里面选一个",
    "int_parsing": "请填一个整数",
    "int_type": "请填一个整数",
    "float_parsing": "请填一个数",
    "decimal_parsing": "请填一个数",
    "bool_parsing": "请选是或否",
    "date_from_datetime_parsing": "请按 2026-11-22 这样填日期",
    "date_parsing": "请按 2026-11-22 这样填日期",
    "date_from_datetime_inexact": "请只填日期，不填时间",
    "datetime_parsing": "请按 2026-11-22 09:30 这样填时间",
    "time_parsing": "请按 09:30 这样填时间",
}


def filled(model: type[FormT], typed: Mapping[str, str]) -> Filled[FormT]:
    """Read a form; an empty field counts as not given."""
    given = {name: text for name, text in typed.items() if text.strip()}
    try:
        return Filled(typed, value=model.model_validate(given))
    except ValidationError as fault:
        return Filled(typed, faults=_faults(fault))


def blank(typed: Mapping[str, str] | None = None) -> Filled[Any]:
    """A form that nobody has sent yet."""
    return Filled(typed or {})


def wrong(typed: Mapping[str, str], **faults: str) -> Filled[Any]:
    """A form that was read, and still cannot be so."""
    return Filled(typed, faults=faults)


def _faults(fault: ValidationError) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in fault.errors():
        name = str(one["loc"][0]) if one["loc"] else ""
        found.setdefault(name, _word(str(one["type"]), one.get("ctx") or {}))
    return found


def _word(kind: str, context: Mapping[str, Any]) -> str:
    match kind:
        case "string_too_long":
            return f"最多 {context['max_length']} 个字，请写短一些"
        case "greater_than_equal":
            return f"不能小于 {context['ge']}"
        case "less_than_equal":
            return f"不能大于 {context['le']}"
        case "value_error":
            return str(context["error"])
    return _WORDS.get(kind, "这一项填得不对，请看看格式")
