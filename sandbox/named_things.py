"""From `world.toml` to what the named people have: insurance, businesses, land."""

from sandbox.named import SEX
from sandbox.parcels import Burden, Certificate, Holder, HolderKind, LandPerson, LandUse, Parcel
from sandbox.records import (
    Branch,
    Enterprise,
    HealthCard,
    HouseholdBusiness,
    Industry,
    LegalStatus,
    Location,
    PostalAddress,
    Representative,
    SocialInsured,
)
from sandbox.script import BusinessEntry, CardEntry, Home, ParcelEntry, PersonEntry, Script, compact
from sandbox.wards import Wards

ACTIVE = LegalStatus(code="1", text="Đang hoạt động")
INSURANCE_SEX = {"male": "1", "female": "0"}


def insured(script: Script, wards: Wards) -> tuple[SocialInsured, ...]:
    """Return who takes part in social insurance."""
    return tuple(
        SocialInsured(
            code=entry.code,
            cmnd=person.number,
            full_name=person.name,
            birth=compact(person.born),
            sex=INSURANCE_SEX[person.sex],
            status=entry.status,
            start=compact(entry.since),
            months=entry.months,
            merged=entry.merged,
            compulsory=entry.compulsory,
            workplace=entry.workplace,
            salary=entry.salary,
            household=f"HGD{entry.code}",
            residence=_postal(wards, person.home, compact(person.recorded)),
        )
        for person in script.people.values()
        if (entry := person.social) is not None
    )


def cards(script: Script, wards: Wards) -> tuple[HealthCard, ...]:
    """Return the health cards, each person's oldest first."""
    return tuple(
        _card(wards, person, entry) for person in script.people.values() for entry in person.cards
    )


def _card(wards: Wards, person: PersonEntry, entry: CardEntry) -> HealthCard:
    code = entry.code or (person.social.code if person.social else "")
    province = entry.clinic[:2]
    address = _postal(wards, person.home, compact(person.recorded))
    return HealthCard(
        card=f"{entry.group}{entry.benefit}{province}{code}",
        code=code,
        personal_id=person.number,
        full_name=person.name,
        birth=compact(person.born)[: 4 if entry.year_only else 8],
        sex=SEX[person.sex],
        valid_from=compact(entry.valid_from),
        valid_to=compact(entry.valid_to),
        clinic=entry.clinic,
        clinic_name=entry.clinic_name,
        benefit=entry.benefit,
        address=address.text if address else "",
    )


def enterprises(script: Script, wards: Wards) -> tuple[Enterprise, ...]:
    """Return the enterprises."""
    return tuple(_enterprise(script, wards, entry) for entry in script.enterprises.values())


def _enterprise(script: Script, wards: Wards, entry: BusinessEntry) -> Enterprise:
    amended = compact(entry.amended or entry.founded)

    def address(home: Home) -> PostalAddress:
        return wards.postal(wards.place(home.ward, home.detail, amended))

    return Enterprise(
        code=entry.code,
        name=entry.name,
        foreign_name=entry.foreign,
        short_name=entry.short,
        type_code=entry.type_code,
        type_name=entry.type_name,
        statuses=_statuses(entry),
        founded=compact(entry.founded),
        last_amended=amended,
        changes=int(entry.amended != ""),
        capital=entry.capital,
        address=address(entry.home),
        representatives=tuple(_representative(script.people[who]) for who in entry.representatives),
        branches=tuple(
            Branch(code=f"{entry.code}-{unit.mark}", name=unit.name, address=address(unit.home))
            for unit in entry.branches
        ),
        locations=tuple(
            Location(counter=unit.mark, name=unit.name, address=address(unit.home))
            for unit in entry.locations
        ),
        industries=_industries(entry),
    )


def household_businesses(script: Script, wards: Wards) -> tuple[HouseholdBusiness, ...]:
    """Return the household businesses, each under its owner's personal id."""
    return tuple(
        HouseholdBusiness(
            code=script.people[entry.representatives[0]].number,
            name=entry.name,
            owner=_representative(script.people[entry.representatives[0]], "Chủ hộ kinh doanh"),
            address=wards.postal(
                wards.place(entry.home.ward, entry.home.detail, compact(entry.founded))
            ),
            statuses=_statuses(entry),
            founded=compact(entry.founded),
            capital=entry.capital,
            industries=_industries(entry),
        )
        for entry in script.household_businesses.values()
    )


def _statuses(entry: BusinessEntry) -> tuple[LegalStatus, ...]:
    statuses = tuple(
        LegalStatus(
            code=it.code,
            text=it.text,
            starts=compact(it.starts),
            ends=compact(it.ends),
            reason=it.reason,
        )
        for it in entry.statuses
    )
    return statuses or (ACTIVE,)


def _industries(entry: BusinessEntry) -> tuple[Industry, ...]:
    return tuple(
        Industry(code=code, name=name, main=position == 0)
        for position, (code, name) in enumerate(entry.industries.items())
    )


def _representative(person: PersonEntry, position: str = "Giám đốc") -> Representative:
    return Representative(
        full_name=person.name.upper(),
        number=person.number,
        birth=compact(person.born),
        sex=SEX[person.sex],
        position=position,
    )


def parcels(script: Script, wards: Wards) -> tuple[Parcel, ...]:
    """Return the parcels of all provinces."""
    return tuple(_parcel(script, wards, entry) for entry in script.parcels.values())


def _parcel(script: Script, wards: Wards, entry: ParcelEntry) -> Parcel:
    place = wards.place(entry.home.ward, entry.home.detail, compact(entry.surveyed))
    return Parcel(
        province=entry.province,
        ward=entry.home.ward,
        sheet=entry.sheet,
        number=entry.number,
        old_sheet=entry.old_sheet,
        old_number=entry.old_number,
        national_id=entry.national_id,
        area=sum(use.area for use in entry.uses),
        address=wards.postal(place).text,
        uses=tuple(LandUse(code=it.code, area=it.area, term=it.term) for it in entry.uses),
        holder=_holder(script, entry),
        certificates=tuple(
            Certificate(serial=it.serial, register=it.register, issued=it.issued, issuer=it.issuer)
            for it in entry.certificates
        ),
        burdens=tuple(
            Burden(registered=it.registered, secured=it.secured, beneficiary=it.beneficiary)
            for it in entry.burdens
        ),
    )


def _holder(script: Script, entry: ParcelEntry) -> Holder:
    holder = entry.holder

    def person(who: str) -> LandPerson | None:
        return _land_person(script.people[who], holder.printed) if who else None

    return Holder(
        kind=HolderKind[holder.kind.upper()],
        first=person(holder.first),
        second=person(holder.second),
        wife_first=holder.wife_first,
        members=tuple(_land_person(script.people[who], holder.printed) for who in holder.members),
        name=holder.name,
        code=holder.code,
    )


def _land_person(person: PersonEntry, printed: str) -> LandPerson:
    by_old_number = printed == "old number"
    full_date = not by_old_number and len(person.born) == len("1985-05-12")
    return LandPerson(
        full_name=person.name,
        number="" if by_old_number else person.number,
        old_number=person.old_numbers[0] if by_old_number else "",
        birth_year=int(person.born[:4]),
        birth_date=person.born if full_date else "",
        died=int(person.died[:4]) if person.died else None,
    )


def _postal(wards: Wards, home: Home | None, recorded: str) -> PostalAddress | None:
    return wards.postal(wards.place(home.ward, home.detail, recorded)) if home else None
