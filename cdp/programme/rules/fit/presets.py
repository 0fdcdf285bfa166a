"""Share rules of known programmes of funds, dated: what was true of a call may not be true of the next."""

from cdp.programme.rules.fit.terms import OWN_KINDS, Instance, Limit, Preset, SourceKind

GOVERNMENT = frozenset({SourceKind.MINISTRY, SourceKind.INDH})
"""The State, as the presets below mean it: provinces and regions have councils and budgets of their own."""

PRESETS = {
    preset.name: preset
    for preset in (
        Preset(
            "indh_70_30",
            2018,
            "MAD",
            (Limit(frozenset({SourceKind.INDH}), at_most=7_000, at_most_amount=300_000_00),),
        ),
        Preset(
            "dar_1_3",
            2023,
            "MDL",
            (
                Limit(GOVERNMENT, at_most=5_000, at_most_amount=250_000_00),
                Limit(OWN_KINDS, at_least=1_000),
                Limit(frozenset({SourceKind.DIASPORA}), at_least=1_000),
            ),
            total_at_least=300_000_00,
        ),
    )
}
"""INDH, calls for income projects of 2018 (lematin.ma): at most 70 % and 300,000 MAD. Percentages differ by
call and province. DAR 1+3, Moldova, call of 2023 (moldpres.md): government at most 50 % and 250,000 MDL, local
and diaspora at least 10 % each, project of at least 300,000 MDL; elsewhere its percentages alone are used."""


def preset_of(instance: Instance, name: str) -> Preset | None:
    """The commune's own preset of that name, else the known one, else None."""
    own = {preset.name: preset for preset in instance.presets}
    return own.get(name) or PRESETS.get(name)
