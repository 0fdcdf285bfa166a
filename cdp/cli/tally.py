"""Counting a ``.pb`` file at the terminal: what was published can be counted again by anybody."""

from collections.abc import Mapping
from pathlib import Path

import click
from babel.messages.pofile import read_po

from cdp.i18n.catalogs import FOLDER
from cdp.kernel.errors import Message, RuleBroken
from cdp.priorities.rules.counting import terms_in
from cdp.priorities.rules.voting.pabulib import LARGEST, BadFile
from cdp.priorities.rules.voting.pabulib_pairs import read_file
from cdp.priorities.rules.voting.pabulib_votes import Reading
from cdp.priorities.rules.voting.register import ALL, count
from cdp.priorities.rules.voting.results import money, printed
from cdp.priorities.rules.voting.terms import Completion, Terms, Utility
from cdp.priorities.rules.voting.trace import Outcome

UTILITIES = [one.value for one in Utility]
COMPLETIONS = [one.value for one in Completion]
CATALOG = FOLDER / "en" / "voting.po"


@click.command("tally")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--rule", required=True, type=click.Choice(list(ALL)), help="How to count.")
@click.option("--utility", type=click.Choice(UTILITIES), default="cost", help="For equal shares.")
@click.option("--completion", type=click.Choice(COMPLETIONS), default="none", help="For equal shares.")
@click.option("--ties", default="name", metavar="name|lot:SEED", help="What settles a tie.")
@click.option("--json", "shown", flag_value="json", help="Print one JSON object instead of lines.")
def tally(file: Path, rule: str, utility: str, completion: str, ties: str, shown: str | None) -> None:
    """Count the votes of FILE, a Pabulib file, and print who wins.

    A file that this program published carries the ceilings, bonds and decisions of its ballot, the comparisons of
    pairwise ballots and, for a declared mix, what the panel's marks came to; all of it is kept.
    """
    try:
        reading = read_file(_bytes(file))
        asked = Terms(ties=ties, utility=Utility(utility), completion=Completion(completion))
        terms = terms_in(reading, asked)
        outcome = count(rule, reading.election, terms)
    except RuleBroken as trouble:
        line = trouble.line if isinstance(trouble, BadFile) else 0
        place = f"{file}:{line}" if line else str(file)
        raise click.ClickException(f"{place}: {sentence(trouble.message)}") from trouble
    for note in reading.notes:
        click.echo(f"{file}: {sentence(note)}", err=True)
    if shown:
        click.echo(printed(outcome, reading.election))
    else:
        _print(outcome, reading)


def sentence(message: Message) -> str:
    """A message in English, from the catalog of this room."""
    return english().get(message.key, message.key) % message.values


def english() -> Mapping[str, str]:
    """The English sentences by their key."""
    with CATALOG.open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id}


def _bytes(file: Path) -> bytes:
    """The file, unless it is too large to be looked at."""
    if file.stat().st_size > LARGEST:
        raise BadFile("voting.pb_too_large", 0, megabytes=LARGEST // 1_000_000)
    return file.read_bytes()


def _print(outcome: Outcome, reading: Reading) -> None:
    """The result in lines: totals, then a line for each winner, then the ties."""
    election = reading.election
    spent, budget = money(outcome.spent, election), money(outcome.budget, election)
    click.echo(f"{outcome.rule}\t{spent} / {budget}\t{len(outcome.winners)} / {len(election.candidates)}")
    for project in outcome.winners:
        cost = money(election.costs[election.index[project]], election)
        click.echo(f"{project}\t{cost}\t{reading.names.get(project, '')}".rstrip())
    for tie in outcome.ties:
        click.echo(f"= {tie.step}\t{' '.join(tie.projects)}\t{tie.chosen}")
