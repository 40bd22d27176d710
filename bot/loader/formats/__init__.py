"""What the forms of files say as plain text: `recognising` tells them apart, `caged` opens those that can do harm.

`plain` decodes bytes, `html`, `word`, `pdf` and `mail` take documents apart; they run
in a process of its own (`child`).
`handwritten` reads our own form in YAML.
"""
