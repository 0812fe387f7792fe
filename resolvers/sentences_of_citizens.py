"""The sentences of what a citizen's own token may not ask (auth/citizen.py), in two languages."""

from collections.abc import Mapping

OF_CITIZENS: Mapping[str, tuple[str, str]] = {
    "self-access-needs-an-issuer": (
        (
            "Công dân xem thông tin của mình bằng mã truy cập do đơn vị định danh phát hành, không "
            "bằng mã do cổng tự ký."
        ),
        (
            "The own record opens to a token of an identity issuer, not to one that the portal "
            "signed itself."
        ),
    ),
    "subject-by-old-number": (
        "Công dân tra cứu bằng số định danh cá nhân 12 số, không bằng số CMND cũ.",
        "A citizen's token asks by the personal id of 12 digits, not by an old number.",
    ),
    "business-by-code": (
        (
            "Công dân không tra cứu doanh nghiệp theo mã số; doanh nghiệp của mình nằm ở "
            "`businesses` của chính mình."
        ),
        (
            "A citizen's token does not ask for an enterprise by its code; the own enterprises "
            "are the own person's `businesses`."
        ),
    ),
    "land-not-claimed-as-own": (
        (
            "Công dân chỉ tra cứu được đất do chính mình đứng tên: `holder` phải là vai trò của "
            "chính mình."
        ),
        "A citizen's token asks only for land of the own: `holder` must name the own role.",
    ),
    "child-of-age": (
        "Vai trò này chỉ dành cho con chưa đủ 18 tuổi; người đã đủ 18 tuổi tự đăng nhập.",
        "This role is for a child under 18; who is of age logs in with the own account.",
    ),
    "child-not-in-household": (
        (
            "Hộ gia đình của bạn không ghi nhận người này là con chưa thành niên. Hãy nộp tại Bộ "
            "phận Một cửa, kèm giấy khai sinh."
        ),
        (
            "Your household does not list this person as your minor child. Go to a one-stop "
            "counter with the birth certificate."
        ),
    ),
    "citizen-claims-missing": (
        (
            "Mã truy cập của công dân thiếu: {claims}. Hãy đăng nhập lại bằng tài khoản định danh "
            "có đủ họ tên và ngày sinh."
        ),
        "The citizen's token lacks: {claims}. Log in again so that the issuer includes them.",
    ),
    "household-unavailable": (
        "Cơ sở dữ liệu dân cư chưa trả lời nên chưa xác nhận được con trong hộ. Hãy thử lại.",
        "The child cannot be confirmed while the population registry is silent. Try again.",
    ),
}
