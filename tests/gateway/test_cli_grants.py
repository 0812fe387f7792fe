import json
import re
import shlex
import stat
from pathlib import Path

from tests.auth.agreement import FILE, KEY_OF_HANOI, REAL_NUMBER
from tests.gateway.lienthong import ROOT, lienthong

PAGE = (ROOT / "docs" / "grants.md").read_text(encoding="utf-8")


def signed(folder: Path) -> tuple[str, ...]:
    """Make a key and sign the file with it; gives the words that open it again."""
    (folder / "grants.toml").write_text(FILE, encoding="utf-8")
    key, out = str(folder / "operator.pem"), str(folder / "grants.jws")
    assert 0 == lienthong("grants", "keygen", "--out", key).status
    said = lienthong("grants", "sign", str(folder / "grants.toml"), "--key", key, "--out", out)
    assert 0 == said.status, said.err
    return out, "--keys", str(folder / "operator.jwks.json")


def test_a_signed_file_is_checked_and_explained(tmp_path: Path) -> None:
    words = signed(tmp_path)

    checked = lienthong("grants", "check", *words)
    who = ("--consumer", "portal-hanoi", "--procedure", "1.004222")
    explained = lienthong("grants", "explain", *words, *who, "--role", "owner")
    as_json = lienthong("grants", "explain", *words, *who, "--json")

    assert 0o600 == stat.S_IMODE((tmp_path / "operator.pem").stat().st_mode)
    assert "phiên bản 7, ký ngày 2026-01-01, dùng đến hết 2027-12-31" in checked.out
    assert "    owner/fullName  (Họ và tên chủ sở hữu chỗ ở)\n" in explained.out
    assert "applicant/" not in explained.out
    [told] = json.loads(as_json.out)
    assert ("hanoi-residence", 60, "ASSERTED") == (
        told["grant"],
        told["subjectsPerMinute"],
        told["attestation"],
    )
    for said in (checked, explained, as_json):
        assert (0, "") == (said.status, said.err)
        assert REAL_NUMBER not in said.out


def test_a_wrong_file_is_neither_signed_nor_called_right(tmp_path: Path) -> None:
    signed(tmp_path)
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(FILE.replace(KEY_OF_HANOI, KEY_OF_HANOI[:-1] + ', d = "AAAA"}'))
    out = tmp_path / "wrong.jws"

    key = ("--key", str(tmp_path / "operator.pem"), "--out", str(out))
    said = [
        lienthong("grants", "sign", str(wrong), *key),
        lienthong("grants", "check", str(wrong)),
    ]

    expected = (
        f"{wrong}: grants, line 34: consumer 1, keys holds a private key: take it out, and never "
        "use it again (private-key)\n"
    )
    assert [(1, "", expected)] * 2 == said
    assert not out.exists()


def test_anothers_signature_is_said_in_words(tmp_path: Path) -> None:
    out, *_ = signed(tmp_path)
    lienthong("grants", "keygen", "--out", str(tmp_path / "other.pem"))

    said = lienthong("grants", "check", out, "--keys", str(tmp_path / "other.jwks.json"))

    assert (1, "") == (said.status, said.out)
    assert said.err.endswith("(key-unknown).\n")


def test_a_key_in_use_is_never_overwritten(tmp_path: Path) -> None:
    signed(tmp_path)
    before = (tmp_path / "operator.pem").read_bytes()

    said = lienthong("grants", "keygen", "--out", str(tmp_path / "operator.pem"))

    assert 2 == said.status
    assert before == (tmp_path / "operator.pem").read_bytes()


def test_the_commands_of_the_page_do_what_it_says(tmp_path: Path) -> None:
    """Run every command of docs/grants.md in its order, with the files that the page shows."""
    for name, text in re.findall(r"<!-- file: (\S+) -->\n```toml\n(.*?)```", PAGE, re.DOTALL):
        (tmp_path / name).write_text(text, encoding="utf-8")
    commands = [
        line
        for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
        for line in block.splitlines()
        if line.startswith("lienthong grants")
    ]
    assert 6 <= len(commands)
    for command in commands:
        words = [
            str(tmp_path / word) if re.search(r"\.(toml|jws|pem|json)$", word) else word
            for word in shlex.split(command)[1:]
        ]
        said = lienthong(*words)
        assert (0, "") == (said.status, said.err), command
