"""Names with an asterisk: the people they stand for are in danger, and have another name."""

import re

# Markdown's emphasis, within a sentence. "*Amina rests. Pray for Amina*." is none.
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3})(?=[^\s*])[^*.!?]*(?<=[^\s*])\1(?![\w*])")
_STARRED = re.compile(r"(?<![^\W\d_])([^\W\d_]{2,})(?:['’]s)?\*+(?!\w)")


def has_pseudonym(text: str) -> bool:
    """Tell whether a name in the text has an asterisk behind it; bullets and emphasis in Markdown are none."""
    if "*" not in text:
        return False
    return any(not match[1][0].islower() for match in _STARRED.finditer(_EMPHASIS.sub(" ", text)))
