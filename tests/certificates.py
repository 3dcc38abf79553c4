"""Certificates of one's own, as a company makes them for its machines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def certificates(folder: Path) -> tuple[Path, Path, Path]:
    """An authority of one's own, and a certificate from it with its key: for a scheduler, a worker, or who asks."""
    authority, ours = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    files = folder / "ca.pem", folder / "cert.pem", folder / "key.pem"
    files[0].write_bytes(_signed("ca", authority, "ca", authority).public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(_signed("kebu", ours, "ca", authority).public_bytes(serialization.Encoding.PEM))
    files[2].write_bytes(ours.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ))  # fmt: skip
    return files


def _signed(
    name: str, key: ec.EllipticCurvePrivateKey, by: str, authority: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    subject, issuer = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, each)]) for each in (name, by))
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=9))
        .add_extension(x509.BasicConstraints(ca=name == by, path_length=None), critical=True)
        .sign(authority, hashes.SHA256())
    )  # fmt: skip
