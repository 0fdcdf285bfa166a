"""A browser without a window: follows links, carries the CSRF token, checks every page it opens."""

import re
import time
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class PageCheck(HTMLParser):
    """What must hold on any page: one h1, ids once, forms with an action, nothing inline, tags closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.headings = 0
        self.ids: list[str] = []
        self.open: list[str] = []
        self.faults: list[str] = []
        self.feed(html)
        if self.headings != 1:
            self.faults.append(f"{self.headings} h1")
        twice = {i for i in self.ids if self.ids.count(i) > 1}
        if twice:
            self.faults.append(f"ids twice: {sorted(twice)}")
        if self.open:
            self.faults.append(f"never closed: {self.open}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "h1":
            self.headings += 1
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if "style" in given or any(name.startswith("on") for name in given):
            self.faults.append(f"inline style or script on {tag}")
        if tag == "script" and not given.get("src"):
            self.faults.append("inline script")
        if tag == "img" and "alt" not in given:
            self.faults.append("img without alt")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID and self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1:]}")
            while self.open and self.open[-1] != tag:
                self.open.pop()
        if self.open:
            self.open.pop()


class Browser:
    """Opens pages as a person would; ``sign_in`` skips the form, not the rights."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()

    def sign_in(self, person_id: int) -> None:
        """Be that person from now on (a fresh sign-in, as after a password)."""
        from cdp.people.models import Person

        with self.app.extensions["store"].reader() as db:
            person = db.get(Person, person_id)
            assert person is not None
            uniquifier = person.fs_uniquifier
        with self.client.session_transaction() as session:
            session.clear()
            session["_user_id"] = uniquifier
            session["_fresh"] = True
            session["fs_cc"] = "set"
            session["fs_paa"] = time.time()

    def sign_out(self) -> None:
        """Be nobody again."""
        with self.client.session_transaction() as session:
            session.clear()

    def get(self, address: str, *, status: int | None = 200) -> TestResponse:
        """Open a page; checks it when it is HTML. ``status`` None takes any."""
        answer = self.client.get(address)
        if status is not None:
            assert answer.status_code == status, f"{address}: {answer.status_code}\n{answer.text[:1500]}"
        self.check(address, answer)
        return answer

    def post(self, address: str, *, form_at: str | None = None, **fields: Any) -> TestResponse:
        """Send a form with the CSRF token of the page it stands on (``form_at``, else ``address`` itself)."""
        page = self.client.get(form_at or address)
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
        assert found, f"no form at {form_at or address}: {page.status_code}\n{page.text[:800]}"
        hidden = dict(re.findall(r'<input[^>]*name="(form_key)"[^>]*value="([^"]+)"', page.text))
        answer = self.client.post(address, data={"csrf_token": found[1], **hidden, **fields})
        self.check(address, answer)
        return answer

    def follow(self, answer: TestResponse) -> TestResponse:
        """Open the page an answer leads to."""
        assert answer.status_code in {302, 303}, f"{answer.status_code}\n{answer.text[:1500]}"
        return self.get(answer.location)

    @staticmethod
    def check(address: str, answer: TestResponse) -> None:
        if answer.mimetype == "text/html" and answer.status_code not in {301, 302, 303, 308}:
            faults = PageCheck(answer.text).faults
            assert not faults, f"{address}: {faults}"
