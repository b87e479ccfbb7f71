"""What `guiyan posts` takes."""

from __future__ import annotations

import argparse

from bot.rhythm_arguments import Add


def add_posts(commands: argparse._SubParsersAction[argparse.ArgumentParser], add: Add) -> None:
    """`guiyan posts`: list, show, review, withdraw."""
    posts = commands.add_parser("posts", help="what mentors and stewards post to groups")
    actions = posts.add_subparsers(required=True, metavar="ACTION")
    listed = add(actions, "list", "posts:list_posts", "the last posts, and how each stands")
    listed.add_argument("--area", help="by name or code")
    listed.add_argument("--held", action="store_true", help="only what waits for a second person")
    shown = add(actions, "show", "posts:show", "one post: its words, and each group")
    shown.add_argument("number", type=int, metavar="N")
    shown.add_argument("--picture", default="", metavar="FILE", help="write its picture there")
    review = add(actions, "review", "posts:review", "let a post pass, or give it back")
    review.add_argument("number", type=int, metavar="N")
    review.add_argument("--by", required=True, metavar="NAME", help="of the county's staff")
    review.add_argument("--return", dest="reason", metavar="REASON", help="give it back, and why")
    back = add(actions, "withdraw", "posts:withdraw", "take a post back as far as can be done")
    back.add_argument("number", type=int, metavar="N")
    back.add_argument("--by", required=True, metavar="NAME", help="of the county's staff")
