"""The legal path as an iCalendar feed (RFC 5545): whole days, lines folded at 75 octets, times in UTC."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

FOLD = 75
"""Octets of a line without its end (RFC 5545 section 3.1)."""


@dataclass(frozen=True)
class Event:
    """A whole day: its lasting identifier, the day, what it is, in more words, and where to read on."""

    uid: str
    day: date
    title: str
    text: str = ""
    address: str = ""


def ics(name: str, events: Iterable[Event], made_at: datetime) -> str:
    """The feed; ``made_at`` is the moment the data are of."""
    stamp = made_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//CDP//Communal development plans//EN", "CALSCALE:GREGORIAN"]
    lines += ["METHOD:PUBLISH", f"X-WR-CALNAME:{escaped(name)}"]
    for event in events:
        lines += _event(event, stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def _event(event: Event, stamp: str) -> list[str]:
    lines = ["BEGIN:VEVENT", f"UID:{event.uid}", f"DTSTAMP:{stamp}", f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"]
    lines += [f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}", f"SUMMARY:{escaped(event.title)}"]
    lines += [f"DESCRIPTION:{escaped(event.text)}"] if event.text else []
    lines += [f"URL:{event.address}"] if event.address else []
    return [*lines, "TRANSP:TRANSPARENT", "END:VEVENT"]


def escaped(text: str) -> str:
    """Text as a value: backslash, semicolon, comma and line breaks escaped (section 3.3.11)."""
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def folded(line: str) -> Iterator[str]:
    """A line in pieces of at most 75 octets, never inside a character; the next ones begin with a blank."""
    piece, size, room = "", 0, FOLD
    for character in line:
        width = len(character.encode())
        if size + width > room:
            yield piece
            piece, size = " ", 1
        piece, size = piece + character, size + width
    yield piece
