"""A registry's owner takes back what it lets a consumer, or a procedure, read from its registry."""

from datetime import date
from pathlib import Path
from typing import ClassVar

from auth.consumer_tables import REGISTRIES
from auth.discreet import Discreet
from auth.grant_table import Table, read_table, read_text
from auth.purpose import national_code

_FIELDS = frozenset({"registry", "consumer", "procedure", "ground", "from", "until"})


class Withdrawal(Discreet, frozen=True, kw_only=True):
    """One notice; both days are included."""

    shown: ClassVar[tuple[str, ...]] = ("registry", "consumer", "procedure", "begins", "until")

    registry: str
    consumer: str | None
    """None: whoever asks."""
    procedure: str | None
    """None: for whatever procedure."""
    ground: str
    """The owner's words, Vietnamese; they stand in the answer."""
    begins: date
    until: date | None = None
    """None: until the notice is taken away."""

    def holds(self, registry: str, consumer: str, procedure: str, day: date) -> bool:
        """Tell whether it stands between this consumer and this registry on this *day*."""
        return (
            registry == self.registry
            and self.consumer in (None, consumer)
            and self.procedure in (None, procedure)
            and self.begins <= day <= (self.until or date.max)
        )


class Withdrawals(Discreet, frozen=True, kw_only=True):
    """All notices that are known."""

    shown: ClassVar[tuple[str, ...]] = ("notices",)

    notices: tuple[Withdrawal, ...] = ()

    def find(self, registry: str, consumer: str, procedure: str, day: date) -> Withdrawal | None:
        """Find the first notice that stands between them; *procedure* is the national code."""
        for notice in self.notices:
            if notice.holds(registry, consumer, procedure, day):
                return notice
        return None


NOTHING_WITHDRAWN = Withdrawals()


def load_withdrawal(source: Path | str) -> Withdrawal:
    """Read one notice (a Path, or its content), or raise GrantsInvalid."""
    table = read_table(read_text(source, "withdrawal"))
    return _withdrawal(table)


def load_withdrawals(source: Path | str) -> Withdrawals:
    """Read a file of `[[withdrawal]]`, unsigned: for the sandbox. Raises GrantsInvalid."""
    file = read_table(read_text(source, "withdrawals"))
    file.only(frozenset({"withdrawal"}))
    return Withdrawals(notices=tuple(_withdrawal(table) for table in file.tables("withdrawal")))


def _withdrawal(table: Table) -> Withdrawal:
    table.only(_FIELDS)
    given = table.values
    registry = table.text("registry")
    if registry not in REGISTRIES:
        table.fail("registry", "not-a-registry")
    if "consumer" not in given and "procedure" not in given:
        table.fail("consumer", "one-at-least")
    procedure = table.text("procedure") if "procedure" in given else None
    if procedure is not None and national_code(procedure) != procedure:
        table.fail("procedure", "malformed-procedure")
    begins = table.day("from")
    until = table.day("until") if "until" in given else None
    if until is not None and until < begins:
        table.fail("until", "ends-before-it-begins")
    return Withdrawal(
        registry=registry,
        consumer=table.name("consumer") if "consumer" in given else None,
        procedure=procedure,
        ground=table.text("ground"),
        begins=begins,
        until=until,
    )
