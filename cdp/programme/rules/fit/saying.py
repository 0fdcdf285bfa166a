"""Values of messages in the words of the catalogs: money with its currency, sources by kind, portions in per cent."""

from cdp.kernel.money import Money
from cdp.programme.rules.fit.terms import Instance, SourceKind

_KINDS = {kind.value: kind for kind in SourceKind}


def money(instance: Instance, amount: int) -> Money:
    """An amount of the instance."""
    return Money(amount, instance.currency)


def source_name(source: str) -> str:
    """The kind, which has a word in each language, when the source is named after it; else its own name."""
    return _KINDS.get(source, source)


def percent(portion: int) -> str:
    """Basis points as per cent: ``"12.5"``."""
    return f"{portion / 100:g}"
