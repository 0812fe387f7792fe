"""Edges to parcels and land certificates, which carry proof too.

The roles claimed to hold the land are matched against the holder on record. Unmatched, the answer
is RESTRICTED with OWNER_CONSENT_REQUIRED, the same whether or not the record exists, or several do:
nobody learns from it that a parcel is registered, where, or to whom. While the population registry
is silent the answer tells whether the proof was right that came along, so it costs what a look-up
costs (docs/decisions/0023).
"""

from collections.abc import Mapping, Sequence

from adapters.land.records import CertificateKey, HolderKey, Holdings, LandCertificate, Parcel
from adapters.land.records import ParcelKey as LandKey
from adapters.population.records import Person
from adapters.registry import Absent, Ambiguous, RegistryName
from resolvers import inputs
from resolvers.desk import Desk
from resolvers.edges import Ask, edge, reading
from resolvers.enums import FieldState
from resolvers.matching import Fared, Party, fared, is_party, match_holder
from resolvers.states import Blank, Incomplete

CONSENT = Blank(FieldState.RESTRICTED, "OWNER_CONSENT_REQUIRED")
_Said = Parcel | LandCertificate | Ambiguous | Absent
"""What a holder is told, and to others must look as if there were none."""


@edge("Dossier", "parcel")
async def parcel(desk: Desk, asks: Sequence[Ask]) -> list[object]:
    """Fetch a role's parcel, and show it to those whom the register names as holders."""
    keys = [ask.args.get("key") for ask in asks]
    land = [_land_key(key) if isinstance(key, inputs.ParcelKey) else None for key in keys]
    return await _held(desk, asks, land)


@edge("Dossier", "landCertificate")
async def land_certificate(desk: Desk, asks: Sequence[Ask]) -> list[object]:
    """Fetch a certificate by serial or register number, under the same proof."""
    keys = [ask.args.get("key") for ask in asks]
    land = [
        CertificateKey(number=key.number) if isinstance(key, inputs.CertificateKey) else None
        for key in keys
    ]
    return await _held(desk, asks, land)


async def _held(
    desk: Desk, asks: Sequence[Ask], keys: Sequence[LandKey | CertificateKey | None]
) -> list[object]:
    asked = [(ask, key) for ask, key in zip(asks, keys, strict=True) if key is not None]
    found = await desk.read([reading(RegistryName.LAND, key, ask) for ask, key in asked])
    named = [
        _comparable(answer, await desk.known_parties(_claimed_holders(ask.args)))
        for (ask, _), answer in zip(asked, found, strict=True)
    ]
    comparison = await desk.lookups.compare(party for parties in named for party in parties)
    given = [comparison.of(parties) for parties in named]
    shown = [_shown(answer, parties) for answer, parties in zip(found, given, strict=True)]
    await comparison.end(
        each
        for answer, parties in zip(found, given, strict=True)
        for each in _fared(answer, parties)
    )
    answers = iter(shown)
    return [Blank(FieldState.NOT_ASKED) if key is None else next(answers) for key in keys]


def _comparable(answer: object, parties: Sequence[Party]) -> Sequence[Party]:
    """Give those of *parties* against whose proof the answer may be held.

    Where a province was silent that is told to whoever does not fit, and it is the same when the
    others found nothing. So a proof as it was given can neither be tried there nor fail.
    """
    if isinstance(answer, _Said) and answer.source.unheard is None:
        return parties
    return [party for party in parties if not party.as_given]


def _shown(answer: object, parties: Sequence[Party]) -> object:
    """Give the answer to its holders; to all others what they would hear if there were none.

    Where a province was silent that is its silence: it might have had the record.
    """
    if not isinstance(answer, _Said) or any(_names(answer, party) for party in parties):
        return answer
    return answer.source.unheard or CONSENT


def _fared(answer: object, parties: Sequence[Party]) -> tuple[Fared, ...]:
    """Say what is told of proofs as given: who opened it, or that nobody of them could."""
    opened = any(_names(answer, party) for party in parties)
    return fared(parties, lambda party: _names(answer, party), enough=opened)


def _names(answer: object, party: Party) -> bool:
    """Tell whether the register names *party*; where several records do, in one of them."""
    if isinstance(answer, Ambiguous):
        return any(is_party(holder, party) for holder in answer.holders)
    if isinstance(answer, Parcel | LandCertificate):
        return match_holder(answer.holder, [party]) is not None
    return False


def _claimed_holders(args: Mapping[str, object]) -> Sequence[str]:
    key = args.get("key")
    return list(key.holder) if isinstance(key, inputs.ParcelKey | inputs.CertificateKey) else []


def _land_key(given: inputs.ParcelKey) -> LandKey:
    return LandKey(
        ward=str(given.ward),
        sheet=given.sheet,
        parcel=given.parcel,
        ward_as_of=given.ward_as_of,
    )


@edge("Person", "parcels")
async def parcels(desk: Desk, asks: Sequence[Ask]) -> list[object]:
    """Fetch what a proven person holds, in all provinces, by number and by old number with name."""
    keys = [_holder_key(ask.parent) for ask in asks]
    found = iter(
        await desk.read(
            [
                reading(RegistryName.LAND, key, ask)
                for ask, key in zip(asks, keys, strict=True)
                if key is not None
            ]
        )
    )
    answers = [Blank(FieldState.NOT_APPLICABLE) if key is None else next(found) for key in keys]
    return [_held_parcels(a) if isinstance(a, Holdings) else a for a in answers]


def _held_parcels(holdings: Holdings) -> list[object]:
    """Give the parcels; when a province was silent the list says that it is not whole."""
    if holdings.silent_provinces:
        return Incomplete(holdings.parcels)
    return list(holdings.parcels)


def _holder_key(parent: object) -> HolderKey | None:
    if not isinstance(parent, Person):
        return None
    if parent.personal_id is None or parent.full_name is None or parent.birth_date is None:
        return None
    return HolderKey(
        personal_id=parent.personal_id,
        old_numbers=parent.old_id_numbers,
        full_name=parent.full_name,
        birth_date=parent.birth_date,
    )
