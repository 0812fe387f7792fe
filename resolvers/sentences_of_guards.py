"""The sentences of auth's quotas, attempts, dossiers and attestations, in two languages."""

from collections.abc import Mapping

OF_GUARDS: Mapping[str, tuple[str, str]] = {
    # Who reads the access log (auditor.py).
    "log-needs-an-issuer": (
        (
            "Nhật ký truy cập chỉ mở bằng mã truy cập do đơn vị định danh phát hành, không bằng mã "
            "do hệ thống tự ký."
        ),
        (
            "The access log opens to a token of an identity issuer, not to one that the consumer "
            "signed itself."
        ),
    ),
    # What all replicas count and remember together.
    "guard-unavailable": (
        (
            "Kho đếm dùng chung tạm thời không trả lời, nên không dữ liệu nào được đưa ra. Xin thử "
            "lại sau ít giây."
        ),
        (
            "The shared store of limits does not answer, so no data is given. Try again in a few "
            "seconds."
        ),
    ),
    "quota-of-requests": (
        "Hệ thống đã gửi đủ {limit} yêu cầu trong {window} giây. Hãy chờ rồi gửi lại.",
        "The consumer has sent its {limit} requests in {window} seconds. Wait, then send it again.",
    ),
    "quota-of-subjects": (
        (
            "Đã tra cứu đủ {limit} đối tượng khác nhau trong {window} giây. Hãy chờ rồi gửi lại; "
            "đối tượng vừa hỏi thì vẫn hỏi lại được."
        ),
        (
            "The limit of {limit} different subjects in {window} seconds is reached. Wait, then "
            "send it again; subjects asked about just now may be asked about again."
        ),
    ),
    "attempts-exceeded": (
        (
            "Đã sai quá số lần cho phép với một số định danh. Thử lại sau {seconds} giây, hoặc đề "
            "nghị công dân xuất trình giấy tờ."
        ),
        (
            "Too many attempts on one number have failed. Try again in {seconds} seconds, or ask "
            "for the paper."
        ),
    ),
    "subject-of-another-dossier": (
        (
            "Hồ sơ này đã gắn với đối tượng khác ở vai trò `{role}`. Với đối tượng mới, hãy dùng "
            "mã hồ sơ hoặc mã bản nháp mới."
        ),
        (
            "This dossier is bound to another subject in the role `{role}`. For a new subject use "
            "a new dossier code or draft id."
        ),
    ),
    "dossier-of-another-procedure": (
        "Hồ sơ này đã gắn với thủ tục khác. Hãy dùng mã hồ sơ hoặc mã bản nháp mới.",
        "This dossier is bound to another procedure. Use a new dossier code or draft id.",
    ),
    "draft-of-another-dossier": (
        (
            "Mã hồ sơ và mã bản nháp thuộc hai hồ sơ khác nhau. Hãy chỉ gửi mã hồ sơ, hoặc dùng mã "
            "bản nháp mới."
        ),
        (
            "Dossier code and draft id belong to two different dossiers. Send the code alone, or "
            "use a new draft id."
        ),
    ),
    "subject-not-attested": (
        (
            "Bản xác nhận hồ sơ không có đối tượng này ở vai trò `{role}`. Hãy ký lại bản xác nhận "
            "với đủ các đối tượng."
        ),
        (
            "The attestation does not name this subject in the role `{role}`. Sign it again with "
            "all subjects."
        ),
    ),
    "attestation-missing": (
        "Quyền khai thác yêu cầu bản xác nhận hồ sơ. Hãy gửi `dossier.attestation`.",
        "The grant asks for an attestation of the dossier. Send `dossier.attestation`.",
    ),
    "attestation-malformed": (
        (
            "Bản xác nhận hồ sơ không phải JWS dạng rút gọn loại `lienthong-dossier+jwt`, hoặc dài "
            "quá 8192 byte."
        ),
        (
            "The attestation is no compact JWS of the type `lienthong-dossier+jwt`, or is longer "
            "than 8192 bytes."
        ),
    ),
    "attestation-key-unknown": (
        (
            "Quyền khai thác không có khóa mà bản xác nhận nêu (`kid`, `alg`). Hãy ký bằng khóa đã "
            "đăng ký."
        ),
        (
            "The grant has no key such as the attestation names (`kid`, `alg`). Sign with a key "
            "that is registered."
        ),
    ),
    "attestation-signature": (
        "Chữ ký của bản xác nhận hồ sơ không đúng. Hãy ký lại bằng khóa đã đăng ký.",
        "The attestation's signature is wrong. Sign it again with the registered key.",
    ),
    "attestation-claims": (
        (
            "Bản xác nhận hồ sơ thiếu, thừa hoặc sai nội dung, hoặc được lập cho hệ thống khác. "
            "Xem docs/attestation.md."
        ),
        (
            "The attestation lacks a claim, has one too many or a malformed one, or was made for "
            "another system. See docs/attestation.md."
        ),
    ),
    "attestation-expired": (
        "Bản xác nhận hồ sơ đã hết hạn. Hãy ký bản mới.",
        "The attestation has expired. Sign a new one.",
    ),
    "attestation-untimely": (
        (
            "Bản xác nhận hồ sơ ghi thời điểm trong tương lai hoặc có hạn quá 24 giờ. Hãy kiểm tra "
            "đồng hồ và ký bản mới."
        ),
        (
            "The attestation was signed in the future, or lives longer than 24 hours. Check the "
            "clock and sign a new one."
        ),
    ),
    "attestation-of-another-dossier": (
        (
            "Bản xác nhận được lập cho hồ sơ hoặc thủ tục khác. Hãy ký bản mới cho đúng mã hồ sơ "
            "(hoặc mã bản nháp khi chưa có mã)."
        ),
        (
            "The attestation is of another dossier or procedure. Sign one for this dossier code "
            "(or draft id, while there is no code)."
        ),
    ),
    "attestation-opened-otherwise": (
        "Ngày mở hồ sơ trong bản xác nhận khác với `openedOn`, hoặc chưa đến.",
        "The attestation's opening day differs from `openedOn`, or lies in the future.",
    ),
}
