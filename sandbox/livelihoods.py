"""What invented people live by: insurance, enterprises, household businesses."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from sandbox.families import GROWN, Draft, Family, Numbers
from sandbox.named import SEX
from sandbox.named_things import ACTIVE, INSURANCE_SEX
from sandbox.names import happens
from sandbox.records import (
    Enterprise,
    HealthCard,
    HouseholdBusiness,
    Industry,
    LegalStatus,
    PostalAddress,
    Representative,
    SocialInsured,
    check_digit,
)
from sandbox.wards import Wards

RETIRED = 61
IN_BUSINESS_UNTIL = 75
CHILD_CARD_UNTIL = 6
# Enterprises of the named people have smaller bodies, so nothing meets.
FIRST_BODY = 990_100_000
FIRST_FOUNDED = date(2000, 1, 1)
COMING_OF_AGE = timedelta(days=20 * 365 + 5)
INDUSTRIES = (
    ("4719", "Bán lẻ khác trong các cửa hàng kinh doanh tổng hợp", "THƯƠNG MẠI"),
    ("4100", "Xây dựng nhà các loại", "XÂY DỰNG"),
    ("0127", "Trồng cây cà phê", "CÀ PHÊ"),
    ("6201", "Lập trình máy vi tính", "CÔNG NGHỆ"),
    ("4933", "Vận tải hàng hóa bằng đường bộ", "VẬN TẢI"),
    ("5510", "Dịch vụ lưu trú ngắn ngày", "DU LỊCH"),
    ("1071", "Sản xuất các loại bánh từ bột", "THỰC PHẨM"),
)
TRADE_NAMES = (
    "PHÚ QUÝ",
    "AN KHANG",
    "ĐẠI PHÁT",
    "HOÀNG GIA",
    "NAM VIỆT",
    "MINH LONG",
    "THÀNH CÔNG",
)
FORMS = (
    ("TNHH1", "Công ty trách nhiệm hữu hạn một thành viên", "CÔNG TY TNHH MỘT THÀNH VIÊN"),
    ("TNHH2", "Công ty trách nhiệm hữu hạn hai thành viên trở lên", "CÔNG TY TNHH"),
    ("CTCP", "Công ty cổ phần", "CÔNG TY CỔ PHẦN"),
    ("DNTN", "Doanh nghiệp tư nhân", "DOANH NGHIỆP TƯ NHÂN"),
)
SUSPENDED = LegalStatus(
    code="2", text="Tạm ngừng kinh doanh", starts="20260401", ends="20270331", reason="Tạm nghỉ"
)
DISSOLVED = LegalStatus(code="4", text="Đã giải thể", starts="20240630")
SHOPS = ("TẠP HÓA", "QUÁN ĂN", "CÀ PHÊ", "SỬA XE", "MAY MẶC", "VẬT LIỆU")


class Livelihoods:
    """Draws what a grown-up may have; children have a health card and nothing more."""

    def __init__(self, rng: Random, numbers: Numbers, wards: Wards, today: date) -> None:
        self.rng = rng
        self.numbers = numbers
        self.wards = wards
        self.today = today

    def insurance(self, families: Sequence[Family]) -> tuple[list[SocialInsured], list[HealthCard]]:
        """Return participations and cards: nearly everybody has a card, half of those who work."""
        insured, cards = [], []
        for family in families:
            address = self._address(family, f"{family.recorded:%Y%m%d}")
            for draft in family.members:
                code = self.numbers.insurance_code()
                works = GROWN + 2 <= draft.age(self.today) < RETIRED and happens(self.rng, 50)
                if works:
                    insured.append(self._insured(draft, code, address))
                if works or happens(self.rng, 90):
                    cards.append(self._card(draft, code, works, family))
        return insured, cards

    def _insured(self, draft: Draft, code: str, address: PostalAddress) -> SocialInsured:
        months = self.rng.randint(3, (draft.age(self.today) - GROWN - 1) * 12)
        start = self.today - timedelta(days=months * 31)
        return SocialInsured(
            code=code,
            # Some old participations were never moved to the new number.
            cmnd=draft.old_number if draft.old_number and happens(self.rng, 15) else draft.number,
            full_name=draft.name,
            birth=draft.birth,
            sex=INSURANCE_SEX[draft.sex],
            status=self.rng.choice(("Đang tham gia", "Đang tham gia", "Đang tham gia", "Bảo lưu")),
            start=f"{start:%Y%m}",
            months=months,
            salary=self.rng.randrange(5_000_000, 40_000_000, 100_000),
            household=f"HGD{code}",
            residence=address,
        )

    def _card(self, draft: Draft, code: str, works: bool, family: Family) -> HealthCard:
        province = family.ward.province_code_now
        group, benefit = self._group(draft, works)
        year = self.today.year - (happens(self.rng, 10))
        return HealthCard(
            card=f"{group}{benefit}{province}{code}",
            code=code,
            personal_id=draft.number,
            full_name=draft.name,
            birth=draft.birth[:4] if happens(self.rng, 10) else draft.birth,
            sex=SEX[draft.sex],
            valid_from=f"{max(date(year, 1, 1), draft.born):%Y%m%d}",
            valid_to=f"{year}1231",
            clinic=f"{province}{self.rng.randint(900, 960)}",
            clinic_name=f"Trạm y tế {family.ward.name_now}",
            benefit=benefit,
            address=family.detail,
        )

    def _group(self, draft: Draft, works: bool) -> tuple[str, int]:
        age = draft.age(self.today)
        if age < CHILD_CARD_UNTIL:
            return "TE", 1
        if age < GROWN:
            return "HS", 4
        if works:
            return "DN", 4
        return ("HT", 3) if age >= RETIRED else ("GD", 4)

    def enterprises(self, families: Sequence[Family]) -> list[Enterprise]:
        """Return enterprises: about one head of household in eight represents one."""
        codes = self._codes()
        return [
            self._enterprise(next(codes), family)
            for family in families
            if family.head.age(self.today) < IN_BUSINESS_UNTIL and happens(self.rng, 12)
        ]

    def _codes(self) -> Iterator[str]:
        body = FIRST_BODY
        while True:
            body += self.rng.randint(1, 400)
            digit = check_digit(str(body))
            if digit is not None:
                yield f"{body}{digit}"

    def _enterprise(self, code: str, family: Family) -> Enterprise:
        form_code, form, prefix = self.rng.choice(FORMS)
        vsic, industry, trade = self.rng.choice(INDUSTRIES)
        founded = self._founded(family)
        people = [family.head]
        if form_code == "CTCP" and family.head.spouse:
            people.append(family.head.spouse)
        short = f"{self.rng.choice(TRADE_NAMES)} {self.rng.randint(1, 999)}"
        return Enterprise(
            code=code,
            name=f"{prefix} {trade} {short}",
            short_name=short,
            type_code=form_code,
            type_name=form,
            statuses=(self._status(founded, (ACTIVE, SUSPENDED, DISSOLVED), (85, 9, 6)),),
            founded=founded,
            last_amended=founded,
            capital=self.rng.randrange(100, 50_000) * 1_000_000,
            address=self._address(family, founded),
            representatives=tuple(_representative(draft, "Giám đốc") for draft in people),
            industries=(Industry(code=vsic, name=industry, main=True),),
        )

    def household_businesses(self, families: Sequence[Family]) -> list[HouseholdBusiness]:
        """Return household businesses: about one household in eight has one."""
        return [
            self._household_business(family)
            for family in families
            if family.head.age(self.today) < IN_BUSINESS_UNTIL and happens(self.rng, 13)
        ]

    def _household_business(self, family: Family) -> HouseholdBusiness:
        owner = family.head
        founded = self._founded(family)
        vsic, industry, _trade = self.rng.choice(INDUSTRIES)
        given = owner.name.upper().split()[-1]
        return HouseholdBusiness(
            code=owner.number,
            name=f"HỘ KINH DOANH {self.rng.choice(SHOPS)} {given}",
            owner=_representative(owner, "Chủ hộ kinh doanh"),
            address=self._address(family, founded),
            statuses=(self._status(founded, (ACTIVE, SUSPENDED), (93, 7)),),
            founded=founded,
            capital=self.rng.randrange(20, 900) * 1_000_000,
            industries=(Industry(code=vsic, name=industry, main=True),),
        )

    def _status(
        self, founded: str, statuses: Sequence[LegalStatus], weights: Sequence[int]
    ) -> LegalStatus:
        status = self.rng.choices(statuses, weights)[0]
        return status if status.starts > founded else ACTIVE

    def _founded(self, family: Family) -> str:
        """Draw a day on which the head was grown, or today if that is not yet."""
        earliest = max(FIRST_FOUNDED, family.head.born + COMING_OF_AGE)
        days = max((self.today - earliest).days, 0)
        return f"{self.today - timedelta(days=self.rng.randint(0, days)):%Y%m%d}"

    def _address(self, family: Family, day: str) -> PostalAddress:
        return self.wards.postal(family.place(self.wards, day))


def _representative(draft: Draft, position: str) -> Representative:
    return Representative(
        full_name=draft.name.upper(),
        number=draft.number,
        birth=draft.birth,
        sex=SEX[draft.sex],
        position=position,
    )
