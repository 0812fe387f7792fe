"""A certificate authority for one sandbox directory, made at its first start and kept there.

ca.pem, ca.key
  + issuer-tls.pem, .key       (the issuer's socket, 127.0.0.1 and localhost)
  + portal-hanoi.pem, .key     (client certificates of the portals: the demonstrations' own)
  + portal-lamdong.pem, .key

With each portal's key comes PORTAL.jwks.json, its public half: the keys that the issuer believes
`private_key_jwt` from. Put further public keys into it to come with a key of your own.
"""

import base64
import hashlib
import ipaddress
import ssl
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from joserfc.jwk import ECKey

from sandbox.kept import kept

CA_FILE = "ca.pem"
SERVER = "issuer-tls"
PORTALS = ("portal-hanoi", "portal-lamdong")
LIFETIME = timedelta(days=3650)
EARLIER = timedelta(hours=1)
"""Clocks differ."""


class Authority:
    """Signs certificates into *directory*, as of *now*."""

    def __init__(self, directory: Path, now: datetime) -> None:
        self._directory = directory
        self._now = now
        self._key = self._key_in("ca.key")
        self._name = _named("Sandbox of lienthong: everything in it is invented")
        self._file(CA_FILE, self._own())

    def issue_all(self) -> None:
        """Have everybody's key and certificate in the directory."""
        here = x509.SubjectAlternativeName(
            [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")]
        )
        self._issue(SERVER, ExtendedKeyUsageOID.SERVER_AUTH, here)
        for portal in PORTALS:
            key = self._issue(portal, ExtendedKeyUsageOID.CLIENT_AUTH)
            kept(self._directory / jwks_file(portal), partial(_jwks, key))

    def context(self) -> ssl.SSLContext:
        """Give what the issuer's socket needs: clients may show a certificate, and need not."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(
            self._directory / f"{SERVER}.pem", self._directory / f"{SERVER}.key"
        )
        context.load_verify_locations(self._directory / CA_FILE)
        context.verify_mode = ssl.CERT_OPTIONAL
        return context

    def _issue(
        self, name: str, use: x509.ObjectIdentifier, *more: x509.ExtensionType
    ) -> ec.EllipticCurvePrivateKey:
        key = self._key_in(f"{name}.key")
        made = self._begun(_named(name), key.public_key(), authority=False)
        made = made.add_extension(x509.ExtendedKeyUsage([use]), critical=False)
        for extension in more:
            made = made.add_extension(extension, critical=False)
        self._file(f"{name}.pem", made)
        return key

    def _own(self) -> x509.CertificateBuilder:
        usage = x509.KeyUsage(
            key_cert_sign=True,
            crl_sign=True,
            digital_signature=False,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            encipher_only=False,
            decipher_only=False,
        )
        begun = self._begun(self._name, self._key.public_key(), authority=True)
        return begun.add_extension(usage, critical=True)

    def _begun(
        self, name: x509.Name, key: ec.EllipticCurvePublicKey, *, authority: bool
    ) -> x509.CertificateBuilder:
        signer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._now - EARLIER)
            .not_valid_after(self._now + LIFETIME)
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(signer, critical=False)
        )

    def _file(self, name: str, made: x509.CertificateBuilder) -> None:
        def sign() -> bytes:
            signed = made.sign(self._key, hashes.SHA256())
            return signed.public_bytes(serialization.Encoding.PEM)

        kept(self._directory / name, sign)

    def _key_in(self, name: str) -> ec.EllipticCurvePrivateKey:
        pem = kept(self._directory / name, _new_key)
        key = serialization.load_pem_private_key(pem, password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            message = f"{name} holds no key of ours; remove it"
            raise TypeError(message)
        return key


def jwks_file(client: str) -> str:
    """Name the file with the public keys of a client."""
    return f"{client}.jwks.json"


def common_name(der: bytes) -> str:
    """Read whose certificate it is; the handshake has verified it."""
    names = x509.load_der_x509_certificate(der).subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else ""


def digest_of(der: bytes) -> str:
    """Write the `x5t#S256` of a certificate (RFC 8705, section 3.1)."""
    return base64.urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode("ascii")


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _jwks(key: ec.EllipticCurvePrivateKey) -> bytes:
    public = ECKey.import_key(key.public_key())
    shown = {**public.as_dict(private=False), "kid": public.thumbprint(), "alg": "ES256"}
    return msgspec.json.encode({"keys": [shown]})


def _new_key() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
