"""Modules that weigh much and are seldom needed: loaded when they are first used, not with every worker.

Type checkers see the import, the worker the stand-in::

    if TYPE_CHECKING:
        import segno
    else:
        segno = late("segno")
"""

from importlib import import_module
from types import ModuleType
from typing import Any


class _Late(ModuleType):
    """A stand-in with the name of a module; the first question loads it."""

    def __init__(self, name: str, settings: dict[str, Any]) -> None:
        super().__init__(name)
        self._settings = settings

    def __getattr__(self, name: str) -> Any:
        module = import_module(self.__name__)
        for setting, value in self._settings.items():
            setattr(module, setting, value)
        found = getattr(module, name)
        setattr(self, name, found)
        return found


def late(name: str, **settings: Any) -> ModuleType:
    """The module of that name, as soon as something of it is asked for; ``settings`` are set in it before."""
    return _Late(name, settings)
