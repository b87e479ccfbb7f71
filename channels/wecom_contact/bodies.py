"""A broadcast as `add_msg_template` takes it, and as `get_groupmsg_list_v2` gives it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from channels.wecom.client import Client
from channels.wecom.media import Kind as MediaKind
from outreach.broadcasts import Content, Kind

Body = dict[str, Any]


async def body_of(
    client: Client, kind: Kind, steward: str, targets: Sequence[str], content: Content
) -> Body:
    """The call's body, the picture uploaded before; raises WecomError."""
    body: Body = {
        "chat_type": kind.value,
        "sender": steward,
        "text": {"content": content.text},
    }
    body["chat_id_list" if kind is Kind.GROUP else "external_userid"] = list(targets)
    attachments: list[Body] = []
    if content.image:
        media_id = await client.upload(MediaKind.IMAGE, content.image_name, content.image)
        attachments.append({"msgtype": "image", "image": {"media_id": media_id}})
    if content.link:
        attachments.append({"msgtype": "link", "link": dict(content.link)})
    return {**body, "attachments": attachments} if attachments else body


def is_same(listed: Mapping[str, Any], content: Content) -> bool:
    """Whether a task of the platform's says this."""
    text = (listed.get("text") or {}).get("content", "")
    kinds = {str(one.get("msgtype")) for one in listed.get("attachments") or []}
    wanted = {kind for kind, has in (("image", content.image), ("link", content.link)) if has}
    return bool(str(text).strip() == content.text.strip() and kinds == wanted)
