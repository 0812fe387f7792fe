"""Every reason for which the graph says no, and the sentences of all rooms, in two languages.

A rule is a stable word. Its sentence names what is wrong and the way out; its facts are names of
arguments, roles, fields and rules, never a value.
"""

from collections.abc import Mapping

from auth.refusal import Refused
from resolvers.log.refusals import OF_LOG

BAD = 400

RULES: Mapping[str, tuple[str, int, str, str]] = {
    # The envelope: 4xx whatever media type the caller accepts.
    "envelope-content-type": (
        "BAD_INPUT",
        415,
        "Yêu cầu GraphQL phải gửi bằng POST với `Content-Type: application/json`.",
        "A GraphQL request is a POST with `Content-Type: application/json`.",
    ),
    "envelope-encoding": (
        "BAD_INPUT",
        415,
        "Nội dung phải gửi nguyên dạng, không nén (`Content-Encoding: identity`).",
        "The body must not be compressed (`Content-Encoding: identity`).",
    ),
    "envelope-not-acceptable": (
        "BAD_INPUT",
        406,
        "Câu trả lời chỉ có dạng application/graphql-response+json hoặc application/json.",
        "Answers are application/graphql-response+json or application/json only.",
    ),
    "envelope-too-large": (
        "DOCUMENT_TOO_LARGE",
        413,
        "Nội dung yêu cầu vượt {limit} byte. Hãy chia thành nhiều yêu cầu.",
        "The body exceeds {limit} bytes. Split the request.",
    ),
    "envelope-slow": (
        "BAD_INPUT",
        408,
        "Nội dung yêu cầu không đến đủ trong {limit} giây. Hãy gửi lại.",
        "The body did not arrive within {limit} seconds. Send it again.",
    ),
    "envelope-json": (
        "BAD_INPUT",
        400,
        "Nội dung yêu cầu không phải JSON hợp lệ (UTF-8).",
        "The body is not valid JSON (UTF-8).",
    ),
    "envelope-batch": (
        "BAD_INPUT",
        400,
        "Mỗi yêu cầu chỉ có một thao tác; không nhận danh sách.",
        "A request holds one operation; lists are not accepted.",
    ),
    "envelope-shape": (
        "BAD_INPUT",
        400,
        (
            "Trường `{field}` của yêu cầu thiếu hoặc sai kiểu: `query` là chuỗi, `variables` là "
            "đối tượng, `operationName` là chuỗi."
        ),
        (
            "The request field `{field}` is missing or of the wrong type: `query` is text, "
            "`variables` an object, `operationName` text."
        ),
    ),
    "overloaded": (
        "OVERLOADED",
        503,
        "Hệ thống đang quá tải. Xin thử lại sau vài giây.",
        "The gateway is overloaded. Try again in a few seconds.",
    ),
    # The document.
    "document-syntax": (
        "BAD_INPUT",
        BAD,
        "Tài liệu GraphQL sai cú pháp tại dòng {line}, cột {column}.",
        "The GraphQL document has a syntax error at line {line}, column {column}.",
    ),
    "document-invalid": (
        "BAD_INPUT",
        BAD,
        "Tài liệu không hợp với lược đồ ({broken}) tại dòng {line}, cột {column}: {detail}.",
        (
            "The document does not fit the schema ({broken}) at line {line}, column {column}: "
            "{detail}."
        ),
    ),
    "document-too-large": (
        "DOCUMENT_TOO_LARGE",
        BAD,
        "Tài liệu vượt giới hạn {what}: tối đa {limit}. Hãy chia thành nhiều yêu cầu.",
        "The document exceeds the limit of {what}: at most {limit}. Split it into several.",
    ),
    "operation-missing": (
        "BAD_INPUT",
        BAD,
        "Không rõ thao tác nào được yêu cầu; tài liệu có: {names}. Hãy gửi `operationName`.",
        (
            "It is not clear which operation is meant; the document has: {names}. Send "
            "`operationName`."
        ),
    ),
    "not-a-query": (
        "BAD_INPUT",
        BAD,
        "Lược đồ chỉ có truy vấn (query); không có thay đổi hay đăng ký theo dõi.",
        "The schema has queries only; there are no mutations or subscriptions.",
    ),
    "personal-literal": (
        "PERSONAL_LITERAL",
        BAD,
        (
            "Giá trị cá nhân ở `{argument}` (dòng {line}) phải gửi qua biến, không viết trong tài "
            "liệu. Hãy khai báo một biến và đặt giá trị vào `variables`."
        ),
        (
            "The personal value of `{argument}` (line {line}) must be sent as a variable, not "
            "written in the document. Declare a variable and put the value into `variables`."
        ),
    ),
    "two-dossiers": (
        "BAD_INPUT",
        BAD,
        (
            "Mỗi thao tác chỉ có một `dossier` hoặc một `me` (kể cả bí danh và mảnh ghép): một "
            "mục đích, một biên nhận. Hãy gửi hai yêu cầu."
        ),
        (
            "An operation has one `dossier` or one `me` (aliases and fragments counted): one "
            "purpose, one receipt. Send two requests."
        ),
    ),
    "role-not-literal": (
        "BAD_INPUT",
        BAD,
        "Đối số `role` của `{field}` phải viết thẳng trong tài liệu, không qua biến.",
        "The argument `role` of `{field}` must be written in the document, not as a variable.",
    ),
    # The variables, and the arguments that hold them.
    "variable-invalid": ("BAD_INPUT", BAD, "Biến {vi}", "Variable {en}"),
    "argument-invalid": ("BAD_INPUT", BAD, "Đối số {vi}", "Argument {en}"),
    # The subjects.
    "role-unknown": (
        "BAD_INPUT",
        BAD,
        "Thủ tục {procedure} không có vai trò `{role}`; các vai trò: {roles}.",
        "The procedure {procedure} has no role `{role}`; its roles are: {roles}.",
    ),
    "role-of-another-kind": (
        "BAD_INPUT",
        BAD,
        "Vai trò `{role}` nhận khóa loại `{kind}`, không phải `{given}`.",
        "The role `{role}` takes a key of the kind `{kind}`, not `{given}`.",
    ),
    "role-required": (
        "BAD_INPUT",
        BAD,
        "Thiếu vai trò bắt buộc `{role}` ({label}). Hãy thêm vào `subjects`.",
        "The required role `{role}` ({label}) is missing. Add it to `subjects`.",
    ),
    "role-given-twice": (
        "BAD_INPUT",
        BAD,
        "Vai trò `{role}` chỉ có một người; `subjects` gửi nhiều hơn.",
        "The role `{role}` has one subject; `subjects` gives more.",
    ),
    "role-not-declarable": (
        "BAD_INPUT",
        BAD,
        "Vai trò `{role}` phải có khóa tra cứu; thủ tục không cho khai báo thay.",
        "The role `{role}` needs a key; the procedure does not let it be declared.",
    ),
    "too-many-subjects": (
        "BAD_INPUT",
        BAD,
        "`{argument}` nhận tối đa {limit} đối tượng một lần. Hãy chia thành nhiều yêu cầu.",
        "`{argument}` takes at most {limit} subjects at once. Split the request.",
    ),
    "owner-name-required": (
        "BAD_INPUT",
        BAD,
        "Mã 12 số của hộ kinh doanh là số định danh của chủ hộ: cần `ownerName`.",
        (
            "The 12-digit code of a household business is its owner's personal id: `ownerName` is "
            "needed."
        ),
    ),
    "holder-unknown": (
        "BAD_INPUT",
        BAD,
        "`holder` của vai trò `{role}` nêu `{holder}`, nhưng yêu cầu không có người ở vai trò đó.",
        (
            "`holder` of the role `{role}` names `{holder}`, but the request has no person in "
            "that role."
        ),
    ),
    "name-malformed": (
        "BAD_INPUT",
        BAD,
        "`{argument}` không phải một họ tên dùng được ({reason}).",
        "`{argument}` is not a usable name ({reason}).",
    ),
    "field-unknown": (
        "BAD_INPUT",
        BAD,
        "Thủ tục {procedure} không có trường `{key}` ở vai trò `{role}`.",
        "The procedure {procedure} has no field `{key}` for the role `{role}`.",
    ),
    "only-unknown": (
        "BAD_INPUT",
        BAD,
        "`only` nêu `{key}`, thủ tục {procedure} không có trường hay vai trò đó.",
        "`only` names `{key}`, which is no field or role of the procedure {procedure}.",
    ),
    "form-unknown": (
        "BAD_INPUT",
        BAD,
        "Không có biểu mẫu `{form}` cho thủ tục {procedure}. Có: {forms}.",
        "There is no form `{form}` for the procedure {procedure}. There are: {forms}.",
    ),
    "text-too-long": (
        "BAD_INPUT",
        BAD,
        "`{argument}` dài quá {limit} ký tự.",
        "`{argument}` is longer than {limit} characters.",
    ),
    "text-malformed": (
        "BAD_INPUT",
        BAD,
        "`{argument}` chứa ký tự mà không văn bản nào có ({reason}).",
        "`{argument}` holds a character that no text has ({reason}).",
    ),
    "seal-without-value": (
        "BAD_INPUT",
        BAD,
        "`{argument}` có `sealed` nhưng thiếu `value`: hãy gửi cả hai như `prefill` đã đưa.",
        "`{argument}` has `sealed` without a `value`: send both as `prefill` gave them.",
    ),
    "claim-repeated": (
        "BAD_INPUT",
        BAD,
        "Trường `{key}` của vai trò `{role}` nhận tối đa {limit} khai báo trong một yêu cầu.",
        "The field `{key}` of the role `{role}` takes at most {limit} claims in one request.",
    ),
    "claims-missing": (
        "BAD_INPUT",
        BAD,
        "`claims` phải có ít nhất một và nhiều nhất {limit} khai báo.",
        "`claims` takes at least one claim and at most {limit}.",
    ),
    # The house.
    "access-log-unavailable": (
        "ACCESS_LOG_UNAVAILABLE",
        503,
        (
            "Nhật ký truy cập tạm thời không ghi được, nên không dữ liệu nào được đưa ra. Xin thử "
            "lại sau ít phút."
        ),
        (
            "The access log cannot be written for the moment, so no data is given. Try again in a "
            "few minutes."
        ),
    ),
    "internal": (
        "INTERNAL",
        500,
        "Hệ thống gặp lỗi; không dữ liệu nào được đưa ra. Hãy báo mã yêu cầu cho đơn vị vận hành.",
        "The gateway failed; no data is given. Report the request id to the operator.",
    ),
    **OF_LOG,
}
"""rule -> code, HTTP status, Vietnamese, English."""


def refuse(rule: str, **facts: object) -> Refused:
    """Say no by a *rule* of this table."""
    code, status, _, _ = RULES[rule]
    return Refused(code=code, rule=rule, facts={k: str(v) for k, v in facts.items()}, status=status)
