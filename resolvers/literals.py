"""Personal values written into a document: refused by the name of the argument, never repeated.

A document is kept, hashed and may be stored by a portal, so a person must not stand in it. Checked
before validation, because validation errors repeat what they find.
"""

import re
from collections.abc import Iterator

from graphql import (
    ArgumentNode,
    FloatValueNode,
    GraphQLInputObjectType,
    IntValueNode,
    ListValueNode,
    ObjectValueNode,
    StringValueNode,
    TypeInfo,
    ValueNode,
    VariableDefinitionNode,
    Visitor,
    get_named_type,
    is_enum_type,
)

PERSONAL_SCALARS = frozenset(
    {
        "PersonalId",
        "OldIdNumber",
        "PartialDate",
        "EnterpriseCode",
        "SocialInsuranceNumber",
        "HealthCardNumber",
    }
)
PERSONAL_INPUTS = frozenset(
    {
        "PersonKey",
        "PersonNumber",
        "BusinessKey",
        "ParcelKey",
        "CertificateKey",
        "DeclaredPerson",
        "ClaimInput",
        "CaseRef",
        "SubjectNumber",
        "ParcelPlace",
    }
)
"""Inputs of which every text is personal, but for the names of roles, fields and enum values."""

_PERSONAL_FIELDS = frozenset({("AccessLogFilter", "dossier"), ("AccessLogFilter", "draft")})
"""Texts that are personal in an input whose others are not."""
_MARKED = "a personal field"

_NO_PERSON = frozenset({"RoleName", "CountryCode"})
_FIELD_KEY = ("ClaimInput", "key")
_LONG_NUMBER = re.compile(r"[0-9]{9}")


class PersonalLiterals(Visitor):
    """Finds the first personal value written as a literal, or as a variable's default."""

    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self._info = info
        self.found: tuple[str, int] | None = None
        """The argument or variable, and the line."""

    def enter_argument(self, node: ArgumentNode, *_: object) -> None:
        """Look into the value of an argument, known to the schema or not."""
        argument = self._info.get_argument()
        self._look(node.value, argument.type if argument else None, node.name.value)

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: object) -> None:
        """Look into a variable's default value."""
        if node.default_value is not None:
            name = f"${node.variable.name.value}"
            self._look(node.default_value, self._info.get_input_type(), name)

    def _look(self, value: ValueNode, kind: object, name: str) -> None:
        if self.found is None:
            for where, leaf in _personal(value, kind, None, name):
                line = leaf.loc.start_token.line if leaf.loc else 1
                self.found = said(where), line
                return


def said(name: str) -> str:
    """Give a name of the document back, unless a number hides in it."""
    return re.sub(r"[0-9]{6,}", "…", name)[:120]


def _personal(
    value: ValueNode, kind: object, inside: str | None, name: str
) -> Iterator[tuple[str, ValueNode]]:
    named = get_named_type(kind) if kind is not None else None  # type: ignore[call-overload]
    if isinstance(value, ListValueNode):
        for item in value.values:
            yield from _personal(item, kind, inside, name)
    elif isinstance(value, ObjectValueNode):
        for field in value.fields:
            below = f"{name}.{field.name.value}"
            if isinstance(named, GraphQLInputObjectType):
                known = named.fields.get(field.name.value)
                exempt = (named.name, field.name.value) == _FIELD_KEY
                marked = (named.name, field.name.value) in _PERSONAL_FIELDS
                where = _MARKED if marked else None if exempt else named.name
                yield from _personal(field.value, known.type if known else None, where, below)
            else:
                yield from _personal(field.value, None, inside, below)
    elif isinstance(value, StringValueNode | IntValueNode | FloatValueNode) and (
        _LONG_NUMBER.search(value.value) or _is_personal(named, inside)
    ):
        yield name, value


def _is_personal(named: object, inside: str | None) -> bool:
    kind = getattr(named, "name", "")
    if kind in PERSONAL_SCALARS:
        return True
    personal = inside == _MARKED or inside in PERSONAL_INPUTS
    return personal and kind not in _NO_PERSON and not is_enum_type(named)
