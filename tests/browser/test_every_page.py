"""Every page, as everyone, in three languages, on a phone and at a desk.

A page whose inside reads to the letter as it did for somebody else, in the same language, was looked at already: it is
asked of the application past the browser, its links are followed, and the window is kept for what is new.

Every page that is new is opened: its console, its width on a phone and at a desk, headings, direction, buttons, words
and (for nobody) weight are looked at in each of the three languages. Axe is asked at most once for a kind of page in a
language, and only where the page holds an element in a place (tag, class, role, names of attributes, and those of its
parent) that axe has not been shown on this kind of page before, in whatever language; its colours are the same in all.
"""

import hashlib
import re
from collections import Counter, deque
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from cdp.config import DEMO_DAY
from cdp.funding.queries.proof import communes_with_books
from cdp.funding.rules.named import INVARIANTS
from cdp.jobs.books import prove
from cdp.kernel import clock
from cdp.kernel.clock import today
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

ASK_AXE = "axe.run({resultTypes: ['violations']}).then((found) => found.violations)"

ALONE = {"input", "br", "hr", "img", "meta", "link", "path", "rect", "circle", "use", "wbr", "col"}
"""Elements that hold none."""


class Shape(HTMLParser):
    """The elements of a page, each with its parent, without their words: the same in every language."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.above: list[tuple[str, str]] = [("", "")]
        self.places: set[tuple[str, str]] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        told = {name: value if name in {"class", "role", "type"} else "" for name, value in attributes}
        sign = f"{tag} {sorted(told.items())}"
        self.places.add((self.above[-1][1], sign))
        if tag not in ALONE:
            self.above.append((tag, sign))

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in (open_ := [each[0] for each in self.above]) and tag:
            del self.above[len(open_) - 1 - open_[::-1].index(tag) :]


class Crawl:
    """Follows every link from the entries and notes what is wrong."""

    def __init__(self, house: House, window: Window, language: str, noted: Path, *, cookie: str = "") -> None:
        self.house, self.window, self.language, self.noted = house, window, language, noted
        self.headers = {"Cookie": cookie} if cookie else {}
        self.faults: list[str] = []
        self.asked_axe = 0
        self.opened: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter()
        self.routes = house.app.url_map.bind("localhost")
        self.client = house.app.test_client(use_cookies=False)

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
        if self.window.wire is not None:
            return []
        answer = self.client.get(address, base_url=self.house.address, headers=self.headers)
        html = answer.text if answer.status_code == 200 and answer.mimetype == "text/html" else ""
        if not html or self.is_first(self.language, inside(html)):
            return []
        self.opened[kind] += 1
        return [urljoin(address, unescape(link)) for link in LINK.findall(html)]

    def look(self, address: str, kind: str) -> list[str]:
        """Open one page and check it; returns where its links lead."""
        window = self.window
        before = len(window.complaints)
        answer = window.open(address)
        self.faults += window.complaints[before:]
        if answer is None:
            return []
        self.opened[kind] += 1
        html = answer.text()
        if window.wire is not None:
            self.is_first(self.language, inside(html))
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
            *self.ask_axe(kind, html),
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

    def ask_axe(self, kind: str, html: str) -> list[str]:
        """What axe finds: at most once for a kind of page in a language, and only where something is new to it."""
        if not self.is_first("axe", kind, self.language):
            return []
        if not [place for place in sorted(Shape(html).places) if self.is_first("axe", kind, *place)]:
            return []
        self.asked_axe += 1
        self.window.page.evaluate(AXE_SCRIPT)
        found = self.window.page.evaluate(ASK_AXE)
        return [f"axe {v['id']}: {[node['html'][:160] for node in v['nodes'][:3]]}" for v in found]


def inside(html: str) -> str:
    """What a page says between its head and its foot."""
    return HIDDEN.sub("", html[html.find("<main") : html.find("</main>")])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", ROLES)
def test_every_page_keeps_its_promises(chromium: Browser, demo: Demo, role: str, language: str) -> None:
    window = Window(chromium, demo.house.address, PHONE)
    cookie = ""
    if role == "nobody":
        window.weigh()
    else:
        given = demo.house.cookie_of(demo.people[role])
        window.context.add_cookies([given])  # type: ignore[list-item]
        cookie = f"{given['name']}={given['value']}"
    crawl = Crawl(demo.house, window, language, demo.noted, cookie=cookie)
    crawl.walk(*(entry.format(language) for entry in demo.entries))
    window.close()
    pages = f"{sum(crawl.opened.values())} pages of {len(crawl.opened)} kinds"
    print(f"{role} {language}: {pages}, {crawl.asked_axe} shown to axe")
    assert not crawl.faults, "\n".join(crawl.faults)
    assert len(crawl.opened) >= 8


def test_all_invariants_hold_on_the_books_of_the_demonstration(demo: Demo) -> None:
    """L1 to L23, whatever was done in it meanwhile."""
    with demo.house.db() as db, clock.held_at(DEMO_DAY):
        found = [prove(db, number, today()) for number in communes_with_books(db)]
    assert found
    assert [proof.broken for proof in found] == [()] * len(found)
    assert all(len(proof.asked) == len(INVARIANTS) for proof in found)


def test_a_shape_is_that_of_every_language_and_no_other() -> None:
    page = Shape('<ul class="list"><li><a href="/ar/">ماء</a></li></ul><p><img alt="" src="/1"><br>3</p>').places
    assert (
        page == Shape('<ul class="list"><li><a href="/fr/">Eau</a></li></ul><p><img alt="x" src="/2"><br/></p>').places
    )
    assert {("", "p []"), ("p []", "br []"), ("ul [('class', 'list')]", "li []")} <= page
    assert page != Shape('<ul class="list"><li><a>Eau</a></li></ul><p><img alt="x" src="/2"><br></p>').places


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
