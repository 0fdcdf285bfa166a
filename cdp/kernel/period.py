"""A period of days, both ends inside; an open end lasts."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Period:
    """From a day to a day, both included; ``until`` None has no end."""

    since: date
    until: date | None = None

    def __contains__(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)

    def is_over(self, day: date) -> bool:
        """Whether the last day lies before ``day``."""
        return self.until is not None and self.until < day
