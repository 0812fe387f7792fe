"""The sentences of refused tokens, proofs and certificates, in two languages."""

from collections.abc import Mapping

OF_TOKENS: Mapping[str, tuple[str, str]] = {
    "token-required": (
        "Yêu cầu chưa có mã truy cập. Hãy gửi tiêu đề `Authorization: Bearer …`.",
        "The request carries no token. Send the header `Authorization: Bearer …`.",
    ),
    "scheme-unknown": (
        "Tiêu đề `Authorization` phải theo dạng `DPoP …` hoặc `Bearer …`.",
        "The `Authorization` header must be of the form `DPoP …` or `Bearer …`.",
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
        (
            "Mã truy cập phải gắn với khóa (DPoP) hoặc chứng thư (mTLS): ở môi trường chính thức, "
            "và luôn luôn khi hệ thống tự ký mã của mình."
        ),
        (
            "The token must be bound to a key (DPoP) or a certificate (mTLS): in production, and "
            "always when a consumer signs its own."
        ),
    ),
    "token-in-url": (
        (
            "Mã truy cập nằm trong địa chỉ (URL), nơi mọi nhật ký đều đọc được. Hãy hủy mã này và "
            "gửi mã mới trong tiêu đề `Authorization`."
        ),
        (
            "A token stood in the URL, where every log can read it. Give it up, and send a new one "
            "in the `Authorization` header."
        ),
    ),
    "token-binding-unknown": (
        "Mã truy cập gắn với người gửi theo cách không được hỗ trợ; dùng `jkt` hoặc `x5t#S256`.",
        "The token is bound in a way unknown here; use `jkt` (DPoP) or `x5t#S256` (mTLS).",
    ),
    "token-not-bound-by-dpop": (
        (
            "Mã truy cập không gắn với khóa DPoP nào. Hãy xin mã kèm bằng chứng DPoP, hoặc gửi mã "
            "này theo dạng `Bearer …`."
        ),
        (
            "The token is bound to no DPoP key. Obtain one with a DPoP proof, or send this one as "
            "`Bearer …`."
        ),
    ),
    "token-certificate": (
        (
            "Mã truy cập gắn với một chứng thư; kết nối này không trình chứng thư, hoặc trình "
            "chứng thư khác."
        ),
        ("The token is bound to a client certificate; this connection shows none, or another one."),
    ),
    "token-issuer-not-the-consumers": (
        "Đơn vị phát hành này không được cấp mã truy cập cho hệ thống nêu trong mã.",
        "This issuer may not issue tokens for the consumer that the token names.",
    ),
    "token-lives-too-long": (
        "Mã truy cập do hệ thống tự ký chỉ được có hiệu lực tối đa {limit} giây.",
        "A token that a consumer signs itself may live {limit} seconds at most.",
    ),
    "token-revoked": (
        "Mã truy cập, khóa hoặc hệ thống này đã bị thu hồi. Hãy liên hệ đơn vị vận hành cổng.",
        "This token, its key or its consumer has been revoked. Ask the gateway's operator.",
    ),
    "dpop-required": (
        "Mã truy cập gắn với khóa: mỗi yêu cầu phải kèm tiêu đề `DPoP` do khóa đó ký.",
        "The token is bound to a key: each request needs a `DPoP` header signed by that key.",
    ),
    "dpop-repeated": (
        "Yêu cầu có nhiều tiêu đề `DPoP`; chỉ gửi một.",
        "The request has several `DPoP` headers; send one.",
    ),
    "dpop-malformed": (
        "Bằng chứng DPoP không đúng dạng JWT, hoặc phần đầu có nội dung không được chấp nhận.",
        "The DPoP proof is not a well-formed JWT, or its header has content not accepted.",
    ),
    "dpop-type": (
        "Bằng chứng DPoP phải thuộc loại `dpop+jwt`.",
        "The DPoP proof must be of the type `dpop+jwt`.",
    ),
    "dpop-algorithm": (
        "Thuật toán ký của bằng chứng DPoP không được chấp nhận; dùng ES256, PS256 hoặc Ed25519.",
        "The DPoP proof's algorithm is not accepted; use ES256, PS256 or Ed25519.",
    ),
    "dpop-key": (
        "Bằng chứng DPoP phải nêu ở `jwk` đúng khóa công khai của thuật toán, không kèm bí mật.",
        "The DPoP proof must show in `jwk` the public key of its algorithm, and no secret.",
    ),
    "dpop-other-key": (
        "Khóa của bằng chứng DPoP không phải khóa mà mã truy cập gắn với.",
        "The key of the DPoP proof is not the one the token is bound to.",
    ),
    "dpop-signature": (
        "Chữ ký của bằng chứng DPoP không đúng.",
        "The DPoP proof's signature is wrong.",
    ),
    "dpop-claims": (
        "Bằng chứng DPoP thiếu hoặc sai `jti`, `htm`, `htu`, `iat` hoặc `ath`.",
        "The DPoP proof lacks `jti`, `htm`, `htu`, `iat` or `ath`, or has a malformed one.",
    ),
    "dpop-method": (
        "`htm` của bằng chứng DPoP khác phương thức HTTP của yêu cầu.",
        "The `htm` of the DPoP proof is not the request's HTTP method.",
    ),
    "dpop-url": (
        (
            "`htu` của bằng chứng DPoP khác địa chỉ công khai của yêu cầu; địa chỉ gốc nằm ở "
            "`resource` của `/.well-known/oauth-protected-resource`."
        ),
        (
            "The `htu` of the DPoP proof is not the request's public URL; its beginning is the "
            "`resource` of `/.well-known/oauth-protected-resource`."
        ),
    ),
    "dpop-token": (
        "`ath` của bằng chứng DPoP không phải giá trị băm SHA-256 của mã truy cập.",
        "The `ath` of the DPoP proof is not the SHA-256 of the token.",
    ),
    "dpop-time": (
        "Bằng chứng DPoP quá cũ hoặc ở tương lai; hãy ký mới và kiểm tra đồng hồ.",
        "The DPoP proof is too old or of the future; sign a new one and check the clock.",
    ),
    "dpop-nonce": (
        "Hãy ký lại bằng chứng DPoP với `nonce` lấy từ tiêu đề `DPoP-Nonce` của trả lời này.",
        "Sign the DPoP proof again with the `nonce` of this answer's `DPoP-Nonce` header.",
    ),
    "dpop-replayed": (
        "Bằng chứng DPoP đã được dùng; mỗi yêu cầu cần một bằng chứng mới với `jti` mới.",
        "The DPoP proof has been used; each request needs a new one with a new `jti`.",
    ),
    "issuer-unavailable": (
        "Không liên lạc được với đơn vị phát hành mã truy cập. Hãy thử lại.",
        "The token's issuer cannot be reached. Try again.",
    ),
}
