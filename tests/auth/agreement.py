"""A grants file as an operator would write it."""

REAL_NUMBER = "000000000001"
"""Real for the program, being none of the sandbox's; nobody's, for no province has 000."""

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
"""
