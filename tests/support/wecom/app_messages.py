"""What a message of an app may look like."""

from __future__ import annotations

from collections.abc import Callable

from tests.support.wecom.cards import check_card
from tests.support.wecom.media import Media
from tests.support.wecom.wire import Body, Refused, cut, list_of, object_of, text_of

_TEXT_BYTES = 2048


def checked(body: Body, media: Media) -> tuple[str, Body]:
    """The msgtype and its object as it will be shown; refuses what the platform refuses."""
    msgtype = text_of(body, "msgtype", code=40008)
    if msgtype in {"image", "voice", "video", "file"}:
        content = object_of(body, msgtype)
        media.find(text_of(content, "media_id"))
        return msgtype, dict(content)
    if msgtype not in _CHECKS:
        raise Refused(40008, "invalid message type")
    return msgtype, _CHECKS[msgtype](object_of(body, msgtype))


def _text(content: Body) -> Body:
    text = text_of(content, "content", code=44004)
    return {**content, "content": cut(text, _TEXT_BYTES)}


def _text_card(content: Body) -> Body:
    text_of(content, "title")
    description = text_of(content, "description")
    if not text_of(content, "url", most=2048).startswith(("http://", "https://")):
        raise Refused(40055, "invalid url scheme")
    return {**content, "title": content["title"][:128], "description": description[:512]}


def _news(content: Body) -> Body:
    articles = list_of(content, "articles")
    if len(articles) > 8:
        raise Refused(45008, "article count limit")
    if not articles:
        raise Refused(40063, "articles is empty")
    return {"articles": [_article(article) for article in articles]}


def _article(article: Body) -> Body:
    text_of(article, "title")
    kept = {"title": cut(article["title"], 128)}
    return {**article, **kept, "description": cut(article.get("description", ""), 512)}


def _card(content: Body) -> Body:
    check_card(content)
    return dict(content)


_CHECKS: dict[str, Callable[[Body], Body]] = {
    "text": _text,
    "markdown": _text,
    "textcard": _text_card,
    "news": _news,
    "template_card": _card,
}
