"""The constraints H1 to H10 written a second time, from the table of the rules alone."""

from __future__ import annotations

from matching.aspects import View
from matching.codes import Evidence, Reach, Site, Status
from matching.projects import Project, Seeker


def breaks(seeker: Seeker, project: Project, view: View) -> set[str]:
    """The codes of what forbids showing a project to a person; shares nothing with `aspects`."""
    said = {
        "H1": not _is_current(project, view),
        "H2": not seeker.county
        or (seeker.county != project.county and not seeker.accepts_other_county),
        "H3": not _is_payable(seeker, project, view),
        "H4": not (project.training_available or _holds_all(seeker, project, view)),
        "H5": not _has_room(seeker, project, view),
        "H6": _is_banned(seeker, project, view),
        "H7": project.category in seeker.refused,
        "H8": project.slots <= 0
        or view.around.shown.get(project.id, 0) >= max(20, 3 * project.slots),
        "H9": seeker.reach is Reach.DECEASED
        or (view.is_push and seeker.reach is not Reach.AGREED),
        "H10": view.is_push and project.evidence is Evidence.UNVERIFIED,
    }
    return {code for code, is_broken in said.items() if is_broken}


def _is_current(project: Project, view: View) -> bool:
    if project.status is not Status.PUBLISHED:
        return False
    if project.published_on is None or project.verified_on is None:
        return False
    if project.published_on > view.today or project.expires_on < view.today:
        return False
    return 0 <= (view.today - project.verified_on).days <= 180


def _is_payable(seeker: Seeker, project: Project, view: View) -> bool:
    if seeker.band is None or seeker.band.most is None:
        return True
    loan = view.rules.limits["most_borrowed_yuan"] if seeker.accepts_loan else 0
    return project.min_capital_yuan <= seeker.band.most + loan


def _holds_all(seeker: Seeker, project: Project, view: View) -> bool:
    for wanted in project.certificates_required:
        fitting = [
            held
            for held in seeker.certificates or ()
            if held.kind == wanted.kind
            and held.level >= wanted.level
            and (held.until is None or held.until >= view.today)
        ]
        if not fitting:
            return False
    return True


def _has_room(seeker: Seeker, project: Project, view: View) -> bool:
    is_listed = (project.county, project.site_need) in view.around.vacancies
    if project.site_need is Site.NONE or is_listed or seeker.sites is None:
        return True
    return project.site_need in seeker.sites


def _is_banned(seeker: Seeker, project: Project, view: View) -> bool:
    banned = {where for where, line in view.around.bans if line is project.category}
    if project.county in banned:
        return True
    if project.towns:
        return banned.issuperset(project.towns)
    return seeker.county == project.county and seeker.town in banned
