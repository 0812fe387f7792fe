"""The sentences of the reasons that the room `auth` gives (auth/refusal.py), in two languages."""

from collections.abc import Mapping

from resolvers.sentences_of_citizens import OF_CITIZENS
from resolvers.sentences_of_guards import OF_GUARDS
from resolvers.sentences_of_tokens import OF_TOKENS

OF_AUTH: Mapping[str, tuple[str, str]] = {
    **OF_CITIZENS,
    **OF_GUARDS,
    **OF_TOKENS,
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
    "path-of-another-part": (
        (
            "Quyền khai thác không gồm thủ tục thành phần có các trường này: {paths}. Hãy bỏ các "
            "trường đó, hoặc chỉ hỏi phần được cấp bằng `only`."
        ),
        (
            "The grant does not include the part of the procedure that has: {paths}. Leave them "
            "out, or ask with `only` for what is granted."
        ),
    ),
    "field-without-policy": (
        "Chưa có quy định ai được đọc: {paths}. Hãy bỏ trường này và báo đơn vị vận hành.",
        "No policy says who may read: {paths}. Leave it out, and tell the operator.",
    ),
    "introspection-needs-developer": (
        (
            "Chỉ mã truy cập có phạm vi `{scope}` được đọc lược đồ (`__schema`, `__type`); lược đồ "
            "cũng có trong tệp schema.graphql."
        ),
        (
            "Reading the schema (`__schema`, `__type`) needs a token with the scope `{scope}`; the "
            "file schema.graphql has it too."
        ),
    ),
    "developer-reads-nobody": (
        (
            "Mã truy cập có phạm vi `developer` chỉ đọc danh mục và chạy thử (`prefill` với "
            "`dryRun: true`), không đọc `{field}`. Hãy dùng mã có `{scope}` mà không có "
            "`developer`."
        ),
        (
            "A token with the scope `developer` reads the catalogue and `prefill` with "
            "`dryRun: true`, not `{field}`. Use one with `{scope}` and without `developer`."
        ),
    ),
}
