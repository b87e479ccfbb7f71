"""«我够不够条件»: what the papers ask, held against what a person tells, step by step."""

from handlers.self_check.flow import SelfCheck, again

NAME = SelfCheck.name

__all__ = ["NAME", "SelfCheck", "again"]
