"""Letters of Flask-Security go through our outbox: a row written with the act, sent by the job."""

from typing import Any

from flask import Response, after_this_request
from flask_security import MailUtil

from cdp.http.context import session
from cdp.notices import services as notices


class OutboxMail(MailUtil):
    """Writes instead of sending: no request waits for a mail server, no letter is lost when it is away."""

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: str | tuple[str, str],
        sender: Any,  # noqa: ARG002 (said by the job)
        body: str | None,
        html: str | None,  # noqa: ARG002 (text only)
        **context: Any,
    ) -> None:
        """Keep the rendered letter; committed at the end of this request."""
        user = context.get("user")
        notices.write(
            session(),
            recipient if isinstance(recipient, str) else recipient[1],
            f"account.{template.rsplit('/', 1)[-1]}",
            subject=str(subject),
            text=(body or "").strip() + "\n",
            person_id=getattr(user, "id", None),
        )
        after_this_request(_commit)


def _commit(response: Response) -> Response:
    session().commit()
    return response
