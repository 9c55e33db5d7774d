"""The committed copy of the OpenAPI description, by which a change of the interface is seen in review.

python tools/openapi.py         writes tests/faces/api/openapi.json
python tools/openapi.py PATH    writes it elsewhere
"""

import os
import sys
import tempfile
from pathlib import Path

COPY = Path(__file__).resolve().parent.parent / "tests" / "faces" / "api" / "openapi.json"


def description() -> str:
    """The description in English, the language of the source."""
    from qingfeng.faces.api.urls import description

    return description.written("en") + "\n"


def main(target: Path) -> None:
    import django

    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"QINGFENG_HOME": home, "DJANGO_SETTINGS_MODULE": "qingfeng.settings"}
        django.setup()
        target.write_text(description(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else COPY)
