"""A campaign sent to who tries it out: every wording, to their own account."""

from __future__ import annotations

from datetime import datetime

from outreach import alerts, genuine
from outreach.campaigns import addressing, drafting, rights, states, texts
from outreach.campaigns.looking import House
from outreach.campaigns.refusing import CampaignRefused
from records import campaign_drafts as drafts
from records.campaigns import Campaign
from records.database import Session
from records.vault import Vault


def send(session: Session, vault: Vault, house: House, number: int, by: str, now: datetime) -> int:
    """Send all of its wordings to a member of staff; how many there are. CampaignRefused."""
    campaign = _checked(session, number, by)
    said = drafts.texts(session, number)
    nobody = addressing.of_nobody(house.office.places, campaign, house.name)
    for one in said:
        body = texts.footed(texts.fill(one.text, {**nobody, "称呼": by}), one.link)
        whole = genuine.signed(body, genuine.of_campaign(vault, number))
        key = f"campaign/test/{number}/{one.variant}{one.channel}/{by}/{now:%m%d%H%M%S}"
        which = texts.which(one.variant, one.channel) if len(said) > 1 else ""
        text = texts.trial(whole, which)
        alerts.write_to(session, vault, by, text, key=key, now=now, is_awaited=True)
    states.tested(session, number, by, now)
    return len(said)


def fault(session: Session, number: int, by: str) -> str:
    """Why it cannot be sent to them, "" where it can."""
    try:
        _checked(session, number, by)
    except CampaignRefused as refusal:
        return str(refusal)
    return ""


def _checked(session: Session, number: int, by: str) -> Campaign:
    campaign = drafting.found(session, number)
    staff = rights.must_run(session, by, campaign)
    if not drafts.texts(session, number):
        raise CampaignRefused(f'还没写发什么：guiyan campaign text {number} "正文"。')
    if not staff.accounts:
        raise CampaignRefused(
            f"{by}没绑聊天账号，试发没处送。请同事在“人员与权限”里给一个绑定码，"
            f"或 guiyan staff link {by}，用自己的聊天账号发给机器人就绑上了。"
        )
    return campaign
