"""What whoever watches the demo sees: a line a thing, at 80 columns, in a terminal or not."""

from collections.abc import Sequence
from datetime import date, datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.demo.entries import Entry
from bot.demo.verdict import Row, Verdict
from bot.services.planning import Loaded

WIDTH = 80
INDENT = 20  # the width of "Mon 07:00  New York "
COUNT = 5  # the width of " 🙏 12"


class Screen:
    """Writes to a console. Each time is shown as the group's own clock has it."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._width = min(WIDTH, console.width)

    def heading(self, text: str) -> None:
        """A section begins."""
        self._console.print()
        self._console.print(Text(text, style="bold"))

    def note(self, words: str, style: str = "dim") -> None:
        """A line for whoever watches."""
        self._console.print(Text(words, style=style))

    def plan(self, loaded: Sequence[Loaded], entries: Sequence[Entry]) -> None:
        """What was loaded: each day's region, and what an editor would be told."""
        what = "the week’s bulletin" if len(loaded) == 1 else f"an archive of {len(loaded)} bulletins"
        self.heading(f"An editor loads {what}, and each region has its day")
        for entry in entries:
            self._console.print(Text.assemble((f"{entry.date:%a %d %b}           ", "dim"), entry.region))
        for each in loaded:
            if each.borrowed_verse:
                self.note(f"It has no verse of its own; this one is taken: {each.bulletin.verse.reference}.")
            for left in each.plan.left_over:
                region = each.bulletin.requests[left.request].request.region
                self.note(f"{region} found no day ({left.reason}); members reach it with /region.")

    def day(self, day: date) -> None:
        """The first group's post of a day is next."""
        self.heading(f"{day:%A} {day.day} {day:%B %Y}")

    def did(self, at: datetime, where: str, who: str, what: str) -> None:
        """A person does something."""
        self._line(at, where, Text.assemble((who, "cyan"), f" {what}"))

    def said(self, at: datetime, where: str, who: str, words: str) -> None:
        """A person says something."""
        self._line(at, where, Text.assemble((who, "cyan"), f": {words}"))

    def answered(self, words: str) -> None:
        """The bot answers in words of its own."""
        lines = [line for line in words.splitlines() if line.strip()]
        self._line(None, "", Text.assemble(("Vigil", "green"), ": ", "\n".join(lines)))

    def answered_with(self, entry: Entry, *, parts: int) -> None:
        """The bot answers with a request."""
        self._request(None, "", Text.assemble(("Vigil", "green"), ": "), entry, parts)

    def posted(self, at: datetime, where: str, entry: Entry, *, parts: int) -> None:
        """A group has its post."""
        self._request(at, where, Text(), entry, parts)

    def prayed(self, at: datetime, where: str, who: str, answer: str, count: int) -> None:
        """A tap on the button, what Telegram shows to whoever tapped, and the count on the button."""
        self._line(at, where, Text.assemble((who, "cyan"), " 🙏 ", (f"“{answer}”", "dim")), f" 🙏 {count}")

    def verdict(self, verdict: Verdict, groups: Sequence[str]) -> None:
        """A table of what was posted, and what is wrong with it."""
        self.heading("What the record of the invented Telegram says: posted at, and how many prayed")
        self._console.print(_table(verdict.rows, groups))
        for fault in verdict.faults:
            self.note(f"Wrong: {fault}", "bold red")
        if not verdict.faults:
            count = len(verdict.rows)
            self.note(f"All {count} posts came once, in their own group, at its hour; every copy is known.", "green")

    def _request(self, at: datetime | None, where: str, before: Text, entry: Entry, parts: int) -> None:
        more = f" · in {parts} messages" if parts > 1 else ""
        self._line(
            at, where, Text.assemble(before, (entry.region, "bold green"), (f" · {entry.verse.reference}{more}", "dim"))
        )
        text = Text(" ".join(entry.texts[0].split()), style="italic")
        text.truncate(self._width - INDENT, overflow="ellipsis")
        self._line(None, "", text)

    def _line(self, at: datetime | None, where: str, what: Text, right: str = "") -> None:
        """Time and place at the left, and the rest wrapped beside them, with a count at the right of its first line."""
        left = f"{at:%a %H:%M}  {where}" if at else ""
        room = self._width - INDENT - (COUNT if right else 0)
        for number, line in enumerate(what.wrap(self._console, room)):
            line.rstrip()
            if number == 0 and right:
                line.pad_right(room - line.cell_len)
                line.append(right, style="bold")
            beginning = (f"{left if number == 0 else '':<{INDENT}}", "dim")
            self._console.print(Text.assemble(beginning, line), soft_wrap=True)


def _table(rows: Sequence[Row], groups: Sequence[str]) -> Table:
    table = Table()
    for heading in ("Day", "Region", *groups):
        table.add_column(heading)
    for day in sorted({row.entry.date for row in rows}):
        of_day = {row.group: row for row in rows if row.entry.date == day}
        cells = [_cell(of_day[group]) for group in groups]
        table.add_row(f"{day:%a %d %b}", of_day[groups[0]].entry.region, *cells)
    return table


def _cell(row: Row) -> Text:
    return Text(f"{row.posted:%H:%M}  🙏 {row.prayed}") if row.posted else Text("not posted", style="bold red")
