"""Templates compiled once a language: their sentences stand in them as text, their blanks are few.

A page says fifty to three hundred sentences. Asked for while it is made, each costs a look into the request, the
locale and the catalog; here they are looked up when a template is compiled, and Jinja joins what stands side by side.
What they say depends on the language alone, and that is part of the key under which a template is kept.
"""

import re
from collections.abc import Iterator, MutableMapping
from typing import Any

from flask import Flask
from flask.templating import Environment as FlaskEnvironment
from flask_babel import get_locale, get_translations
from jinja2 import Template, nodes
from jinja2.utils import LRUCache
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from cdp.i18n.languages import DEFAULT, direction

KEPT = 400
"""Templates kept a language: more than there are."""

BLANKS = re.compile(r"\s*\n\s*|[ \t]{2,}")
"""Blanks of which one says as much: a line's end with what stands around it, several in a line."""

PLACE = re.compile(r"%\((\w+)\)s|%%")


def tongue() -> str:
    """The language pages are made in now: of the locale in force."""
    locale = get_locale()
    return locale.language if locale else DEFAULT


class Environment(FlaskEnvironment):
    """Flask's, with one set of compiled templates a language."""

    def __init__(self, app: Flask, **options: Any) -> None:
        super().__init__(app, **options)
        self._compiled: dict[str, Any] = {}
        self.globals.update(counted=counted, counted_markup=counted_markup)

    def _load_template(self, name: str, globals: MutableMapping[str, Any] | None) -> Template:
        """A template in the language in force; where files are watched, anew when its file changed."""
        kept = self._compiled.setdefault(tongue(), LRUCache(KEPT))
        template: Template | None = kept.get(name)
        if template is None or (self.auto_reload and not template.is_up_to_date):
            assert self.loader is not None
            kept[name] = template = self.loader.load(self, name, self.make_globals(globals))
        elif globals:
            template.globals.update(globals)
        return template

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """The tree of a template with its sentences said and its blanks drawn together."""
        tree = super()._parse(source, name, filename)
        escapes = self.autoescape(name) if callable(self.autoescape) else self.autoescape
        settled: nodes.Template = _Settler(get_translations(), tongue(), is_markup=bool(escapes)).visit(tree)
        settled.set_environment(self)
        return settled


class _Settler(NodeTransformer):
    """Puts into a tree what is known before the template runs."""

    def __init__(self, catalog: Any, language: str, *, is_markup: bool) -> None:
        self.catalog, self.language, self.is_markup = catalog, language, is_markup

    def visit_TemplateData(self, node: nodes.TemplateData) -> nodes.TemplateData:  # noqa: N802 (Jinja's names)
        """Text between the marks: in a page no more blanks than count."""
        if self.is_markup:
            node.data = BLANKS.sub(lambda found: "\n" if "\n" in found.group() else " ", node.data)
        return node

    def visit_Output(self, node: nodes.Output) -> nodes.Output:  # noqa: N802
        """What is written: a sentence with values in it becomes its pieces, one after the other."""
        node.nodes = [part for child in node.nodes for part in self._pieces(child)]
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:  # noqa: N802
        """A sentence in its language; the language itself."""
        self.generic_visit(node)
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        if name in {"language", "direction"} and not node.args and not node.kwargs:
            return nodes.Const(self.language if name == "language" else direction(self.language), lineno=node.lineno)
        if (text := self._sentence(node)) is not None:
            if not node.kwargs:
                return self._text(text % {}, node)
            values = [nodes.Pair(nodes.Const(each.key), each.value) for each in node.kwargs]
            return nodes.Mod(self._text(text, node), nodes.Dict(values), lineno=node.lineno)
        if name == "ngettext" and len(node.args) == 3 and (forms := self._forms(node)):
            node.node = nodes.Name("counted_markup" if self.is_markup else "counted", "load")
            node.args = [nodes.Const(forms), node.args[2]]
        return node

    def _pieces(self, child: nodes.Expr) -> Iterator[nodes.Expr]:
        text = self._sentence(child)
        marks = list(PLACE.finditer(text or ""))
        values = {each.key: each.value for each in child.kwargs} if isinstance(child, nodes.Call) else {}
        is_plain = (text or "").count("%") == sum(mark.group().count("%") for mark in marks)
        if text is None or not values or not is_plain or not {mark.group(1) for mark in marks} <= {None, *values}:
            yield self.visit(child)
            return
        at = 0
        for found in marks:
            yield self._text(text[at : found.start()] + ("%" if found.group() == "%%" else ""), child)
            if found.group(1):
                yield self.visit(values[found.group(1)])
            at = found.end()
        yield self._text(text[at:], child)

    def _sentence(self, node: nodes.Node) -> str | None:
        """What a call for a sentence says; None for any other node."""
        if not isinstance(node, nodes.Call) or not isinstance(node.node, nodes.Name) or node.dyn_kwargs:
            return None
        given = node.args[0] if len(node.args) == 1 else None
        if node.node.name not in {"_", "gettext"} or not isinstance(given, nodes.Const):
            return None
        return str(self.catalog.ugettext(given.value))

    def _forms(self, node: nodes.Call) -> tuple[str, ...]:
        """All forms of a counted sentence in their order; none where only the reader's own catalog could tell."""
        one, many = (arg.value if isinstance(arg, nodes.Const) else None for arg in node.args[:2])
        known = self.catalog._catalog
        found: list[str] = []
        while (one, len(found)) in known:
            found.append(known[one, len(found)])
        return tuple(found) or ((one, many) if self.language == "en" and one and many else ())

    def _text(self, text: str, node: nodes.Node) -> nodes.Const:
        return nodes.Const(Markup(text) if self.is_markup else text, lineno=node.lineno)  # noqa: S704  # nosec B704 (our own words)


def counted(forms: tuple[str, ...], number: int, /, **values: Any) -> str:
    """The form of a sentence for a number, with its values."""
    form: str = forms[get_translations().plural(number)]
    return form % ({"num": number} | values)


def counted_markup(forms: tuple[str, ...], number: int, /, **values: Any) -> Markup:
    """The same for pages: its values are escaped."""
    return Markup(forms[get_translations().plural(number)]) % ({"num": number} | values)  # noqa: S704  # nosec B704
