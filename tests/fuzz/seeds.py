"""What is mutated: the sample bulletins, the corpus beside this file, and documents. All of it is invented."""

from dataclasses import dataclass
from pathlib import Path

from bot.loader.formats.recognising import Form
from tests.loader.formats import documents

ROOT = Path(__file__).resolve().parents[2]
CORPUS = Path(__file__).with_name("corpus")


@dataclass(frozen=True)
class Seeds:
    """Texts, and documents by their form."""

    texts: tuple[str, ...]
    documents: tuple[tuple[Form, bytes], ...]


def seeds() -> Seeds:
    """Return all seeds, in the same order every time."""
    samples = (ROOT / "data" / "bulletins").glob("*.txt")
    files = sorted([*samples, *CORPUS.glob("*.txt")], key=lambda path: path.name)
    by_hand = sorted(CORPUS.glob("*.yaml"), key=lambda path: path.name)
    forwarded = documents.mail()
    forwarded.add_attachment(documents.mail(), filename="inner.eml")
    both = documents.mail()
    both.add_alternative(documents.page(), subtype="html")
    return Seeds(
        texts=tuple(path.read_text(encoding="utf-8") for path in files),
        documents=(
            *((Form.YAML, path.read_bytes()) for path in by_hand),
            (Form.HTML, documents.page().encode()),
            (Form.MAIL, documents.mail().as_bytes()),
            (Form.MAIL, forwarded.as_bytes()),
            (Form.MAIL, both.as_bytes()),
            (Form.MAIL, (CORPUS / "forwarded.eml").read_bytes()),
            (Form.WORD, documents.word()),
            (Form.PDF, documents.pdf()),
            (Form.PDF, documents.pdf([documents.PARAGRAPHS[:4], documents.PARAGRAPHS[4:]])),
        ),
    )
