"""Privileged acts: what is written into the journal."""

from enum import StrEnum


class Act(StrEnum):
    """What somebody did that not everybody may do."""

    APPROVE = "approve"
    DECLINE = "decline"
    SUSPEND = "suspend"
    RELEASE = "release"  # a suspended group may begin again
    REMOVE = "remove"
    INVITE_EDITOR = "invite editor"
    BECOME_EDITOR = "become editor"
    REMOVE_EDITOR = "remove editor"
    LOAD = "load"  # a draft
    PUBLISH = "publish"
    REPLACE = "replace"
    CORRECT = "correct"
    RETRACT = "retract"
    MOVE = "move"
    SWAP = "swap"
    SKIP = "skip"
    HOLD = "hold"
