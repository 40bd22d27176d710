"""The text of a Word file (.docx), with its lists, tables, text boxes and footnotes."""

import io
import zipfile
from typing import Any

import mammoth

from bot.loader.formats import html
from bot.loader.formats.extract import Extract, FormatError

_EXPANDED = 16 * 2**20  # bytes of XML; a document of a hundred pages has one million
_MOST_PARTS = 2000


def extract(content: bytes) -> Extract:
    """Return the text of a Word file. Raises FormatError for what isn't one, and for one that expands too far."""
    _check(content)
    page = mammoth.convert_to_html(io.BytesIO(content), convert_image=mammoth.images.img_element(_no_picture)).value
    return Extract(html.text_of(page).replace("↑", ""))


def _no_picture(_image: Any) -> dict[str, str]:
    return {"src": ""}


def _check(content: bytes) -> None:
    """Look at a file's parts before any is opened."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if not any(part.filename == "[Content_Types].xml" for part in parts) or not any(
            part.filename.startswith("word/") for part in parts
        ):
            raise FormatError("is a zip archive, but no Word file. Take the bulletin out of it, or save it as .docx.")
        written = [part for part in parts if part.filename.endswith((".xml", ".rels"))]
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in written) > _EXPANDED:
            raise FormatError(f"expands to more than {_EXPANDED // 2**20} MB of text. Save the bulletin by itself.")
        if any(part.flag_bits & 1 for part in parts):
            raise FormatError("has a password. Save it without one.")
        if any(b"<!DOCTYPE" in archive.read(part) for part in written):
            raise FormatError("is broken: a Word file defines no document type. Save it again.")
