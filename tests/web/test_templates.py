"""Templates are compiled once a language: what they say is said in it, and nothing is said of one reader to another."""

from collections.abc import Iterator

import pytest
from flask import Flask, g
from jinja2 import DictLoader, Environment
from markupsafe import Markup

LANGUAGES = ("ar", "fr", "en")


@pytest.fixture
def pages(app: Flask) -> Iterator[Environment]:
    """The application's templates, with a folder of our own under them."""
    kept = app.jinja_env.loader
    app.jinja_env.loader = DictLoader({})
    yield app.jinja_env
    app.jinja_env.loader = kept


def said(app: Flask, source: str, language: str, name: str = "test.html", **values: object) -> str:
    """What a template of that source says."""
    app.jinja_env.loader.mapping[name] = source  # type: ignore[union-attr]
    with app.test_request_context("/"):
        g.language = language
        return app.jinja_env.get_template(name).render(**values)


def test_one_template_speaks_each_language(app: Flask, pages: Environment) -> None:
    source = '{{ _("Proposals") }} {{ language() }} {{ direction() }}'
    found = [said(app, source, language, "each.html") for language in (*LANGUAGES, *LANGUAGES)]
    assert found[:3] == found[3:]
    assert found[1:3] == ["Propositions fr ltr", "Proposals en ltr"]
    assert found[0].endswith(" ar rtl")


@pytest.mark.parametrize("language", LANGUAGES)
def test_values_in_a_sentence_are_escaped_and_markup_is_kept(app: Flask, pages: Environment, language: str) -> None:
    call = '_("asked for by %(asker)s", asker=asker)'
    source = f"{{{{ {call} }}}}|{{% set said = {call} %}}{{{{ said }}}}"
    bad = said(app, source, language, f"bad{language}.html", asker="<script>")
    assert "<script>" not in bad
    assert bad.count("&lt;script&gt;") == 2
    good = said(app, source, language, f"good{language}.html", asker=Markup("<b>Fatima</b>"))
    assert good.count("<b>Fatima</b>") == 2
    first, second = good.split("|")
    assert first == second


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", [0, 1, 2, 3, 7, 11, 25, 100, 102])
def test_a_counted_sentence_takes_the_form_of_its_number(
    app: Flask, pages: Environment, language: str, number: int
) -> None:
    from flask_babel import ngettext

    source = '{{ ngettext("%(num)s support", "%(num)s supports", n) }}'
    found = said(app, source, language, f"counted{language}.html", n=number)
    with app.test_request_context("/"):
        g.language = language
        assert found == ngettext("%(num)s support", "%(num)s supports", number)


def test_a_sentence_chosen_while_the_page_is_made_is_still_said(app: Flask, pages: Environment) -> None:
    assert said(app, "{{ _(what) }}", "fr", "late.html", what="Proposals") == "Propositions"


def test_letters_keep_their_blanks(app: Flask, pages: Environment) -> None:
    source = 'A\n\n    B {{ _("Proposals") }}  & c\n'
    assert said(app, source, "fr", "letter.txt") == "A\n\n    B Propositions  & c"
    assert said(app, source, "fr", "page.html") == "A\nB Propositions & c"


def test_per_cent_signs_come_out_single(app: Flask, pages: Environment) -> None:
    source = '{{ _("%(amount)s · %(percent)s %%", amount=5, percent=40) }}'
    assert said(app, source, "fr", "cent.html").count("%") == 1
