"""The pages against the floor: one interleaved run of both, at two sizes, on one engine."""

import json
import re
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import event

from cdp.app import create_app
from cdp.cli.server import WORKERS
from cdp.config import Settings
from cdp.kernel.clock import today
from tests.bench import floor
from tests.bench.fill import Scene, fill
from tests.bench.served import Served, free_port, serve
from tests.bench.table import Line

SECRET = "a bench key that is long enough to be one"
RAW = "0" * 40
"""What a form's protection is made of."""

SIZES = {"2,000": (2_000, 2_000), "200,000": (200_000, 20_000)}
QUICK = {"500": (500, 500), "4,000": (4_000, 1_000)}


@dataclass(frozen=True)
class Asked:
    """What is asked for: its address, the form that is sent (None to read), what it may cost in floors."""

    name: str
    endpoint: str
    values: Callable[[Scene, int], dict[str, Any]]
    factor: float
    statements: int = 0
    form: Callable[[int], dict[str, str]] | None = None
    signed_in: bool = False


def _year(_scene: Scene, _n: int) -> dict[str, Any]:
    return {"year": 2028}


def _number(scene: Scene, n: int) -> dict[str, Any]:
    return {"number": scene.numbers[n % len(scene.numbers)]}


def _draft(scene: Scene, n: int) -> dict[str, Any]:
    return {"year": 2028, "draft_id": scene.drafts[n], "step": 5}


def _project(scene: Scene, _n: int) -> dict[str, Any]:
    return {"number": scene.project}


def _promise(n: int) -> dict[str, str]:
    until = str(today() + timedelta(days=60))
    given = {"group_id": "0", "amount": "500", "currency": "MAD", "until": until, "shown_as": "first", "step": "3"}
    return given | {"form_key": f"bench-promise-{n:06}", "condition": "none", "note": ""}


ASKED = (
    Asked("board", "proposals.board", _year, 2, 8),
    Asked("board, signed in", "proposals.board", _year, 2, 8, signed_in=True),
    Asked("proposal", "proposals.show", _number, 2.5, 12),
    Asked("project", "projects.show", _project, 2.5, 12),
    Asked("commune", "communes.show", lambda _scene, _n: {}, 2.5, 12),
    Asked("plan", "plans.show", lambda _scene, _n: {"year": 2022}, 2.5, 12),
    Asked("POST support", "proposals.support", _number, 3, form=lambda _n: {}, signed_in=True),
    Asked("POST proposal", "proposals.write", _draft, 3, form=lambda _n: {"agrees": "y"}, signed_in=True),
    Asked("POST pledge", "pledges.new", _project, 3, form=_promise, signed_in=True),
)


@dataclass
class Ours:
    """Our server on a filled database, and the same application inside this process."""

    scene: Scene
    served: Served
    app: Flask
    cookie: str
    token: str
    sent: dict[str, int] = field(default_factory=dict)

    def has(self, asked: Asked) -> bool:
        """Whether there is such a page."""
        return asked.endpoint in self.app.view_functions

    def address(self, asked: Asked) -> str:
        """The next address to ask; every sending goes to another thing."""
        n = self.sent[asked.name] = self.sent.get(asked.name, -1) + 1
        values = {"lang": "fr", "commune": self.scene.slug} | asked.values(self.scene, n if asked.form else 7)
        return self.app.url_map.bind("localhost").build(asked.endpoint, values)

    def ask(self, asked: Asked, **headers: str) -> bytes:
        """One request; RuntimeError for an answer that is none."""
        address = self.address(asked)
        if asked.signed_in:
            headers["Cookie"] = self.cookie
        form = asked.form(self.sent[asked.name]) | {"csrf_token": self.token} if asked.form else None
        status, body, location = self.served.ask(address, form=form, headers=headers)
        if status != (302 if form else 200) or "/account/" in location:
            raise RuntimeError(f"{asked.name}: {address} answered {status} {location}")
        return body


def run(engine: str, *, quick: bool, only: str) -> Iterator[Line]:
    """All lines of one engine."""
    chosen = [asked for asked in ASKED if not only or only in asked.name]
    with ExitStack() as stack:
        url = stack.enter_context(databases(engine))
        sizes = QUICK if quick else SIZES
        settings = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cdp-bench-")))
        ours = {}
        for size, (proposals, in_round) in sizes.items():
            scene = fill(url(f"size{proposals}"), proposals=proposals, in_round=in_round)
            ours[size] = start(stack, scene, settings)
        below = start_floor(stack, url("floor"))
        yield from _lines(engine, chosen, ours, below, blocks=4 if quick else 8)


def _lines(engine: str, chosen: list[Asked], ours: dict[str, Ours], below: Served, *, blocks: int) -> Iterator[Line]:
    small, large = ours.values()
    there = []
    for asked in chosen:
        if trouble := _trouble(asked, small):
            yield Line(engine, asked.name, trouble, "", False)
        else:
            there.append(asked)
    costs = _interleaved(there, ours, below, blocks=blocks)
    list_ms, insert_ms = _middle(costs["floor", ""]), _middle(costs["floor POST", ""])
    yield Line(engine, "floor", f"list {list_ms:.2f} ms, insert {insert_ms:.2f} ms", "", None)
    for asked in there:
        base = "floor POST" if asked.form else "floor"
        for size in ours:
            times = costs[asked.name, size]
            factor = statistics.median(one / other for one, other in zip(times, costs[base, ""], strict=True))
            value = f"{factor:.1f} × floor ({_middle(times):.1f} ms)"
            yield Line(engine, f"{asked.name}, {size}", value, f"≤ {asked.factor} ×", factor <= asked.factor)
        first, second = (costs[asked.name, size] for size in ours)
        growth = statistics.median(b / a for a, b in zip(first, second, strict=True))
        yield Line(engine, f"{asked.name}, growth", f"{growth:.2f} ×", "≤ 1.3 ×", growth <= 1.3)
        if not asked.form:
            yield from _page_lines(engine, asked, large)
    yield from _first_looks(engine, there, large, list_ms)
    for size, one in ours.items():
        memory = one.served.memory()
        told = f"{memory:.0f} MB resident, {one.served.share():.0f} its share"
        yield Line(engine, f"worker, {size}", told, "≤ 120 MB", memory <= 120)
    told = f"{below.memory():.0f} MB resident, {below.share():.0f} its share"
    yield Line(engine, "worker of the floor", told, "", None)
    compiled_ms = _middle(costs["floor, compiled", ""])
    told = f"{compiled_ms:.2f} ms, {compiled_ms / list_ms:.2f} × floor"
    yield Line(engine, "floor, template compiled once", told, "", None)


def _first_looks(engine: str, there: list[Asked], ours: Ours, list_ms: float, *, acts: int = 24) -> Iterator[Line]:
    """What a page costs that is made anew because of an act just before: told, no goal is set for it."""
    act = next((asked for asked in there if asked.name == "POST support"), None)
    for asked in there:
        if act is None or asked.name not in {"board", "proposal", "commune"}:
            continue
        times = []
        for _ in range(acts):
            ours.ask(act)
            before = ours.served.used()
            ours.ask(asked)
            times.append((ours.served.used() - before) * 1000)
        told = f"{_middle(times) / list_ms:.1f} × floor ({_middle(times):.1f} ms)"
        yield Line(engine, f"{asked.name}, first look after an act", told, "", None)


def _trouble(asked: Asked, ours: Ours) -> str:
    """Why a page cannot be measured; empty when it can."""
    if not ours.has(asked):
        return "no such page"
    try:
        ours.ask(asked)
    except RuntimeError as error:
        return str(error)
    return ""


def _page_lines(engine: str, asked: Asked, ours: Ours) -> Iterator[Line]:
    count = _statements(asked, ours)
    yield Line(engine, f"{asked.name}, statements", str(count), f"≤ {asked.statements}", count <= asked.statements)
    page = ours.ask(asked).decode()
    sent = len(ours.ask(asked, **{"Accept-Encoding": "br"}))
    parts = _parts(page)
    first_view = sent + sum(_weight(ours, part) for part in parts)
    yield Line(engine, f"{asked.name}, HTML sent", f"{sent / 1000:.1f} KB", "≤ 15 KB", sent <= 15_000)
    plain = len(page.encode())
    yield Line(engine, f"{asked.name}, HTML plain", f"{plain / 1000:.1f} KB", "≤ 15 KB", plain <= 15_000)
    yield Line(engine, f"{asked.name}, first view", f"{first_view / 1000:.1f} KB", "≤ 60 KB", first_view <= 60_000)
    yield Line(engine, f"{asked.name}, requests", str(1 + len(parts)), "≤ 6", len(parts) <= 5)


def _interleaved(
    there: list[Asked], ours: dict[str, Ours], below: Served, *, blocks: int, each: int = 24
) -> dict[tuple[str, str], list[float]]:
    """Milliseconds of processor a request, block by block; everything is asked in every block."""
    costs: dict[tuple[str, str], list[float]] = {}
    for block in range(-1, blocks):
        count = each if block >= 0 else 6
        for name, size, served, act in _turns(there, ours, below):
            before = served.used()
            for _ in range(count):
                act()
            if block >= 0:
                costs.setdefault((name, size), []).append((served.used() - before) / count * 1000)
    return costs


def _turns(
    there: list[Asked], ours: dict[str, Ours], below: Served
) -> Iterator[tuple[str, str, Served, Callable[[], Any]]]:
    yield "floor", "", below, lambda: below.ask("/")
    yield "floor, compiled", "", below, lambda: below.ask("/compiled")
    yield "floor POST", "", below, lambda: below.ask("/new", form={"title": "Un puits", "place": "Douar 3"})
    for asked in there:
        for size, one in ours.items():
            yield asked.name, size, one.served, lambda one=one, asked=asked: one.ask(asked)


def _middle(times: list[float]) -> float:
    return statistics.median(times)


def _statements(asked: Asked, ours: Ours) -> int:
    """SQL statements of a page that was asked before (what a worker keeps is kept)."""
    seen: list[str] = []
    engine = ours.app.extensions["store"].engine

    @event.listens_for(engine, "before_cursor_execute")
    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    client = ours.app.test_client(use_cookies=False)
    headers = {"Cookie": ours.cookie} if asked.signed_in else {}
    for _ in range(2):
        seen.clear()
        client.get(ours.address(asked), headers=headers)
    event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def _parts(page: str) -> list[str]:
    """Addresses a first visit asks besides the page: styles, script, signs, font, pictures not put off."""
    found = re.findall(r'<link rel="stylesheet" href="([^"]+)"|<script src="([^"]+)"', page)
    pictures = [src for tag, src in re.findall(r'(<img[^>]*src="(/[^"]+)"[^>]*>)', page) if "lazy" not in tag]
    of_the_style = ("/static/img/icons.svg", "/static/vendor/el-messiri/el-messiri-600.woff2")
    return list(dict.fromkeys([*(a or b for a, b in found), *pictures, *of_the_style]))


def _weight(ours: Ours, address: str) -> int:
    return len(ours.served.ask(address, headers={"Accept-Encoding": "br"})[1])


def start(stack: ExitStack, scene: Scene, folder: Path) -> Ours:
    """Serve a filled database by two workers."""
    instance = folder / f"instance{scene.proposals}"
    instance.mkdir()
    settings = Settings(
        instance=instance, database_url=scene.url, secret_key=SECRET, password_salt="salt", strong_sign_in=False
    )
    app = create_app(settings)
    stack.callback(app.extensions["store"].dispose)
    port = free_port()
    given = {"CDP_INSTANCE": str(instance), "CDP_DATABASE_URL": scene.url, "CDP_SECRET_KEY": SECRET}
    given |= {"CDP_PASSWORD_SALT": "salt", "CDP_STRONG_SIGN_IN": "false"}
    served = stack.enter_context(serve(["-m", "cdp", "serve", "--port", str(port)], port, given))
    token = URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(RAW)
    return Ours(scene, served, app, signed(app, scene.writer), str(token))


def signed(app: Flask, who: str) -> str:
    """The cookie of somebody who signed in from here, with the key that forms are protected by."""
    with app.test_request_context(environ_base={"REMOTE_ADDR": "127.0.0.1"}):
        here = app.login_manager._session_identifier_generator()  # type: ignore[attr-defined]
    held = {"_user_id": who, "_id": here, "_fresh": True, "fs_cc": "set", "csrf_token": RAW}
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(held)}"


def start_floor(stack: ExitStack, url: str) -> Served:
    """Serve the floor by two workers."""
    floor.fill(url)
    port = free_port()
    settings = {"FLOOR_URL": url, "FLOOR_WORKERS": json.dumps(WORKERS)}
    return stack.enter_context(serve(["-m", "tests.bench.floor", str(port)], port, settings))


@contextmanager
def databases(engine: str) -> Iterator[Callable[[str], str]]:
    """Addresses of fresh databases of one engine."""
    if engine == "sqlite":
        with tempfile.TemporaryDirectory(prefix="cdp-bench-") as folder:
            yield lambda name: f"sqlite:///{folder}/{name}.sqlite3"
        return
    from tests.conftest import database_url, execute, postgres_url

    server = postgres_url()
    made: list[str] = []

    def make(name: str) -> str:
        made.append(f"cdp_bench_{name}")
        execute(server, f"CREATE DATABASE cdp_bench_{name}")
        return database_url(server, f"cdp_bench_{name}")

    yield make
    for name in made:
        execute(server, f"DROP DATABASE {name} WITH (FORCE)")
