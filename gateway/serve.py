"""The serving process: a socket, uvicorn, and an orderly end."""

import asyncio
import errno
import signal
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import uvicorn
import uvloop
from starlette.applications import Starlette

from audit.key_files import KeyUnusableError
from audit.log import AccessLogUnavailable, Trouble
from gateway.app import create_app
from gateway.settings import Settings
from gateway.tls import tls_options
from gateway.watched import SourceUnusableError
from resolvers.agency_names import AgencyNamesInvalidError
from resolvers.forms import FormInvalidError
from resolvers.procedure_document import ProcedureInvalidError

GRACE_S = 15
"""Seconds that requests under way have to finish after a stop; then they are broken off."""

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Ctrl-C, a supervisor, and a terminal that was closed."""


class StartFailedError(Exception):
    """The house could not be opened: why, and the way out."""


class _Server(uvicorn.Server):
    """Tells when it is ready, and takes every signal for an orderly stop, never for a crash.

    At a second Ctrl-C requests are broken off in order: only calls under way are waited for.
    """

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and not self.should_exit:
            self._ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop at a signal; unlike uvicorn's, it is not raised again when all is over."""
        loop = asyncio.get_running_loop()
        # `nohup` asks that the terminal's end be ignored.
        heeded = [each for each in STOPS if signal.getsignal(each) is not signal.SIG_IGN]
        for each in heeded:
            loop.add_signal_handler(each, self.handle_exit, each, None)
        yield


def serve(settings: Settings, taken: socket.socket, ready: Callable[[], None]) -> None:
    """Serve until told to stop; *ready* is called once, when the first request may come.

    Raises StartFailedError when the house cannot be opened.
    """
    try:
        app = create_app(settings)
        server = _Server(_config(app, settings), ready)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_serve(app, server, taken))
    except AccessLogUnavailable as closed:
        raise StartFailedError(_of_log(closed.trouble, settings)) from None
    except (
        ProcedureInvalidError,
        FormInvalidError,
        AgencyNamesInvalidError,
        SourceUnusableError,
        KeyUnusableError,
    ) as invalid:
        raise StartFailedError(str(invalid)) from None
    except ssl.SSLError:
        raise StartFailedError(_TLS_UNUSABLE) from None
    except OSError as error:
        raise StartFailedError(_of_system(error)) from None


async def _serve(app: Starlette, server: uvicorn.Server, taken: socket.socket) -> None:
    """Hold the house open around the server: what fails in opening it reaches us as it is."""
    async with app.router.lifespan_context(app):
        await server.serve(sockets=[taken])


def _config(app: Starlette, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
        h11_max_incomplete_event_size=16 * 1024,
        # Else a header would change who the peer is, whom gateway/presented.py must know.
        proxy_headers=False,
        **tls_options(settings.tls_cert, settings.tls_key, settings.tls_client_ca),
    )


def _of_log(trouble: Trouble, settings: Settings) -> str:
    sentence = _LOG_TROUBLES.get(trouble, _LOG_FAILED).format(replica=settings.replica)
    return f"{sentence} (ACCESS_LOG_UNAVAILABLE, {trouble})"


_LOG_TROUBLES: Mapping[Trouble, str] = {
    Trouble.NAME_TAKEN: (
        "Nhật ký truy cập đang được một tiến trình khác ghi dưới tên {replica}. Hãy dừng tiến "
        "trình đó, chọn thư mục khác bằng --dir, hoặc đặt LIENTHONG_REPLICA khác."
    ),
    Trouble.NOT_DURABLE: (
        "Ổ đĩa của nhật ký truy cập không bảo đảm ghi bền. Hãy đặt LIENTHONG_ACCESS_LOG_URL ở ổ "
        "đĩa của chính máy này, không phải thư mục mạng."
    ),
    Trouble.NOT_MIGRATED: (
        "Cơ sở dữ liệu của nhật ký truy cập chưa ở dạng mà phiên bản này ghi. Hãy chạy `lienthong "
        "log migrate` bằng vai trò sở hữu các bảng, rồi khởi động lại."
    ),
    Trouble.CONTRADICTED: (
        "Nhật ký truy cập chứa nội dung khác dưới mã số của cổng này. Đừng chạy tiếp; hãy giữ "
        "nguyên tệp và báo người phụ trách an toàn thông tin."
    ),
}

_LOG_FAILED = (
    "Không mở được nhật ký truy cập, nên không có dữ liệu nào được cung cấp. Hãy kiểm tra "
    "LIENTHONG_ACCESS_LOG_URL: thư mục có tồn tại, ghi được và còn chỗ không."
)

_TLS_UNUSABLE = (
    "Chứng thư hoặc khóa TLS không dùng được. Hãy kiểm tra LIENTHONG_TLS_CERT và "
    "LIENTHONG_TLS_KEY: hai tệp PEM, khóa phải ứng với chứng thư; và LIENTHONG_TLS_CLIENT_CA: tệp "
    "PEM của nơi cấp chứng thư cho cổng dịch vụ; LIENTHONG_OUTBOUND_CA cũng là tệp PEM."
)


def _of_system(error: OSError) -> str:
    reason = errno.errorcode.get(error.errno or 0, "?")
    file = f" ({error.filename})" if isinstance(error.filename, str | Path) else ""
    return (
        f"Hệ điều hành từ chối một tệp hay cổng cần cho khởi động{file}: {reason}. Hãy kiểm tra "
        "quyền, chỗ trống và đường dẫn trong cấu hình."
    )
