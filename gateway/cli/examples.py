"""For each person of the sandbox the command that shows what is special about them.

The stories are in `sandbox/world.toml`; whoever has no example of their own registers a residence.
"""

import shlex
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from gateway.cli.answers import Procedure
from gateway.cli.documents import PREFILL, VERIFY
from gateway.cli.ends import Wrong
from gateway.cli.subjects import (
    Given,
    People,
    build_claims,
    build_subjects,
    new_draft,
    purpose,
)

RESIDENCE = "1.004222"
BIRTH = "1.001193"
BIRTH_LINKED = "3.000722"
SHOP = "1.001612"
CERTIFICATE = "1.012783"
NEWBORN = ("child=NEWBORN",)


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """A prefill or, where something is claimed, a verify."""

    code: str = RESIDENCE
    given: Given
    claims: Sequence[str] = ()

    @property
    def document(self) -> str:
        """The GraphQL document that it sends."""
        return VERIFY if self.claims else PREFILL

    def typed(self) -> str:
        """Give the words to type after `lienthong`."""
        words = ["verify" if self.claims else "prefill", self.code, *_options(self.given)]
        return shlex.join([*words, *(word for claim in self.claims for word in ("--claim", claim))])

    def variables(self, procedure: Procedure, people: People) -> Mapping[str, object] | Wrong:
        """Give the variables to paste."""
        subjects = build_subjects(self.given, procedure.roles, people)
        claims = build_claims(self.claims, procedure, self.given, people)
        if isinstance(subjects, Wrong):
            return subjects
        if isinstance(claims, Wrong):
            return claims
        found = {"purpose": purpose(self.code, new_draft()), "subjects": subjects}
        return {**found, "claims": claims} if self.claims else found


def example_of(person: str) -> Example:
    """Give the example of *person*."""
    return EXAMPLES.get(person, Example(given=Given(person=person)))


def _claiming(person: str, *claims: str) -> Example:
    return Example(given=Given(person=person), claims=claims)


def _exchanging(person: str, parcel: str) -> Example:
    return Example(code=CERTIFICATE, given=Given(person=person, parcels=(f"parcel={parcel}",)))


EXAMPLES: Mapping[str, Example] = {
    "an": Example(given=Given(person="an", parcels=("home=00004/12/7",))),
    "binh": _exchanging("binh", "00004/12/7"),
    "hoa": _claiming("hoa", "nguoiKhai.hoTen=Nguyễn Thị Hoà"),
    "duc": _claiming("duc", "nguoiKhai.hoTen=Ðặng Văn Ðức"),
    "hung": _claiming("hung", "nguoiKhai.hoTen=Nguyen Van Hung"),
    "ly": _exchanging("ly", "00160/21/90"),
    "cu": _claiming("cu", "nguoiKhai.ngaySinh=1945"),
    "cmnd": _exchanging("cmnd", "00160/21/56"),
    "tu": _claiming("tu", "nguoiKhai.gioiTinh=Nam"),
    "mai": Example(code=BIRTH, given=Given(person="mai", roles=("mother=mai",), declared=NEWBORN)),
    "nam": Example(
        code=BIRTH_LINKED,
        given=Given(person="nam", roles=("father=nam", "mother=mai"), declared=NEWBORN),
    ),
    "thao": Example(
        code=BIRTH,
        given=Given(person="thao", roles=("father=duc", "mother=thao"), declared=NEWBORN),
    ),
    "khai": _exchanging("khai", "09574/4/18"),
    "quan": Example(code=SHOP, given=Given(person="quan")),
}


def _options(given: Given) -> Iterator[str]:
    if given.person:
        yield from ("--person", given.person)
    named = {
        "--role": given.roles,
        "--declare": given.declared,
        "--parcel": given.parcels,
        "--certificate": given.certificates,
        "--business": given.businesses,
    }
    for option, values in named.items():
        for value in values:
            yield from (option, value)
