"""From a file to a bulletin, by the rules of a source's profile (config/bulletins/*.yaml).

A text goes through these rooms: `files` (path to text), `lines` (cleaned, numbered), `items` (what each line is by its
looks: headings, dates, verses, notes, paragraphs), `splitting` (an archive's bulletins), `placing` (where every item of
a bulletin belongs, and by which rule: `beginning`, `body`, or `daily` for a diary), `reading` (the bulletins, and the
lines that belong to none). `days` finds the days that requests name, once a bulletin's date is known. `jsonform` writes
the result for programs, `writing` as text that reads back to the same.
"""
