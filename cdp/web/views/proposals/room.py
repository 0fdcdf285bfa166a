"""The room's blueprint, and how a proposal is said in words on its pages."""

from collections.abc import Iterable, Mapping

from flask import Blueprint
from flask_babel import gettext as _
from flask_babel import ngettext

from cdp.communes.queries import Place
from cdp.i18n.say import language
from cdp.kernel.words import Words
from cdp.people.states import GroupKind
from cdp.proposals.states import ProposalState
from cdp.rounds.states import ProposerKind

bp = Blueprint("proposals", __name__, url_prefix="/<lang>/<commune>")

S = ProposalState

TONES = {
    S.DRAFT: ("neutral", "edit"),
    S.SUBMITTED: ("next", "circle"),
    S.RETURNED: ("danger", "triangle"),
    S.ADMITTED: ("done", "check"),
    S.REFUSED: ("danger", "cross"),
    S.MERGED: ("neutral", "link"),
    S.WITHDRAWN: ("neutral", "arrow-back"),
    S.NOT_KEPT: ("neutral", "minus"),
    S.PROGRAMMED: ("done", "flag"),
}
"""Tone and sign of each state: never colour alone."""


def where(places: Iterable[int], known: Mapping[int, Place]) -> str:
    """The douars of a proposal in the page's language: two by name, how many more; or the whole commune."""
    names = [known[place].name.in_(language())[0] for place in places if place in known]
    if not names:
        return str(_("The whole commune"))
    shown = str(_(", ")).join(names[:2])
    more = len(names) - 2
    if more <= 0:
        return shown
    return str(ngettext("%(names)s and %(num)d more douar", "%(names)s and %(num)d more douars", more, names=shown))


def asker_name(group: Words | None, person: str, kind: ProposerKind) -> str:
    """Who asks, as they chose to be shown."""
    if group is not None:
        return group.in_(language())[0]
    nameless = {ProposerKind.DIASPORA: _("a member of the diaspora"), ProposerKind.COMMUNE: _("the commune")}
    return person or str(nameless.get(kind) or _("a resident"))


def asker_tag(group_kind: GroupKind | None, is_registered: bool | None, *, kind: ProposerKind, city: str = "") -> str:
    """The honest label beside the name: what kind of group, registered or not; where from, for the diaspora."""
    if group_kind is not None:
        return _group_tag(group_kind) if is_registered else str(_("informal group"))
    if kind is ProposerKind.DIASPORA:
        return str(_("diaspora, %(city)s", city=city) if city else _("diaspora"))
    return ""


def _group_tag(kind: GroupKind) -> str:
    tags: dict[GroupKind, str] = {
        GroupKind.DEVELOPMENT_ASSOCIATION: _("association"),
        GroupKind.USERS_ASSOCIATION: _("users’ association"),
        GroupKind.WOMENS_GROUP: _("women’s group"),
        GroupKind.YOUTH_GROUP: _("youth group"),
        GroupKind.COOPERATIVE: _("cooperative"),
        GroupKind.DIASPORA_ASSOCIATION: _("diaspora association"),
        GroupKind.INFORMAL: _("informal group"),
    }
    return tags[kind]
