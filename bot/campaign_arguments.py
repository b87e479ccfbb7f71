"""What `guiyan campaign` takes: from a kit or a draft to the report."""

from __future__ import annotations

import argparse
from collections.abc import Callable

Add = Callable[..., argparse.ArgumentParser]
Actions = argparse._SubParsersAction

_TOPICS = (  # as in records/wishes.py
    *("policy", "projects", "training", "events", "jobs", "stories", "greetings", "surveys"),
)
_OF_ONE = {
    "show": "a campaign with its texts, waves and what was done with it",
    "preview": "whom it reaches, who is left out and why, three risky samples",
    "test": "send it to your own bound account",
    "submit": "it is written: freeze the list, and ask a second person",
    "approve": "look at what was frozen; with --yes agree to exactly that",
    "refuse": "do not agree: a draft again",
    "pause": "nothing more of it leaves until it is resumed",
    "resume": "what was paused goes on; nobody gets it twice",
    "stop": "nothing more of it leaves, for good",
    "finish": "it is over, everybody has it or will not",
    "late": "take in who fits only since the freeze",
    "report": "how it stands with everybody, and what came of it",
}
_AGREEING = frozenset({"show", "preview", "test", "submit", "approve", "refuse"})
_BY_STAFF = frozenset(_OF_ONE) - {"show", "report"}


def add_campaigns(commands: Actions[argparse.ArgumentParser], add: Add) -> None:
    """`guiyan campaign` and its actions."""
    campaign = commands.add_parser("campaign", help="messages to many, agreed to by a second")
    actions = campaign.add_subparsers(required=True, metavar="ACTION")
    _add_drafts(actions, add)
    for action, text in _OF_ONE.items():
        module = "campaign_agreeing" if action in _AGREEING else "campaign_running"
        one = add(actions, action, f"{module}:{action}", text)
        one.add_argument("number", type=int, metavar="N")
        if action in _BY_STAFF:
            one.add_argument("--staff", required=True, metavar="NAME")
    actions.choices["approve"].add_argument("--yes", action="store_true", help="agree")
    for action in ("refuse", "stop"):
        actions.choices[action].add_argument("--why", default="", metavar="TEXT")
    actions.choices["report"].add_argument("--days", type=int, default=14, metavar="D")
    prepare = add(actions, "prepare", "campaign_materials:prepare", "draft from the library")
    prepare.add_argument("kind", choices=["letter", "cases", "digest"])
    prepare.add_argument("--area", required=True, help="by name or code")
    prepare.add_argument("--staff", required=True, metavar="NAME")
    rehearse = add(actions, "rehearse", "campaign_rehearsal:rehearse", "play it, to nobody")
    rehearse.add_argument("number", type=int, metavar="N")
    rehearse.add_argument("--people", type=int, default=2_000, metavar="N", help="draw so many")
    rehearse.add_argument("--seed", type=int, default=1, help="the same again: the same result")
    proof = add(actions, "proof", "campaign_running:proof", "a file with a line for everybody")
    proof.add_argument("number", type=int, metavar="N")
    proof.add_argument("out", metavar="FILE.csv|FILE.xlsx")
    proof.add_argument("--staff", default="", metavar="NAME", help="whose campaign it must be")


def _add_drafts(actions: Actions[argparse.ArgumentParser], add: Add) -> None:
    listed = add(actions, "list", "campaigns:list_campaigns", "those that are not over")
    listed.add_argument("--area", help="by name or code")
    listed.add_argument("--all", action="store_true", help="also those that are over")
    _add_kits(actions, add)
    new = add(actions, "new", "campaigns:new", "begin a draft, from nothing or from a kit")
    new.add_argument("title")
    new.add_argument("--area", required=True, help="by name or code")
    new.add_argument("--town", default="", metavar="NAME", help="only this town of it")
    new.add_argument("--goal", default="", metavar="TEXT")
    new.add_argument("--topic", choices=_TOPICS, default="", help="what people may refuse")
    new.add_argument("--kit", default="", metavar="NAME", help="take its texts and waves")
    said = add(actions, "text", "campaigns:text", "what is said; {称呼|老乡} and the like")
    said.add_argument("number", type=int, metavar="N")
    said.add_argument("text", nargs="?", default="", metavar="TEXT|FILE.txt")
    said.add_argument("--variant", choices=["A", "B"], default="A")
    said.add_argument("--channel", default="", metavar="NAME", help="else for all channels")
    said.add_argument("--link", default="", metavar="URL")
    said.add_argument("--drop", action="store_true", help="forget this wording")
    aim = add(actions, "audience", "campaigns:audience", "for whom, as typed or as saved")
    aim.add_argument("number", type=int, metavar="N")
    aim.add_argument("audience", metavar="WORDS|NAME")
    waves = add(actions, "waves", "campaigns:waves", "when: 腊月廿三 9:30, 返乡前3天 晚上 40%%")
    waves.add_argument("number", type=int, metavar="N")
    waves.add_argument("waves", nargs="+", metavar="WHEN")
    waves.add_argument("--ends", default="", metavar="WHEN", help="a week after the last wave")
    _add_split(add(actions, "split", "campaigns:split", "the shares of a campaign"))
    for action in ("new", "text", "audience", "waves", "split"):
        actions.choices[action].add_argument("--staff", required=True, metavar="NAME")


def _add_kits(actions: Actions[argparse.ArgumentParser], add: Add) -> None:
    add(actions, "kits", "campaign_kits:list_kits", "the kits to begin from")
    kit = add(actions, "kit", "campaign_kits:write_kit", "write a kit's poster, scripts, roster…")
    kit.add_argument("name", metavar="NAME")
    kit.add_argument("--area", required=True, help="by name or code")
    kit.add_argument("--out", required=True, metavar="DIR")
    kit.add_argument("--place", default="", metavar="TEXT", help="where the stall stands")
    kit.add_argument("--url", default="", help="what the poster's code opens; else our page")


def _add_split(split: argparse.ArgumentParser) -> None:
    split.add_argument("number", type=int, metavar="N")
    split.add_argument("--b", type=int, metavar="PERCENT", help="who get wording B")
    split.add_argument("--holdout", type=int, metavar="PERCENT", help="who are not written to")
    split.add_argument("--weight", type=int, metavar="1-10", help="beside other campaigns")
    split.add_argument("--late", choices=["yes", "no"], help="take in who fits later")
