"""How the business registry writes its answers: the national envelope, with its traps.

READ in public clients: the envelope, the misspelt `HOAdress`, `Representatives` as an object
for one and an array for several, the upper-case fields, the list of legal statuses and the lines
of business of the newer certificate record, and that nothing found is a 200 with
`MainInformation` null. INVENTED here, because no client was read that uses them: `Branches`,
`BusinessLocations`, `Owner`, and the answers by representative and about a name.

What is not recorded is `""` in a record whose code ends in an even digit, else null.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import TypeAlias

import msgspec

from sandbox.records import (
    Branch,
    Enterprise,
    HouseholdBusiness,
    LegalStatus,
    PostalAddress,
    Representative,
)

Wire: TypeAlias = dict[str, object]

# The registry numbers places by itself: Hà Nội is 81, and no number is the statistics office's.
FIRST_CITY = 80
FIRST_DISTRICT = 1_000
FIRST_WARD = 20_000

_ENCODER = msgspec.json.Encoder(decimal_format="number")


def envelope(data: Wire | list[Wire]) -> bytes:
    """Write an answer; money is a number with two decimals."""
    return _ENCODER.encode({"Data": data})


def error(sentence: str) -> bytes:
    """Write a business error; it travels inside an HTTP 200."""
    return _ENCODER.encode({"code": "400", "message": sentence, "Data": None})


def one_or_many(parts: Sequence[Wire]) -> Wire | list[Wire] | None:
    """Write an object for one and an array for several: the registry's best-known trap."""
    return (parts[0] if len(parts) == 1 else list(parts)) if parts else None


def enterprise(it: Enterprise) -> Wire:
    """Write an enterprise, or a branch made up as one."""
    return {
        "MainInformation": _main(it)
        | {
            "NAME_F": it.foreign_name or _nothing(it.code),
            "SHORT_NAME": it.short_name or _nothing(it.code),
            "ENTERPRISE_TYPE_ID": it.type_code,
            "ENTERPRISE_TYPE_NAME": it.type_name,
            "LAST_AMEND_DATE": _date(it.last_amended) or _nothing(it.code),
            "NUMBER_CHANGES": it.changes,
        },
        "HOAdress": _address(it.address),
        "Representatives": one_or_many([_person(person) for person in it.representatives]),
        "TinhTrangPhapLy": [_status(status) for status in it.statuses],
        "Branches": [_branch(unit) for unit in it.branches],
        "BusinessLocations": [
            {"COUNTER": spot.counter, "NAME": spot.name, "HOAdress": _address(spot.address)}
            for spot in it.locations
        ],
        "NganhNgheKinhDoanh": [
            {"MaNganh": line.code, "TenNganh": line.name, "LaNganhChinh": int(line.main)}
            for line in it.industries
        ],
    }


def household_business(it: HouseholdBusiness) -> Wire:
    """Write a household business; its code is its owner's personal id."""
    return {
        "MainInformation": _main(it),
        "HOAdress": _address(it.address),
        "Owner": _person(it.owner),
        "TinhTrangPhapLy": [_status(status) for status in it.statuses],
    }


def nothing_found() -> Wire:
    """Write that nothing is registered under the code."""
    return {"MainInformation": None, "HOAdress": None, "Representatives": None}


def businesses(found: Sequence[Enterprise | HouseholdBusiness]) -> Wire:
    """Write what a person represents and owns; nothing is two empty lists."""
    return {
        "Enterprises": [enterprise(it) for it in found if isinstance(it, Enterprise)],
        "HouseholdBusinesses": [
            household_business(it) for it in found if isinstance(it, HouseholdBusiness)
        ],
    }


def name_check(*, taken: bool, similar: Sequence[str]) -> Wire:
    """Write whether a name is taken, and public names that resemble it."""
    return {"TrungTen": taken, "TenTuongTu": list(similar)}


def _main(it: Enterprise | HouseholdBusiness) -> Wire:
    """Write what all businesses have; the status shown here is the last of the list."""
    status = it.statuses[-1]
    return {
        "ENTERPRISE_ID": int(it.code[-6:].replace("-", "")),
        "ENTERPRISE_CODE": it.code,
        "ENTERPRISE_GDT_CODE": it.code,
        "NAME": it.name,
        "ENTERPRISE_STATUS_ID": status.code,
        "ENTERPRISE_STATUS_NAME": status.text,
        "FOUNDING_DATE": _date(it.founded) or _nothing(it.code),
        "CAPITAL_AMOUNT": Decimal(it.capital).quantize(Decimal("0.01")) if it.capital else None,
    }


def _branch(unit: Branch) -> Wire:
    return {
        "ENTERPRISE_GDT_CODE": unit.code,
        "NAME": unit.name,
        "HOAdress": _address(unit.address),
    }


def _address(it: PostalAddress) -> Wire:
    place = it.place
    return {
        "CityID": FIRST_CITY + int(place.province),
        "CityName": it.province,
        "DistrictID": FIRST_DISTRICT + int(place.district) if place.district else None,
        "DistrictName": it.district or None,
        "WardID": FIRST_WARD + int(place.ward),
        "WardName": it.ward,
        "StreetNumber": place.detail,
        "AddressFullText": it.text,
    }


def _person(it: Representative) -> Wire:
    return {
        "FULL_NAME": it.full_name,
        "GENDER_ID": int(it.sex),
        "PERS_DOC_NO": it.number,
        "PERS_DOC_NAME": it.document,
        "PERS_DOC_ISSUE_DATE": None,
        "PERS_DOC_ISSUE_PLACE": "",
        "PERS_DOC_EXPIRE_DATE": None,
        "DATE_OF_BIRTH": _date(it.birth),
        "NATIONALITY_NAME": it.nationality,
    }


def _status(it: LegalStatus) -> Wire:
    return {
        "MaTinhTrangPhapLy": it.code,
        "TinhTrangPhapLy": it.text,
        "NgayBatDauTamNgung": _date(it.starts),
        "NgayKetThucTamNgung": _date(it.ends),
        "LyDoTamNgung": it.reason or None,
    }


def _date(kept: str) -> str | None:
    """Write `20150610` as `10/06/2015`; a year stays a year."""
    if len(kept) == len("yyyymmdd"):
        return f"{kept[6:]}/{kept[4:6]}/{kept[:4]}"
    return kept or None


def _nothing(code: str) -> str | None:
    return "" if int(code[-1]) % 2 == 0 else None
