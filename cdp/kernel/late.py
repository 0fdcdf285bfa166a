"""Modules that weigh much and are seldom needed: loaded when they are first used, not with every worker.

Type checkers see the import, the worker the stand-in::

    if TYPE_CHECKING:
        import segno
    else:
        segno = late("segno")
"""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
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


@contextmanager
def left_out(name: str) -> Iterator[None]:
    """Import, inside, a library that can do without the module ``name``; :func:`brought` gives it what it lacks."""
    is_here = name in sys.modules
    if not is_here:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if not is_here:
            del sys.modules[name]


def brought(into: ModuleType, names: Iterable[str]) -> None:
    """Give a module what it would have taken of the modules ``names``, had they not been left out."""
    for name in names:
        module = import_module(name)
        for public, found in {name: module, **vars(module)}.items():
            if not public.startswith("_"):
                vars(into).setdefault(public, found)
