"""The process that opens one document: `python -m bot.loader.formats.child FORM`, bytes in, JSON out.

It takes its limits before it looks at anything, has no environment of ours, opens no file and writes none.
"""

import json
import logging
import resource
import sys
import warnings
from collections.abc import Callable

from bot.loader.formats.extract import LONGEST, Extract, FormatError
from bot.loader.formats.recognising import Form

SECONDS = 5  # of processor time here, of the clock in the parent
MEMORY = 256 * 2**20  # bytes of address space


def main() -> None:
    """Read a document from standard input and write what it says, or a sentence on why it can't be read."""
    _limit()
    warnings.simplefilter("ignore")  # libraries' remarks on a file are no concern of its reader
    logging.disable()
    sys.stdout.write(json.dumps(answer(Form(sys.argv[1]), sys.stdin.buffer.read())))


def answer(form: Form, content: bytes) -> dict[str, object]:
    """Return what a document says, or under "fault" a sentence on why it can't be read. Raises nothing."""
    try:
        return _answer(_reader(form)(content))
    except FormatError as error:
        return {"fault": str(error)}
    except MemoryError:
        return {"fault": f"needs more than {MEMORY // 2**20} MB to open. Copy the bulletin's text into a text file."}
    except RecursionError:
        return {"fault": "is nested too deeply. Copy the bulletin's text into a text file."}
    except Exception:  # noqa: BLE001 (whatever a library says of a file, it is the file that can't be read)
        return {"fault": f"is broken: it can't be read as {_NAMES[form]}. Save or download it again."}


_NAMES = {Form.PDF: "a PDF", Form.WORD: "a Word file", Form.HTML: "a web page", Form.MAIL: "a mail"}


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _reader(form: Form) -> Callable[[bytes], Extract]:
    """Import only what one form needs, within the limits."""
    if form is Form.PDF:
        from bot.loader.formats.pdf import extract
    elif form is Form.WORD:
        from bot.loader.formats.word import extract
    elif form is Form.MAIL:
        from bot.loader.formats.mail import extract
    else:
        from bot.loader.formats.html import extract
    return extract


def _answer(extract: Extract) -> dict[str, object]:
    if len(extract.text) > LONGEST:
        return {"fault": f"holds more than {LONGEST // 2**20} MB of text. Split it, or copy the bulletin out of it."}
    return {
        "text": extract.text,
        "sent_on": extract.sent_on.isoformat() if extract.sent_on else None,
        "subject": extract.subject,
        "aside": list(extract.aside.items()),
        "notices": extract.notices,
    }


if __name__ == "__main__":
    main()
