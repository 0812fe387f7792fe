"""All settings, as one table: name, default, sentence. docs/settings.md says the same, by test.

Read once at start from the environment (`LIENTHONG_…`) and `lienthong.toml`; an unknown setting is
an error that names the nearest known one. Nothing else in the house reads the environment.
"""

import difflib
import ipaddress
import os
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

PREFIX = "LIENTHONG_"

_WANTED = {
    "greater_than_equal": "phải từ {ge} trở lên",
    "less_than_equal": "nhiều nhất là {le}",
    "int_parsing": "phải là một số nguyên",
    "bool_parsing": "phải là yes hoặc no",
    "string_pattern_mismatch": "phải theo mẫu {pattern}",
}
"""By pydantic's word for what is wrong; whatever else it finds is said in English only."""


def _network(text: str) -> str:
    """Hold that *text* is an address or a network; the message must not repeat it."""
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        message = "must be addresses or networks such as 10.0.0.0/8"
        raise ValueError(message) from None
    return text


def _nothing(given: object) -> object:
    """Take an empty text for nothing given; as a path it would be the current folder."""
    return None if given == "" else given


_Network = Annotated[str, AfterValidator(_network)]
_Place = Annotated[Path | None, BeforeValidator(_nothing)]


class SettingsInvalidError(Exception):
    """The settings cannot be used: which one, and what it must be."""


class ProfileName(StrEnum):
    """Where the gateway runs."""

    SANDBOX = "sandbox"
    PRODUCTION = "production"


class Settings(BaseSettings):
    """Every setting; its description is its documentation."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, toml_file="lienthong.toml", extra="forbid", frozen=True
    )

    profile: ProfileName = Field(
        ProfileName.SANDBOX, description="Where it runs: sandbox, or production, which refuses "
        "everything that belongs to the sandbox.",
    )  # fmt: skip
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on.")
    public_url: str = Field("", description="URL under which callers reach the gateway; empty: "
        "made of host and port.")  # fmt: skip
    tls_cert: _Place = Field(None, description="PEM file of the server certificate; empty: "
        "TLS ends before the gateway.")  # fmt: skip
    tls_key: _Place = Field(None, description="PEM file of the server's private key.")
    tls_client_ca: _Place = Field(None, description="PEM file of the authorities whose client "
        "certificates are accepted (mTLS); empty: no certificate is asked for.")  # fmt: skip
    trusted_proxies: Sequence[_Network] = Field([], description="Addresses or networks of "
        "proxies whose `Client-Cert` header is believed; empty: nobody's.")  # fmt: skip
    outbound_ca: _Place = Field(None, description="PEM file of authorities that are believed "
        "besides this machine's when issuers, sources of grants and registries are called.",
    )  # fmt: skip
    dpop_nonce: bool = Field(False, description="Whether a DPoP proof must carry a nonce that this "
        "gateway gave.")  # fmt: skip
    access_log_url: str = Field(
        "sqlite+aiosqlite:///var/access-log.db", description="Where access-log entries are kept."
    )
    access_log_sequencer_url: str = Field("", description="The same database under the sequencer's "
        "role; empty: SQLite needs none, PostgreSQL is sequenced elsewhere.")  # fmt: skip
    access_log_reader_url: str = Field("", description="The same database under the reader's "
        "role, for checkpoints, proofs, auditors and citizens; empty: SQLite needs none, "
        "PostgreSQL serves none.",
    )  # fmt: skip
    show_officer_names: bool = Field(False, description="Whether a citizen who asks who has looked "
        "is told the names of officers, where their tokens told one.")  # fmt: skip
    retention_months: int = Field(24, ge=6, le=600, description="Months for which entries of the "
        "access log are kept at least; `lienthong log retire` takes none that is younger.",
    )  # fmt: skip
    replica: str = Field("replica-1", description="This process's name in the access log; every "
        "replica has its own.")  # fmt: skip
    cache_url: str = Field("memory://", description="Where registry answers are kept for seconds "
        "to minutes; redis://… when several replicas run.")  # fmt: skip
    shared_url: str = Field("memory://", description="Where quotas, attempts, replayed proofs and "
        "dossiers are counted for all replicas; redis://… when several run.")  # fmt: skip
    single_node: bool = Field(False, description="Whether this installation is one process for "
        "good: it may then use SQLite and memory, and a second one does not start.")  # fmt: skip
    issuers: Mapping[str, str] = Field(
        {}, description="Token issuers believed: issuer URL -> URL of its JWKS."
    )
    audience: str = Field("lienthong-sandbox", description="The `aud` a token must name.")
    procedures: _Place = Field(None, description="Folder of procedure documents that add to "
        "or replace the shipped ones.")  # fmt: skip
    forms: _Place = Field(None, description="Folder of form documents (TOML), which map a "
        "portal's own form keys.")  # fmt: skip
    agencies: _Place = Field(None, description="File of agencies' names (TOML), which the lists "
        "of the access log show beside their codes; empty: codes only, in the sandbox its own.",
    )  # fmt: skip
    grants: str = Field("", description="Grants, signed in production: path or https URL; empty: "
        "the sandbox's.")  # fmt: skip
    grants_keys: _Place = Field(None, description="Public keys (JWKS) of the operator, who "
        "signs grants and revocations.")  # fmt: skip
    revocations: str = Field("", description="List of revoked tokens, clients and keys: path or "
        "https URL; empty: none.")  # fmt: skip
    withdrawals: str = Field("", description="Notices of registries' owners, one signed notice a "
        "line: path or https URL; empty: none.")  # fmt: skip
    refresh_s: int = Field(20, ge=1, le=50, description="Seconds after which grants, revocations "
        "and withdrawals are looked at again.")  # fmt: skip
    kept_dir: Path = Field(Path("var/kept"), description="Folder in which production keeps the "
        "last valid grants, revocations and withdrawals.")  # fmt: skip
    keys_dir: Path = Field(Path("var/keys"), description="Folder of this installation's keys; "
        "made with mode 0700 when missing.")  # fmt: skip
    deadline_ms: int = Field(5000, ge=500, le=30000, description="Milliseconds after which a "
        "request is answered with what is there.")  # fmt: skip
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="Least "
        "level of log lines: DEBUG, INFO, WARNING or ERROR.")  # fmt: skip

    sandbox_url: str = Field("", description="Control URL of a running sandbox, for GraphiQL's "
        "people and tokens; refused in production.")  # fmt: skip

    registry_population_url: str = Field(
        "", description="URL of the population service; empty: not connected."
    )
    registry_population_account: str = Field("", description="Account at the population service.")
    registry_population_secret: SecretStr = Field(
        SecretStr(""), description="Secret that signs each call to the population service."
    )
    registry_population_api_key: SecretStr = Field(
        SecretStr(""), description="ApiKey that the population service issued."
    )
    registry_population_member: str = Field(
        "", description="X-Road-Client: member code of the asking system."
    )
    registry_business_url: str = Field(
        "", description="URL of the business registration service; empty: not connected."
    )
    registry_business_token_url: str = Field(
        "", description="OAuth2 token URL of the business registration service."
    )
    registry_business_client_id: str = Field(
        "lienthong", description="OAuth2 client id at the business registration service."
    )
    registry_business_key: _Place = Field(
        None, description="PEM file of the private key that signs our client assertion (ES256)."
    )
    registry_insurance_url: str = Field(
        "", description="URL of the insurance service; empty: not connected."
    )
    registry_insurance_account: str = Field("", description="Account at the insurance service.")
    registry_insurance_secret: SecretStr = Field(
        SecretStr(""), description="Password at the insurance service."
    )
    registry_land_urls: Mapping[str, str] = Field(
        {}, description="Province code -> SQLAlchemy URL of its land database; empty: none."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let arguments win over the environment, and the environment over the file."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    def url(self) -> str:
        """Give the URL under which callers reach the gateway, without a trailing slash."""
        scheme = "http" if self.tls_cert is None else "https"
        return (self.public_url or f"{scheme}://{self.host}:{self.port}").rstrip("/")


def read_settings(**given: object) -> Settings:
    """Read the settings once. Raises SettingsInvalidError, which names each one at fault."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    for name in sorted(k for k in os.environ if k.startswith(PREFIX)):
        if name not in known:
            meant = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean {meant[0]}?" if meant else ""
            message = f"{name} is not a setting{hint}"
            raise SettingsInvalidError(message)
    try:
        return Settings(**given)  # type: ignore[arg-type] # pydantic checks them
    except SettingsError as error:
        # A value that should be JSON is none; the message would repeat it.
        message = f"a setting that takes a JSON object holds something else ({_field_of(error)})"
        raise SettingsInvalidError(message) from None
    except ValidationError as error:
        # The message of each problem, never the input: it may be a secret.
        raise SettingsInvalidError("; ".join(map(_said_of, error.errors()))) from None


def _said_of(problem: ErrorDetails) -> str:
    name = f"{PREFIX}{'_'.join(map(str, problem['loc'])).upper()}"
    wanted = _WANTED.get(problem["type"])
    if wanted is None:
        return f"{name}: {problem['msg']}"
    return f"{name}: {wanted.format(**problem.get('ctx', {}))} ({problem['msg']})"


def _field_of(error: SettingsError) -> str:
    """Name the setting, which the library puts in quotes, and nothing else it says."""
    named = re.search(r'field "([a-z_]+)"', str(error))
    return f"{PREFIX}{named[1].upper()}" if named else "unknown"
