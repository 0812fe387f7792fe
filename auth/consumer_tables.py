"""`[[consumer]]` and `[[registry_owner]]` of the grants file: who signs, and with which keys."""

from collections.abc import Mapping

import msgspec

from auth.consumer import Consumer
from auth.grant_table import Table
from auth.keys import Key, PublicKey, Ring
from auth.profile import Profile

REGISTRIES = ("population", "business", "insurance", "land")

_CONSUMER_FIELDS = frozenset({"id", "issuer", "keys", "keys_sign"})
_OWNER_FIELDS = frozenset({"registry", "keys"})


def read_consumers(file: Table, profile: Profile) -> Mapping[str, Consumer]:
    """Read all consumers; a key or an own issuer's name belongs to one of them only."""
    consumers: dict[str, Consumer] = {}
    prints: set[str] = set()
    for table in file.tables("consumer", needed=False):
        consumer = _consumer(table, profile)
        if consumer.consumer_id in consumers:
            table.fail("id", "same-id")
        for other in consumers.values():
            one_signs = consumer.signs_its_own or other.signs_its_own
            if one_signs and consumer.issuer == other.issuer:
                table.fail("issuer", "issuer-of-another")
        _claim(table, consumer.keys, prints)
        consumers[consumer.consumer_id] = consumer
    return consumers


def read_owners(file: Table) -> Mapping[str, Ring]:
    """Read for each registry the keys that may withdraw somebody from it."""
    owners: dict[str, Ring] = {}
    prints: set[str] = set()
    for table in file.tables("registry_owner", needed=False):
        table.only(_OWNER_FIELDS)
        registry = table.text("registry")
        if registry not in REGISTRIES:
            table.fail("registry", "not-a-registry")
        if registry in owners:
            table.fail("registry", "same-id")
        owners[registry] = _ring(table)
        _claim(table, owners[registry], prints)
    return owners


def _consumer(table: Table, profile: Profile) -> Consumer:
    table.only(_CONSUMER_FIELDS)
    signs = table.choice("keys_sign", "attestations", "tokens")
    keys = _ring(table) if "keys" in table.values else {}
    issuer = table.text("issuer") if "issuer" in table.values else None
    if signs == "tokens" and (issuer is None or not keys):
        table.fail("keys_sign", "issuer-without-key")
    if issuer is not None and profile is not Profile.SANDBOX and not issuer.startswith("https://"):
        table.fail("issuer", "not-an-address")
    return Consumer(
        consumer_id=table.name("id"),
        issuer=issuer,
        keys=keys,
        attests_only=signs == "attestations",
    )


def _ring(table: Table) -> Ring:
    """Open the keys of a table, strictly: each of them is somebody's word by law."""
    ring: Ring = {}
    for member in table.members("keys"):
        try:
            public = msgspec.convert(member, PublicKey)
        except msgspec.ValidationError:
            table.fail("keys", "not-a-public-key")
        if public.tells_a_secret:
            table.fail("keys", "private-key")
        algorithm = public.fits()
        key = public.opened() if algorithm is not None else None
        if algorithm is None or key is None:
            table.fail("keys", "not-a-public-key")
        name = (public.kid or public.thumbprint(), algorithm)
        if name in ring:
            table.fail("keys", "same-key")
        ring[name] = key
    return ring


def _claim(table: Table, ring: Mapping[tuple[str, str], Key], taken: set[str]) -> None:
    """Hold that no key stands in two places: a signature would be the word of both."""
    prints = [key.thumbprint() for key in ring.values()]
    if len({*prints}) < len(prints) or not taken.isdisjoint(prints):
        table.fail("keys", "same-key")
    taken.update(prints)
