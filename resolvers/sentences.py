"""The sentence of every refusal, in Vietnamese and English, and of every state that is an error."""

from auth.refusal import Refused
from resolvers.reasons import REASONS
from resolvers.refusals import RULES
from resolvers.sentences_of_auth import OF_AUTH

"""The sentences of auth's rules; a test holds that none is missing."""

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
