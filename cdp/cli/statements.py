"""``statements read``: what a bank statement says, for a person or for a program; nothing is kept."""

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from cdp.funding.rules.statements.columns import ColumnMap, column_map
from cdp.funding.rules.statements.reading import read
from cdp.funding.rules.statements.values import LARGEST_FILE, Line, Reading, Statement, Unreadable
from cdp.i18n.catalogs import merged
from cdp.kernel.errors import Message
from cdp.kernel.money import exponent

MAPS = Path(__file__).parents[2] / "seeds" / "reference" / "column_maps.toml"


@dataclass(frozen=True)
class Said:
    """Messages in the language of the terminal, English."""

    catalog: Any

    def __call__(self, message: Message) -> str:
        """One line for a message key and its values."""
        found = self.catalog.get(message.key)
        words = str(found.string) if found and found.string else message.key
        place = message.values.get("line")
        where = f"line {place}: " if place and "%(line)" not in words else ""
        return where + (words % message.values if "%(" in words else words)


@click.group()
def statements() -> None:
    """Read bank statements."""


@statements.command("read")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--map", "name", help="A saved column map: its name, or a file (TOML or JSON).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: amounts in minor units, credit positive.")
def read_file(file: Path, name: str | None, as_json: bool) -> None:
    """Read a statement (camt, MT940, CSV, spreadsheet) and print its lines."""
    said = Said(merged("en"))
    try:
        reading = read(_bytes(file), _saved(name) if name else None)
    except Unreadable as broken:
        raise click.ClickException(" ".join(f"{file.name}: {said(broken.message)}".split())) from broken
    if as_json:
        click.echo(json.dumps(as_plain(reading, said), ensure_ascii=False))
    else:
        click.echo("\n".join(as_lines(reading, said)))


def _bytes(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise Unreadable("funding.statement_too_large", megabytes=LARGEST_FILE // 1024**2)
        return file.read_bytes()
    except OSError as broken:
        raise click.ClickException(f"{file}: {broken.strerror or broken}") from broken


def _saved(name: str) -> ColumnMap:
    """A column map by its name among those that come with the tool, or from a file."""
    path = Path(name)
    try:
        if path.suffix == ".json":
            return column_map(json.loads(path.read_text(encoding="utf-8")))
        if path.suffix == ".toml":
            return column_map(tomllib.loads(path.read_text(encoding="utf-8")))
        known = tomllib.loads(MAPS.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError) as broken:
        raise click.ClickException(f"column map {name}: {broken}") from broken
    if name not in known:
        raise click.ClickException(f"no column map {name!r}; there are: {', '.join(sorted(known))}")
    return column_map(known[name])


def as_plain(reading: Reading, said: Said) -> dict[str, Any]:
    """The reading as JSON writes it; a line in another currency than its statement says so."""
    return {
        "format": reading.format,
        "statements": [_statement(statement) for statement in reading.statements],
        "warnings": [said(message) for message in reading.warnings],
    }


def _statement(statement: Statement) -> dict[str, Any]:
    return {
        "account": statement.account,
        "currency": statement.currency,
        "opening": statement.opening,
        "closing": statement.closing,
        "lines": [_line(line, statement.currency) for line in statement.lines],
    }


def _line(line: Line, currency: str | None) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "booked": line.booked.isoformat() if line.booked else None,
        "value_date": line.value_date.isoformat() if line.value_date else None,
        "amount_minor": line.amount_minor,
        "references": list(line.references),
        "text": line.text,
        "end_to_end": line.end_to_end,
        "reversal": line.reversal,
    }
    return plain if line.currency == currency else plain | {"currency": line.currency}


def as_lines(reading: Reading, said: Said) -> list[str]:
    """The reading for a person at a terminal."""
    lines = [f"{reading.format}: {len(reading.statements)} statement(s)"]
    for statement in reading.statements:
        lines.append(f"{statement.account or '?'} {statement.currency or '?'}: {len(statement.lines)} line(s)")
        lines += [f"  {_spoken(line)}" for line in statement.lines]
    return lines + [f"warning: {said(message)}" for message in reading.warnings]


def _spoken(line: Line) -> str:
    digits = exponent(line.currency)
    whole, rest = divmod(abs(line.amount_minor), 10**digits)
    amount = f"{'-' if line.amount_minor < 0 else ''}{whole}" + (f".{rest:0{digits}d}" if digits else "")
    return f"{line.booked or '?'} {amount:>14} {line.currency} {' '.join(line.references)} {line.text[:60]}".rstrip()
