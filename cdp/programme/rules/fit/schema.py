"""The documented shape of what the terminal reads and writes (JSON Schema 2020-12); reading goes by it."""

from typing import Any

from cdp.kernel.money import LARGEST
from cdp.programme.rules.fit.terms import WHOLE, Base, Certainty, FitStatus, Scope, SourceKind

Schema = dict[str, Any]

LARGEST_VALUE = 10**9
"""Priority values beyond it would drown the small ones in the solver's tolerance."""


def _text(about: str) -> Schema:
    return {"type": "string", "minLength": 1, "description": about}


def _words(about: str) -> Schema:
    return {"type": "string", "description": about}


def _whole(about: str, least: int = 0, most: int = LARGEST) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": most, "description": about}


def _year(about: str) -> Schema:
    return _whole(about, 1900, 2200)


def _one_of(names: Any, about: str) -> Schema:
    return {"type": "string", "enum": [str(name) for name in names], "description": about}


def _list(items: Schema, about: str, least: int = 0) -> Schema:
    return {"type": "array", "items": items, "minItems": least, "description": about}


def _thing(required: tuple[str, ...], **properties: Schema) -> Schema:
    return {
        "type": "object",
        "required": list(required),
        "additionalProperties": False,
        "properties": properties,
    }


_SHARE = _thing(
    ("source", "amount"),
    source=_text("Who pays."),
    amount=_whole("Minor units at the prices of price_year."),
    by_year=_list(_whole("Minor units."), "Amounts by year of works, summing to amount; else as spread."),
    certainty=_one_of(Certainty, "How sure this share is; default promised. Only only_if looks at it."),
    only_if=_list(
        _text("A source."), "Sources whose own share in this project must be signed, else this one does not come."
    ),
    otherwise=_text("Who pays if it does not come; without it the project waits."),
    ceiling=_whole("Most this source pays in money of the day; the instance's payer bears the rest."),
)

_PROJECT = _thing(
    ("id", "value", "cost", "shares"),
    id=_text("Any word, once."),
    value=_whole("Priority value; the sum over the programme is maximised.", 0, LARGEST_VALUE),
    rank=_whole("1 is first; default: by value, then id.", 1),
    cost=_whole("Minor units at the prices of price_year; the sum of shares.", 1),
    price_year=_year("Must be that of the instance."),
    currency=_text("Must be that of the instance."),
    shares=_list(_SHARE, "Who pays the works.", 1),
    studies=_list(_SHARE, "On top of cost, in the first year of works."),
    running=_list(
        _thing(("source", "amount"), source=_text("Who pays."), amount=_whole("Minor units a year.")),
        "Each year after the works, to the end of the programme; takes from the envelopes.",
    ),
    duration=_whole("Years of works, one after the other; default 1.", 1, 50),
    spread=_list(_whole("Weight."), "Weights of the years of works; default even."),
    earliest=_year("First year in which works may start."),
    latest=_year("Last year in which works may start. Works end within the programme in any case."),
    after=_list(_text("A project."), "Projects that stand in the programme and are finished before this one starts."),
    staff=_whole("Units of the commune's staff in each year of works; default 1."),
    territory=_text("For quotas."),
    sector=_text("For quotas."),
    groups=_list(_text("A group."), "Whose project it is, for quotas (women, youth)."),
    own_floor=_whole("Least own share (own money and loans), basis points of works and studies.", 0, WHOLE),
    preset=_text("Name of a share rule: one of presets, else one printed beside this schema (indh_70_30, dar_1_3, …)."),
)

_QUOTA = _thing(
    ("id", "scope", "keys"),
    id=_text("Any word, once."),
    scope=_one_of(Scope, "What is measured."),
    keys=_list(_text("A territory, sector, group or source."), "Which ones, together.", 1),
    at_least=_whole("Minor units of works and studies over all years; running costs do not count."),
    at_most=_whole("Minor units."),
    at_least_portion=_whole("Basis points of `of`, rounded up.", 0, WHOLE),
    at_most_portion=_whole("Basis points of `of`, rounded down.", 0, WHOLE),
    of=_one_of(
        Base, "programmed (default): works and studies of all chosen projects; resources: all envelopes counted."
    ),
)

_PRESET = _thing(
    ("name", "as_known_in", "currency", "limits"),
    name=_text("Any word."),
    title={
        "type": "object",
        "additionalProperties": {"type": "string"},
        "description": "What people call it, by language.",
    },
    as_known_in=_year("The year of the call it was read in."),
    currency=_text("Amounts hold in this currency only; portions in any."),
    total_at_least=_whole("Minor units of works and studies."),
    limits=_list(
        _thing(
            ("kinds",),
            kinds=_list(_one_of(SourceKind, "A kind of source."), "Sources of these kinds, together.", 1),
            at_least=_whole("Basis points of works and studies.", 0, WHOLE),
            at_most=_whole("Basis points of works and studies.", 0, WHOLE),
            at_most_amount=_whole("Minor units."),
        ),
        "All of them hold.",
    ),
)

_ENVELOPE = _thing(
    ("year", "source", "amount"),
    year=_year("A year of the programme."),
    source=_text("Who gives."),
    amount=_whole("Minor units. Several of one year and source add up; what is not used is not carried over."),
    currency=_text("Must be that of the instance."),
    certainty=_one_of(Certainty, "How sure; default signed."),
)

INPUT: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "A programme to fit",
    "description": "Money is whole minor units; portions are basis points (100 = 1 %). With price_rise r, an amount a "
    "of price_year costs ceil(a * (10000 + r)^n / 10000^n) n years later, each amount (share, year) by itself. "
    "A share without by_year is split over the years of works by spread: the first k years take "
    "floor(amount * weights so far / all weights).",
    **_thing(
        ("years", "projects", "envelopes"),
        years=_list(_year("A year."), "Consecutive years of the programme, six for a communal plan.", 1),
        projects=_list(_PROJECT, "All that may be chosen, each once."),
        envelopes=_list(_ENVELOPE, "What there is; a source without envelope in a year gives nothing then."),
        currency=_text("ISO 4217; default MAD."),
        price_year=_year("Prices of all costs; default the first year."),
        price_rise=_whole("Basis points a year, from price_year; default 0.", 0, WHOLE),
        counted=_one_of(Certainty, "Least certainty of envelopes that are counted; default expected, that is all."),
        payer=_text("The source that bears what partners' ceilings do not cover; default own."),
        kinds={
            "type": "object",
            "additionalProperties": _one_of(SourceKind, "Kind of a source."),
            "description": "Kind by source; a source named after a kind needs none, others are other.",
        },
        exclusions=_list(
            _thing(
                ("id", "projects"),
                id=_text("Any word, once."),
                projects=_list(_text("A project."), "Of these", 2),
                at_most=_whole("so many may stand in the programme; default 1."),
            ),
            "Projects that exclude one another.",
        ),
        phases=_list(
            _thing(
                ("id", "projects"),
                id=_text("Any word, once."),
                projects=_list(_text("A project."), "In order: each needs the one before it, finished.", 2),
                complete={"type": "boolean", "description": "All of them or none; default false."},
            ),
            "Phases of one project.",
        ),
        capacity=_list(
            _thing(("year", "units"), year=_year("A year."), units=_whole("Units of staff.")),
            "Most units of staff that works in hand take in a year; a year without has no limit.",
        ),
        quotas=_list(_QUOTA, "Floors and ceilings."),
        presets=_list(_PRESET, "Share rules of this commune."),
        pins=_list(
            _thing(("project",), project=_text("A project."), start=_year("In this year."), reason=_words("Why.")),
            "People decided: it stands in the programme.",
        ),
        left_out=_list(
            _thing(("project",), project=_text("A project."), reason=_words("Why.")),
            "People decided: it does not.",
        ),
        previous={
            "type": "object",
            "additionalProperties": _year("First year of works."),
            "description": "A former programme, first year of works by project: with --exact, as little of it as "
            "possible changes (fewest projects that enter, leave or move; then the highest value).",
        },
    ),
}

_MESSAGE = {
    "type": "object",
    "required": ["key", "values", "text"],
    "properties": {
        "key": _text("Message key."),
        "values": {"type": "object", "description": "What the sentence takes; money in minor units."},
        "text": _text("The sentence, in English."),
    },
}

_REASON = {
    "type": "object",
    "required": ["project", "start", "message", "remedies"],
    "properties": {
        "project": _text("A project."),
        "start": {"type": ["integer", "null"], "description": "The year in which least stands against it."},
        "message": _MESSAGE,
        "remedies": _list(
            _list(_MESSAGE, "All of these together."),
            "Alternatives that would let it in beside the programme as it stands, nearest first; none where no change "
            "of this kind would. What no programme holds as entered (dates, shares) is mended first, then fitted.",
        ),
    },
}

_YEAR_AMOUNT = {
    "type": "object",
    "required": ["year", "source", "amount"],
    "properties": {"year": _year("A year."), "source": _text("Who pays."), "amount": _whole("Minor units.")},
}

RESULT: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "A fitted programme",
    "type": "object",
    "required": ["status", "value", "bound", "gap", "placements", "left_out", "late", "uses", "unmet", "clash"],
    "properties": {
        "status": _one_of(
            FitStatus, "explained and unmet: by rank; optimal: proven; within_gap; contradictory; unknown."
        ),
        "value": _whole("Sum of the priority values."),
        "bound": {"type": ["integer", "null"], "description": "Proven: no programme is worth more; null: not proven."},
        "gap": {"type": ["number", "null"], "description": "(bound - value) / value, of 1 when the value is 0."},
        "seconds": {"type": "number", "description": "Wall clock."},
        "placements": _list(
            {
                "type": "object",
                "required": ["project", "start", "end", "amounts"],
                "properties": {
                    "project": _text("A project."),
                    "start": _year("First year of works."),
                    "end": _year("Last year of works."),
                    "amounts": _list(_YEAR_AMOUNT, "What it takes, running costs included."),
                },
            },
            "The programme, in the order of the projects given.",
        ),
        "left_out": _list(_REASON, "Why not, for each project left out."),
        "late": _list(_REASON, "Why not earlier, for each that does not start in the first year it might."),
        "uses": _list(
            {
                "type": "object",
                "required": ["year", "source", "amount", "used"],
                "properties": {**_YEAR_AMOUNT["properties"], "used": _whole("Minor units.")},  # type: ignore[dict-item]
            },
            "Use of each envelope that is counted.",
        ),
        "unmet": _list(_MESSAGE, "Conditions that do not hold (by rank only: pins and floors)."),
        "clash": _list(_MESSAGE, "The smallest set of conditions that contradict one another."),
        "changed": _list(_text("A project."), "What a re-fit changed of previous."),
    },
}
