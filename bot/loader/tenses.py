"""Whether a sentence tells of what was, by the words before a place in it."""

import re
from collections.abc import Sequence

_REACH = 160  # characters looked back at most
_SENTENCE_END = re.compile(r"[.!?] ")
_WORD = re.compile(r"[^\W_]+")

_PAST = re.compile(
    r"was|were|had|did|took|came|went|met|held|brought|gave|began|freed|fled|led|left|won|sent|said|told|spoke|found|made"
    r"|became|saw|heard|rose|fell|lost|sold|bought|broke|flew|drove|got|ran|wrote|stood|sat|kept|taught|built|paid|stolen"
    r"|prais(?:e|ing)|thank(?:s|ing|ful)?|grateful|(?!need|hundred|sacred|indeed|bonded|united)\w{3,}ed"
)
_TO_COME = re.compile(
    r"pray(?:s|ing)?|ask(?:ing)?|will|shall|is|are|be|begins?|starts?|opens?|upcoming|due|set|invited"
    r"|scheduled|planned|expected|postponed|rescheduled|adjourned|delayed|moved"
)


def tells_of_the_past(text: str, end: int) -> bool:
    """Tell whether the nearest word before `end`, in its sentence, that shows a time shows the past."""
    before = text[max(0, end - _REACH) : end]
    sentence = _SENTENCE_END.split(before)[-1]
    words = _WORD.findall(sentence.casefold())
    for at in range(len(words) - 1, -1, -1):
        if _TO_COME.fullmatch(words[at]):
            return False
        if _PAST.fullmatch(words[at]):
            return not _is_passive(words[:at])
    return False


def _is_passive(before: Sequence[str]) -> bool:
    """Tell "will be sentenced" and "are soon to be finally heard" from "sentenced"."""
    near = [word for word in before[-2:] if not word.endswith("ly")]
    return bool(near) and near[-1] in ("be", "is", "are", "being")
