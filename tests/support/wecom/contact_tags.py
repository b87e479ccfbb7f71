"""The corp's tags for customers."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.support.wecom.tokens import App
from tests.support.wecom.wire import Body, Refused, list_of
from tests.support.wecom.world import Corp

_MOST = 3000
_NAME_LENGTH = 30


@dataclass(slots=True)
class Tag:
    """One tag; an app may change only its own."""

    id: str
    name: str
    created_at: int
    order: int
    made_by: str


@dataclass(slots=True)
class TagGroup:
    """One group of tags."""

    id: str
    name: str
    created_at: int
    tags: list[Tag] = field(default_factory=list)


class Tags:
    """All of them, and the calls that change them."""

    def __init__(self, corp: Corp) -> None:
        self._corp = corp
        self.groups: dict[str, TagGroup] = {}

    def find(self, tag_id: str) -> tuple[TagGroup, Tag] | None:
        for group in self.groups.values():
            for tag in group.tags:
                if tag.id == tag_id:
                    return group, tag
        return None

    def add_by_hand(self, group_name: str, name: str) -> str:
        """A tag of the console's, which no app may change; its id."""
        group = self._group({"group_name": group_name})
        self.groups[group.id] = group
        group.tags.append(self._new(name, 0, made_by=""))
        return group.tags[-1].id

    def rename_by_hand(self, tag_id: str, name: str) -> None:
        self._known(tag_id)[1].name = name

    def delete_by_hand(self, tag_id: str) -> None:
        self._remove(*self._known(tag_id))

    def read(self, app: App, body: Body) -> Body:
        """`get_corp_tag_list`."""
        group_ids, tag_ids = set(list_of(body, "group_id")), set(list_of(body, "tag_id"))
        told = []
        for group in self.groups.values():
            if group_ids and group.id not in group_ids:
                continue
            chosen = group.tags
            if tag_ids and not group_ids:
                chosen = [tag for tag in group.tags if tag.id in tag_ids]
            if chosen or not tag_ids:
                told.append(_told(group, chosen))
        return {"tag_group": told}

    def add(self, app: App, body: Body) -> Body:
        """`add_corp_tag`: an existing group of that name is added to, repeated tags are one."""
        names = [_name(tag.get("name")) for tag in list_of(body, "tag", least=1)]
        orders = [int(tag.get("order", 0)) for tag in list_of(body, "tag")]
        group = self._group(body)
        known = {tag.name for tag in group.tags}
        fresh = {n: o for n, o in zip(names, orders, strict=True) if n not in known}
        if sum(len(g.tags) for g in self.groups.values()) + len(fresh) > _MOST:
            raise Refused(40126, "corp tag count out of limit")
        self.groups[group.id] = group
        group.tags += [self._new(name, order, made_by=app.name) for name, order in fresh.items()]
        return {"tag_group": _told(group, [tag for tag in group.tags if tag.name in names])}

    def edit(self, app: App, body: Body) -> Body:
        """`edit_corp_tag`."""
        _, tag = self._own(app, str(body.get("id") or ""))
        if body.get("name"):
            tag.name = _name(body["name"])
        tag.order = int(body.get("order", tag.order))
        return {}

    def delete(self, app: App, body: Body) -> Body:
        """`del_corp_tag`: a group without tags is gone too."""
        for group_id in list_of(body, "group_id"):
            self.groups.pop(group_id, None)
        for tag_id in list_of(body, "tag_id"):
            self._remove(*self._own(app, tag_id))
        return {}

    def _remove(self, group: TagGroup, tag: Tag) -> None:
        group.tags.remove(tag)
        if not group.tags:
            del self.groups[group.id]

    def _new(self, name: str, order: int, *, made_by: str) -> Tag:
        now = int(self._corp.clock.now())
        return Tag("et" + self._corp.ids.word(30), name, now, order, made_by)

    def _known(self, tag_id: str) -> tuple[TagGroup, Tag]:
        found = self.find(tag_id)
        if found is None:
            raise LookupError("no such tag")
        return found

    def _own(self, app: App, tag_id: str) -> tuple[TagGroup, Tag]:
        found = self.find(tag_id)
        if found is None or found[1].made_by != app.name:
            raise Refused(40068, "invalid tagid")
        return found

    def _group(self, body: Body) -> TagGroup:
        if body.get("group_id"):
            if body["group_id"] not in self.groups:
                raise Refused(40068, "invalid group_id")
            return self.groups[body["group_id"]]
        name = _name(body.get("group_name"))
        for group in self.groups.values():
            if group.name == name:
                return group
        return TagGroup("et" + self._corp.ids.word(30), name, int(self._corp.clock.now()))


def _name(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= _NAME_LENGTH:
        raise Refused(40058, f"name length should be between 1 and {_NAME_LENGTH}")
    return value


def _told(group: TagGroup, tags: list[Tag]) -> Body:
    return {
        "group_id": group.id,
        "group_name": group.name,
        "create_time": group.created_at,
        "order": 0,
        "tag": [
            {"id": t.id, "name": t.name, "create_time": t.created_at, "order": t.order}
            for t in tags
        ],
    }
