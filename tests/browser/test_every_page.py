"""Every page, as everyone, in three languages, on a phone and at a desk.

A page whose inside reads to the letter as it did for somebody else, in the same language, was looked at already: it is
fetched, its links are followed, and the window is kept for what is new.
"""

import hashlib
import re
from collections import Counter, deque
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from tests.browser.house import House
from tests.browser.scene import Demo
from tests.browser.window import DESK, PHONE, Window
from tests.browser.words import left_behind

LANGUAGES = {"ar": "rtl", "fr": "ltr", "en": "ltr"}
ROLES = ("nobody", "officer", "resident", "diaspora", "facilitator", "panel", "treasurer")
HTML = 15 * 1024
FIRST_VIEW = 60 * 1024
EACH = {"proposals.show": 4, "projects.show": 2}
"""How many pages of one kind are opened; one of all others."""

FILES = (".pdf", ".csv", ".json", ".xml", ".xlsx", ".docx", ".ics", ".txt", ".pb", ".beancount")
"""How addresses end that lead to a file and not to a page."""

HIDDEN = re.compile(r'<input[^>]+type="hidden"[^>]*>|nonce="[^"]*"')
LINK = re.compile(r'<a\b[^>]*\bhref="([^"]*)"')


class Crawl:
    """Follows every link from the entries and notes what is wrong."""

    def __init__(self, house: House, window: Window, language: str, noted: Path) -> None:
        self.house, self.window, self.language, self.noted = house, window, language, noted
        self.faults: list[str] = []
        self.opened: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter()
        self.routes = house.app.url_map.bind("localhost")

    def kind(self, address: str) -> str | None:
        """Which page an address is: endpoint and what is asked of it; None when it leads elsewhere, or to data."""
        parts = urlsplit(address)
        if f"{parts.scheme}://{parts.netloc}" != self.house.address:
            return None
        if parts.path.startswith("/api/") or parts.path.endswith(FILES):
            return None
        try:
            endpoint, values = self.routes.match(parts.path)
        except (HTTPException, RequestRedirect):
            return "unknown"
        if values.get("lang", self.language) != self.language or endpoint == "static":
            return None
        return f"{endpoint}?{'&'.join(sorted({pair.split('=')[0] for pair in parts.query.split('&')}))}".rstrip("?")

    def walk(self, *entries: str) -> None:
        waiting = deque(self.house.address + entry for entry in entries)
        seen: set[str] = set()
        while waiting:
            address = waiting.popleft().split("#")[0]
            kind = self.kind(address)
            if kind is None or "&" in kind or address in seen or self.kinds[kind] >= EACH.get(kind, 1):
                continue
            seen.add(address)
            self.kinds[kind] += 1
            waiting.extend(self.known(address, kind) or self.look(address, kind))

    def is_first(self, *what: str) -> bool:
        """Whether nobody noted this before, in any process of this run."""
        try:
            (self.noted / hashlib.sha256(repr(what).encode()).hexdigest()).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    def known(self, address: str, kind: str) -> list[str]:
        """Where a page leads whose inside was looked at for somebody else; nothing for one that is to be looked at."""
        answer = self.window.context.request.get(address)
        html = answer.text() if "text/html" in answer.headers.get("content-type", "") else ""
        inside = HIDDEN.sub("", html[html.find("<main") : html.find("</main>")])
        if not inside or self.is_first(self.language, inside) or self.window.wire is not None or answer.status >= 400:
            return []
        self.opened[kind] += 1
        return [urljoin(answer.url, unescape(link)) for link in LINK.findall(html)]

    def look(self, address: str, kind: str) -> list[str]:
        """Open one page and check it; returns where its links lead."""
        window = self.window
        before = len(window.complaints)
        answer = window.open(address)
        self.faults += window.complaints[before:]
        if answer is None:
            return []
        self.opened[kind] += 1
        about = window.about()
        wrong = [
            f"{about['headings']} h1" if about["headings"] != 1 else "",
            f"lang {about['lang']!r}" if about["lang"] != self.language else "",
            f"dir {about['dir']!r}" if about["dir"] != LANGUAGES[self.language] else "",
            f"primary buttons: {about['primary']}" if len(about["primary"]) > 1 else "",
            f"on a phone {window.too_wide()}" if window.too_wide() else "",
            *left_behind(about["texts"], self.language),
            *(f"Latin in Arabic: {text!r}" for text in about["strangers"] if self.language == "ar"),
            *self.weigh(answer.request.sizes()["responseBodySize"]),
            *self.ask_axe(kind),
        ]
        window.page.set_viewport_size(DESK)  # type: ignore[arg-type]
        wrong.append(f"at a desk {window.too_wide()}" if window.too_wide() else "")
        window.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        self.faults += [f"{address.removeprefix(self.house.address)}: {each}" for each in wrong if each]
        return list(about["links"])

    def weigh(self, html: int) -> list[str]:
        """What a public page weighs over the wire, in bytes; counted only for nobody: signed in, pages carry more."""
        if self.window.wire is None:
            return []
        wire = sum(self.window.wire)
        return [f"{html} bytes of HTML"] * (html > HTML) + [f"{wire} bytes over the wire"] * (wire > FIRST_VIEW)

    def ask_axe(self, kind: str) -> list[str]:
        """What axe finds, once for a kind of page in a language."""
        if not self.is_first("axe", kind, self.language):
            return []
        found = Axe().run(self.window.page).response["violations"]
        return [f"axe {v['id']}: {[node['html'][:160] for node in v['nodes'][:3]]}" for v in found]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", ROLES)
def test_every_page_keeps_its_promises(chromium: Browser, demo: Demo, role: str, language: str) -> None:
    window = Window(chromium, demo.house.address, PHONE)
    if role == "nobody":
        window.weigh()
    else:
        window.context.add_cookies([demo.house.cookie_of(demo.people[role])])  # type: ignore[list-item]
    crawl = Crawl(demo.house, window, language, demo.noted)
    crawl.walk(*(entry.format(language) for entry in demo.entries))
    window.close()
    print(f"{role} {language}: {sum(crawl.opened.values())} pages of {len(crawl.opened)} kinds")
    assert not crawl.faults, "\n".join(crawl.faults)
    assert len(crawl.opened) >= 8


BAD = """<!doctype html><html lang="fr" dir="ltr"><head><title>x</title></head><body><main>
<h1>Un</h1><h1>Deux</h1><p style="width: 900px">Go to the content of errors.not_found</p>
<a class="btn-primary" href="/fr/">1</a><a class="btn-primary" href="/fr/">2</a>
<img src="http://foreign.invalid/x.png"><input></main><script>console.log("noise")</script></body></html>"""


def test_a_bad_page_is_noticed(chromium: Browser, new_house: Callable[..., House], tmp_path: Path) -> None:
    house = new_house()
    window = Window(chromium, house.address, PHONE)
    window.page.route("**/fr/bad", lambda route: route.fulfill(body=BAD, content_type="text/html"))
    crawl = Crawl(house, window, "ar", tmp_path)
    crawl.look(f"{house.address}/fr/bad", "bad")
    window.close()
    said = "\n".join(crawl.faults)
    for fault in (
        "noise",
        "stranger",
        "2 h1",
        "lang 'fr'",
        "dir 'ltr'",
        "primary",
        "phone",
        "English",
        "message",
        "axe",
    ):
        assert fault in said, f"{fault} went unnoticed: {said}"
