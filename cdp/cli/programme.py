"""``programme``: fit a communal plan over its years from a file, for a person or for a program; nothing is kept."""

import json
import math
import sys
from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

import click

from cdp.i18n.catalogs import merged
from cdp.i18n.formats import money
from cdp.kernel.errors import Message
from cdp.kernel.money import Money
from cdp.kernel.words import Words
from cdp.programme.rules.fit import exact, greedy, schema
from cdp.programme.rules.fit.presets import KNOWN, as_preset
from cdp.programme.rules.fit.reading import Reading, read
from cdp.programme.rules.fit.terms import FitStatus, Placement, Programme, Reason, SourceKind

LARGEST_FILE = 50 * 1024 * 1024
"""Bytes of an instance: 2,000 projects need less than 5 % of it."""

NO_PROGRAMME = frozenset({FitStatus.CONTRADICTORY, FitStatus.UNKNOWN, FitStatus.UNMET})
"""Answers that are not a programme one could adopt: exit 1."""


@dataclass(frozen=True)
class Said:
    """Messages in the language of the terminal, English."""

    catalog: Any

    def __call__(self, message: Message) -> str:
        """The sentence of a message."""
        words = self._words(message.key)
        values = {name: self._plain(value) for name, value in message.values.items()}
        return words % values if "%" in words else words

    def _words(self, key: str) -> str:
        found = self.catalog.get(key)
        return str(found.string) if found and found.string else key

    def _plain(self, value: Any) -> Any:
        if isinstance(value, Money):
            return money(value, "en")
        if isinstance(value, Words):
            return value.in_("en")[0]
        if isinstance(value, tuple):
            return ", ".join(str(self._plain(one)) for one in value)
        return self._words(f"SourceKind.{value.value}") if isinstance(value, SourceKind) else value


class Seconds(click.FloatRange):
    """A number of seconds; what is no number (``nan``) lies in no range."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number, or the command's own refusal."""
        found: float = super().convert(value, param, ctx)
        if math.isnan(found):
            self.fail(f"{value} is not a number of seconds.", param, ctx)
        return found


@click.group()
def programme() -> None:
    """Programme projects over the years of a plan."""


@programme.command("schema")
def print_schema() -> None:
    """Print the JSON schemas of what ``fit`` reads (input) and writes (result), and the share rules it knows.

    These stand under presets, written as an instance writes its own.
    """
    known = [as_preset(rule) for rule in KNOWN.values()]
    click.echo(json.dumps({"input": schema.INPUT, "result": schema.RESULT, "presets": known}, indent=2))


@programme.command("fit")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--exact", "how", flag_value="exact", help="The highest value, with its proven gap (HiGHS).")
@click.option("--by-rank", "how", flag_value="rank", default="rank", help="Fast and explained (the default).")
@click.option("--time-limit", type=Seconds(0, 86_400), default=exact.TIME_LIMIT, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, amounts in minor units (see: programme schema).")
def fit(file: Path, how: str, time_limit: float, as_json: bool) -> None:
    """Fit the projects of FILE (JSON; ``-`` for standard input) into their years.

    Exit 0 with a programme that meets all conditions; 1 when there is none, or none was found; 2 when the
    input cannot be used.
    """
    said = Said(merged("en"))
    reading = _reading(file)
    if reading.instance is None:
        _refuse(reading.problems, said, as_json)
    done = _fitted(reading, how, time_limit)
    click.echo(json.dumps(_plain(done, said), ensure_ascii=False) if as_json else "\n".join(_lines(done, said)))
    if done.status in NO_PROGRAMME:
        raise SystemExit(1)


def _reading(file: Path) -> Reading:
    try:
        if str(file) == "-" and sys.stdin is None:
            return Reading(None, problems=(Message("programme.input.no_file", {"why": "standard input is closed"}),))
        with click.open_file(str(file), "rb") as stream:
            raw = stream.read(LARGEST_FILE + 1)
        if len(raw) > LARGEST_FILE:
            return Reading(None, problems=(Message("programme.input.file_too_large"),))
        return read(json.loads(raw, parse_constant=_not_a_number, object_pairs_hook=_once))
    except OSError as broken:
        return Reading(None, problems=(Message("programme.input.no_file", {"why": broken.strerror or str(file)}),))
    except (ValueError, RecursionError) as broken:
        return Reading(None, problems=(Message("programme.input.not_json", {"why": str(broken)[:120]}),))


def _not_a_number(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object whose names differ: of two alike, one would silently win."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)!r} stands twice in one object")
    return found


def _refuse(problems: Iterable[Message], said: Said, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"problems": [_plain(problem, said) for problem in problems]}, ensure_ascii=False))
    for problem in problems:
        click.echo(said(problem), err=True)
    raise SystemExit(2)


def _fitted(reading: Reading, how: str, time_limit: float) -> Programme:
    if reading.instance is None:
        raise ValueError("nothing to fit")
    if how == "rank":
        return greedy.fit(reading.instance)
    if reading.previous:
        return exact.refit(reading.instance, reading.previous, time_limit=time_limit)
    return exact.fit(reading.instance, time_limit=time_limit)


def _plain(value: Any, said: Said) -> Any:
    """A result as JSON takes it: as ``schema.RESULT``."""
    if isinstance(value, Message):
        return {"key": value.key, "values": _plain(value.values, said), "text": said(value)}
    if isinstance(value, Money):
        return value.minor
    if isinstance(value, Words):
        return value.in_("en")[0]
    if isinstance(value, Placement):
        amounts = [
            {"year": year, "source": source, "amount": amount} for (year, source), amount in value.amounts.items()
        ]
        return {"project": value.project, "start": value.start, "end": value.end, "amounts": amounts}
    if is_dataclass(value):
        found = {one.name: _plain(getattr(value, one.name), said) for one in fields(value)}
        return found | ({"gap": value.gap} if isinstance(value, Programme) else {})
    if isinstance(value, dict):
        return {name: _plain(one, said) for name, one in value.items()}
    return [_plain(one, said) for one in value] if isinstance(value, tuple) else value


def _lines(done: Programme, said: Said) -> list[str]:
    """A result for the eye."""
    bound = "" if done.bound is None else f", at most {done.bound} ({100 * (done.gap or 0):.2f} %)"
    lines = [f"{done.status}: {len(done.placements)} projects, value {done.value}{bound}"]
    lines += [f"  {placed.project}: {placed.start}-{placed.end}" for placed in done.placements]
    lines += [f"  {use.year} {use.source}: {use.used} of {use.amount}" for use in done.uses]
    lines += [f"! {said(message)}" for message in (*done.unmet, *done.clash)]
    for reason in (*done.left_out, *done.late):
        lines += _reason_lines(reason, said)
    return lines


def _reason_lines(reason: Reason, said: Said) -> list[str]:
    ways = ["; ".join(said(message) for message in way) for way in reason.remedies]
    return [f"- {reason.project}: {said(reason.message)}", *(f"    {way}" for way in ways)]
