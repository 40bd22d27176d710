"""Dates in other languages, put into English: "Donnerstag, den 14. März 2019", "le 14 mars 2019"."""

import re

from bot.loader.daywords import MONTHS, WEEKDAYS

# German, French, Spanish, Portuguese, Italian and Dutch names of the months, in the order of a year.
_MONTHS = (
    "januar|jänner|janvier|enero|janeiro|gennaio|januari",
    "februar|feber|février|fevrier|febrero|fevereiro|febbraio|februari",
    "märz|maerz|mars|marzo|março|maart",
    "avril|abril|aprile",
    "mai|mayo|maio|maggio|mei",
    "juni|juin|junio|junho|giugno",
    "juli|juillet|julio|julho|luglio",
    "août|aout|agosto|augustus",
    "septembre|septiembre|setiembre|setembro|settembre",
    "oktober|octobre|octubre|outubro|ottobre",
    "novembre|noviembre|novembro",
    "dezember|décembre|decembre|diciembre|dezembro|dicembre",
)
_WEEKDAYS = (
    "montag|lundi|lunes|segunda-feira|lunedì|maandag",
    "dienstag|mardi|martes|terça-feira|martedì|dinsdag",
    "mittwoch|mercredi|miércoles|quarta-feira|mercoledì|woensdag",
    "donnerstag|jeudi|jueves|quinta-feira|giovedì|donderdag",
    "freitag|vendredi|viernes|sexta-feira|venerdì|vrijdag",
    "samstag|sonnabend|samedi|sábado|sabato|zaterdag",
    "sonntag|dimanche|domingo|domenica|zondag",
)
_ENGLISH = {
    name: english
    for names, english in zip((*_MONTHS, *_WEEKDAYS), (*MONTHS, *WEEKDAYS), strict=True)
    for name in (*names.split("|"), english)
}
_DATE = re.compile(
    rf"(?<!\w)(?:(?:am|le|el|il) )?(?:(?P<weekday>{'|'.join(_WEEKDAYS)}),? )?(?:(?:den|dem|le|el|il) )?"
    r"(?P<day>\d{1,2})(?:\.|er|º|°)? (?:de |d['’])?"
    rf"(?P<month>{'|'.join((*_MONTHS, *MONTHS))})(?P<year>,?(?: del?)? \d{{4}})?(?!\w)",
    re.IGNORECASE,
)
_LIKELY = re.compile(r"\b\d{1,2}(?:\.|er|º|°)? (?:de |d['’])?(?=[^\W\d_]{3})")
# "10.–16. März": the second of two days is no date of its own.
_UP_TO = re.compile(r"(?:[-–—]|\b(?:bis|bis zum|au|al|a|até|tot)) ?$", re.IGNORECASE)
_REACH = 10


def in_english(line: str) -> str:
    """Return a line with the dates of other languages in English, without their weekday's comma and the articles."""
    return _DATE.sub(_translated, line) if _LIKELY.search(line) else line


def _translated(match: re.Match[str]) -> str:
    if _UP_TO.search(match.string, max(0, match.start() - _REACH), match.start()):
        return match.group()
    weekday, year = match["weekday"], match["year"]
    parts = (
        _english(weekday) if weekday else "",
        match["day"],
        _english(match["month"]),
        year[-4:] if year else "",
    )
    return " ".join(filter(None, parts))


def _english(name: str) -> str:
    # A pattern that doesn't tell cases apart takes the i without its dot, and the I with one, for an i.
    return _ENGLISH[name.casefold().replace("ı", "i").replace("i\u0307", "i")].capitalize()
