"""Every command and button is tried by every kind of person; docs/access.md says what happens."""

from pathlib import Path

import pytest

from bot.settings import ROOT
from tests.e2e.access import access_page

PAGE = ROOT / "docs" / "access.md"
WHAT_TO_DO = (
    "docs/access.md doesn't say what happens. Write it anew with `python -m tests.e2e.access > docs/access.md` (what "
    "stands behind a command's name is said in `EXAMPLES` there), and look at each cell that changed: is it meant?"
)


@pytest.mark.no_cover
async def test_the_page_says_what_everybody_may_do(tmp_path: Path) -> None:
    measured = (await access_page(f"sqlite:///{tmp_path}/vigil.db")).splitlines()
    written = PAGE.read_text("utf-8").splitlines()
    assert [line for line in measured if line not in written] == [], WHAT_TO_DO
    assert measured == written, WHAT_TO_DO
