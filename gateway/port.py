"""A listening port, taken before anything else is built."""

import errno
import socket


class PortTakenError(Exception):
    """The port cannot be had: which one, why, and the way out."""


def take_port(host: str, port: int) -> socket.socket:
    """Take *port*, or any free one for 0. Raises PortTakenError.

    It listens from now on, so that of two programs that start together one is told; callers who
    come early wait until they are served.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
        taken.listen()
    except OSError as error:
        taken.close()
        raise PortTakenError(_why(host, port, error)) from None
    return taken


def _why(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Cổng {port} trên {host} đang được chương trình khác dùng. Hãy dừng chương trình đó "
            f"(`ss -ltnp 'sport = :{port}'` cho biết tên), hoặc chọn cổng khác bằng --port. "
            f"(Port {port} is taken; stop the other program or choose another with --port.)"
        )
    reason = errno.errorcode.get(error.errno or 0, "?")
    return (
        f"Không mở được cổng {port} trên {host} ({reason}). Hãy chọn cổng khác bằng --port, hoặc "
        "sửa địa chỉ LIENTHONG_HOST. (The port cannot be opened; choose another with --port.)"
    )
