"""Who asks: worked out from the capacity at the moment of asking, and kept as it was then."""

from collections.abc import Collection

from cdp.people.states import CapacityKind, GroupKind, Tie
from cdp.rounds.states import ProposerKind

OF_GROUP = {
    GroupKind.DEVELOPMENT_ASSOCIATION: ProposerKind.ASSOCIATION,
    GroupKind.USERS_ASSOCIATION: ProposerKind.ASSOCIATION,
    GroupKind.WOMENS_GROUP: ProposerKind.WOMENS_GROUP,
    GroupKind.YOUTH_GROUP: ProposerKind.YOUTH_GROUP,
    GroupKind.COOPERATIVE: ProposerKind.COOPERATIVE,
    GroupKind.DIASPORA_ASSOCIATION: ProposerKind.DIASPORA,
    GroupKind.INFORMAL: ProposerKind.INFORMAL,
}


def proposer_kind(
    capacity: CapacityKind, *, group: GroupKind | None = None, ties: Collection[Tie] = ()
) -> ProposerKind | None:
    """The kind of who asks; None for somebody without any tie to the commune.

    A group asks as what it is; an office for the commune; a person who lives, works or cares there as a
    resident, host or migrant alike; one whose only tie are roots as a member of the diaspora.
    """
    if group is not None:
        return OF_GROUP[group]
    if capacity in {CapacityKind.OFFICER, CapacityKind.PRESIDENT}:
        return ProposerKind.COMMUNE
    if set(ties) - {Tie.ROOTS}:
        return ProposerKind.RESIDENT
    return ProposerKind.DIASPORA if Tie.ROOTS in ties else None
