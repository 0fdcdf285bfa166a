"""Reading the letters a test has caused."""

import re
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.notices.models import Mail


def letters(db: Session) -> list[Mail]:
    """All letters, the newest last."""
    found = list(db.scalars(select(Mail).order_by(Mail.id).execution_options(populate_existing=True)))
    db.commit()
    return found


def again(db: Session, thing: Any) -> Any:
    """The thing as it stands in the database now; nothing stays locked."""
    db.refresh(thing)
    db.commit()
    return thing


def link_in(mail: Mail) -> str:
    """The address of the first link, without its host."""
    found = re.search(r"https?://[^/\s]+(/\S+)", mail.text)
    assert found, mail.text
    return found[1]
