"""Places among the attempts and in quotas: whose they are, and when they come back."""

import msgspec

from audit.log import MemoryAccessLog
from auth.profile import Profile
from tests.resolvers.indoors import AN_KEY, PORTAL, grants, graph, purpose, told

PERSON = """
query P($purpose: Purpose!, $key: PersonKey!) {
  dossier(purpose: $purpose) { person(role: "applicant", key: $key) { fullName } }
}
"""


def dossier(number: int) -> dict[str, object]:
    return {**purpose(), "dossier": {"code": f"H26.12-261121-{number:04}"}}


async def test_an_access_log_that_was_away_locks_nobody_out() -> None:
    log = MemoryAccessLog()
    house = graph(grants(), profile=Profile.SANDBOX, log=log)
    log.fail = True
    for number in range(1, 7):
        answer = await told(house, PERSON, purpose=dossier(number), key=AN_KEY)
        assert "ACCESS_LOG_UNAVAILABLE" == answer["errors"][0]["extensions"]["code"]
    log.fail = False
    answer = await told(house, PERSON, purpose=dossier(7), key=AN_KEY)
    assert AN_KEY["fullName"] == answer["data"]["dossier"]["person"]["fullName"]


async def test_citizens_for_whom_only_the_portal_vouches_share_one_quota() -> None:
    house = graph(grants(subjects_per_minute=2), profile=Profile.SANDBOX)
    codes = []
    for number in range(3):
        citizen = f"09708500020{number}"
        caller = msgspec.structs.replace(PORTAL, subject=citizen, own_word=True)
        key = {**AN_KEY, "number": {"personalId": citizen}}
        answer = await told(house, PERSON, caller, purpose=dossier(number), key=key)
        codes.append([e["extensions"]["code"] for e in answer.get("errors", [])])
    assert [[], [], ["QUOTA_EXCEEDED"]] == codes
