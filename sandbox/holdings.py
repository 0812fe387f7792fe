"""The land that invented people hold, in the databases of the two provinces."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from sandbox.families import GROWN, Draft, Family
from sandbox.names import happens
from sandbox.parcels import Burden, Certificate, Holder, HolderKind, LandPerson, LandUse, Parcel
from sandbox.records import Enterprise
from sandbox.wards import Ward, Wards

USES = (("ODT", 6, ""), ("ONT", 6, ""), ("CLN", 4, "50"), ("LUC", 3, "50"), ("HNK", 2, "50"))
BANKS = ("Ngân hàng TMCP Giả Định", "Quỹ tín dụng nhân dân Thử Nghiệm")
# Surveyed before wards were merged: the parcel keeps the old ward's code.
FIRST_SURVEY = date(1998, 1, 1)
LAST_SURVEY = date(2025, 6, 30)
SERIALS_OF_EIGHT_SINCE = date(2018, 1, 1)


class Surveyor:
    """Draws parcels; sheet and number are unique within the ward of the survey, as on its map."""

    def __init__(self, rng: Random, wards: Wards) -> None:
        self.rng = rng
        self.wards = wards
        self._counters: dict[str, int] = {}
        self._serial = 200_000

    def parcels(
        self,
        families: Sequence[Family],
        enterprises: Sequence[Enterprise],
        provinces: Sequence[str],
    ) -> list[Parcel]:
        """Return what families and some enterprises hold in *provinces*."""
        return [
            *self._of_families(families, provinces),
            *self._of_enterprises(enterprises, provinces),
        ]

    def _of_families(
        self, families: Sequence[Family], provinces: Sequence[str]
    ) -> Iterator[Parcel]:
        for family in families:
            if family.ward.province_code_now in provinces:
                for _ in range(self.rng.choices((0, 1, 2), (35, 50, 15))[0]):
                    yield self._parcel(family.ward, family.detail, self._holder(family))

    def _of_enterprises(
        self, enterprises: Sequence[Enterprise], provinces: Sequence[str]
    ) -> Iterator[Parcel]:
        for enterprise in enterprises:
            place = enterprise.address.place
            if not place.district or not happens(self.rng, 15):
                continue
            ward = self.wards.now(place.ward)[0]
            if ward.province_code_now in provinces:
                holder = Holder(
                    kind=HolderKind.ORGANISATION, name=enterprise.name, code=enterprise.code
                )
                yield self._parcel(ward, place.detail, holder)

    def _holder(self, family: Family) -> Holder:
        head, spouse = family.head, family.head.spouse
        grown = [member for member in family.members if member.relation != "Con"]
        by_old_number = happens(self.rng, 15)
        if spouse is None or happens(self.rng, 30):
            return Holder(kind=HolderKind.PERSON, first=_person(head, by_old_number))
        if grown == [head, spouse] or happens(self.rng, 80):
            husband, wife = (head, spouse) if head.sex == "male" else (spouse, head)
            return Holder(
                kind=HolderKind.COUPLE,
                first=_person(husband, by_old_number),
                second=_person(wife, by_old_number),
                wife_first=happens(self.rng, 20),
            )
        return Holder(
            kind=HolderKind.HOUSEHOLD,
            first=_person(head, by_old_number),
            second=_person(spouse, by_old_number),
            members=tuple(_person(member, by_old_number) for member in grown),
        )

    def _parcel(self, ward: Ward, detail: str, holder: Holder) -> Parcel:
        sheet, number = self._next(ward.code)
        code, _weight, term = self.rng.choices(USES, [use[1] for use in USES])[0]
        area = round(self.rng.uniform(35, 900), 1)
        surveyed = self._day(self._earliest(holder))
        place = self.wards.place(ward.code, detail, f"{LAST_SURVEY:%Y%m%d}")
        return Parcel(
            province=ward.province_code_now,
            ward=ward.code,
            sheet=sheet,
            number=number,
            national_id=f"{ward.province_code_now}{ward.code}{int(sheet):04d}{int(number):04d}",
            area=area,
            address=self.wards.postal(place).text,
            uses=(LandUse(code=code, area=area, term=term or "Lâu dài"),),
            holder=holder,
            certificates=(self._certificate(ward, surveyed),) if happens(self.rng, 90) else (),
            burdens=(self._burden(surveyed),) if happens(self.rng, 8) else (),
        )

    def _next(self, ward: str) -> tuple[str, str]:
        # Sheets from 101 on: the named people's parcels lie on the earlier ones.
        count = self._counters[ward] = self._counters.get(ward, 0) + 1
        return str(101 + count // 40), str(1 + count % 40 * 3)

    def _earliest(self, holder: Holder) -> date:
        """Nobody is given land before they are grown."""
        years = [it.birth_year for it in (holder.first, holder.second) if it and it.birth_year]
        grown = date(max(years) + GROWN + 1, 1, 1) if years else FIRST_SURVEY
        return max(FIRST_SURVEY, grown)

    def _day(self, earliest: date) -> date:
        days = (LAST_SURVEY - earliest).days
        return earliest + timedelta(days=self.rng.randint(0, days)) if days > 0 else LAST_SURVEY

    def _certificate(self, ward: Ward, issued: date) -> Certificate:
        self._serial += 1
        digits = 8 if issued >= SERIALS_OF_EIGHT_SINCE else 6
        return Certificate(
            serial=f"SX {self._serial:0{digits}d}",
            register=f"CH{self._serial:06d}",
            issued=issued.isoformat(),
            issuer=f"UBND {ward.district_name}",
        )

    def _burden(self, surveyed: date) -> Burden:
        registered = self._day(surveyed)
        number = self.rng.randint(1, 999)
        return Burden(
            registered=registered.isoformat(),
            secured=f"Hợp đồng tín dụng số {number}/{registered.year}",
            beneficiary=self.rng.choice(BANKS),
        )


def _person(draft: Draft, by_old_number: bool) -> LandPerson:
    """On older certificates stand the CMND and the year of birth."""
    old = by_old_number and draft.old_number != ""
    return LandPerson(
        full_name=draft.name,
        number="" if old else draft.number,
        old_number=draft.old_number if old else "",
        birth_year=draft.born.year,
        birth_date="" if old or draft.year_only else draft.born.isoformat(),
    )
