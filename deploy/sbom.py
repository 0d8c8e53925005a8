"""Writes what a lock installs as a CycloneDX 1.6 bill of materials: `.venv/bin/python deploy/sbom.py bot > sbom.json`.

`bot` (the bot's image), `all` (a worker's, torch too). Each wheel with its version, its address in the language of
package URLs and the SHA-256 that pip checks. It asks no network; who needs whom is not in a lock, so not here either.
"""

import re
import sys
import tomllib
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

HERE = Path(__file__).resolve().parent
LOCKS = {"bot": HERE / "requirements-bot.txt", "all": HERE / "requirements.txt"}
_WHEEL = re.compile(r"^([a-z0-9._-]+)==(\S+) \\\n    --hash=sha256:([0-9a-f]{64})$", re.MULTILINE)


def main() -> None:
    """Print it as JSON."""
    bom = bill(LOCKS[sys.argv[1]])
    sys.stdout.write(make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=2) + "\n")


def bill(lock: Path) -> Bom:
    """Stylesmith, and every wheel of `lock`."""
    project = tomllib.loads((HERE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    ours = Component(name=project["name"], version=project["version"], type=ComponentType.APPLICATION)
    bom = Bom(components=[_wheel(*found) for found in _WHEEL.findall(lock.read_text(encoding="utf-8"))])
    bom.metadata.component = ours
    bom.register_dependency(ours, bom.components)
    return bom


def _wheel(name: str, version: str, sha256: str) -> Component:
    purl = PackageURL("pypi", None, name, version)
    return Component(
        name=name,
        version=version,
        type=ComponentType.LIBRARY,
        purl=purl,
        bom_ref=str(purl),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=sha256)],
    )


if __name__ == "__main__":
    main()
