"""Letters: notices become letters, letters leave. The rows are the truth: a killed worker loses none, sends none twice
knowingly (a letter whose worker died while handing it over is tried again under the same Message-ID)."""

import logging
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from flask import current_app, g, render_template, url_for
from jinja2 import Template
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.config import Settings
from cdp.i18n import formats
from cdp.i18n.say import say
from cdp.jobs.due import Done
from cdp.kernel.clock import now
from cdp.kernel.errors import Message
from cdp.notices.models import Mail, Notice
from cdp.notices.queries import read_days
from cdp.notices.services import write
from cdp.people.models import Person
from cdp.store.engine import Store

LOG = logging.getLogger("cdp.jobs")

AT_ONCE = 200
"""Letters of one run; the next run takes the rest."""

TRIES = 12
"""After so many the letter stays, with its trouble, for somebody to look at."""

Sender = Callable[[EmailMessage], None]


def letters(store: Store) -> list[Done]:
    """Write and send what is due, by the settings of this application."""
    return send_due(store, sender_of(current_app.config["SETTINGS"]))


def send_due(store: Store, sender: Sender) -> list[Done]:
    """Turn notices into letters and hand letters to ``sender``; safe to run twice and beside another."""
    return [Done("letters written", _write_due(store)), Done("letters sent", _deliver_due(store, sender))]


def _write_due(store: Store) -> int:
    with store.reader() as db:
        waiting = list(db.scalars(select(Notice.id).where(Notice.sent_at.is_(None)).order_by(Notice.id).limit(AT_ONCE)))
    written = 0
    for notice_id in waiting:
        try:
            written += store.attempt(lambda db, number=notice_id: _write(db, number))  # type: ignore[misc]
        except Exception:
            LOG.exception("notice %s could not be written", notice_id)
    return written


def _write(db: Session, notice_id: int) -> int:
    """One notice into one letter, in one transaction; 0 when another did it or there is no address."""
    taken = db.execute(
        update(Notice).where(Notice.id == notice_id, Notice.sent_at.is_(None)).values(sent_at=now())
    ).rowcount  # type: ignore[attr-defined]
    notice = db.get(Notice, notice_id)
    person = db.get(Person, notice.person_id) if notice else None
    if not taken or notice is None or person is None or not person.email or not person.active:
        return 0
    if person.confirmed_at is None:
        return 0
    commune = db.get(Commune, notice.commune_id) if notice.commune_id else None
    subject, text = compose(notice.kind, notice.values, language=person.language, commune=commune)
    write(db, person.email, notice.kind, subject=subject, text=text, person_id=person.id)
    return 1


def compose(kind: str, values: dict[str, Any], *, language: str, commune: Any) -> tuple[str, str]:
    """Subject and text of a notice in a language; ``templates/mail/<kind>.txt``, else its one sentence."""
    settings: Settings = current_app.config["SETTINGS"]
    address = settings.public_address or f"http://{settings.host}:{settings.port}"
    with current_app.test_request_context("/", base_url=address):
        g.language = language
        if commune is not None:
            g.commune_slug = commune.slug
        days = read_days(values)
        sentence = say(Message(f"notices.{kind}", days))
        said = {n: formats.day(v, language) if isinstance(v, date) else v for n, v in days.items()}
        names: list[str | Template] = [f"mail/{kind}.txt", "mail/_sentence.txt"]
        text = render_template(names, **said, commune=commune, sentence=sentence)
        text = f"{text.strip()}\n{url_for('me.settings', _external=True)}\n"
    return sentence, text


@dataclass(frozen=True)
class _Taken:
    """A letter taken for one try."""

    id: int
    message: EmailMessage


def _deliver_due(store: Store, sender: Sender) -> int:
    with store.reader() as db:
        due = (Mail.sent_at.is_(None), Mail.not_before <= now(), Mail.tries < TRIES)
        waiting = list(db.scalars(select(Mail.id).where(*due).order_by(Mail.id).limit(AT_ONCE)))
    return sum(_deliver(store, sender, mail_id) for mail_id in waiting)


def _deliver(store: Store, sender: Sender, mail_id: int) -> int:
    taken = store.attempt(lambda db: _take(db, mail_id))
    if taken is None:
        return 0
    try:
        sender(taken.message)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        trouble = f"{type(error).__name__}: {error}"[:200]
        store.attempt(lambda db: _note(db, mail_id, trouble=trouble))
        return 0
    store.attempt(lambda db: _note(db, mail_id, sent_at=now(), text="", trouble=""))
    return 1


def _take(db: Session, mail_id: int) -> _Taken | None:
    """Take a letter for one try: it is pushed back first, so that nobody else takes it and it comes again by itself."""
    mail = db.get(Mail, mail_id)
    if mail is None:
        return None
    pause = timedelta(minutes=min(2 ** (mail.tries + 1), 360))
    taken = db.execute(
        update(Mail)
        .where(Mail.id == mail_id, Mail.sent_at.is_(None), Mail.not_before <= now())
        .values(tries=Mail.tries + 1, not_before=now() + pause)
        .execution_options(synchronize_session=False)
    ).rowcount  # type: ignore[attr-defined]
    return _Taken(mail_id, envelope(mail)) if taken else None


def _note(db: Session, mail_id: int, **values: Any) -> None:
    db.execute(update(Mail).where(Mail.id == mail_id).values(**values))


def envelope(mail: Mail) -> EmailMessage:
    """A letter as mail servers want it; the same Message-ID at every try."""
    sender = current_app.config["SETTINGS"].mail_from
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.address
    message["Subject"] = " ".join(mail.subject.split())
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = f"<{mail.id}.{int(mail.at.timestamp())}@{sender.rpartition('@')[2].strip('>')}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    return message


def sender_of(settings: Settings) -> Sender:
    """Where letters go: a mail server, or files of the instance where there is none."""
    return smtp(settings.smtp_url) if settings.smtp_url else folder(settings.instance / "mail")


def folder(path: Path) -> Sender:
    """Letters as files, one a letter, whole or not at all."""

    def send(message: EmailMessage) -> None:
        path.mkdir(parents=True, exist_ok=True)
        name = "".join(c for c in str(message["Message-ID"]) if c.isalnum() or c in ".-")
        partial = path / f"{name}.part"
        partial.write_bytes(message.as_bytes())
        partial.replace(path / f"{name}.eml")

    return send


def smtp(url: str) -> Sender:
    """A mail server: ``smtp://user:word@host:587?starttls=1``, ``smtps://…`` or plain ``smtp://host:25``."""
    parts = urlsplit(url)
    host, secure = parts.hostname or "localhost", parts.scheme == "smtps"
    starttls = parse_qs(parts.query).get("starttls", ["0"])[0] == "1"

    def send(message: EmailMessage) -> None:
        made: smtplib.SMTP = (
            smtplib.SMTP_SSL(host, parts.port or 465, timeout=30, context=ssl.create_default_context())
            if secure
            else smtplib.SMTP(host, parts.port or 25, timeout=30)
        )
        with made as server:
            if starttls:
                server.starttls(context=ssl.create_default_context())
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)

    return send
