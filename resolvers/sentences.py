"""The sentence of every refusal, in Vietnamese and English, and of every state that is an error."""

from auth.purpose import VIETNAM
from auth.refusal import Refused
from resolvers.enums import FieldState
from resolvers.reasons import REASONS
from resolvers.refusals import RULES
from resolvers.sentences_of_auth import OF_AUTH
from resolvers.states import Blank, Locked, Withheld

OWNER_CONSENT = (
    (
        "Không có thửa đất hoặc Giấy chứng nhận này, hoặc không đứng tên người trong hồ sơ; cần "
        "có sự đồng ý của người sử dụng đất."
    ),
    (
        "There is no such parcel or certificate, or it stands in nobody's name of this dossier; "
        "the holder's consent is needed."
    ),
)


LOCKED = (
    (
        "Đã thử sai quá nhiều lần với số này. Có thể tra cứu lại từ {until}; trong lúc chờ, hãy "
        "đối chiếu với giấy tờ gốc."
    ),
    (
        "Too many wrong attempts at this number. Look it up again from {until}; until then, "
        "compare with the original paper."
    ),
)
"""When it is, is said in the time of Vietnam."""

GROUND = ("{reason} Căn cứ: {ground}", "{reason} Ground: {ground}")


def sentence(refused: Refused, language: str) -> str:
    """Say a refusal in the caller's language."""
    if refused.rule in OF_AUTH:
        vietnamese, english = OF_AUTH[refused.rule]
    else:
        _, _, vietnamese, english = RULES[refused.rule]
    return (english if language == "en" else vietnamese).format(**refused.facts)


def of_state(code: str, language: str) -> str:
    """Say a state that is an error in the caller's language."""
    if code == "OWNER_CONSENT_REQUIRED":
        return OWNER_CONSENT[language == "en"]
    return REASONS[code][language == "en"]


def of_blank(blank: Blank, language: str) -> str:
    """Say why the graph gave nothing: with the time it may be tried again, or the owner's words."""
    english = language == "en"
    if isinstance(blank, Locked):
        return LOCKED[english].format(until=f"{blank.until.astimezone(VIETNAM):%H:%M %d/%m/%Y}")
    reason = of_state(blank.code, language)
    if isinstance(blank, Withheld):
        return GROUND[english].format(reason=reason, ground=blank.ground)
    return reason


def of_answer(answer: object, state: FieldState, language: str) -> str:
    """Say why there is no record, in the caller's language."""
    if isinstance(answer, Blank):
        return of_blank(answer, language)
    return of_state(state.value, language)
