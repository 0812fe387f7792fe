"""The keys of receipts, as `lienthong log export` and `lienthong log rotate` handle them."""

from pathlib import Path

from audit.key_files import KeyUnusableError
from audit.receipt_keys import jwks, read_receipt_keys, rotate_receipt_keys
from gateway.cli.ends import REFUSED, stop
from gateway.receipting import receipts_folder

_NONE_YET = (
    "Chưa có khóa biên nhận nào để thay (thư mục {folder}); cổng kết nối tự tạo khi khởi động."
)
_UNUSABLE = (
    "Khóa của biên nhận (thư mục {folder}) không dùng được. Hãy kiểm tra quyền: chỉ chủ của tệp "
    "được đọc (600), và thư mục ghi được."
)
_ROTATED = (
    "Khóa biên nhận {kid} sẽ ký trong vài giây nữa. Khóa cũ đã hủy; nửa công khai của nó vẫn ở "
    "/.well-known/jwks.json, để biên nhận cũ còn kiểm tra được."
)


def public_keys(keys_dir: Path) -> str | None:
    """Give the public keys (RFC 7517), where a gateway has made any."""
    folder = receipts_folder(keys_dir)
    try:
        keys = read_receipt_keys(folder)
    except (KeyUnusableError, OSError):
        stop(_UNUSABLE.format(folder=folder), REFUSED)
    return jwks(keys) if keys else None


def rotate(keys_dir: Path) -> None:
    """Make the key that signs from now on, and say what became of the one before."""
    folder = receipts_folder(keys_dir)
    if public_keys(keys_dir) is None:
        stop(_NONE_YET.format(folder=folder), REFUSED)
    try:
        made = rotate_receipt_keys(folder)
    except (KeyUnusableError, OSError):
        stop(_UNUSABLE.format(folder=folder), REFUSED)
    print(_ROTATED.format(kid=made.kid))
