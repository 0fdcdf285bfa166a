"""The register of share rules every commune starts from: ``seeds/reference/share_rules.toml``, read once."""

import tomllib
from functools import lru_cache
from pathlib import Path

from cdp.config import ROOT
from cdp.programme.rules.share_rules import RuleSet, rule_set

FILE = ROOT / "seeds" / "reference" / "share_rules.toml"


@lru_cache
def share_rules(path: Path = FILE) -> tuple[RuleSet, ...]:
    """The known rules with their days, in the order they are offered in; OSError or TOMLDecodeError when they lack."""
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(rule_set(each["key"], each) for each in found["rule"])
