"""Pairs of documents: what is granted, and the same for another role, or one hop further.

Of each pair the first is inside the procedure and the second is not, by exactly the paths named.
A body stands below `dossier`; what follows a `|` are the fragments of its document.
"""

import re

import msgspec

VARIABLES = {
    "k": "PersonKey",
    "ks": "[PersonKey!]",
    "home": "ParcelKey",
    "no": "Boolean!",
    "yes": "Boolean!",
}


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """A document that is granted, one that is not, and why not."""

    says: str
    inside: str
    outside: str
    paths: str
    procedure: str = "1.004222"


def document(body: str) -> str:
    """Write the document of a body, with the variables that it uses."""
    selected, _, fragments = body.partition("|")
    used = set(re.findall(r"\$(\w+)", body))
    declared = [f"${name}: {kind}" for name, kind in VARIABLES.items() if name in used]
    head = f"query Q({', '.join(['$purpose: Purpose!', *declared])})"
    return f"{head} {{ dossier(purpose: $purpose) {{ {selected} }} }} {fragments}"


def of(role: str, selection: str, alias: str = "") -> str:
    """Ask for one role's person."""
    name = f"{alias}: " if alias else ""
    return f'{name}person(role: "{role}", key: $k) {{ {selection} }}'


def members(selection: str) -> str:
    """Ask for the members of the applicant's household."""
    return of("applicant", f"household {{ members {{ {selection} }} }}")


def land(selection: str) -> str:
    """Ask for the dwelling, which the applicant is claimed to hold."""
    home = f'parcel(role: "home", key: $home) {{ {selection} }}'
    return f"{of('applicant', 'fullName')} {home}"


BIRTH = "|fragment born on Person { birthDate }"

PAIRS = [
    Pair(
        says="another role",
        inside=of("applicant", "birthDate"),
        outside=of("owner", "birthDate"),
        paths="owner/birthDate",
    ),
    Pair(
        says="another role under the first one's name",
        inside=of("applicant", "sex", "owner"),
        outside=of("owner", "sex", "applicant"),
        paths="owner/sex",
    ),
    Pair(
        says="a field under a granted one's name",
        inside=of("owner", "birthDate: fullName"),
        outside=of("owner", "fullName: birthDate"),
        paths="owner/birthDate",
    ),
    Pair(
        says="one fragment for both roles",
        inside=f"{of('applicant', '...p', 'a')} {of('owner', '...p', 'b')}"
        "|fragment p on Person { fullName personalId }",
        outside=f"{of('applicant', '...born', 'a')} {of('owner', '...born', 'b')}{BIRTH}",
        paths="owner/birthDate",
    ),
    Pair(
        says="a fragment in a fragment",
        inside=of("applicant", "...p") + "|fragment p on Person { ...q } "
        "fragment q on Person { sex }",
        outside=of("owner", "...p") + "|fragment p on Person { ...q } fragment q on Person { sex }",
        paths="owner/sex",
    ),
    Pair(
        says="an inline fragment without a type",
        inside=of("applicant", "... { ... { sex } }"),
        outside=of("owner", "fullName ... { ... { sex } }"),
        paths="owner/sex",
    ),
    Pair(
        says="an inline fragment by interface and type",
        inside=of("applicant", "... on RegistryRecord { ... on Person { sex } }"),
        outside=of("owner", "... on RegistryRecord { ... on Person { sex } }"),
        paths="owner/sex",
    ),
    Pair(
        says="a field that is skipped",
        inside=of("applicant", "fullName sex @skip(if: true)"),
        outside=of("owner", "fullName sex @skip(if: true)"),
        paths="owner/sex",
    ),
    Pair(
        says="a fragment that is not included",
        inside=of("applicant", "fullName ...born @include(if: false)") + BIRTH,
        outside=of("owner", "fullName ...born @include(if: false)") + BIRTH,
        paths="owner/birthDate",
    ),
    Pair(
        says="a condition that a variable decides",
        inside=of("applicant", "fullName ... @include(if: $no) { sex birthDate }"),
        outside=of("owner", "fullName ... @include(if: $no) { sex birthDate }"),
        paths="owner/birthDate, owner/sex",
    ),
    Pair(
        says="a role that is skipped as a whole",
        inside=f"... @skip(if: $yes) {{ {of('owner', 'personalId', 'b')} }}",
        outside=f"... @skip(if: $yes) {{ {of('owner', 'oldIdNumbers', 'b')} }}",
        paths="owner/oldIdNumbers",
    ),
    Pair(
        says="the same response key written twice",
        inside=f"{of('applicant', 'fullName', 'a')} {of('applicant', 'sex', 'a')}",
        outside=f"{of('owner', 'fullName', 'a')} {of('owner', 'sex', 'a')}",
        paths="owner/sex",
    ),
    Pair(
        says="one hop less: the applicant's own card",
        inside=members("healthInsurance { validTo }"),
        outside=of("applicant", "healthInsurance { validTo }"),
        paths="applicant/healthInsurance/validTo",
    ),
    Pair(
        says="one field more of a card",
        inside=members("healthInsurance { validTo }"),
        outside=members("healthInsurance { validTo cardNumber }"),
        paths="applicant/household/members/healthInsurance/cardNumber",
    ),
    Pair(
        says="another registry for the same members",
        inside=members("fullName"),
        outside=members("fullName businesses { name }"),
        paths="applicant/household/members/businesses/name",
    ),
    Pair(
        says="the members' numbers, which the head's is not",
        inside=of("applicant", "headOfHousehold { personalId }"),
        outside=members("personalId"),
        paths="applicant/household/members/personalId",
    ),
    Pair(
        says="another relative",
        inside=of("applicant", "headOfHousehold { fullName }"),
        outside=of("applicant", "headOfHousehold: spouse { fullName }"),
        paths="applicant/spouse/fullName",
    ),
    Pair(
        says="the owner's household",
        inside=of("applicant", "household { members { fullName } }"),
        outside=of("owner", "household { members { fullName } }"),
        paths="owner/household/members/fullName",
    ),
    Pair(
        says="a ward code where only its words are given",
        inside=of("applicant", "permanentResidence { candidates { wardCode } }"),
        outside=of("applicant", "permanentResidence { today { wardCode } }"),
        paths="applicant/permanentResidence/today/wardCode",
    ),
    Pair(
        says="another address",
        inside=of("applicant", "permanentResidence { today { display } }"),
        outside=of("applicant", "permanentResidence: temporaryResidence { today { display } }"),
        paths="applicant/temporaryResidence/today/display",
    ),
    Pair(
        says="land through its holder in place of the parcel",
        inside=land("certificates { serialNumber }"),
        outside=of("applicant", "parcels { certificates { serialNumber } }"),
        paths="applicant/parcels/certificates/serialNumber",
    ),
    Pair(
        says="the members of a union",
        inside=land("address { today { display } }"),
        outside=land(
            "holder { ... on HolderPerson { person { fullName } } "
            "... on HolderHousehold { head { person { fullName } } } }"
        ),
        paths="home/holder/head/person/fullName, home/holder/person/fullName",
    ),
    Pair(
        says="a list in place of one",
        inside='persons(role: "child", keys: $ks) { fullName }',
        outside='persons(role: "child", keys: $ks) { fullName sex }',
        paths="child/sex",
    ),
    Pair(
        says="a type's name one hop further",
        inside=of("applicant", "household { __typename relationToHead }"),
        outside=of("owner", "fullName household { __typename }"),
        paths="owner/household",
    ),
    Pair(
        says="one type of an interface",
        inside=of("owner", "businesses { ... on HouseholdBusiness { name } }"),
        outside=of(
            "owner", "businesses { name ... on HouseholdBusiness { owner { personalId } } }"
        ),
        paths="owner/businesses/owner/personalId",
        procedure="1.001612",
    ),
    Pair(
        says="one parent's card in place of the other's",
        inside=of("mother", "healthInsurance { cardNumber }"),
        outside=of("father", "healthInsurance { cardNumber }"),
        paths="father/healthInsurance/cardNumber",
        procedure="3.000722",
    ),
]
