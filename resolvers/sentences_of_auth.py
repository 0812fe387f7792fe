"""The sentences of the reasons that the room `auth` gives (auth/refusal.py), in two languages."""

from collections.abc import Mapping

OF_AUTH: Mapping[str, tuple[str, str]] = {
    "token-required": (
        "Yêu cầu chưa có mã truy cập. Hãy gửi tiêu đề `Authorization: Bearer …`.",
        "The request carries no token. Send the header `Authorization: Bearer …`.",
    ),
    "scheme-not-bearer": (
        "Tiêu đề `Authorization` phải theo dạng `Bearer …`.",
        "The `Authorization` header must be of the form `Bearer …`.",
    ),
    "token-malformed": (
        "Mã truy cập không đúng dạng JWT. Hãy xin mã mới.",
        "The token is not a well-formed JWT. Obtain a new one.",
    ),
    "token-too-large": (
        "Mã truy cập dài quá {limit} byte.",
        "The token is longer than {limit} bytes.",
    ),
    "token-type": (
        "Mã truy cập không thuộc loại `at+jwt` (RFC 9068).",
        "The token is not of the type `at+jwt` (RFC 9068).",
    ),
    "token-algorithm": (
        "Thuật toán ký của mã truy cập không được chấp nhận; dùng ES256, PS256 hoặc Ed25519.",
        "The token's algorithm is not accepted; use ES256, PS256 or Ed25519.",
    ),
    "token-header": (
        "Phần đầu của mã truy cập có nội dung không được chấp nhận.",
        "The token's header has content that is not accepted.",
    ),
    "token-issuer-unknown": (
        "Đơn vị phát hành mã truy cập không được tin cậy ở đây.",
        "The token's issuer is not trusted here.",
    ),
    "token-key-unknown": (
        "Không có khóa nào của đơn vị phát hành phù hợp với mã truy cập.",
        "No key of the issuer fits the token.",
    ),
    "token-signature": (
        "Chữ ký của mã truy cập không đúng.",
        "The token's signature is wrong.",
    ),
    "token-claims": (
        "Mã truy cập thiếu hoặc sai nội dung bắt buộc (RFC 9068).",
        "The token lacks a required claim or has a malformed one (RFC 9068).",
    ),
    "token-audience": (
        "Mã truy cập được cấp cho hệ thống khác.",
        "The token was issued for another system.",
    ),
    "token-expired": (
        "Mã truy cập đã hết hạn. Hãy xin mã mới.",
        "The token has expired. Obtain a new one.",
    ),
    "token-not-yet-valid": (
        "Mã truy cập chưa có hiệu lực; hãy kiểm tra đồng hồ của hai hệ thống.",
        "The token is not valid yet; check the clocks of both sides.",
    ),
    "token-bound-as-bearer": (
        "Mã truy cập gắn với khóa của người gửi, không dùng được như `Bearer`.",
        "The token is bound to its sender's key and cannot be used as a plain bearer.",
    ),
    "sender-constraint-required": (
        "Ở môi trường chính thức, mã truy cập phải gắn với khóa (DPoP) hoặc chứng thư (mTLS).",
        "In production a token must be bound to a key (DPoP) or a certificate (mTLS).",
    ),
    "issuer-unavailable": (
        "Không liên lạc được với đơn vị phát hành mã truy cập. Hãy thử lại.",
        "The token's issuer cannot be reached. Try again.",
    ),
    "procedure-unknown": (
        "Không có thủ tục {procedure} trong danh mục. Hãy tra mã đúng bằng `procedures`.",
        "There is no procedure {procedure} in the catalogue. Look it up with `procedures`.",
    ),
    "procedure-not-yet-in-force": (
        "Thủ tục {procedure} chỉ có hiệu lực từ ngày {valid_from}.",
        "The procedure {procedure} is in force from {valid_from}.",
    ),
    "procedure-retired": (
        "Thủ tục {procedure} hết hiệu lực sau ngày {valid_until}.",
        "The procedure {procedure} ended on {valid_until}.",
    ),
    "procedure-replaced": (
        (
            "Thủ tục {procedure} hết hiệu lực sau ngày {valid_until}, nay thay bằng {successor}. "
            "Với hồ sơ mở trước đó, gửi kèm `openedOn`."
        ),
        (
            "The procedure {procedure} ended on {valid_until}; it is now {successor}. For a "
            "dossier opened before that, send `openedOn`."
        ),
    ),
    "procedure-malformed": (
        "Mã thủ tục không đúng dạng, ví dụ `1.004222`.",
        "The procedure code is malformed; an example is `1.004222`.",
    ),
    "dossier-required": (
        "Cần mã hồ sơ (`dossier.code`) hoặc mã bản nháp (`dossier.draft`).",
        "A dossier code (`dossier.code`) or a draft id (`dossier.draft`) is needed.",
    ),
    "opened-in-the-future": (
        "Ngày mở hồ sơ ({opened_on}) chưa đến.",
        "The dossier's opening day ({opened_on}) lies in the future.",
    ),
    "consent-required": (
        "Khi căn cứ là sự đồng ý của chủ thể dữ liệu, phải gửi kèm `consent`.",
        "When consent is the legal basis, `consent` is needed.",
    ),
    "agency-malformed": (
        "Mã cơ quan ở `{field}` không đúng dạng, ví dụ `H26.12`.",
        "The agency code in `{field}` is malformed; an example is `H26.12`.",
    ),
    "scope-missing": (
        "Mã truy cập không có phạm vi `{scope}`.",
        "The token lacks the scope `{scope}`.",
    ),
    "scope-not-granted": (
        "Phạm vi `{scope}` không nằm trong quyền khai thác đã cấp.",
        "The scope `{scope}` is not part of the grant.",
    ),
    "grants-expired": (
        "Danh mục quyền khai thác đã hết hạn ({expires}).",
        "The grants have expired ({expires}).",
    ),
    "consumer-without-grant": (
        "Hệ thống {consumer} chưa được cấp quyền khai thác.",
        "{consumer} has no grant.",
    ),
    "procedure-not-granted": (
        "Hệ thống {consumer} chưa được cấp quyền cho thủ tục {procedure}.",
        "{consumer} has no grant for the procedure {procedure}.",
    ),
    "grant-not-in-force": (
        (
            "Quyền của {consumer} cho thủ tục {procedure} chỉ có hiệu lực từ {valid_from} đến "
            "{valid_until}."
        ),
        "The grant of {consumer} for {procedure} is in force from {valid_from} to {valid_until}.",
    ),
    "attestation-required": (
        "Quyền khai thác này yêu cầu hồ sơ có chứng thực (ATTESTED); yêu cầu gửi đến chưa có.",
        "The grant needs an attested dossier (ATTESTED); the request has none.",
    ),
    "agency-not-yours": (
        "Hệ thống gửi yêu cầu không được nhân danh cơ quan {agency}.",
        "The consumer does not speak for the agency {agency}.",
    ),
    "unit-not-yours": (
        "Đơn vị {agency} của cán bộ không thuộc các cơ quan mà hệ thống được nhân danh.",
        "The officer's unit {agency} does not belong to the consumer's agencies.",
    ),
    "actor-contradicts-token": (
        "`{field}` khác với thông tin về người thao tác trong mã truy cập.",
        "`{field}` contradicts what the token says about the actor.",
    ),
    "officer-without-number": (
        "Cán bộ thao tác chưa có số định danh cá nhân; Cơ sở dữ liệu dân cư sẽ từ chối.",
        "The officer has no personal id on file; the population registry would refuse.",
    ),
    "officer-not-in-token": (
        "Cán bộ thao tác phải do mã truy cập nêu, không do yêu cầu tự khai.",
        "The officer must be named by the token, not by the request.",
    ),
    "no-accountable-officer": (
        "Quyền khai thác không nêu cán bộ chịu trách nhiệm của cơ quan {agency}.",
        "The grant names no accountable officer for the agency {agency}.",
    ),
    "self-access-needs-a-citizen": (
        "Chỉ công dân dùng mã truy cập của chính mình mới xem được thông tin của mình.",
        "Only a citizen's own token opens the own record.",
    ),
    "subject-is-another": (
        "Công dân chỉ tra cứu được thông tin của chính mình.",
        "A citizen may ask only about the own person.",
    ),
    "path-outside-procedure": (
        (
            "Thủ tục không cho phép khai thác: {paths}. Xem `/documents` của thủ tục để biết các "
            "trường được phép."
        ),
        "The procedure does not grant: {paths}. Its document lists the fields it does.",
    ),
    "path-of-another-role": (
        "Các trường này chỉ được phép với vai trò khác ({roles}), không với: {paths}.",
        "Granted to another role ({roles}), not here: {paths}.",
    ),
}
