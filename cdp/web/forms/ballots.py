"""Forms of ballots: the rules, a decision about a project, the roll, codes, paper, and the booth."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from cdp.communes.queries import Place
from cdp.http.context import language
from cdp.i18n.say import label
from cdp.kernel.errors import RuleBroken
from cdp.kernel.money import Money, read_amount
from cdp.priorities.rules.ballots import BallotDraft, Limit, Offer
from cdp.priorities.states import BallotKind, Bond, CountingRule, Filling, RollSource, TieRule, Worth
from cdp.rounds.queries import RoundCard
from cdp.web.fields import KeyField, MoneyField, WordsField, some_language
from cdp.web.forms.base import BaseForm
from cdp.web.forms.review import languages

NUMERIC = {"inputmode": "numeric"}


def _choices(members: Iterable[StrEnum]) -> list[SelectChoice]:
    return [SelectChoice(member.value, label(member)) for member in members]


class BallotForm(BaseForm):
    """All rules of a ballot; the ceilings stand in the template, an amount for each douar and sector."""

    form_key = KeyField()
    title = WordsField(_l("Title"), [some_language])
    question = WordsField(_l("The question to voters"), [some_language], longest=300)
    help = WordsField(_l("What voters should know"), rows=3)
    opens_on = DateField(_l("First day of voting"), [InputRequired(_l("Choose a day."))])
    closes_on = DateField(_l("Last day of voting"), [InputRequired(_l("Choose a day."))])
    budget = MoneyField(_l("Amount to be given (dirhams)"), [InputRequired()], render_kw={"inputmode": "decimal"})
    kind = RadioField(_l("What a voter does"), choices=lambda: _choices(BallotKind), default=BallotKind.APPROVAL.value)
    most = IntegerField(_l("At most so many projects"), [Optional(), NumberRange(1, 1000)], render_kw=NUMERIC)
    purse = IntegerField(_l("Points to spread"), [Optional(), NumberRange(1, 1000)], render_kw=NUMERIC)
    rule = RadioField(
        _l("How it is counted"), choices=lambda: _choices(CountingRule), default=CountingRule.EQUAL_SHARES.value
    )
    panel_part = IntegerField(
        _l("In a mix: part of the panel, of 100"),
        [Optional(), NumberRange(1, 99)],
        description=_l("Only where the marks of the panel and the ballot are mixed; the rest is the ballot's."),
        render_kw=NUMERIC,
    )
    worth = RadioField(
        _l("Equal shares: what a project is worth"), choices=lambda: _choices(Worth), default=Worth.COST.value
    )
    filling = RadioField(
        _l("Equal shares: what is done with money that is left"),
        choices=lambda: _choices(Filling),
        default=Filling.ADD1_GREEDY.value,
    )
    minimum_votes = IntegerField(
        _l("Least number of votes"), [Optional(), NumberRange(0)], default=0, render_kw=NUMERIC
    )
    ties = RadioField(_l("What settles a tie"), choices=lambda: _choices(TieRule), default=TieRule.LOT.value)
    seed = StringField(
        _l("Seed of the lot"),
        [Optional(), Length(max=120)],
        description=_l("Numbers thrown with dice before everybody, for example: anyone can repeat the lot with them."),
    )
    admits = SelectMultipleField(
        _l("Who may vote"),
        choices=lambda: _choices(RollSource),
        default=[RollSource.RESIDENT.value],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("Where people come from or with which papers is never asked."),
    )

    @classmethod
    def of(cls, draft: BallotDraft) -> "BallotForm":
        """The form of rules that are there."""
        return cls(data={name: getattr(draft, name) for name in FIELDS} | {"admits": [a.value for a in draft.admits]})

    def offer(self, card: RoundCard, places: Iterable[Place], draft: BallotDraft | None = None) -> "BallotForm":
        """What a ceiling may be set for, each with what was written or is there."""
        had = {(one.by, one.name): one.amount for one in draft.ceilings} if draft else {}
        named = [("sector", s.key, s.name) for s in card.charter.sectors]
        named += [("territory", p.code, p.name) for p in places]
        self.ceilings = [(by, key, name, self._typed(by, key, had.get((by, key)))) for by, key, name in named]
        return self

    @staticmethod
    def _typed(by: str, key: str, had: Money | None) -> str:
        return request.form.get(f"ceiling-{by}-{key}", f"{had.minor // 100}" if had else "")

    def draft(self) -> BallotDraft:
        """The rules as a value; RuleBroken for an amount that is none."""
        limits = tuple(Limit(by, key, read_amount(typed)) for by, key, _name, typed in self.ceilings if typed.strip())
        if self.budget.data is None:
            raise RuleBroken("priorities.ballot_budget_missing")
        return BallotDraft(
            kind=BallotKind(self.kind.data),
            rule=CountingRule(self.rule.data),
            title=self.title.data,
            question=self.question.data,
            help=self.help.data,
            budget=self.budget.data,
            opens_on=self.opens_on.data,
            closes_on=self.closes_on.data,
            worth=Worth(self.worth.data),
            filling=Filling(self.filling.data),
            ties=TieRule(self.ties.data),
            seed=(self.seed.data or "").strip(),
            most=self.most.data,
            purse=self.purse.data,
            minimum_votes=self.minimum_votes.data or 0,
            panel_part=self.panel_part.data,
            ceilings=limits,
            admits=frozenset(RollSource(one) for one in self.admits.data or ()),
        )


FIELDS = (
    "title", "question", "help", "opens_on", "closes_on", "budget", "kind", "most", "purse", "rule", "worth",
    "filling", "minimum_votes", "ties", "seed", "panel_part",
)  # fmt: skip


class ProjectForm(BaseForm):
    """Where a project stands on the ballot, and why."""

    standing = RadioField(
        _l("On the ballot"),
        choices=[
            SelectChoice("offered", _l("voters choose")),
            SelectChoice("pinned", _l("taken first, before the count")),
            SelectChoice("excluded", _l("left out: nobody can vote for it")),
        ],
    )
    reason = TextAreaField(_l("Reason"), [Optional(), Length(max=4000)], render_kw={"rows": 4})
    language = SelectField(_l("The reason is written in"), choices=languages)


class BondForm(BaseForm):
    """A bond between two projects of a ballot."""

    kind = RadioField(
        _l("What ties them"),
        choices=[
            SelectChoice(Bond.INCOMPATIBLE.value, _l("one or the other, never both")),
            SelectChoice(Bond.NEEDS.value, _l("the first only together with the second")),
        ],
        default=Bond.INCOMPATIBLE.value,
    )
    one = SelectField(_l("First project"))
    other = SelectField(_l("Second project"))

    def offer(self, offers: Iterable[Offer]) -> "BondForm":
        """Fill the projects."""
        named = [SelectChoice(o.number, f"{o.place}. {o.title.in_(language())[0]}") for o in offers]
        self.one.choices = self.other.choices = named
        return self


class OfPlace(BaseForm):
    """A form that asks for a douar."""

    locality_id = SelectField(_l("Douar or quarter"), coerce=int, default=0)

    def offer(self, places: Iterable[Place]) -> Any:
        """Fill the douars."""
        rest = [SelectChoice(place.id, place.name.in_(language())[0]) for place in places]
        self.locality_id.choices = [SelectChoice(0, _l("The whole commune")), *rest]
        return self


class NamesForm(OfPlace):
    """Names of a douar's list; without names it adds the accounts the rules admit."""

    names = TextAreaField(_l("Names, one a line"), [Optional(), Length(max=600_000)], render_kw={"rows": 6})


class CodesForm(OfPlace):
    """A batch of codes."""

    form_key = KeyField()
    label_ = StringField(_l("What the batch is called"), [DataRequired(_l("Give it a name.")), Length(max=80)])
    size = IntegerField(_l("How many codes"), [InputRequired(), NumberRange(1, 2000)], default=50, render_kw=NUMERIC)
    is_test = BooleanField(_l("For a rehearsal: these codes never count"))


class ReasonForm(BaseForm):
    """A reason that stays written."""

    reason = StringField(_l("Reason"), [DataRequired(_l("Write the reason.")), Length(max=300)])


class BatchForm(OfPlace):
    """What was counted on the spot."""

    form_key = KeyField()
    label_ = StringField(_l("Place of the box"), [DataRequired(_l("Give it a name.")), Length(max=80)])
    issued = IntegerField(_l("Sheets handed out"), [Optional(), NumberRange(0)], render_kw=NUMERIC)
    in_box = IntegerField(_l("Sheets in the box"), [Optional(), NumberRange(0)], render_kw=NUMERIC)
    women = IntegerField(_l("Women who were there"), [Optional(), NumberRange(0)], render_kw=NUMERIC)
    men = IntegerField(_l("Men who were there"), [Optional(), NumberRange(0)], render_kw=NUMERIC)
    youth = IntegerField(_l("Youth who were there"), [Optional(), NumberRange(0)], render_kw=NUMERIC)


class LinesForm(BaseForm):
    """One person's reading of a batch."""

    lines = TextAreaField(_l("Your reading, one line a sheet"), [InputRequired()], render_kw={"rows": 12, "dir": "ltr"})


class ScanForm(BaseForm):
    """A scanned sheet."""

    file = FileField(_l("Scan (photo or PDF)"), [Optional()])


class BoothForm(BaseForm):
    """The protection of the booth, and the code where one votes by it; what is chosen stands in the template."""

    code = StringField(_l("Code"), [Optional(), Length(max=40)], render_kw={"autocomplete": "off", "dir": "ltr"})
