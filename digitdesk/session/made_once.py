"""Parts of a session that are made when they are first asked for, once, whoever asks first."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")


class made_once(Generic[T]):  # noqa: N801 - read as a decorator, like property
    """As a cached property, with one thread making it while the others wait.

    Args:
        make: Makes the part of an object.
    """

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make = make
        self._making = threading.RLock()
        self._name = make.__name__
        self.__doc__ = make.__doc__

    @overload
    def __get__(self, instance: None, owner: type) -> made_once[T]: ...

    @overload
    def __get__(self, instance: object, owner: type) -> T: ...

    def __get__(self, instance: object | None, owner: type) -> T | made_once[T]:
        if instance is None:
            return self
        # Once it is there, it hides this descriptor, and nobody comes here any more.
        with self._making:
            if self._name not in instance.__dict__:
                instance.__dict__[self._name] = self._make(instance)
            made: T = instance.__dict__[self._name]
        return made
