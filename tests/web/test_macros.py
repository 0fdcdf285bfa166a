"""The macros pages are built from: what they say, how they are wired, and that little is enough for them."""

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, g, render_template_string
from flask_babel import force_locale
from wtforms import BooleanField, FileField, RadioField, SelectChoice, StringField
from wtforms.form import Form
from wtforms.validators import InputRequired, Optional

from cdp.kernel.money import Money
from cdp.kernel.page import Page
from cdp.kernel.words import Words
from cdp.web.fields import WordsField, some_language
from cdp.web.jinja import lines, numbered, written


class Sample(Form):
    """One field of each kind."""

    title = StringField("Title", [InputRequired("Give a title.")], description="In a few words.")
    picture = FileField("Picture", [Optional()])
    who = RadioField("Who", choices=[SelectChoice("me", "Myself"), SelectChoice("us", "Our group")])
    agree = BooleanField("We agree", [InputRequired("Tick it.")])
    need = WordsField("Need", [some_language])


@pytest.fixture
def draw(app: Flask) -> Any:
    """Draw one macro: its file, the call, the values it is given, the language."""

    def drawn(file: str, call: str, language: str = "fr", **values: Any) -> str:
        name = call.split("(")[0]
        with app.test_request_context(f"/{language}/"):
            g.language = language
            source = f'{{% from "_macros/{file}.html" import {name} %}}{{{{ {call} }}}}'
            return render_template_string(source, **values)

    return drawn


def sheet(received: int, committed: int, pledged: int, sought: int) -> SimpleNamespace:
    parts = {"received": received, "committed": committed, "pledged": pledged, "sought": sought}
    return SimpleNamespace(cost=Money(sum(parts.values())), **{name: Money(part) for name, part in parts.items()})


def test_words_in_another_language_than_asked_say_so(draw: Any) -> None:
    text = draw("text", "words(title)", title=Words(ar="مسلك"))
    assert 'lang="ar" dir="rtl"' in text
    assert "(en arabe)" in text
    assert "(en arabe)" not in draw("text", "words(title)", title=Words(ar="مسلك", fr="Piste"))


def test_peoples_words_cannot_bring_markup(draw: Any) -> None:
    assert "<b>" not in draw("text", "words(title)", title=Words(fr="<b>Piste</b>"))


def test_a_sign_is_silent_unless_it_is_named(draw: Any) -> None:
    assert draw("text", "icon('water')") == '<i class="icon i-water"></i>'
    assert 'role="img" aria-label="Eau"' in draw("text", "icon('water', 'Eau')")


def test_a_state_is_sign_and_word_and_colour(draw: Any) -> None:
    text = draw("text", "pill('En retard', 'danger')")
    assert "is-danger" in text
    assert "i-cross" in draw("text", "pill('Refusé', 'danger', 'cross')")
    assert "En retard" in text


def test_the_parts_of_the_money_stand_one_after_the_other(draw: Any) -> None:
    text = draw("money", "money_bar(sheet)", sheet=sheet(50_00, 25_00, 10_00, 15_00))
    assert 'class="fill-received" x="0%" width="50.0%"' in text
    assert 'class="fill-committed" x="50.0%" width="25.0%"' in text
    assert 'class="fill-pledged" x="75.0%" width="10.0%"' in text


@pytest.mark.parametrize(
    "given", [sheet(0, 0, 0, 0), SimpleNamespace(**{**vars(sheet(9, 9, 9, 0)), "cost": Money(10)})]
)
def test_the_money_never_runs_over_its_bar(draw: Any, given: SimpleNamespace) -> None:
    text = draw("money", "money_picture(sheet)", sheet=given)
    widths = [float(part.split('%"')[0]) for part in text.split('width="')[3:]]
    assert sum(widths) <= 100.1


def test_the_money_is_told_in_one_sentence_too(draw: Any) -> None:
    text = draw("money", "money_picture(sheet)", sheet=sheet(50_00, 25_00, 10_00, 15_00))
    assert "Reçu 50 DH, engagé 25 DH, promis 10 DH, reste à trouver 15 DH" in text


def test_help_and_error_are_wired_to_their_field(draw: Any) -> None:
    form = Sample()
    form.validate()
    text = draw("forms", "field(form.title)", form=form)
    assert 'aria-describedby="title-help title-error"' in text
    assert 'aria-invalid="true"' in text
    assert 'id="title-help"' in text
    assert 'id="title-error"' in text


def test_a_field_without_error_says_nothing_of_one(draw: Any) -> None:
    text = draw("forms", "field(form.title)", form=Sample())
    assert "aria-invalid" not in text
    assert 'aria-describedby="title-help"' in text


def test_what_may_be_left_out_is_marked(draw: Any) -> None:
    assert "(facultatif)" in draw("forms", "field(form.picture)", form=Sample())
    assert "(facultatif)" not in draw("forms", "field(form.title)", form=Sample())


def test_every_choice_has_its_own_label(draw: Any) -> None:
    text = draw("forms", "field(form.who)", form=Sample())
    assert text.count('type="radio"') == text.count('<label class="tick__text"') == 2
    assert "<legend" in text


def test_the_summary_of_errors_leads_to_each_field(draw: Any) -> None:
    form = Sample(data={"who": "me"})
    form.validate()
    text = draw("forms", "errors(form)", form=form)
    assert '<a href="#title">Title</a>\u00a0: Give a title.' in text
    assert '<a href="#need-fr">Need</a>' in text
    assert f"{len(form.errors)} choses à corriger" in text


def test_words_are_asked_for_in_the_language_of_the_page_first(draw: Any) -> None:
    text = draw("forms", "field(form.need)", "ar", form=Sample())
    assert text.index('id="need-ar"') < text.index("<details") < text.index('id="need-fr"')


def test_a_button_that_acts_is_a_protected_form(draw: Any) -> None:
    text = draw("forms", "post_button('/leave', 'Partir', 'abc', confirm='Vraiment ?')")
    assert 'method="post" action="/leave" data-confirm="Vraiment ?"' in text
    assert 'name="csrf_token" value="abc"' in text


def test_the_step_where_one_is_is_told_to_those_who_do_not_see_it(draw: Any) -> None:
    text = draw("forms", "wizard_steps(['Qui', 'Quoi', 'Fin'], 2)")
    assert "Étape 2 sur 3" in text
    assert text.count('aria-current="step"') == 1
    assert text.index("Quoi") > text.index('aria-current="step"') > text.index("Qui<")


def test_a_step_needs_a_title_and_a_status_only(draw: Any) -> None:
    text = draw("path", "path(steps)", steps=[SimpleNamespace(title="Visa", status="next")])
    assert "Visa" in text
    assert "à venir" in text


def test_a_first_and_only_page_has_no_pager(draw: Any) -> None:
    assert draw("paging", "pager(page, '/b?page=PAGE')", page=Page(())) == ""


def test_a_pager_goes_both_ways(draw: Any) -> None:
    text = draw("paging", "pager(page, '/b?page=PAGE')", page=Page((), 2, more=True))
    assert 'href="/b?page=1"' in text
    assert 'href="/b?page=3"' in text


def test_a_filter_shows_which_one_is_chosen(draw: Any) -> None:
    text = draw(
        "filters", "facet('Domaine', items)", items=[("Eau", 14, "/?s=water", True), ("Santé", 2, "/?s=h", False)]
    )
    assert text.count('aria-current="true"') == 1
    assert "<bdi>14</bdi>" in text.replace(' class="facet__count"', "")


def test_a_share_beyond_the_whole_stays_in_its_bar(draw: Any) -> None:
    assert 'width="100%" height="10" rx="3"' in draw("charts", "bars(rows, 'Voix')", rows=[("Nord", "9", 1.4, "atlas")])


def test_a_map_can_be_read_as_a_list(draw: Any) -> None:
    point = SimpleNamespace(x=10, y=20, name="Tirsal", tone="done", url="/p/1")
    text = draw("map", "locator(points)", points=[point])
    assert text.count("Tirsal") == 2
    assert 'href="/p/1" tabindex="-1"' in text


def test_a_card_of_a_proposal_counts_its_supports_in_words(draw: Any) -> None:
    row = SimpleNamespace(
        url="/p", icon="water", title=Words(ar="بئر"), place="تيرسال", state_text="مودعة", state_tone="next", supports=3
    )
    assert "3</bdi> مساندين" in draw("cards", "proposal_card(row)", "ar", row=row)
    row.supports = 12
    assert "12</bdi> مساندا" in draw("cards", "proposal_card(row)", "ar", row=row)


def test_numbers_in_a_sentence_neither_break_nor_turn_around() -> None:
    said = numbered("Votre promesse RF43 7883 4302 pour <b> TNO-2022-010: merci")
    assert str(said) == (
        'Votre promesse <bdi class="amount" dir="ltr">RF43 7883 4302</bdi> pour &lt;b&gt; '
        '<bdi class="amount" dir="ltr">TNO-2022-010</bdi>: merci'
    )
    assert numbered("Rien de tel en 2027.") == "Rien de tel en 2027."


def test_what_people_wrote_in_two_languages_stands_in_two_pieces_each_with_its_direction(app: Flask) -> None:
    with app.test_request_context("/fr/"), force_locale("fr_MA"):
        check_pieces()
    with app.test_request_context("/ar/"), force_locale("ar_MA"):
        assert written("Le puits.") == '<bdi lang="fr" dir="ltr">Le puits.</bdi>'
        assert lines("The well.", "en") == '<p dir="ltr">The well.</p>'


def check_pieces() -> None:
    text = "Le puits <est> sec. / جف البئر."
    french, arabic = "Le puits &lt;est&gt; sec.", "جف البئر."
    assert lines(text) == f'<p dir="ltr">{french}</p><p lang="ar" dir="rtl">{arabic}</p>'
    assert written(text) == f'<bdi dir="ltr">{french}</bdi><br><bdi lang="ar" dir="rtl">{arabic}</bdi>'
    assert lines("Un.\nDeux.\n\nTrois.") == '<p dir="ltr">Un.<br>Deux.</p><p dir="ltr">Trois.</p>'
    assert written("") == lines(" ") == ""
