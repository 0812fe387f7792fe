"""What production refuses: every setting that is good enough for the sandbox only.

All are named at once, each with the way out, so that an operator mends them in one go.
"""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from gateway.settings import PREFIX, ProfileName, Settings

_SANDBOX_AUDIENCE = "lienthong-sandbox"
_SANDBOX_SECRETS = ("sandbox-secret", "sandbox")


def refusals(settings: Settings) -> list[str]:
    """List, in Vietnamese, what must be changed before this may serve; in the sandbox nothing."""
    if settings.profile is not ProfileName.PRODUCTION:
        return []
    return [
        *_of_the_sandbox(settings),
        *_of_callers(settings),
        *_of_grants(settings),
        *_of_registries(settings),
        *_of_land(settings),
        *_of_stores(settings),
    ]


def _of_the_sandbox(settings: Settings) -> Iterator[str]:
    """Refuse what the sandbox left behind: its address, its audience, its invented secrets."""
    if settings.sandbox_url:
        yield _said("sandbox_url", "chỉ dùng ở môi trường thử nghiệm; hãy bỏ thiết lập này")
    if settings.audience == _SANDBOX_AUDIENCE:
        yield _said(
            "audience",
            "vẫn là tên của môi trường thử nghiệm; hãy đặt tên mà mã truy cập thật phải nêu",
        )
    for name in ("registry_population_secret", "registry_insurance_secret"):
        if getattr(settings, name).get_secret_value() in _SANDBOX_SECRETS:
            yield _said(name, "là khóa công khai của môi trường thử nghiệm; hãy đặt khóa thật")
    if settings.registry_population_api_key.get_secret_value() in _SANDBOX_SECRETS:
        yield _said(
            "registry_population_api_key", "là của môi trường thử nghiệm; hãy đặt khóa thật"
        )


def _of_callers(settings: Settings) -> Iterator[str]:
    """Refuse a way to us, or to the issuers' keys, on which somebody could sit."""
    if not settings.url().startswith("https://"):
        yield _said(
            "public_url",
            "phải là địa chỉ https mà các cổng dịch vụ gọi đến (hoặc đặt LIENTHONG_TLS_CERT và "
            "LIENTHONG_TLS_KEY)",
        )
    if (settings.tls_cert is None) != (settings.tls_key is None):
        yield _said("tls_key", "và LIENTHONG_TLS_CERT phải được đặt cùng nhau")
    for issuer, keys in settings.issuers.items():
        if not (_secure(issuer) and _secure(keys)):
            yield _said(
                "issuers", "có nơi cấp mã hoặc địa chỉ khóa không phải https; hãy dùng https"
            )
            return


def _of_grants(settings: Settings) -> Iterator[str]:
    """Refuse grants that nobody has signed, or that came by a way anybody may change."""
    if not settings.grants:
        yield _said(
            "grants", "phải nêu tệp quyền khai thác đã ký; hãy ký bằng `lienthong grants sign`"
        )
    if settings.grants_keys is None:
        yield _said(
            "grants_keys",
            "phải nêu tệp khóa công khai của người ký; hãy tạo bằng `lienthong grants keygen`",
        )
    for name in ("grants", "revocations", "withdrawals"):
        source = getattr(settings, name)
        if "://" in source and not _secure(source):
            yield _said(name, "phải là đường dẫn tệp hoặc địa chỉ https")


def _of_registries(settings: Settings) -> Iterator[str]:
    for name in (
        "registry_population_url",
        "registry_business_url",
        "registry_business_token_url",
        "registry_insurance_url",
    ):
        url = getattr(settings, name)
        if url and not _secure(url):
            yield _said(name, "phải là địa chỉ https: dữ liệu cá nhân không đi trên đường trần")


def _of_land(settings: Settings) -> Iterator[str]:
    for province, url in settings.registry_land_urls.items():
        if not _database_is_safe(url):
            yield _said(
                "registry_land_urls",
                f"của tỉnh {province} phải là PostgreSQL có TLS kiểm tra chứng thư "
                "(`?ssl=verify-full`) hoặc qua ổ cắm nội bộ (`?host=/đường/dẫn`)",
            )


def _database_is_safe(url: str) -> bool:
    """Tell whether a database is reached by a checked TLS, or without any network.

    `ssl=require` would encrypt to whoever answers. A loopback address counts as a network: what
    listens there may be a tunnel, or somebody else's program.
    """
    try:
        parts = urlsplit(url)
        asked = parse_qs(parts.query)
    except ValueError:
        return False
    if not parts.scheme.startswith("postgresql") or "plugin" in asked:
        return False
    if parts.hostname is None:
        # After a comma stands a second host, which is tried when the first is away.
        return all(host.startswith("/") and "," not in host for host in asked.get("host", [""]))
    # A host in the query would win over the one before it.
    return "host" not in asked and (asked.get("ssl") or asked.get("sslmode")) == ["verify-full"]


def _of_stores(settings: Settings) -> Iterator[str]:
    """Refuse what only one process can see, unless there will only ever be one."""
    for name in ("access_log_url", "access_log_sequencer_url", "access_log_reader_url"):
        url = getattr(settings, name)
        if url and not url.startswith("sqlite") and not _database_is_safe(url):
            yield _said(
                name,
                "phải là PostgreSQL có TLS kiểm tra chứng thư (`?ssl=verify-full`) hoặc qua ổ cắm "
                "nội bộ (`?host=/đường/dẫn`)",
            )
    if settings.single_node:
        return
    out = "; hoặc đặt LIENTHONG_SINGLE_NODE=yes nếu chỉ có đúng một tiến trình"
    if settings.access_log_url.startswith("sqlite"):
        yield _said("access_log_url", f"là SQLite, mỗi máy một tệp; hãy dùng PostgreSQL{out}")
    if _in_memory(settings.cache_url):
        yield _said("cache_url", f"nằm trong bộ nhớ của một tiến trình; hãy dùng redis://…{out}")
    if _in_memory(settings.shared_url):
        yield _said(
            "shared_url",
            f"nằm trong bộ nhớ của một tiến trình, nên hạn mức không được đếm chung; hãy dùng "
            f"redis://…{out}",
        )


def _in_memory(url: str) -> bool:
    """Tell whether a store is this process's memory, in whatever letters that is written."""
    return url.strip().lower().startswith("memory")


def _secure(url: str) -> bool:
    return url.startswith("https://")


def _said(name: str, rule: str) -> str:
    return f"{PREFIX}{name.upper()} {rule}."
