import email
import re
import smtplib
import socket
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from jinja2 import meta
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.config import ROOT
from cdp.i18n.catalogs import merged
from cdp.jobs import outbox
from cdp.kernel import clock
from cdp.notices.models import Mail, Notice
from cdp.notices.services import post, write
from tests.factories import make_commune, make_person


class Kept(list[EmailMessage]):
    """A sender that keeps what it is given."""

    def __call__(self, message: EmailMessage) -> None:
        self.append(message)


def run(app: Flask, sender: outbox.Sender) -> None:
    with app.app_context():
        outbox.send_due(app.extensions["store"], sender)


def told(db: Session, language: str = "fr", **over: object) -> None:
    person = make_person(db, language=language, **over)
    post(db, person.id, "data_answered", commune_id=make_commune(db).id)
    db.commit()


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "Votre demande"), ("ar", "أُجيب عن طلبكم"), ("en", "Your wish about your data")]
)
def test_a_notice_leaves_once_as_a_letter_in_the_persons_language(
    app: Flask, db: Session, language: str, words: str
) -> None:
    told(db, language)
    sent = Kept()
    run(app, sent)
    run(app, sent)
    [message] = sent
    text = message.get_content()
    assert words in text
    assert words in message["Subject"]
    assert f"/{language}/me/settings" in text
    assert db.scalars(select(Mail.text)).one() == ""


def test_who_has_no_confirmed_address_gets_no_letter_but_finds_the_notice(app: Flask, db: Session) -> None:
    told(db, email=None)
    told(db, confirmed_at=None)
    told(db, active=False)
    sent = Kept()
    run(app, sent)
    assert not sent
    assert len(db.scalars(select(Notice.id)).all()) == 3


def test_a_server_that_is_away_loses_no_letter(app: Flask, db: Session) -> None:
    told(db)

    def away(_message: EmailMessage) -> None:
        raise smtplib.SMTPServerDisconnected("away")

    run(app, away)
    mail = db.scalars(select(Mail)).one()
    db.commit()
    assert (mail.tries, mail.sent_at) == (1, None)
    assert "away" in mail.trouble
    sent = Kept()
    run(app, sent)
    assert not sent, "it waits before it is tried again"
    with clock.held_at(clock.now() + timedelta(minutes=3)):
        run(app, sent)
    assert len(sent) == 1


def test_a_worker_killed_while_sending_tries_again_under_the_same_name(app: Flask, db: Session) -> None:
    told(db)
    names = []

    def killed(message: EmailMessage) -> None:
        names.append(message["Message-ID"])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(app, killed)
    sent = Kept()
    with clock.held_at(clock.now() + timedelta(minutes=3)):
        run(app, sent)
    assert [m["Message-ID"] for m in sent] == names


def test_a_subject_cannot_smuggle_a_header(app: Flask, db: Session) -> None:
    write(db, "a@example.org", "account.x", subject="Hello\nBcc: evil@example.org", text="words\n")
    db.commit()
    sent = Kept()
    run(app, sent)
    assert sent[0]["Bcc"] is None
    assert sent[0]["Subject"] == "Hello Bcc: evil@example.org"


def test_without_a_server_letters_are_files_of_the_instance(app: Flask, db: Session) -> None:
    told(db, "ar")
    with app.app_context():
        outbox.letters(app.extensions["store"])
    [file] = (app.config["SETTINGS"].instance / "mail").iterdir()
    message = email.message_from_bytes(file.read_bytes())
    assert message["To"].endswith("@example.org")


def test_letters_go_through_a_real_server(app: Flask, db: Session) -> None:
    from aiosmtpd.controller import Controller

    got: list[bytes] = []

    class Sink:
        async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:  # noqa: N802
            got.append(envelope.content)
            return "250 OK"

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(Sink(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        told(db, "fr")
        run(app, outbox.smtp(f"smtp://127.0.0.1:{port}"))
    finally:
        controller.stop()
    assert b"Subject:" in got[0]


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_every_kind_of_letter_can_be_written_in_each_language(app: Flask, db: Session, language: str) -> None:
    commune = make_commune(db)
    for path in (ROOT / "templates" / "mail").glob("[!_]*.txt"):
        names = meta.find_undeclared_variables(app.jinja_env.parse(path.read_text())) - {"commune", "sentence"}
        values = {name: "2027-05-01" if name in {"until", "day", "due", "since"} else "7" for name in names}
        values |= {"number": "TZ-2028-001", "title": "7", "into": "TZ-2028-002", "reason": "7"}
        with app.app_context():
            subject, text = outbox.compose(path.stem, values, language=language, commune=commune)
        assert f"/{language}/me/settings" in text, path.stem
        assert subject


ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_no_notice_says_a_day_as_machines_do(app: Flask, db: Session, language: str) -> None:
    commune = make_commune(db)
    kinds = [str(m.id).partition(".")[2] for m in merged("en") if str(m.id).startswith("notices.")]
    assert {"review_return", "membership_ends", "works_delayed", "pledge_received", "project_news"} <= set(kinds)
    days = dict.fromkeys(("until", "day", "due", "since", "on"), "2027-05-01")
    values = days | dict.fromkeys(("number", "into", "reason", "year", "reference", "project", "title", "days"), "7")
    for kind in kinds:
        with app.app_context():
            subject, text = outbox.compose(kind, _Any(values), language=language, commune=commune)
        assert not ISO_DAY.search(subject + text), kind
        assert "%(" not in subject + text, kind


class _Any(dict[str, str]):
    """Values of a notice whatever it asks for."""

    def __missing__(self, key: str) -> str:
        return "7"


@pytest.mark.parametrize("kind", ["works_reported", "works_delayed", "works_undone", "pledge_received"])
def test_a_letter_about_a_project_says_more_than_its_subject(app: Flask, db: Session, kind: str) -> None:
    values = {"number": "TZ-2028-001", "day": "2027-05-01", "reference": "RF18"}
    with app.app_context():
        subject, text = outbox.compose(kind, values, language="fr", commune=make_commune(db))
    assert "TZ-2028-001" in subject
    assert subject not in text
    assert "TZ-2028-001" in text
