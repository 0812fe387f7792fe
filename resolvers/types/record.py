"""What ties a GraphQL type to the record behind it.

At run time the objects are the msgspec Structs of the adapters and of resolvers.results; a
Strawberry type is their face, and a plain field is an attribute of the record under the same name.
The docstring of a type is the description that the schema publishes: the Vietnamese legal term, a
colon, one English sentence.
"""

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

import strawberry
from strawberry.types.base import has_object_definition

RECORD_OF: dict[str, type[object]] = {}
"""GraphQL type name -> the class of the records that the type shows."""

TYPE_OF: dict[type[object], str] = {}
"""The same read backwards: a record class has one face."""

_T = TypeVar("_T", bound=type[object])


def description_of(cls: type[object]) -> str:
    """Give the docstring of *cls* on one line, as the schema prints it."""
    return " ".join(inspect.cleandoc(cls.__doc__ or "").split())


def attribute(description: str, *, name: str | None = None) -> Any:  # noqa: ANN401 - strawberry.field itself is Any under strict
    """Declare a field that the record answers itself, under the same name.

    *name* is the schema's name where Python cannot use it (`from`) or the record says it otherwise.
    """
    return strawberry.field(description=description, name=name)


def argument(description: str) -> Any:  # noqa: ANN401 - what strawberry.argument is
    """Describe an argument of a field."""
    return strawberry.argument(description=description)


def derived(description: str, resolver: Callable[..., object]) -> Any:  # noqa: ANN401 - as attribute
    """Declare a field worked out from the record by *resolver*, without crossing to a registry."""
    return strawberry.field(resolver=resolver, description=description)


def interface(cls: _T) -> _T:
    """Declare a GraphQL interface described by its docstring."""
    return strawberry.interface(description=description_of(cls))(cls)


def record(
    record_class: type[object], *, name: str | None = None, in_union: bool = False
) -> Callable[[_T], _T]:
    """Declare the GraphQL type that shows the records of *record_class*.

    Where the executor must choose among types (an interface, or a union when *in_union*), it asks
    the type; the exact class decides, since a record never stands in for its parent class.
    """

    def declare(cls: _T) -> _T:
        if in_union or any(_is_interface(base) for base in cls.__mro__[1:]):
            cls.is_type_of = classmethod(  # type: ignore[attr-defined] # read by strawberry.type
                lambda _, answer, _info: type(answer) is record_class
            )
        RECORD_OF[name or cls.__name__] = record_class
        TYPE_OF[record_class] = name or cls.__name__
        return strawberry.type(name=name, description=description_of(cls))(cls)

    return declare


def _is_interface(base: type[object]) -> bool:
    return has_object_definition(base) and base.__strawberry_definition__.is_interface
