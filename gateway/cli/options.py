"""The options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.words import Language

WHO, HOW = "Chủ thể của hồ sơ", "Hỏi ai, trả lời thế nào"

Code = Annotated[str, typer.Argument(help="Mã thủ tục, ví dụ 1.004222.")]
Person = Annotated[
    str | None,
    typer.Option(help="Người giả định ở vai trò đầu tiên bắt buộc.", rich_help_panel=WHO),
]
Owner = Annotated[
    str | None, typer.Option(help="Như --role owner=TÊN.", metavar="TÊN", rich_help_panel=WHO)
]
Home = Annotated[
    list[str] | None,
    typer.Option(help="Như --parcel home=…", metavar="XÃ/TỜ/THỬA", rich_help_panel=WHO),
]
Roles = Annotated[
    list[str] | None,
    typer.Option(
        "--role", help="Người giả định ở vai trò khác.", metavar="VAI=TÊN", rich_help_panel=WHO
    ),
]
Parcels = Annotated[
    list[str] | None,
    typer.Option(
        "--parcel",
        help="Thửa đất; người sử dụng đất là mọi người trong hồ sơ, hoặc :VAI,VAI ở cuối; mã xã "
        "theo ngày cũ: XÃ@2014-09-15.",
        metavar="VAI=XÃ/TỜ/THỬA",
        rich_help_panel=WHO,
    ),
]
Certificates = Annotated[
    list[str] | None,
    typer.Option(
        "--certificate",
        help="Giấy chứng nhận, theo số phát hành hoặc số vào sổ.",
        metavar="VAI=SỐ",
        rich_help_panel=WHO,
    ),
]
Businesses = Annotated[
    list[str] | None,
    typer.Option(
        "--business",
        help="Doanh nghiệp, theo mã số 10 chữ số.",
        metavar="VAI=MÃ",
        rich_help_panel=WHO,
    ),
]
Declared = Annotated[
    list[str] | None,
    typer.Option(
        "--declare",
        help="Người không có trong cơ sở dữ liệu: NEWBORN, FOREIGN_NATIONAL, NO_NUMBER, UNKNOWN.",
        metavar="VAI=LÝ DO",
        rich_help_panel=WHO,
    ),
]
Input = Annotated[
    Path | None,
    typer.Option(
        "--input",
        help="Tệp JSON có `subjects` (và `claims`, `purpose`) như biến của truy vấn; - là đầu vào "
        "chuẩn. Dùng cho dữ liệu thật.",
        metavar="TỆP",
        allow_dash=True,
        rich_help_panel=WHO,
    ),
]
Claims = Annotated[
    list[str] | None,
    typer.Option(
        "--claim",
        help="Khai báo của người giả định; @number, @fullName, @birthDate lấy từ chính người đó.",
        metavar="[VAI:]KHÓA=GIÁ TRỊ",
        rich_help_panel=WHO,
    ),
]
Persona = Annotated[
    str, typer.Option("--as", help="Hỏi với tư cách nào (token --list).", rich_help_panel=HOW)
]
TokenFile = Annotated[
    Path | None,
    typer.Option(
        "--token",
        help="Tệp chứa mã truy cập, thay cho --as.",
        metavar="TỆP",
        rich_help_panel=HOW,
    ),
]
Url = Annotated[
    str | None, typer.Option(help="Địa chỉ gateway khác nơi đang chạy.", rich_help_panel=HOW)
]
Directory = Annotated[
    Path, typer.Option("--dir", help="Thư mục của lần chạy.", rich_help_panel=HOW)
]
Speech = Annotated[Language, typer.Option("--lang", help="Ngôn ngữ.", rich_help_panel=HOW)]
AsJson = Annotated[
    bool, typer.Option("--json", help="In nguyên câu trả lời JSON.", rich_help_panel=HOW)
]
DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run", help="Chỉ nói sẽ hỏi nguồn nào và quyền có đủ không.", rich_help_panel=HOW
    ),
]
