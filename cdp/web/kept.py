"""Pages made once for all who would read the same: kept by everything that was read for them, never by time.

A page asks the database first, each time. What was found is the key: an act that changes a word of it gives another
key, so nothing can show late. Only the making (addresses, sentences, markup) is spared.
"""

import secrets
from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, cast

from flask import current_app, g, render_template, request, session
from jinja2.utils import LRUCache
from markupsafe import escape

from cdp.http.context import actor, language
from cdp.kernel.clock import today
from cdp.people.queries import said_name_of
from cdp.web import here

KEPT = 120
"""Pages a worker keeps, as bytes of some twenty thousand each; the least read go first."""

NAME = f"name-{secrets.token_hex(8)}"
"""Stands for the reader's name in a kept page; nobody can write it, it is drawn anew by each worker."""


def page(template: str, *read: Hashable, make: Callable[[], Mapping[str, Any]]) -> str:
    """A page of a template whose values ``make`` gives; ``read`` is all that was read for them.

    Besides ``read`` it is known by its address, its language, the day, the commune as it stands, and whether the
    reader is signed in and with which mandates here. A page that carries a form of its own, or news of an act just
    done, is made for this reader alone. Rounds and douars, which a worker keeps by the commune's revision, count as the
    very objects they are; a kept page holds them, so that no others can take their place.
    """
    if "_flashes" in session or current_app.jinja_env.auto_reload:
        return render_template(template, **make())
    kept = _pages()
    ground = (here.cards(), here.places()) if here.commune() else ()
    key = (template, *map(id, ground), *_frame(), *read)
    known: bytes
    known, _ground = kept.get(key) or (b"", ())
    made = known.decode()
    person = here.person()
    if not made:
        g.shown_name = NAME
        made = render_template(template, **make())
        del g.shown_name
        if "csrf_token" not in g:
            kept[key] = (made.encode(), ground)
    return made if person is None else made.replace(NAME, str(escape(said_name_of(person))))


def frozen(value: Any) -> Hashable:
    """A value as part of a key: rows of the mapper by what they hold (never by who they are), lists by members."""
    if hasattr(value, "_sa_instance_state"):
        held = {name: each for name, each in vars(value).items() if not hasattr(each, "_sa_instance_state")}
        return (type(value), tuple((name, frozen(each)) for name, each in held.items() if name[0] != "_"))
    if isinstance(value, dict):
        return tuple((name, frozen(each)) for name, each in value.items())
    if isinstance(value, (list, tuple)):
        return tuple(frozen(each) for each in value)
    if is_dataclass(value) and not _is_hashable(value):
        return (type(value), *(frozen(getattr(value, each.name)) for each in fields(value)))
    return cast("Hashable", value)


def _is_hashable(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


def _frame() -> tuple[Hashable, ...]:
    """What the frame of any page depends on."""
    commune, signed_in = here.commune(), here.person() is not None
    place = None if commune is None else (commune.id, commune.revision, frozen(commune))
    roles = frozenset(role for where, role in actor().mandates if commune and where == commune.id)
    return (request.script_root, request.full_path, language(), today(), place, signed_in, roles if signed_in else None)


def _pages() -> Any:
    return current_app.extensions.setdefault("kept_pages", LRUCache(KEPT))
