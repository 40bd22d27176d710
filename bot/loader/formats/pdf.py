"""The text of a PDF, its lines put together to paragraphs by where they stand on the page."""

import io
from collections.abc import Iterator, Sequence

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LAParams, LTFigure, LTImage, LTPage, LTTextBox, LTTextLine
from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFObjectNotFound, PDFObjRef

from bot.loader.formats.extract import Extract, FormatError

_MOST_PAGES = 200
_BULLETS = ("•", "●", "▪", "◦", "-", "–", "*", "\uf0b7")


def extract(content: bytes) -> Extract:
    """Return the text of a PDF. Raises FormatError for one with a password, without text or with too many pages."""
    texts: list[str] = []
    pictures = False
    try:
        for number, page in enumerate(_pages(content), 1):
            if number > _MOST_PAGES:
                raise FormatError(f"has more than {_MOST_PAGES} pages. Save the bulletin's pages by themselves.")
            texts.append("\n\n".join(_boxes(page)))
            pictures = pictures or any(isinstance(each, LTFigure | LTImage) for each in page)
    except PDFPasswordIncorrect:
        raise FormatError("has a password. Save it without one.") from None
    if not texts:
        raise FormatError("is broken: it can't be read as a PDF. Save or download it again.")
    text = "\n\n".join(texts)
    if not text.strip():
        what = "holds only pictures of text (a scan)" if pictures else "holds no text"
        raise FormatError(f"{what}. Copy its words into a text file.")
    return Extract(text)


class _Document(PDFDocument):
    """A document in which an object that leads back to itself is none: the library would follow it for ever."""

    def getobj(self, objid: int) -> object:
        """Return the object of a number, and no reference to another. Raises PDFObjectNotFound."""
        passed = {objid}
        found = super().getobj(objid)
        while isinstance(found, PDFObjRef):
            if found.objid in passed:
                raise PDFObjectNotFound(objid)
            passed.add(found.objid)
            found = super().getobj(found.objid)
        return found


def _pages(content: bytes) -> Iterator[LTPage]:
    resources = PDFResourceManager()
    device = PDFPageAggregator(resources, laparams=LAParams())
    interpreter = PDFPageInterpreter(resources, device)
    for page in PDFPage.create_pages(_Document(PDFParser(io.BytesIO(content)))):
        interpreter.process_page(page)
        yield device.get_result()


def _boxes(page: LTPage) -> Iterator[str]:
    boxes = [each for each in page if isinstance(each, LTTextBox)]
    right = max((box.x1 for box in boxes), default=0.0)
    for box in boxes:
        yield "\n".join(_paragraphs([line for line in box if isinstance(line, LTTextLine)], right))


def _paragraphs(lines: Sequence[LTTextLine], right: float) -> Iterator[str]:
    """Yield a box's paragraphs: a line that had no room for the next one's first word goes on there."""
    texts: list[str] = []
    last: LTTextLine | None = None
    for line in lines:
        text = line.get_text().strip()
        if not text:
            continue
        if last is not None and _goes_on(last, line, text, right):
            texts[-1] += f" {text}"
        else:
            texts.append(text)
        last = line
    yield from texts


def _goes_on(last: LTTextLine, line: LTTextLine, text: str, right: float) -> bool:
    if text.startswith(_BULLETS):
        return False
    first = len(text.split(maxsplit=1)[0]) + 1
    return last.x1 + first * line.width / max(len(text), 1) > right
