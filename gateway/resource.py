"""How to get in (RFC 9728): whose tokens, sent how, bound how, with which scopes."""

from auth.challenge import DPOP_ALGORITHMS
from gateway.settings import ProfileName, Settings
from resolvers.scopes import SCOPES_SUPPORTED

PATH = "/.well-known/oauth-protected-resource"


def resource_metadata(settings: Settings) -> dict[str, object]:
    """Write the document of the gateway's protected resource."""
    production = settings.profile is ProfileName.PRODUCTION
    return {
        "resource": settings.url(),
        "resource_name": "Liên Thông",
        "authorization_servers": list(settings.issuers),
        "bearer_methods_supported": ["header"],
        "scopes_supported": list(SCOPES_SUPPORTED),
        "dpop_signing_alg_values_supported": DPOP_ALGORITHMS.split(),
        # A token bound to a certificate is let in without DPoP: bound it must be, by either.
        "dpop_bound_access_tokens_required": production
        and settings.tls_client_ca is None
        and not settings.trusted_proxies,
        "tls_client_certificate_bound_access_tokens": settings.tls_client_ca is not None
        or bool(settings.trusted_proxies),
    }
