"""`python -m bot`, and the command `vigil`."""

import sys


def main() -> None:
    """Run the command line. Loading it takes a moment, in which Ctrl-C must be no traceback either."""
    try:
        from bot.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
