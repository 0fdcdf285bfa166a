"""People at the terminal: the first officer of a fresh installation."""

import click
from flask import Flask, g, url_for
from flask_security.recoverable import generate_reset_link

from cdp.app import create_app
from cdp.communes import queries as communes
from cdp.http.context import session
from cdp.i18n.say import say
from cdp.kernel.errors import Trouble
from cdp.kernel.words import LANGUAGES
from cdp.people.services import mandates, persons
from cdp.people.states import Role


@click.group("people")
def people() -> None:
    """Persons and their mandates."""


@people.command("invite")
@click.option("--commune", "slug", required=True, help="Address of the commune, as in its pages.")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--email", required=True)
@click.option("--name", default="", help="Name of the person; can be changed by them.")
@click.option("--language", type=click.Choice(LANGUAGES), default="ar", show_default=True)
def invite(slug: str, role: str, email: str, name: str, language: str) -> None:
    """Give somebody a mandate and an account, and print the link with which they choose a password."""
    app = create_app()
    try:
        click.echo(_invite(app, slug, Role(role), email=email, name=name, language=language))
    finally:
        app.extensions["store"].dispose()


def _invite(app: Flask, slug: str, role: Role, *, email: str, name: str, language: str) -> str:
    settings = app.config["SETTINGS"]
    address = settings.public_address or f"http://{settings.host}:{settings.port}"
    with app.test_request_context("/", method="POST", base_url=address):
        g.language = language
        db = session()
        try:
            commune = communes.find(db, slug)
            person = persons.invite(db, email=email, name=name, language=language)
            mandates.give_first(db, commune.id, person_id=person.id, role=role)
        except Trouble as trouble:
            raise click.ClickException(say(trouble.message)) from trouble
        db.commit()
        if person.password:
            return f"{email} holds the mandate; sign in: {url_for('security.login', _external=True)}"
        link, _token = generate_reset_link(person)  # type: ignore[no-untyped-call]
        return f"{email} holds the mandate. Choose a password within a day: {link}"
