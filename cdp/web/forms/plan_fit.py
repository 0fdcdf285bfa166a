"""Forms around the fit: asking for a search, a scenario, the conditions of the plan and of one project."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DecimalField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from cdp.i18n.say import label
from cdp.kernel.money import Money
from cdp.programme.rules.share_rules import RuleSet
from cdp.programme.rules.whatif import MOST_LESS, MOST_MORE, Changes
from cdp.rounds.states import Source, Sureness
from cdp.web.fields import KeyField, MoneyField
from cdp.web.forms.base import BaseForm
from cdp.web.forms.plans import rule_choices

PERCENT = [Optional(), NumberRange(min=0, max=100)]
QUOTAS = range(1, 7)
GROUPS = range(1, 5)
WHOLE_NUMBER = {"inputmode": "numeric"}


class RunForm(BaseForm):
    """How to search, and how long."""

    form_key = KeyField()
    kind = RadioField(_l("What to look for?"), [InputRequired(_l("Choose one."))], default="best")
    seconds = SelectField(_l("Seconds at most"), [InputRequired(_l("Choose one."))], default="30")

    def __init__(self, *, has_draft: bool, **values: Any) -> None:
        super().__init__(**values)
        best = SelectChoice("best", _l("The programme of the highest priority value"))
        least = SelectChoice("least", _l("The fewest changes to the draft that meet all conditions"))
        self.kind.choices = [best, least] if has_draft else [best]
        self.seconds.choices = [SelectChoice(str(n), str(n)) for n in (10, 30, 60, 300)]


class ScenarioForm(BaseForm):
    """A name, what it is for, money by source in per cent, projects out and in (their numbers)."""

    form_key = KeyField()
    name = StringField(_l("Name of the scenario"), [InputRequired(_l("Give the scenario a name.")), Length(max=120)])
    note = TextAreaField(_l("What is it for?"), [Optional(), Length(max=2000)], render_kw={"rows": 3})
    out = TextAreaField(_l("Projects left out"), [Optional(), Length(max=4000)], render_kw={"rows": 2})
    into = TextAreaField(_l("Projects put in"), [Optional(), Length(max=4000)], render_kw={"rows": 2})

    def changes(self) -> Changes:
        """What is changed."""
        percent = {source.value: getattr(self, f"money_{source}").data or 0 for source in Source}
        return Changes(percent, numbers(self.out.data), numbers(self.into.data))

    def money(self, sources: Iterable[str]) -> list[Any]:
        """The fields of these sources."""
        return [self[f"money_{source}"] for source in sources]


for _source in Source:
    setattr(
        ScenarioForm,
        f"money_{_source}",
        IntegerField(_source.value, [Optional(), NumberRange(min=MOST_LESS, max=MOST_MORE)], render_kw=WHOLE_NUMBER),
    )


def numbers(text: str | None) -> tuple[str, ...]:
    """Numbers of projects, by blanks, commas or lines."""
    return tuple(dict.fromkeys((text or "").replace(",", " ").replace("،", " ").split()))


class TermsForm(BaseForm):
    """Conditions of the whole plan; a row left empty is no condition."""

    price_rise = DecimalField(_l("Prices rise every year by, in per cent"), PERCENT, places=2)
    counted = SelectField(_l("Money that counts"), [Optional()])
    group_share = DecimalField(_l("At least for projects of women’s and youth groups, in per cent"), PERCENT, places=2)

    def __init__(self, *, years: Iterable[int], keys: Sequence[tuple[str, str]], **values: Any) -> None:
        super().__init__(**values)
        texts = {
            Sureness.EXPECTED: _l("All: expected, promised and signed"),
            Sureness.PROMISED: _l("Promised and signed"),
            Sureness.SIGNED: _l("Signed only"),
        }
        self.counted.choices = [SelectChoice(each.value, texts[each]) for each in Sureness]
        self.years = list(years)
        for n in QUOTAS:
            self[f"key_{n}"].choices = [SelectChoice("", "—"), *(SelectChoice(key, text) for key, text in keys)]

    def validate(self, extra_validators: Any = None) -> bool:
        """A floor or ceiling says for what and how much; those that exclude one another, and phases, are several."""
        holds = bool(super().validate(extra_validators))
        for n in QUOTAS:
            key, least, most = self[f"key_{n}"], self[f"least_{n}"], self[f"most_{n}"]
            if bool(key.data) is not (least.data is not None or most.data is not None) and not least.errors:
                least.errors = [_l("A floor or ceiling says for what it is, and how much.")]
                holds = False
        for field in (self[f"{name}_{n}"] for name in ("exclusion", "phases") for n in GROUPS):
            if len(numbers(field.data)) == 1:
                field.errors = [_l("Name at least two projects, with a blank between.")]
                holds = False
        return holds

    def staff(self) -> list[Any]:
        """The fields of works in hand, a year each."""
        return [self[f"staff_{n}"] for n, _year in enumerate(self.years[:6], 1)]

    def terms(self) -> dict[str, Any]:
        """The conditions as a document of ``rules.conditions``."""
        found: dict[str, Any] = {"counted": self.counted.data or "expected"}
        if self.price_rise.data:
            found["price_rise"] = round(self.price_rise.data * 100)
        found["capacity"] = [
            {"year": year, "units": field.data}
            for year, field in zip(self.years, self.staff(), strict=False)
            if field.data is not None
        ]
        found["quotas"] = [quota for n in QUOTAS if (quota := self._quota(n))]
        if self.group_share.data:
            share = round(self.group_share.data * 100)
            names = {"scope": "group", "keys": ["women", "youth"], "at_least_portion": share}
            found["quotas"].append({"id": "women + youth", **names})
        found["exclusions"] = [
            {"id": self[f"exclusion_{n}"].label.text[:1] + str(n), "projects": list(named)}
            for n in GROUPS
            if len(named := numbers(self[f"exclusion_{n}"].data)) > 1
        ]
        found["phases"] = [
            {"id": f"{n}", "projects": list(named), "complete": bool(self[f"complete_{n}"].data)}
            for n in GROUPS
            if len(named := numbers(self[f"phases_{n}"].data)) > 1
        ]
        return found

    def _quota(self, n: int) -> dict[str, Any] | None:
        key, least, most = self[f"key_{n}"].data, self[f"least_{n}"].data, self[f"most_{n}"].data
        if not key or (least is None and most is None):
            return None
        scope, _, name = key.partition(":")
        title = {c.value: str(c.label) for c in self[f"key_{n}"].choices}[key]
        found: dict[str, Any] = {"id": f"{n}. {title}", "scope": scope, "keys": [name]}
        found |= {"at_least_portion": round(least * 100)} if least is not None else {}
        return found | ({"at_most_portion": round(most * 100)} if most is not None else {})


for _n in QUOTAS:
    setattr(TermsForm, f"key_{_n}", SelectField(_l("What it is set for"), [Optional()]))
    setattr(TermsForm, f"least_{_n}", DecimalField(_l("At least, in per cent of the plan"), PERCENT, places=2))
    setattr(TermsForm, f"most_{_n}", DecimalField(_l("At most, in per cent of the plan"), PERCENT, places=2))
    setattr(
        TermsForm,
        f"staff_{_n}",
        IntegerField(_l("Works in hand at once"), [Optional(), NumberRange(min=0)], render_kw=WHOLE_NUMBER),
    )
for _n in GROUPS:
    setattr(TermsForm, f"exclusion_{_n}", StringField(_l("Of these at most one"), [Optional(), Length(max=1000)]))
    setattr(TermsForm, f"phases_{_n}", StringField(_l("Phases, in their order"), [Optional(), Length(max=1000)]))
    setattr(TermsForm, f"complete_{_n}", BooleanField(_l("All of them or none")))


def terms_data(terms: Mapping[str, Any], years: Sequence[int]) -> dict[str, Any]:
    """Conditions as the data of their form."""
    data: dict[str, Any] = {"counted": terms.get("counted", "expected")}
    if terms.get("price_rise"):
        data["price_rise"] = terms["price_rise"] / 100
    units = {one["year"]: one["units"] for one in terms.get("capacity", ())}
    data |= {f"staff_{n}": units.get(year) for n, year in enumerate(years[:6], 1)}
    quotas = [one for one in terms.get("quotas", ()) if one["scope"] != "group"]
    for n, one in enumerate(quotas[: len(QUOTAS)], 1):
        data[f"key_{n}"] = f"{one['scope']}:{one['keys'][0]}"
        for field, name in (("least", "at_least_portion"), ("most", "at_most_portion")):
            data[f"{field}_{n}"] = one[name] / 100 if name in one else None
    for one in terms.get("quotas", ()):
        if one["scope"] == "group":
            data["group_share"] = one["at_least_portion"] / 100
    for n, one in enumerate(terms.get("exclusions", ())[: len(GROUPS)], 1):
        data[f"exclusion_{n}"] = " ".join(one["projects"])
    for n, one in enumerate(terms.get("phases", ())[: len(GROUPS)], 1):
        data |= {f"phases_{n}": " ".join(one["projects"]), f"complete_{n}": one.get("complete", False)}
    return data


class ProjectTermsForm(BaseForm):
    """Conditions of one project."""

    earliest = SelectField(_l("Works start at the earliest in"), [Optional()])
    latest = SelectField(_l("Works start at the latest in"), [Optional()])
    duration = IntegerField(_l("Years of works"), [Optional(), NumberRange(min=1, max=6)], render_kw=WHOLE_NUMBER)
    staff = IntegerField(_l("Units of the commune’s staff"), [Optional(), NumberRange(min=0)], render_kw=WHOLE_NUMBER)
    own_floor = DecimalField(_l("The commune’s own share at least, in per cent"), PERCENT, places=2)
    studies = MoneyField(_l("Studies, paid by the commune in the first year"), [Optional()])
    running = MoneyField(_l("Running cost a year afterwards, paid by the commune"), [Optional()])
    after = StringField(_l("Only after these projects"), [Optional(), Length(max=1000)])
    waiting = SelectField(_l("This partner’s share comes only"), [Optional()])
    signer = SelectField(_l("if this partner has signed"), [Optional()])
    otherwise = SelectField(_l("otherwise it is paid by"), [Optional()])
    preset = SelectField(_l("Share rule to be kept"), [Optional()])

    def __init__(self, *, years: Iterable[int], own: Sequence[RuleSet] = (), **values: Any) -> None:
        super().__init__(**values)
        for field in (self.earliest, self.latest):
            field.choices = [SelectChoice("", "—"), *(SelectChoice(str(year), str(year)) for year in years)]
        for field in (self.waiting, self.signer, self.otherwise):
            field.choices = [SelectChoice("", "—"), *(SelectChoice(each.value, label(each)) for each in Source)]
        self.preset.choices = [SelectChoice("", _l("none")), *rule_choices(own)]

    def validate(self, extra_validators: Any = None) -> bool:
        """Who waits, and for whose signature, belong together, and are not the same."""
        holds = bool(super().validate(extra_validators))
        waiting, signer = self.waiting.data, self.signer.data
        if bool(waiting) is not bool(signer) or (self.otherwise.data and not waiting):
            self.signer.errors = [_l("Choose both: whose share waits, and for whose signature.")]
        elif waiting and waiting == signer:
            self.signer.errors = [_l("A share waits for the signature of another partner.")]
        return holds and not self.signer.errors

    def terms(self) -> dict[str, Any]:
        """The conditions as a document of ``rules.conditions``."""
        found: dict[str, Any] = {}
        for name in ("earliest", "latest"):
            if self[name].data:
                found[name] = int(self[name].data)
        for name in ("duration", "staff"):
            if self[name].data is not None:
                found[name] = self[name].data
        if self.own_floor.data:
            found["own_floor"] = round(self.own_floor.data * 100)
        for name in ("studies", "running"):
            if self[name].data:
                found[name] = [{"source": Source.OWN.value, "amount": self[name].data.minor}]
        return found | self._named()

    def _named(self) -> dict[str, Any]:
        """Conditions that name others: projects, rules, partners."""
        found: dict[str, Any] = {"after": list(numbers(self.after.data))} if self.after.data else {}
        found |= {"preset": self.preset.data} if self.preset.data else {}
        if self.waiting.data and self.signer.data:
            wait = {"for": [self.signer.data]} | ({"otherwise": self.otherwise.data} if self.otherwise.data else {})
            found["waits"] = {self.waiting.data: wait}
        return found


def project_data(terms: Mapping[str, Any]) -> dict[str, Any]:
    """Conditions of a project as the data of their form."""
    data: dict[str, Any] = {name: str(terms[name]) for name in ("earliest", "latest") if name in terms}
    data |= {name: terms[name] for name in ("duration", "staff", "preset") if name in terms}
    data |= {"own_floor": terms["own_floor"] / 100} if "own_floor" in terms else {}
    data |= {name: Money(terms[name][0]["amount"]) for name in ("studies", "running") if terms.get(name)}
    data["after"] = " ".join(terms.get("after", ()))
    for source, wait in terms.get("waits", {}).items():
        data |= {"waiting": source, "signer": wait["for"][0], "otherwise": wait.get("otherwise", "")}
    return data
