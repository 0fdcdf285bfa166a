"""What stands against entering a phase: counts of the later stages, given as values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cdp.kernel.errors import Message
from cdp.rounds.states import Phase


@dataclass(frozen=True)
class PhaseFacts:
    """What lies open in a round, counted by who can look at every stage."""

    drafts: int = 0
    unconcluded: int = 0
    """Proposals handed in without a conclusion of the review."""
    returned: int = 0
    """Proposals given back to their authors and not handed in again."""
    open_sheets: int = 0
    """Sheets of the panel that were begun and not handed in."""
    admitted: int = 0
    unmarked: int = 0
    """Admitted proposals without a single sheet handed in."""
    submitted_versions: int = 0
    adopted_versions: int = 0
    visaed_versions: int = 0


Question = Callable[[PhaseFacts], bool]

AGAINST: Mapping[Phase, tuple[tuple[str, str, Question], ...]] = {
    Phase.PRIORITIES: (
        ("rounds.unconcluded", "unconcluded", lambda f: f.unconcluded > 0),
        ("rounds.returned_still_open", "returned", lambda f: f.returned > 0),
    ),
    Phase.PROGRAMMING: (
        ("rounds.sheets_not_handed_in", "open_sheets", lambda f: f.open_sheets > 0),
        ("rounds.not_marked", "unmarked", lambda f: f.unmarked > 0),
    ),
    Phase.COUNCIL: (("rounds.no_plan_submitted", "submitted_versions", lambda f: f.submitted_versions == 0),),
    Phase.VISA: (("rounds.no_plan_adopted", "adopted_versions", lambda f: f.adopted_versions == 0),),
    Phase.DELIVERY: (("rounds.no_plan_visaed", "visaed_versions", lambda f: f.visaed_versions == 0),),
}
"""By phase to be entered: the message, the count it names, and when it holds."""


def obstacles(phase: Phase, facts: PhaseFacts) -> tuple[Message, ...]:
    """Why a phase should not be entered yet; empty when nothing stands against it.

    An early close is refused while one holds. The calendar does not wait: a phase that is due by its date is
    entered, and what lay open is written down beside it.
    """
    return tuple(
        Message(key, {"number": getattr(facts, count)}) for key, count, holds in AGAINST.get(phase, ()) if holds(facts)
    )
