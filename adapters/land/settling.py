"""Whether a record is what was asked for, whatever a province's database thought.

An old number counts only together with its name, and a record about another person goes no further.
"""

from collections.abc import Sequence
from typing import TypeAlias

import msgspec
import structlog

from adapters import identifiers
from adapters.land import records
from adapters.land.records import CertificateKey, HolderKey, Parcel, ParcelKey
from adapters.mention import bears_number_of, is_person
from adapters.places.tables import TWO_TIERS_SINCE, predecessors
from adapters.registry import Failure, Garbled, Source
from adapters.sql import Rows

LandKey: TypeAlias = ParcelKey | CertificateKey | HolderKey
Records: TypeAlias = Sequence[Parcel | records.LandCertificate]

log = structlog.get_logger()


def settled(key: LandKey, rows: Rows, source: Source) -> Records | Failure:
    """Give the records that *key* found; one about somebody else spoils them all."""
    try:
        parcels = records.parcels_from_wire(rows, source)
    except ValueError:
        return Garbled()
    if not all(_is_about(parcel, key) for parcel in parcels):
        log.error("a registry answered about another person", request_id=source.upstream_request_id)
        return Garbled(another_person=True)
    found: Records
    if isinstance(key, ParcelKey):
        asked = (key.sheet, key.parcel)
        found = [it for it in parcels if (it.sheet, it.parcel) == asked] or parcels
    elif isinstance(key, CertificateKey):
        found = [
            msgspec.structs.replace(it, matched_by=by)
            for parcel in parcels
            for it in parcel.certificates
            if (by := _matched_by(it, key))
        ]
    else:
        found = [it for it in parcels if any(is_person(p, key) for p in records.persons(it.holder))]
    return tuple(dict.fromkeys(found))  # a line that came twice, word for word, is one record


def _is_about(parcel: Parcel, key: LandKey) -> bool:
    """Whether a record bears what was asked for."""
    if isinstance(key, ParcelKey):
        pairs = {(parcel.sheet, parcel.parcel), (parcel.old_sheet, parcel.old_parcel)}
        return parcel.ward in wards(key) and (key.sheet, key.parcel) in pairs
    if isinstance(key, CertificateKey):
        return any(_matched_by(it, key) for it in parcel.certificates)
    return any(bears_number_of(person, key) for person in records.persons(parcel.holder))


def _matched_by(certificate: records.LandCertificate, key: CertificateKey) -> str | None:
    """Say which number of the certificate was asked for, whatever the spelling."""
    asked = identifiers.normalise_serial(key.number)
    if identifiers.normalise_serial(certificate.serial_number or "") == asked:
        return "serialNumber"
    register = identifiers.normalise_serial(certificate.register_number or "")
    return "registerNumber" if register == asked else None


def wards(key: ParcelKey) -> Sequence[str]:
    """Name the codes under which the parcel may stand: databases keep the ward of the survey."""
    old = key.ward_as_of is not None and key.ward_as_of < TWO_TIERS_SINCE
    return [key.ward] if old else sorted({key.ward, *predecessors().get(key.ward, ())})
