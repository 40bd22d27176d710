"""Fictional bulletins as documents, made byte by byte, and documents that mean harm."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from email.message import EmailMessage

TITLE = "Prayers for the harvest"
DATE = "July 3, 2026"
VERSE = "“The Lord is near to all who call on him” – Psalm 145:18"
AFRICA = "Please pray for Amara in Ghana, who waits for the judge to hear the case that her uncle brought last spring."
LATIN = "Praise God for the two families in Bolivia who came home safe. Pray for their neighbours."
GLOBAL = "Pray for rest for all who travel."
PARAGRAPHS = (TITLE, DATE, VERSE, "Africa & Europe", AFRICA, "Latin America", LATIN, "Global", GLOBAL)
UNDATED = tuple(each for each in PARAGRAPHS if each != DATE)
TEXT = "\n\n".join(PARAGRAPHS)
UNDATED_TEXT = "\n\n".join(UNDATED)

_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    ' Target="word/document.xml"/></Relationships>'
)
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def page(paragraphs: Sequence[str] = PARAGRAPHS) -> str:
    """A web page."""
    body = "".join(f"<p>{each.replace('&', '&amp;')}</p>" for each in paragraphs)
    return f"<!DOCTYPE html><html><head><title>News</title><style>p {{}}</style></head><body>{body}</body></html>"


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip archive."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return written.getvalue()


def word(body: str | None = None, more: Mapping[str, str | bytes] | None = None) -> bytes:
    """A Word file with these XML paragraphs, and more parts."""
    if body is None:
        body = "".join(word_paragraph(each) for each in PARAGRAPHS)
    document = f'<?xml version="1.0"?><w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
    return archive(
        {"[Content_Types].xml": _TYPES, "_rels/.rels": _RELATIONS, "word/document.xml": document} | dict(more or {})
    )


def word_paragraph(text: str) -> str:
    """A paragraph, its words in two runs as Word cuts them."""
    runs = (text[: len(text) // 2], text[len(text) // 2 :])
    written = "".join(f'<w:r><w:t xml:space="preserve">{run.replace("&", "&amp;")}</w:t></w:r>' for run in runs)
    return f"<w:p>{written}</w:p>"


def pdf(pages: Sequence[Sequence[str]] | None = None, *, width: int = 60, encrypted: bool = False) -> bytes:
    """A PDF in Helvetica, paragraphs broken at a width and a blank line apart."""
    pages = [PARAGRAPHS] if pages is None else pages
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    kids = []
    for paragraphs in pages:
        stream = b"BT /F1 11 Tf 14 TL 60 760 Td " + b"".join(_shown(each, width) for each in paragraphs) + b"ET"
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        kids.append(len(objects) + 1)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids))
    return _pdf_file(objects, encrypted=encrypted)


def _shown(paragraph: str, width: int) -> bytes:
    lines: list[str] = [""]
    for word_ in paragraph.split(" "):
        if len(lines[-1]) + len(word_) + 1 > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word_}".strip()
    shown = b"".join(b"(%s) Tj T* " % line.encode("cp1252").replace(b"(", b"\\(") for line in lines)
    return shown + b"T* "


def _pdf_file(objects: Sequence[bytes], *, encrypted: bool) -> bytes:
    written = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    # A password that nobody has: the entries are of no key.
    locked = b" /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >> /ID [<00> <00>]" % (
        b"41" * 32,
        b"42" * 32,
    )
    return (
        written
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R%s >>\nstartxref\n%d\n%%%%EOF"
        % (
            len(objects) + 1,
            table,
            len(objects) + 1,
            locked if encrypted else b"",
            len(written),
        )
    )


def mail(text: str = UNDATED_TEXT, *, date: str = "Fri, 03 Jul 2026 22:30:00 -0500") -> EmailMessage:
    """A mail."""
    message = EmailMessage()
    message["From"] = "Ann Example <ann@example.org>"
    message["To"] = "church@example.org"
    message["Subject"] = "Prayers"
    message["Date"] = date
    message.set_content(text)
    return message
