import pytest

from audit.log import AccessLog, AccessLogUnavailable, LogState, MemoryAccessLog, Trouble
from tests.audit.workbench import make_intent


async def test_the_small_log_keeps_what_is_appended_in_its_order() -> None:
    log: AccessLog = MemoryAccessLog()
    first, second = make_intent(), make_intent()
    await log.open()
    await log.append([first, second])
    assert isinstance(log, MemoryAccessLog)
    assert [first, second] == log.entries
    assert LogState(trouble=None) == log.state()


async def test_the_small_log_refuses_when_told_to_and_keeps_nothing() -> None:
    log = MemoryAccessLog(fail=True)
    with pytest.raises(AccessLogUnavailable) as refusal:
        await log.append([make_intent()])
    assert Trouble.FAILED is refusal.value.trouble
    assert [] == log.entries
    assert LogState(trouble=Trouble.FAILED) == log.state()


async def test_the_small_log_takes_nothing_once_closed() -> None:
    log = MemoryAccessLog()
    await log.close()
    with pytest.raises(AccessLogUnavailable, match="NOT_OPEN"):
        await log.append([make_intent()])


def test_the_refusal_says_one_fixed_sentence() -> None:
    refusal = AccessLogUnavailable(Trouble.TIMEOUT)
    assert "the access log is unavailable (TIMEOUT)" == str(refusal)
    assert "ACCESS_LOG_UNAVAILABLE" == refusal.code
