"""A Bot API server of our own on loopback, with invented people. Never part of production.

`World` (world.py) is what the demo and the tests speak to; `RehearsalServer` (server.py) is what the bot speaks to;
`Record` (record.py) is the judge. The rules come from the Bot API server's own source and from the published API;
methods.json is an excerpt of the latter, which a test compares with the whole. Not acted out, and refused: webhooks,
files, inline mode, the bot's own reactions, MarkdownV2, custom keyboards.

Where the real server's behaviour isn't published or known, this one's is a guess, marked where it is made: see Switches
(state.py), Callbacks, _own_link (admissions.py), and that a muted bot may still edit its messages, one that a person
blocked, too, and what it wrote to someone who asked to join.
"""
