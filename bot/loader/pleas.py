"""Pleas to keep requests private, in whatever words: "Not to be put on the web", "Pray, but please don't post".

What isn't said outright is only likely to be one, so that whoever sets it aside tells of it.
"""

import re
from collections.abc import Set

from bot.loader.kinds import invites
from bot.loader.lines import caseless, holds_one

_LONGEST = 600  # characters; a plea is short, and a page of text is none
_WEB = (
    r"(?:online|internet|the net|(?:church )?web ?sites?|the web|web ?pages?|blogs?|social (?:media|networks?)"
    r"|facebook|whatsapp)"
)
_PUBLIC = rf"(?:{_WEB}|public(?:ly)?|print|writing|newsletters?|magazines?|notice ?(?:sheets?|boards?))"
_SPREADING = (
    r"(?:sharing|posting|publish\w*|publication|forward\w*|cop(?:y|ies|ying)|print(?:ed|ing)?|circulat\w+|transmission"
    r"|distribut\w+|shared|posted|posts|quoted|screenshots?|reproduc\w+)"
)
_SPREAD = rf"(?:{_PUBLIC}|{_SPREADING})"
_PAPER = (
    r"(?:requests?|prayers|points?|items?|list|sheet|letter|newsletter|bulletin|diary|e-?mail|page|updates?|stories)"
)
_BEGIN = r"(?:^|[.!?:;–—] )(?:please |pls |kindly |and |so |but |do ){0,2}"
_WITHIN = r"[^.!?]{0,60}"  # of one sentence
_SHORTLY = r"[^.!?]{0,40}"

# Each is one way to ask for discretion. None is asked about a text that invites to pray.
_WAYS = (
    # "For the eyes of praying friends only", "Internal use only", "Only for use in closed groups"
    r"^(?:(?:strictly|please note:|only|note:) |(?:these|this|the|all)\b[^.!?,]{0,30} (?:is|are) (?:meant )?)?"
    r"(?:for|internal|private|personal)\b[^.!?,]{0,60}?"
    r"\b(?:private|prayers?|praying|eyes|use|internal|members|groups?|team|intercessors)\b[^.!?,]{0,30}\b(?:only|alone)\b",
    rf"^(?:only|just|strictly) (?:for|to)\b{_WITHIN}\b(?:private|closed|internal|prayer groups?|prayer use|members)\b",
    r"\boffline (?:use )?only\b",
    # "Confidential: for the prayer team", "Distribution limited to intercessors"
    r"^(?:strictly |private and |highly )*confidential(?=[:.,;!]|$| (?:and|prayer|requests|list|bulletin)\b)",
    r"\bstrictly (?:private|confidential)\b|^(?:distribution|circulation) (?:is )?(?:limited|restrict)",
    r"\b(?:share|shared|sent|told|given)\b[^.!?]{0,30}\b(?:these|this|with you)\b[^.!?]{0,30}\bin (?:strict )?"
    r"confidence\b",
    # "Not to be put on the web site", "No posting, please!", "For use in prayer meetings; not for the notice sheet"
    rf"^not (?:for|to be)\b{_WITHIN}\b{_SPREAD}\b|^no {_SPREADING}\b(?! of\b)",
    rf"^(?:to be|for use|this is|these are)\b{_WITHIN}\bnot (?:for |on |in |to be )?(?:the |your |any )?{_SPREAD}\b",
    rf"\b(?:may|can) be (?:shared|read|used|prayed)\b{_WITHIN}\b(?:but|though|yet|and) (?:not|never)\b"
    rf"{_SHORTLY}\b{_SPREAD}\b",
    # "nothing of this should go on the web", "Names here must remain off the web", "posting could harm them"
    rf"\b(?:none|nothing|no part) (?:of|in|from) (?:this|these|it|the above|what|here)\b{_WITHIN}"
    rf"\b(?:{_SPREAD}|leave|outside|beyond)\b",
    rf"\b(?:remain|stay|belong|kept|keep|leave)\b{_SHORTLY}\b(?:off|out of|away from|outside) (?:of )?"
    rf"(?:the |any |all |your )?{_WEB}\b",
    # "This bulletin must stay within your prayer group"
    rf"\b{_PAPER}\b{_SHORTLY}\b(?:remain|stay|belong|keep|kept)s?\b{_SHORTLY}\b(?:within|inside|among|between)\b"
    r"[^.!?]{0,30}\b(?:groups?|team|circle|church|members|walls|us|you)\b",
    # "For their safety names are not given", "Some details are altered"
    r"^[^.!?]{0,60}\b(?:names?|identit(?:y|ies)|details|places) (?:here |above )?(?:is|are|were|have been|has been)"
    r" (?:not (?:given|used|shown|shared|printed|real|their own)|withheld|omitted|left out|altered|invented)\b",
    rf"\brefrain from\b{_WITHIN}\b{_WEB}\b|{_BEGIN}(?:don['’]t|do not|never) (?:re-?)?tweet\b",
    rf"\b{_SPREADING}\b[^.!?]{{0,20}}\b(?:could|can|may|might) (?:harm|hurt|endanger|expose)\b",
    # "Keep the names to yourselves", "Please guard the people named here", "Handle with care"
    rf"{_BEGIN}keep\b{_SHORTLY}\b(?:to yourself|to yourselves|between us|secret|silent)\b",
    rf"{_BEGIN}(?:help us )?(?:to )?(?:protect|guard|honou?r|respect|safeguard|shield)\b{_WITHIN}"
    r"\b(?:privacy|anonymity|confidentiality|confidences?|identit(?:y|ies)|named (?:here|above|below)|trust)\b",
    rf"{_BEGIN}handle\b{_SHORTLY}\b(?:with care|carefully|discreetly|confidential\w*)\b",
    # "Treat all of this with care and keep it offline", "no forwarding, nothing online"
    rf"{_BEGIN}(?:[^.!?]{{0,40}}, )?treat\b{_SHORTLY}\bwith (?:care|discretion|confidence|respect)\b",
    r"\bkeep (?:it|them|this|these|all|everything)\b[^.!?]{0,30}\boffline\b|\bnothing online\b",
    # "Please delete this e-mail after praying", "Please shred after use"
    rf"{_BEGIN}(?:[^.!?]{{0,40}}, please )?(?:delete|destroy|shred|burn|throw away|bin)\b{_SHORTLY}"
    rf"\b(?:after|once|when|as soon as)\b{_SHORTLY}\b(?:use|used|read|reading|pray(?:ing|ed)?|done)\b",
)
_ANY_WAY = re.compile("|".join(_WAYS), re.IGNORECASE)
# One of these words is in each.
_WORDS = frozenset(
    ("only", "alone", "just", "strictly", "confidential", "confidence", "distribution", "circulation", "not", "no",
     "nothing", "none", "off", "out", "away", "outside", "refrain", "keep", "could", "can", "may", "might", "privacy",
     "anonymity", "confidentiality", "protect", "guard", "honour", "honor", "respect", "safeguard", "shield", "tweet",
     "retweet", "handle", "treat", "delete", "destroy", "shred", "burn", "throw", "bin",
     "within", "inside", "among", "between", "withheld", "omitted", "left", "altered",
     "invented")
)  # fmt: skip

# An invitation to pray what is read, not for anybody: "pray these requests", "pray with us", "pray, but".
_PRAY = r"\b(?:pray(?:ing)?|intercede|praise god|give thanks)(?: with us| along| privately| quietly| alone)?"
_PRAY_THIS = re.compile(
    rf"{_PRAY}(?: (?:for|over|through|about|into|from|with))?"
    rf" (?:(?:these|this|the|our|all)(?: [\w-]+)? {_PAPER}(?! (?:of|from|by)\b)"
    r"|(?:these|this|them|it)(?= (?:and|but|in|at|with|aloud|privately|quietly|only|alone)\b|[,.;:!?]))"
    rf"|{_PRAY}(?=,? (?:and|but|yet)\b|[,.;:])",
    re.IGNORECASE,
)
_BUT_KEEP = re.compile(  # of caseless text
    r"\b(?:but|and|yet|only|please|kindly)[, ](?:please |kindly |then |also |do |you may |you must )*"
    rf"(?:(?:not|don['’]t|do not|never|avoid|refrain from|rather than)\b{_WITHIN}"
    rf"\b(?:{_SPREAD}|share|post|pass|forward)\b"
    r"|tell no ?one\b|be (?:careful|discreet|wise|cautious)\b|(?:delete|destroy|shred|burn) (?:it|them|this|these)\b"
    rf"|keep\b{_WITHIN}\b(?:yourself|yourselves|private|confidential|secret|silent|off|among|within|between|out of)\b)"
)

# One of these is in each.
_WORDS_THAT_KEEP = (
    "not", "don’t", "don't", "never", "avoid", "refrain", "rather than", "no one", "noone", "careful", "discreet",
    "wise", "cautious", "keep", "delete", "destroy", "shred", "burn",
)  # fmt: skip

# In a request it may be told of others: "Pray with discretion" is asked of readers.
_OF_DISCRETION = re.compile(  # of caseless text
    r"\b(?:with|use|your) discretion\b|\bdiscreet|\bkeep silent\b|\bout of public\b|\bto yourselves\b"
    r"|\bpray(?:ing)? (?:privately|in private|quietly|in public)\b|\bcareful (?:where|with whom|how|to whom) you\b"
    rf"|\btell no ?one\b|\byour eyes\b|\b(?:this|these) (?:list|requests|bulletin|sheet)\b{_SHORTLY}\b(?:only|use)\b"
)
_WORDS_OF_DISCRETION = (
    "discre", "silent", "public", "yourselves", "priva", "quietly", "careful", "no one", "noone", "your eyes", "only",
    " use",
)  # fmt: skip


def asks_for_discretion(text: str, said: Set[str]) -> bool:
    """Tell whether a text with these words, that doesn't invite to pray, is likely to ask readers for discretion."""
    return len(text) <= _LONGEST and not said.isdisjoint(_WORDS) and _ANY_WAY.search(text) is not None


def is_plea_to_those_who_pray(text: str) -> bool:
    """Tell whether a text invites to pray for nobody, only what is read, and asks to keep that private."""
    if len(text) > _LONGEST or not _says_to_keep(text):
        return False
    rest, invitations = _PRAY_THIS.subn("", text)
    return bool(invitations) and not invites(rest)


def _says_to_keep(text: str) -> bool:
    said = caseless(text)
    return holds_one(said, _WORDS_THAT_KEEP) and _BUT_KEEP.search(said) is not None


def mentions_discretion(text: str) -> bool:
    """Tell whether a request has words by which readers are asked for discretion."""
    said = caseless(text)
    return holds_one(said, _WORDS_OF_DISCRETION) and _OF_DISCRETION.search(said) is not None
