"""The population registry's twin: whom it finds, and what it says of them."""

import pytest
from lxml import etree

from sandbox.population import same_birth, same_name
from tests.sandbox.visitor import TOLD, Asker, body_of

NUMBER = "097085000101"
AN = {"number": NUMBER, "name": "NGUYỄN VĂN AN", "birth": "19850512"}
HOA = {"number": "097185900001", "name": "NGUYỄN THỊ HÒA", "birth": "19850512"}
THO = {"number": "098045900005", "name": "PHẠM VĂN THỌ", "birth": "1945"}
CHINH = {"number": "012345678", "name": "LÊ VĂN CHÍNH", "birth": "19750319"}
AB = {"number": "097190900037", "name": "A & B <X>", "birth": "19900102"}
NOBODY = {"number": "099099999999", "name": "HỒ VĂN KHÔNG", "birth": "19990909"}


def names_in(element: etree._Element) -> list[str]:
    """Return the local names of the elements within."""
    return [etree.QName(child).localname for child in element]


@pytest.mark.parametrize(
    "name",
    [
        "NGUYỄN VĂN AN",
        "Nguyễn Văn An",
        " nguyễn  văn an ",
        "NGUYỄNVĂNAN",
        "NGUYEN VAN AN",
        "Nguyen Van An",
        "NGUYENVANAN",
    ],
)
def test_a_name_agrees_with_its_marks_or_without_any(population: Asker, name: str) -> None:
    assert [NUMBER] == population.numbers(**AN | {"name": name})


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "NGUYỄN VĂN ÂN"},
        {"name": "NGUYỄN VAN AN"},
        {"name": "NGUYEN VAN BINH"},
        {"name": ""},
        {"birth": "19850513"},
        {"birth": "1986"},
        {"number": "097085000102"},
        {"number": "390000102"},
        {"number": ""},
    ],
)
def test_one_wrong_part_of_the_proof_gives_an_empty_collection(
    population: Asker, wrong: dict[str, str]
) -> None:
    answer = population.ask(**AN | wrong)
    [collection] = body_of(answer)
    assert answer.status_code == 200
    assert collection.tag == f"{TOLD}CongdanCollection"
    assert [] == list(collection)


def test_nobody_and_another_name_look_the_same(population: Asker) -> None:
    nobody = population.ask(**NOBODY)
    mismatch = population.ask(**AN | {"name": "NGUYỄN VĂN ÂN"})
    assert nobody.content == mismatch.content


def test_marks_in_another_place_or_letters_in_another_form_are_other_marks() -> None:
    """The client, not the registry, knows that Hoà is Hòa and that eth is no đ."""
    assert not same_name("NGUYỄN THỊ HOÀ", HOA["name"])
    assert same_name("NGUYEN THI HOA", HOA["name"])
    assert not same_name("ÐẶNG VĂN ÐỨC", "ĐẶNG VĂN ĐỨC")
    assert same_name("DANG VAN DUC", "ĐẶNG VĂN ĐỨC")
    assert not same_name("ĐANG VAN ĐUC", "ĐẶNG VĂN ĐỨC")
    assert same_name("h'hen niê", "H'HEN NIÊ")


def test_a_year_is_enough_and_a_day_needs_the_day(population: Asker) -> None:
    assert [NUMBER] == population.numbers(**AN | {"birth": "1985"})
    assert [THO["number"]] == population.numbers(**THO)
    assert [] == population.numbers(**THO | {"birth": "19450101"})
    assert [] == population.numbers(**THO | {"birth": "1946"})
    assert not same_birth("19450101", "1945")


def test_an_old_number_leads_to_the_citizen(population: Asker) -> None:
    assert ["097075900006"] == population.numbers(**CHINH)


def test_two_citizens_with_one_old_number_are_told_apart_by_their_names(
    population: Asker,
) -> None:
    tu = {"number": "271000111", "name": "PHẠM NGỌC TÚ", "birth": "19851130"}
    tam = {"number": "271000111", "name": "LE THI TAM", "birth": "1969"}
    assert ["097185900008"] == population.numbers(**tu)
    assert ["098169900010"] == population.numbers(**tam)


def test_a_citizen_is_told_in_the_order_and_the_namespace_of_the_wire(population: Asker) -> None:
    [citizen] = body_of(population.ask(**AN)).iterfind(f".//{TOLD}CongDan")
    assert names_in(citizen) == [
        *("SoDinhDanh", "SoCMND", "SoCCCD", "HoVaTen", "GioiTinh", "DanToc", "TonGiao"),
        *("TinhTrangHonNhan", "NhomMau", "NgayThangNamSinh", "NoiDangKyKhaiSinh", "QuocTich"),
        *("QueQuan", "ThuongTru", "NoiOHienTai", "Cha", "Me", "VoChong", "ChuHo"),
    ]
    text = {
        etree.QName(element).localname: element.text
        for group in ("HoVaTen", "NgayThangNamSinh", "ThuongTru", "ChuHo")
        for element in citizen.iterfind(f"{TOLD}{group}/*")
    }
    assert text == {
        "Ho": "NGUYỄN",
        "ChuDem": "VĂN",
        "Ten": "AN",
        "Nam": "1985",
        "NgayThangNam": "19850512",
        "MaTinhThanh": "01",
        "MaQuanHuyen": "001",
        "MaPhuongXa": "00004",
        "ChiTiet": "Số 12 phố Trúc Bạch",
        "QuocGia": "VN",
        "QuanHe": "Chủ hộ",
        "SoDinhDanh": NUMBER,
        "HoVaTen": "NGUYỄN VĂN AN",
    }


def test_a_whole_name_may_stand_where_the_given_name_belongs(population: Asker) -> None:
    [name] = body_of(population.ask(**AB)).iterfind(f".//{TOLD}CongDan/{TOLD}HoVaTen")
    assert ["Ten"] == names_in(name)
    assert name.findtext(f"{TOLD}Ten") == AB["name"]


def test_what_is_not_recorded_is_missing_in_some_records_and_empty_in_others(
    population: Asker,
) -> None:
    lan = {"number": "097188000171", "name": "NGUYEN THI LAN", "birth": "1988"}
    binh = {"number": "097187000102", "name": "TRAN THI BINH", "birth": "1987"}
    [terse] = body_of(population.ask(**lan)).iterfind(f".//{TOLD}CongDan")
    [full] = body_of(population.ask(**binh)).iterfind(f".//{TOLD}CongDan")
    assert terse.find(f"{TOLD}SoCMND") is None
    assert terse.find(f"{TOLD}VoChong") is None
    assert full.findtext(f"{TOLD}SoCMND") == ""
    assert full.findtext(f"{TOLD}NguoiDaiDien") == ""


def test_a_confirmation_says_true_or_false_and_nothing_else(population: Asker) -> None:
    right = body_of(population.ask("XacThucThongTinCongDan", **AN))
    wrong = body_of(population.ask("XacThucThongTinCongDan", **AN | {"birth": "1984"}))
    path = f"{TOLD}KetQuaXacThuc/{TOLD}TonTai"
    assert ["true"] == [it.text for it in right.iterfind(path)]
    assert ["false"] == [it.text for it in wrong.iterfind(path)]


def test_a_household_lists_its_members_and_says_that_the_question_is_invented(
    population: Asker,
) -> None:
    body = body_of(population.ask("TraCuuHoGiaDinh", **AN))
    members = [
        (
            member.findtext(f"{TOLD}SoDinhDanh"),
            member.findtext(f"{TOLD}HoVaTen/{TOLD}Ten"),
            member.findtext(f"{TOLD}NgayThangNamSinh/{TOLD}NgayThangNam"),
            member.findtext(f"{TOLD}GioiTinh"),
            member.findtext(f"{TOLD}QuanHe"),
        )
        for member in body.iterfind(f"{TOLD}HoGiaDinh/{TOLD}ThanhVien")
    ]
    assert (NUMBER, "NGUYỄN VĂN AN", "19850512", "1", "Chủ hộ") == members[0]
    assert ("097187000102", "TRẦN THỊ BÌNH", "19871003", "2", "Vợ") == members[1]
    assert ["Chủ hộ", "Vợ", "Con", "Con"] == [relation for *_, relation in members]
    [comment] = body.iterchildren(etree.Comment)
    assert "INVENTED" in (comment.text or "")


def test_a_household_is_shown_to_the_proven_only(population: Asker) -> None:
    body = body_of(population.ask("TraCuuHoGiaDinh", **AN | {"name": "NGUYỄN VĂN ÂN"}))
    [household] = body.iterfind(f"{TOLD}HoGiaDinh")
    assert [] == list(household)


def test_a_household_answer_can_be_about_another_household(population: Asker) -> None:
    population.running.fault("population", "wrong_person")
    body = body_of(population.ask("TraCuuHoGiaDinh", **AN))
    numbers = [it.text for it in body.iterfind(f"{TOLD}HoGiaDinh/*/{TOLD}SoDinhDanh")]
    assert numbers[0] != NUMBER
    assert not {NUMBER, "097187000102"} & set(numbers)


def test_a_name_made_of_xml_signs_arrives_whole(population: Asker) -> None:
    assert [AB["number"]] == population.numbers(**AB)


def test_each_call_leaves_one_row_that_names_nobody(population: Asker) -> None:
    population.ask(**AN, request_id="REQUEST-2")
    population.ask("TraCuuHoGiaDinh", **NOBODY, request_id="REQUEST-3")
    population.post(b"<a/>")
    rows = population.running.journal()
    told = [
        (row["operation"], row["key"], row["request_id"], row["outcome"], row["registry"])
        for row in rows
    ]
    key = population.running.key
    assert told == [
        ("TraCuuThongTinCongDan", key(NUMBER), "REQUEST-2", "found", "population"),
        ("TraCuuHoGiaDinh", key(NOBODY["number"]), "REQUEST-3", "empty", "population"),
        (None, None, None, "refused", "population"),
    ]
    assert all(row["started"] < row["ended"] for row in rows)
    written = (population.running.directory / "journal.jsonl").read_text()
    assert NUMBER not in written
    assert "NGUY" not in written
    assert "19850512" not in written
