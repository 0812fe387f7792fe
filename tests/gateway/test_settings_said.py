"""What is said of a setting that cannot be used: Vietnamese first, and never the value itself."""

import pytest

from gateway.settings import SettingsInvalidError, read_settings


@pytest.mark.parametrize(
    ("name", "given", "wanted"),
    [
        ("RETENTION_MONTHS", "3", "phải từ 6 trở lên"),
        ("RETENTION_MONTHS", "601", "nhiều nhất là 600"),
        ("RETENTION_MONTHS", "hai năm", "phải là một số nguyên"),
        ("SINGLE_NODE", "perhaps", "phải là yes hoặc no"),
        ("LOG_LEVEL", "LOUD", "phải theo mẫu ^(DEBUG|INFO|WARNING|ERROR)$"),
    ],
)
def test_what_a_setting_must_be_is_said_in_vietnamese_first(
    monkeypatch: pytest.MonkeyPatch, name: str, given: str, wanted: str
) -> None:
    monkeypatch.setenv(f"LIENTHONG_{name}", given)
    with pytest.raises(SettingsInvalidError) as raised:
        read_settings()
    said = str(raised.value)
    assert said.startswith(f"LIENTHONG_{name}: {wanted} (")
    assert given not in said.replace(wanted, "").removeprefix(f"LIENTHONG_{name}")


def test_several_faults_are_said_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIENTHONG_RETENTION_MONTHS", "3")
    monkeypatch.setenv("LIENTHONG_TRUSTED_PROXIES", '["nowhere"]')
    with pytest.raises(SettingsInvalidError) as raised:
        read_settings()
    first, second = sorted(str(raised.value).split("; "))
    assert first.startswith("LIENTHONG_RETENTION_MONTHS: phải từ 6 trở lên (")
    assert second.endswith("must be addresses or networks such as 10.0.0.0/8")
