"""Procedure documents held against themselves: each slip is refused with file, line and reason."""

from pathlib import Path

import pytest

from tests.resolvers.invented import written
from tests.resolvers.test_procedure_documents import NAME, SAMPLE, Slip, is_listed

OWNER = SAMPLE[SAMPLE.index("    owner: person") : SAMPLE.index("    home: parcel")]
PROCEDURE = SAMPLE[SAMPLE.index("@procedure") : SAMPLE.index("@role")]
OWNER_ROLE = '@role(name: "owner", label: "Chủ sở hữu chỗ ở", required: false)'
CHILD_OF = OWNER_ROLE.replace(")", ', minorChildOf: "{}")')
TWO_PARTS = ' @part(code: "1.004222", agency: "Công an cấp xã")' * 2

SLIPS = {
    "the procedure is missing": Slip({PROCEDURE: ""}, "", "exactly one @procedure is needed"),
    "the code has a local suffix": Slip(
        {"1.999998": "1.999998.H26"},
        "code:",
        "@procedure(code:) is not a national code (shape)",
    ),
    "one old code has a local suffix": Slip(
        {'"2025-07-01"': '"2025-07-01" supersedes: ["1.999996", "1.999997.H26"]'},
        "validFrom",
        "@procedure(supersedes:) is not a national code (shape): `1.999997.H26`",
    ),
    "the only old code is cut short": Slip(
        {'"2025-07-01"': '"2025-07-01" supersedes: "1.99999"'},
        "validFrom",
        "@procedure(supersedes:) is not a national code (shape): `1.99999`",
    ),
    "a day is written as on paper": Slip(
        {"2025-07-01": "01/07/2025"},
        "validFrom",
        "@procedure(validFrom:, validUntil:) take dates such as 2025-07-01",
    ),
    "a day is written as a week": Slip(
        {"2025-07-01": "2025-W27-2"},
        "validFrom",
        "@procedure(validFrom:, validUntil:) take dates such as 2025-07-01",
    ),
    "the last day is in no calendar": Slip(
        {'"2025-07-01"': '"2025-07-01" validUntil: "2025-06-31"'},
        "validFrom",
        "@procedure(validFrom:, validUntil:) take dates such as 2025-07-01",
    ),
    "it ends before it begins": Slip(
        {'"2025-07-01"': '"2025-07-01" validUntil: "2025-06-30"'},
        "validFrom",
        "@procedure(validUntil:) is before validFrom",
    ),
    "a role is a variable": Slip(
        {'role: "applicant", key': "role: $who, key", "Sample(": "Sample($who: RoleName!, "},
        "applicant: person",
        "`person` needs a role written as a literal",
    ),
    "a prefill stands inside": Slip(
        {"$purpose) {\n": "$purpose) {\n prefill(subjects: []) { outcome }"},
        "applicant: person",
        "`prefill` needs a role written as a literal",
    ),
    "a role is selected twice": Slip(
        {'(role: "owner"': '(role: "applicant"'},
        "owner: person",
        "the role `applicant` is selected twice",
    ),
    "a role is declared twice": Slip(
        {'@role(name: "home"': '@role(name: "owner"'},
        '@role(name: "home"',
        "the role `owner` is declared twice",
    ),
    "a role's name has marks": Slip(
        {'@role(name: "owner"': '@role(name: "chủSởHữu"'},
        '@role(name: "owner"',
        "@role(name:) is no plain word: `chủSởHữu`",
    ),
    "a role is declared and not selected": Slip(
        {OWNER: "", "$owner: PersonKey, ": ""},
        '@role(name: "owner"',
        "the role `owner` must be both declared by @role and selected",
    ),
    "a role is selected and not declared": Slip(
        {OWNER_ROLE: ""},
        "owner: person",
        "the role `owner` must be both declared by @role and selected",
    ),
    "several people are selected for a role of one": Slip(
        {
            'owner: person(role: "owner", key:': 'owner: persons(role: "owner", keys:',
            "$owner: PersonKey": "$owner: [PersonKey!]",
        },
        '@role(name: "owner"',
        "the role `owner` must be `many: true` with `persons`, and only with it",
    ),
    "one person is selected for a role of several": Slip(
        {OWNER_ROLE: OWNER_ROLE.replace("false", "false, many: true")},
        '@role(name: "owner"',
        "the role `owner` must be `many: true` with `persons`, and only with it",
    ),
    "a part's code is cut short": Slip(
        {"source: FORM)": 'source: FORM) @part(code: "1.4222", agency: "Công an cấp xã")'},
        'id: "to-khai"',
        "@part(code:) is not a national code (shape): `1.4222`",
    ),
    "a part is declared twice": Slip(
        {"source: FORM)": f"source: FORM){TWO_PARTS}"},
        'id: "to-khai"',
        "the part `1.004222` is declared twice",
    ),
    "a paper belongs to no part": Slip(
        {"source: FORM)": 'source: FORM, part: "1.004222")'},
        'id: "to-khai"',
        "@component(part:) names no @part: `1.004222`",
    ),
    "a form field belongs to no part": Slip(
        {'"Nơi thường trú")': '"Nơi thường trú", part: "1.004222")'},
        "nguoiNop.noiThuongTru",
        "@formField(part:) names no @part: `1.004222`",
    ),
    "two papers have one id": Slip(
        {'id: "to-khai"': 'id: "quan-he"'},
        'id: "quan-he"',
        "the component `quan-he` is declared twice",
    ),
    "a paper's id has marks": Slip(
        {'id: "to-khai"': 'id: "tờ-khai"'},
        'id: "to-khai"',
        "@component(id:) is no plain word: `tờ-khai`",
    ),
    "a paper's id is two words": Slip(
        {'id: "to-khai"': 'id: "to khai"'},
        'id: "to-khai"',
        "@component(id:) is no plain word: `to khai`",
    ),
    "a paper's id is endless": Slip(
        {'id: "to-khai"': f'id: "{"k" * 101}"'},
        'id: "to-khai"',
        f"@component(id:) is no plain word: `{'k' * 101}`",
    ),
    "a condition names no role": Slip(
        {'onlyWhen: "owner"': 'onlyWhen: "spouse"'},
        'id: "quan-he"',
        "@component(onlyWhen:) names no role: `spouse`",
    ),
    "data replaces a paper and nothing proves it": Slip(
        {", source: FORM": ""},
        'id: "to-khai"',
        "no @evidences names the component `to-khai`",
    ),
    "a form field stands on an object": Slip(
        {"spouse {": 'spouse @formField(key: "voChong", label: "Vợ, chồng") {'},
        "spouse {",
        "@formField stands on a value, not on an object",
    ),
    "a form field has marks": Slip(
        {"nguoiNop.hoTen": "ngườiNộp.họTên"},
        NAME,
        "@formField(key:) is no plain key: `ngườiNộp.họTên`",
    ),
    "brackets stand inside a key": Slip(
        {"nguoiNop.hoTen": "nguoiNop[].hoTen"},
        NAME,
        "@formField(key:) is no plain key: `nguoiNop[].hoTen`",
    ),
    "a form field is filled twice": Slip(
        {"chuSoHuu.hoTen": "nguoiNop.hoTen"},
        "chuSoHuu.hoTen",
        "the form field `nguoiNop.hoTen` is filled twice",
    ),
    "a form field is filled twice, once with a list": Slip(
        {"choO.soGCN[]": "nguoiNop.hoTen[]"},
        "choO.soGCN[]",
        "the form field `nguoiNop.hoTen[]` is filled twice",
    ),
    "a form field is opened as a group": Slip(
        {"chuSoHuu.hoTen": "nguoiNop.hoTen.chu"},
        "chuSoHuu.hoTen",
        "the form field `nguoiNop.hoTen` is a group as well: `nguoiNop.hoTen.chu`",
    ),
    "a group is filled": Slip(
        {"chuSoHuu.hoTen": "nguoiNop"},
        "chuSoHuu.hoTen",
        "the form field `nguoiNop` is a group as well: `nguoiNop.hoTen`",
    ),
    "a list goes where one value goes": Slip(
        {"choO.soGCN[]": "choO.soGCN"},
        "choO.soGCN[]",
        "the form field `choO.soGCN` lies below a list: write `choO.soGCN[]`",
    ),
    "several people go where one goes": Slip(
        {
            'owner: person(role: "owner", key:': 'owner: persons(role: "owner", keys:',
            "$owner: PersonKey": "$owner: [PersonKey!]",
            OWNER_ROLE: OWNER_ROLE.replace("false", "false, many: true"),
        },
        "chuSoHuu.hoTen",
        "the form field `chuSoHuu.hoTen` lies below a list: write `chuSoHuu.hoTen[]`",
    ),
    "one value goes where a list goes": Slip(
        {"nguoiNop.hoTen": "nguoiNop.hoTen[]"},
        NAME,
        "the form field `nguoiNop.hoTen[]` lies below no list: write it without []",
    ),
    "a child's parent is no role": Slip(
        {OWNER_ROLE: CHILD_OF.format("parent")},
        OWNER_ROLE,
        "@role(minorChildOf:) names no other role: `parent`",
    ),
    "a child is its own parent": Slip(
        {OWNER_ROLE: CHILD_OF.format("owner")},
        OWNER_ROLE,
        "@role(minorChildOf:) names no other role: `owner`",
    ),
    "a child's parent is a thing": Slip(
        {OWNER_ROLE: CHILD_OF.format("home")},
        OWNER_ROLE,
        "@role(minorChildOf:) names no person: `home`",
    ),
    "a thing is nobody's child": Slip(
        {'@role(name: "home",': '@role(name: "home", minorChildOf: "owner",'},
        '@role(name: "home"',
        "@role(minorChildOf:) stands on a role of persons",
    ),
    "the own record has another role": Slip(
        {'code: "1.999998"': 'code: "self-access"'},
        "code:",
        "`self-access` has the one role `self`",
    ),
    "evidence names no paper": Slip(
        {'"giay-to-cho-o", holderIs': '"giay-to-nha", holderIs'},
        "holderIs",
        "@evidences names no component: `giay-to-nha`",
    ),
    "a holder is no role": Slip(
        {'["applicant", "owner"]': '["applicant", "tenant"]'},
        "holderIs",
        "@evidences names no role: `tenant`",
    ),
    "a holder is a thing": Slip(
        {'["applicant", "owner"]': '["applicant", "home"]'},
        "holderIs",
        "@evidences(holderIs:) names no person: `home`",
    ),
    "the only holder is a thing": Slip(
        {'["applicant", "owner"]': '"home"'},
        "holderIs",
        "@evidences(holderIs:) names no person: `home`",
    ),
    "a reference points to no role": Slip(
        {'pointsTo: "owner"': 'pointsTo: "tenant"'},
        "pointsTo",
        "@evidences names no role: `tenant`",
    ),
    "a reference points to a thing": Slip(
        {'pointsTo: "owner"': 'pointsTo: "home"'},
        "pointsTo",
        "@evidences(pointsTo:) names no person: `home`",
    ),
    "what points is no reference": Slip(
        {"spouse { fullName @ev": "birthDate @ev", 'pointsTo: "owner") }': 'pointsTo: "owner")'},
        "pointsTo",
        "@evidences(pointsTo:) stands inside a person whom the record mentions, such as `spouse`",
    ),
    "what points is the reference and nothing in it": Slip(
        {"spouse { fullName": "spouse", 'pointsTo: "owner") }': 'pointsTo: "owner") { fullName }'},
        "pointsTo",
        "@evidences(pointsTo:) stands inside a person whom the record mentions, such as `spouse`",
    ),
    "a sensitive value lacks its ground": Slip(
        {NAME: f"{NAME} religion"},
        NAME,
        "`Person.religion` is sensitive: name the form and article that ask for it"
        " with @sensitive(ground:)",
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_wrong_document_is_refused_with_file_line_and_reason(slip: str, tmp_path: Path) -> None:
    assert SLIPS[slip].expected() == SLIPS[slip].said(tmp_path)


@pytest.mark.parametrize("slip", SLIPS)
def test_the_documentation_lists_every_reason(slip: str) -> None:
    assert is_listed(SLIPS[slip].reason)


@pytest.mark.parametrize(
    "edits",
    [
        {'"2025-07-01"': '"2025-07-01" validUntil: "2025-07-01"'},
        {'"2025-07-01"': '"2025-07-01" validUntil: null'},
        {"source: FORM)": 'source: ORIGINAL) @part(code: "0.000000", agency: "X")'},
        {NAME: f'{NAME} oldIdNumbers @formField(key: "a.b-c_1", label: "Số CMND")'},
        {NAME: f'{NAME} oldIdNumbers @formField(key: "a.b[]", label: "Số CMND")'},
        {"chuSoHuu.hoTen": "nguoiNop.hoTenChu"},
    ],
    ids=[
        "one day long",
        "no end, in so many words",
        "an original that no data confirms",
        "a list of values in one field",
        "a list of values in brackets",
        "a key that begins like another",
    ],
)
def test_what_is_in_order_is_read(edits: dict[str, str], tmp_path: Path) -> None:
    text = SAMPLE
    for old, new in edits.items():
        assert 1 == text.count(old)
        text = text.replace(old, new)

    assert "1.999998" == written(tmp_path, text).code
