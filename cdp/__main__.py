"""``python -m cdp``: one module of ``cdp.cli`` a group of commands, imported when it is asked for."""

import os
from importlib import import_module

import click

from cdp.config import demonstration, demonstration_alone

COMMANDS: dict[str, str] = {
    "communes": "cdp.cli.communes:communes",
    "demo": "cdp.cli.demo.command:demo",
    "export": "cdp.cli.export:export",
    "ledger": "cdp.cli.ledger:ledger",
    "migrate": "cdp.cli.server:migrate",
    "serve": "cdp.cli.server:serve",
    "check": "cdp.cli.check:check",
    "people": "cdp.cli.people:people",
    "proposals": "cdp.cli.proposals:proposals",
    "plan": "cdp.cli.plan:plan",
    "programme": "cdp.cli.programme:programme",
    "tally": "cdp.cli.tally:tally",
    "references": "cdp.cli.references:references",
    "rib": "cdp.cli.references:rib",
    "statements": "cdp.cli.statements:statements",
    "work": "cdp.cli.work:work",
}


OF_BOOKS = ("check", "export", "ledger", "plan", "proposals")
"""Commands that speak of the demonstration where there is no installation of one's own."""


class Terminal(click.Group):
    """A group that imports a command's module only when that command runs."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """Names of all commands, in alphabetical order."""
        return sorted(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """The command of that name, or None when there is none."""
        if name not in COMMANDS:
            return None
        if name in OF_BOOKS and (folder := demonstration_alone()):
            click.echo(f"No database of one's own here: this is the demonstration in {folder}.", err=True)
            os.environ.update(demonstration(folder))
        module, _, attribute = COMMANDS[name].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


@click.command(cls=Terminal, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Communal development plans that people make together."""


if __name__ == "__main__":
    main(prog_name="python -m cdp")
