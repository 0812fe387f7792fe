"""Names for invented people, drawn as each people of the province forms them (`names.toml`)."""

from pathlib import Path
from random import Random

import msgspec

NAMES_FILE = Path(__file__).with_name("names.toml")


def happens(rng: Random, percent: int) -> bool:
    """Toss a coin that falls right in *percent* of a hundred throws."""
    return rng.random() * 100 < percent


class People(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a people names its men and women."""

    code: str
    share: float
    clan_from: str
    """`father`, `mother`, or empty when children are named anew."""
    clans: dict[str, float]
    male: tuple[str, ...]
    female: tuple[str, ...]
    middle_male: tuple[str, ...] = ("",)
    middle_female: tuple[str, ...] = ("",)
    given_male: tuple[str, ...]
    given_female: tuple[str, ...]

    def clan(self, rng: Random) -> str:
        """Draw a clan or family name."""
        return rng.choices(list(self.clans), list(self.clans.values()))[0]

    def child_clan(self, rng: Random, father: str, mother: str) -> str:
        """Return the clan of a child of these two clans; a missing parent's is empty."""
        inherited = {"father": father or mother, "mother": mother or father}.get(self.clan_from)
        return inherited or self.clan(rng)

    def name(self, rng: Random, clan: str, sex: str) -> str:
        """Draw a full name for a `male` or `female` of *clan*."""
        man = sex == "male"
        template = rng.choice(self.male if man else self.female)
        middle = rng.choice(self.middle_male if man else self.middle_female)
        given = rng.choice(self.given_male if man else self.given_female)
        if middle == given:
            return self.name(rng, clan, sex)
        return template.format(clan=clan, middle=middle, given=given).strip()


class NameBook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All peoples, and streets to live in."""

    streets: tuple[str, ...]
    peoples: tuple[People, ...]

    def people(self, rng: Random) -> People:
        """Draw a people by its share."""
        return rng.choices(self.peoples, [people.share for people in self.peoples])[0]


def load_names(path: Path = NAMES_FILE) -> NameBook:
    """Read the name book."""
    return msgspec.toml.decode(path.read_bytes(), type=NameBook)
