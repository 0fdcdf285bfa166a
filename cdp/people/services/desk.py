"""The desk of a commune's office: what rights by commune are asked about before a thing exists."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Desk:
    """The office of one commune."""

    commune_id: int
