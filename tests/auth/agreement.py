"""A grants file as an operator would write it."""

REAL_NUMBER = "000000000001"
"""Real for the program, being none of the sandbox's; nobody's, for no province has 000."""

KEY_OF_HANOI = (
    '{kty = "EC", crv = "P-256", kid = "hanoi-1", '
    'x = "ylYjSGn_XrmdMB4y3waCLBXTjPmOxQgqZkSpCBm0HmA", '
    'y = "HVv_9We42f4GyZmbnLO7uyaeK45BOt7Tho4bIovpjH4"}'
)
KEY_OF_LAND = '{kty = "OKP", crv = "Ed25519", x = "lTwLGh7XhWwwgYr6rrclIMMTSjT4d_nD_cVI9SVfMoM"}'

FILE = f"""\
version = 7
issued = 2026-01-01
expires = 2027-12-31

[[grant]]
id = "hanoi-residence"
consumer = "portal-hanoi"
agencies = ["H26"]
procedures = ["1.004222", "1.004194"]
scopes = ["prefill", "verify"]
officers_by = "request"
ungranted = "restricted"
attestation = "ASSERTED"
assertion_ground = "Cổng chưa có khóa ký; Phụ lục 2 của thỏa thuận"
legal_basis = "Nghị định 194/2025/NĐ-CP, Điều 16"
valid_from = 2026-01-01
valid_until = 2026-12-31

[grant.accountable]
"H26" = "{REAL_NUMBER}"

[[grant]]
id = "hanoi-births"
consumer = "portal-hanoi"
agencies = ["000.00.12.H26"]
procedures = ["1.001193"]
legal_basis = "Luật Hộ tịch"
valid_from = 2026-01-01
valid_until = 2026-12-31

[[consumer]]
id = "portal-hanoi"
issuer = "https://id.example/hanoi"
keys = [
  {KEY_OF_HANOI},
]

[[registry_owner]]
registry = "land"
keys = [{KEY_OF_LAND}]
"""
