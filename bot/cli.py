"""The command line: what each command takes, and where it is done."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from bot.audience_arguments import add_audiences, add_people
from bot.campaign_arguments import add_campaigns
from bot.case_arguments import add_cases
from bot.group_arguments import add_groups
from bot.library_arguments import add_library
from bot.list_arguments import add_lists
from bot.post_arguments import add_posts
from bot.privacy_arguments import add_privacy
from bot.rhythm_arguments import a_year, add_rhythm
from bot.settings import Settings, SettingsError, load, port
from bot.trail_arguments import add_trail
from bot.upkeep_arguments import add_backups, add_keys, add_partitions

OK, FAILED, BAD_USE = 0, 1, 2


class CommandError(Exception):
    """The command cannot be done; one plain sentence, and the exit status."""

    def __init__(self, sentence: str, status: int = FAILED) -> None:
        super().__init__(sentence)
        self.status = status


def main(arguments: Sequence[str]) -> int:
    """Run one command; its exit status."""
    options = _parser().parse_args(arguments)
    try:
        command = _command(options.done_in)
        return command(options, load(hears=options.hears))
    except SettingsError as fault:
        return _say(fault, BAD_USE)
    except CommandError as fault:
        return _say(fault, fault.status)
    except BrokenPipeError:
        sys.stderr.close()  # the reader went away; there is nobody to tell
        return OK
    except KeyboardInterrupt:
        return 130


def _say(fault: Exception, status: int) -> int:
    print(fault, file=sys.stderr)  # noqa: T201 (the command line speaks by printing)
    return status


def _command(place: str) -> Callable[[argparse.Namespace, Settings], int]:
    # Loaded when used: `guiyan config` must not wait for the channels.
    module, function = place.split(":")
    command: Callable[[argparse.Namespace, Settings], int]
    command = getattr(import_module(f"bot.commands.{module}"), function)
    return command


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="guiyan", description="归雁: 返乡创业 in conversation")
    parser.set_defaults(hears=True)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_service(commands)
    _add_staff(commands)
    _add_places(commands)
    _add_village(commands)
    _add_answers(commands)
    _add_gaps(commands)
    add_lists(commands, _add)
    add_library(commands, _add)
    add_rhythm(commands, _add)
    add_cases(commands, _add, a_year)
    add_campaigns(commands, _add)
    add_audiences(commands, _add)
    add_people(commands, _add)
    add_groups(commands, _add, _names)
    add_posts(commands, _add)
    add_privacy(commands, _add, a_year)
    _add_stewards(commands)
    _add_wecom(commands)
    _add_jobs(commands)
    add_trail(commands, _add)
    _add_upkeep(commands)
    add_backups(commands, _add)
    add_keys(commands, _add)
    add_partitions(commands, _add)
    return parser


def _add_service(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    run = _add(commands, "run", "service:run", "the service")
    run.add_argument("--only", type=_parts, default=(), help=",".join(_PARTS))
    run.add_argument("--host")
    run.add_argument("--port", type=_port)
    talk = _add(commands, "talk", "talking:talk", "talk in the terminal")
    talk.add_argument("--area", help="the person's home, by name or code")
    talk.add_argument("--as", dest="name", default="", help="who is talking")
    talk.add_argument("--transcript", metavar="FILE")
    desk = _add(commands, "desk", "desk:desk", "help people who asked for a human")
    actions = desk.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="open requests")
    for action, text in _AT_THE_DESK.items():
        one = actions.add_parser(action, help=text, description=text)
        one.add_argument("number")
        one.add_argument("--staff", default="工作人员", help="the name that the person sees")
        if action == "reply":
            one.add_argument("text")
    _add_desk_work(actions)


def _add_desk_work(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    added = {}
    for action, (whose, text) in _WORK_AT_THE_DESK.items():
        added[action] = actions.add_parser(action, help=text, description=text)
        added[action].add_argument(whose)
        added[action].add_argument("--staff", default="工作人员", help="who does it")
    for action in ("move", "decide"):
        added[action].add_argument("--why", default="", metavar="TEXT")
    added["move"].add_argument("--to", choices=("village", "town", "county"), default="")
    added["move"].add_argument("--matter", default="", help="the subject, as 教育")
    added["decide"].add_argument("outcome", choices=("granted", "refused"))
    added["open"].add_argument("what", help="what is applied for, as 一次性创业补贴")
    added["open"].add_argument("--submitted", default="", metavar="YYYY-MM-DD")
    added["open"].add_argument("--missing", default="", help="papers that may follow")
    added["open"].add_argument("--until", default="", metavar="YYYY-MM-DD")
    figures = actions.add_parser("figures", help="satisfaction, awareness, how long it takes")
    figures.add_argument("--area", default="")
    figures.add_argument("--year", type=int, default=0)


_WORK_AT_THE_DESK = {
    "move": ("number", "to the village, the town or the county, or to another subject"),
    "open": ("who", "take in an application of a phone number or a request: 7 working days"),
    "papers": ("number", "the papers that were to follow are there"),
    "decide": ("number", "the office has decided; the person is told"),
}
_AT_THE_DESK = {
    "show": "one request with its talk",
    "take": "look after it",
    "reply": "write to the person; the bot keeps silent from then on",
    "close": "it is done, the bot answers again",
}


def _add_staff(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    staff = _add(commands, "staff", "staff:staff", "who works here, and which accounts are theirs")
    actions = staff.add_subparsers(dest="action", required=True, metavar="ACTION")
    listed = actions.add_parser("list", help="everybody, with their accounts")
    listed.add_argument("--all", action="store_true", help="also who is disabled")
    for action, text in _OF_STAFF.items():
        one = actions.add_parser(action, help=text, description=text)
        one.add_argument("name")
    actions.choices["add"].add_argument("--role", choices=_ROLES, default="staff")
    actions.choices["role"].add_argument("role", choices=_ROLES)
    for action in ("add", "role"):
        actions.choices[action].add_argument("--area", help='by name or code; "" is everywhere')
    text = "an address that signs in to the web console, once, within a day"
    actions.choices["link"].add_argument("--console", action="store_true", help=text)
    text = "bind who the office's single sign-on names so (GUIYAN_OIDC_CLAIM)"
    actions.choices["link"].add_argument("--oidc", default="", metavar="VALUE", help=text)
    for action in ("add", "link"):
        actions.choices[action].add_argument("--wecom", metavar="USERID", help="bind this member")
    actions.choices["handover"].add_argument("--to", default="", help="who takes all of them")
    helper = actions.choices["helper"]
    helper.add_argument("--most", type=int, default=0, help="open dossiers at most; 0 is usual")
    helper.add_argument("--trades", type=_words, default=(), help="a mentor's: farming,shop")
    helper.add_argument("--speaks", default="", help="dialects")
    helper.add_argument("--about", default="", help="one line for people to read")
    helper.add_argument("--expert", action="store_true", help="a mentor who is an expert")


def _add_places(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    places = _add(commands, "places", "places:show", "the towns and villages that are known")
    places.add_argument("area", metavar="COUNTY|TOWN", help="by name or code")
    places.add_argument(
        "--unplaced", action="store_true", help="people whose words name no village we know"
    )


def _add_village(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    village = commands.add_parser("village", help="the people of a village")
    actions = village.add_subparsers(required=True, metavar="ACTION")
    listed = _add(actions, "list", "village:listed", "who, intent, last contact, next step")
    listed.add_argument("place", metavar="VILLAGE|TOWN", help="by name or code")
    listed.add_argument("--out", metavar="FILE.xlsx", help="a workbook instead of lines")
    listed.add_argument("--staff", default="", help="who reads it: only what is in their area")
    book = _add(commands, "sages", "sages:book", "the address book of 乡贤 who agreed to it")
    book.add_argument("--out", required=True, metavar="FILE.xlsx|FILE.txt")
    book.add_argument("--area", default="", help="of this area only")
    book.add_argument("--staff", default="", help="who takes it: only what is in their area")
    paper = commands.add_parser("paper", help="sheets to take along to the doors")
    kinds = paper.add_subparsers(required=True, metavar="KIND")
    sheet = _add(kinds, "sheet", "village:sheet", "twelve empty lines a page, A5")
    sheet.add_argument("--pages", type=int, default=1)
    doors = _add(kinds, "doors", "village:doors", "the doors of the newest round, A5")
    doors.add_argument("--staff", default="", help="who prints it: only what is in their area")
    for kind in (sheet, doors):
        kind.add_argument("--village", required=True, metavar="VILLAGE|TOWN")
        kind.add_argument("--out", required=True, metavar="FILE.pdf")


_ROLES = (
    *("staff", "commissioner", "cadre", "mentor", "steward", "head"),
    *("inspector", "publicity", "partner", "operator"),
)
_OF_STAFF = {
    "add": "somebody joins",
    "role": "another role, or another area",
    "disable": "no account speaks for them any more",
    "link": "print a one-time code that binds the account it is sent from",
    "helper": "what a commissioner or mentor takes on",
    "handover": "give their dossiers to others who have room",
}


def _add_answers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    ask = _add(commands, "ask", "asking:ask", "one policy question, or many from a file")
    ask.add_argument("question", nargs="?", metavar="QUESTION")
    ask.add_argument("--area")
    ask.add_argument("--json", action="store_true")
    ask.add_argument("--batch", metavar="IN.jsonl")
    ask.add_argument("--out", metavar="OUT.jsonl")
    knowledge = commands.add_parser(
        "knowledge", help="the entries: check them, measure the search"
    )
    actions = knowledge.add_subparsers(required=True, metavar="ACTION")
    check = _add(actions, "check", "asking:check", "validate every entry")
    check.add_argument("--packs", metavar="DIR", help="other packs than ours")
    _add_editing(actions)
    _add_exchange(actions)
    measure = _add(actions, "eval", "asking:measure", "the same search on any corpus")
    measure.add_argument("--entries", required=True, metavar="E.jsonl")
    measure.add_argument("--queries", required=True, metavar="Q.jsonl")
    measure.add_argument("--out", metavar="R.jsonl")
    measure.add_argument(
        "--baselines", action="store_true", help="beside BM25, TF-IDF and RapidFuzz"
    )
    measure.add_argument("--json", action="store_true")


def _add_editing(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    listed = _add(actions, "list", "entries:list_entries", "the entries, and where they stand")
    listed.add_argument("--area")
    listed.add_argument("--stage", choices=["draft", "reviewed", "live", "withdrawn"])
    show = _add(actions, "show", "entries:show", "an entry's text, and how the bot will say it")
    show.add_argument("id", metavar="ID|NUMBER")
    show.add_argument("--versions", action="store_true", help="every version of it")
    draft = _add(actions, "draft", "editing:draft", "keep a file as a draft")
    draft.add_argument("file", metavar="FILE.toml")
    draft.add_argument(
        "--pack", metavar="FOLDER", help="folder of the area, where it is not plain"
    )
    draft.add_argument("--owner", default="", help="who answers for it")
    draft.add_argument("--note", default="", help="why")
    due = _add(actions, "due", "entries:list_due", "what ends or is to be reviewed soon")
    due.add_argument("--days", type=_days, default=30)
    for name, text in _STEPS.items():
        step = _add(actions, name, f"editing:{name}", text)
        step.add_argument("ids", nargs="+", metavar="ID|NUMBER")
    withdraw = _add(actions, "withdraw", "editing:withdraw", "serve an entry no more")
    withdraw.add_argument("id")
    withdraw.add_argument("--note", required=True, metavar="WHY")
    withdraw.add_argument(
        "--with-referring", action="store_true", help="and every entry that tells its figures"
    )
    for name in ("draft", "withdraw", *_STEPS):
        actions.choices[name].add_argument("--staff", required=True, metavar="NAME")


_STEPS = {
    "review": "agree to somebody else's draft; several together",
    "release": "serve reviewed versions from now on",
    "drop": "take a draft no further",
}


def _days(text: str) -> int:
    if not text.isdecimal() or int(text) > 3660:
        raise argparse.ArgumentTypeError(f"takes a number of days up to 3660, not {text!r}")
    return int(text)


def _add_exchange(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    out = _add(actions, "export", "exchange:take_out", "what is served, to edit or to keep")
    out.add_argument("target", metavar="DIR|FILE.xlsx")
    out.add_argument("--area")
    read = _add(actions, "import", "exchange:bring_in", "serve edited files from now on")
    read.add_argument("source", metavar="FILE.xlsx|DIR")
    read.add_argument("--dry-run", action="store_true", help="report, and store nothing")
    read.add_argument("--staff", metavar="NAME", help="as this person's drafts, to be reviewed")
    read.add_argument("--live", action="store_true", help="serve it at once all the same")
    booklet = _add(actions, "booklet", "exchange:print_booklet", "an area's entries on paper")
    booklet.add_argument("target", metavar="OUT.pdf|OUT.txt|OUT.md")
    booklet.add_argument("--area", required=True)
    booklet.add_argument("--a5", action="store_true", help="on A5, instead of A4")
    booklet.add_argument("--projects", action="store_true", help="as a handbook, projects first")


def _add_gaps(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    gaps = commands.add_parser("gaps", help="what people asked and could not be answered")
    actions = gaps.add_subparsers(required=True, metavar="ACTION")
    listed = _add(actions, "list", "gaps:list_gaps", "the gaps, most asked first")
    listed.add_argument("--area")
    listed.add_argument("--state", choices=["open", "answered", "dismissed"], default="open")
    listed.add_argument("--json", action="store_true")
    _add(actions, "show", "gaps:show", "its wordings, and the entries that come nearest")
    draft = _add(actions, "draft", "gaps:draft", "begin an entry file for it")
    draft.add_argument("--out", metavar="FILE.toml")
    answered = _add(actions, "answered", "gaps:answered", "a live entry answers it")
    answered.add_argument("--entry", required=True, metavar="ID")
    dismiss = _add(actions, "dismiss", "gaps:dismiss", "nothing for us to answer")
    dismiss.add_argument("--note", required=True, metavar="WHY")
    merge = _add(
        actions, "merge", "gaps:merge", "two of one meaning: the first goes into the second"
    )
    for action in ("show", "draft", "answered", "dismiss", "merge"):
        actions.choices[action].add_argument("number", type=int, metavar="N")
    for action in ("draft", "answered", "dismiss"):
        actions.choices[action].add_argument("--staff", required=True, metavar="NAME")
    merge.add_argument("into", type=int, metavar="M")


def _add_wecom(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    wecom = commands.add_parser("wecom", help="微信客服: its accounts, and QR codes to hang up")
    actions = wecom.add_subparsers(required=True, metavar="ACTION")
    wecom.set_defaults(hears=False)  # before the console has given the keys of the callback
    _add(actions, "accounts", "wecom:list_accounts", "the accounts that the app may serve")
    link = _add(actions, "link", "wecom:link", "the QR code of a village or station")
    link.add_argument("--account", default="", help="wk…; the one that is served, if it is one")
    link.add_argument("--scene", default="poster", help="where it hangs: 0-9 a-z A-Z _ -")
    link.add_argument("--place", metavar="AREA", help="whose rules hold for who scans it")
    link.add_argument("--out", metavar="FILE.svg|FILE.png", help="default: wecom-AREA.svg")


def _add_stewards(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    casts = commands.add_parser("broadcast", help="messages that stewards confirm and send")
    actions = casts.add_subparsers(required=True, metavar="ACTION")
    new = _add(actions, "new", "broadcasts:new", "ask for one")
    new.add_argument("text", metavar="FILE|TEXT")
    new.add_argument("--groups", type=_names, metavar="CHAT_ID,…")
    new.add_argument("--owner", type=_names, metavar="USERID,…", help="of these stewards only")
    new.add_argument("--area", help="of this area only")
    new.add_argument("--customers", action="store_true", help="to customers, not into groups")
    new.add_argument("--link", metavar="URL")
    new.add_argument("--link-title")
    new.add_argument("--link-text")
    new.add_argument("--image", metavar="FILE.jpg")
    new.add_argument("--key", type=_key, help="its name; the same name is the same broadcast")
    new.add_argument("--dry-run", action="store_true", help="say who would get it, and stop")
    _add(actions, "list", "broadcasts:list_broadcasts", "the newest first")
    _add(actions, "show", "broadcasts:show", "what became of each customer and group")
    _add(actions, "remind", "broadcasts:remind", "ask its stewards once more")
    _add(actions, "cancel", "broadcasts:cancel", "let nobody confirm it any more")
    for action in ("show", "remind", "cancel"):
        actions.choices[action].add_argument("key", metavar="KEY")


def _add_jobs(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    jobs = commands.add_parser("jobs", help="what happens by the clock")
    actions = jobs.add_subparsers(required=True, metavar="ACTION")
    listed = _add(actions, "list", "jobs:list_jobs", "each job, when next, how it went last")
    listed.add_argument("--json", action="store_true")
    for name, text in (("run", "run it once, now"), ("explain", "what became of its slots")):
        _add(actions, name, f"jobs:{name}", text).add_argument("name", metavar="NAME")


def _key(text: str) -> str:
    if not re.fullmatch(r"[\w.-]{1,80}", text):
        raise argparse.ArgumentTypeError("takes up to 80 letters, digits, dots, - and _")
    return text


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.replace("，", ",").split(",") if part.strip())


def _add_upkeep(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    _add(commands, "migrate", "upkeep:migrate", "bring the schema up to date")
    move = _add(commands, "move", "moving:move", "copy SQLite to PostgreSQL and compare both")
    move.add_argument("--to", required=True, metavar="postgresql://…", help="an empty database")
    doctor = _add(commands, "doctor", "upkeep:doctor", "check everything, say how to mend it")
    doctor.add_argument(
        "--speak", action="store_true", help="let each WeCom robot say a test line in its group"
    )
    _add(commands, "config", "upkeep:show_config", "all settings, defaults and meaning")
    support = _add(commands, "support", "support:support", "a file for who helps from afar")
    support.add_argument("file", metavar="FILE.zip")
    support.add_argument("--log", default="", metavar="FILE", help="the newest lines of this log")
    bench = _add(
        commands, "bench", "benching:bench", "figures, and the limit they are held against"
    )
    known = ["answer", "campaign", "console", "drain", "import", "intake", "match", "rates"]
    bench.add_argument("what", choices=[*known, "wecom"])
    text = "an empty one; else SQLite (`drain` and `rates`: PostgreSQL, and it must be named)"
    bench.add_argument("--database", default="", help=text)
    text = "with match: sheets that people graded, one of each; the rankings held against them"
    bench.add_argument("--graded", nargs="+", metavar="FILE", help=text)
    bench.add_argument("--sheet", metavar="FILE", help="with match: a sheet to grade")
    text = "with campaign: some of freeze, queue, drain, wecom, with commas between; else all"
    bench.add_argument("--only", type=_names, default=(), metavar="PARTS", help=text)
    text = "with campaign: so many people rather than 380,000, to try it out"
    bench.add_argument("--people", type=int, default=0, help=text)
    bench.add_argument("--json", action="store_true")
    weights = _add(commands, "weights", "weights:weights", "the weights of matching; a dry run")
    weights.add_argument("file", nargs="?", default="", metavar="FILE.toml", help="try these")
    weights.add_argument("--against", default="", metavar="FILE.toml", help="else our own")


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, place: str, text: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(done_in=place)
    return parser


def _port(text: str) -> int:
    try:
        return port(text)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(str(fault)) from fault


def _words(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


_PARTS = ("web", "intake", "worker", "sender", "scheduler")


def _parts(text: str) -> tuple[str, ...]:
    parts = tuple(part.strip() for part in text.split(",") if part.strip())
    if not parts or not set(parts) <= set(_PARTS):
        words = f"{', '.join(_PARTS[:-1])} and {_PARTS[-1]}"
        raise argparse.ArgumentTypeError(f"takes {words}, not {text!r}")
    return parts
