"""What of a charter is fixed: a section is frozen as soon as something was done by it."""

from dataclasses import dataclass

from cdp.rounds.states import CharterSection


@dataclass(frozen=True)
class CharterFacts:
    """How much was done by a charter so far, counted in the later stages."""

    submissions: int = 0
    findings: int = 0
    marks: int = 0
    submitted_versions: int = 0


def frozen_sections(facts: CharterFacts) -> frozenset[CharterSection]:
    """The sections something depends on: what people handed in, what was found, marked, laid before the council."""
    depends = {
        CharterSection.PROPOSERS: facts.submissions,
        CharterSection.SECTORS: facts.submissions,
        CharterSection.SUPPORTS: facts.submissions,
        CharterSection.CHECKLIST: facts.findings,
        CharterSection.CRITERIA: facts.marks,
        CharterSection.ENVELOPES: facts.submitted_versions,
    }
    return frozenset(section for section, count in depends.items() if count > 0)
