"""The command `qingfeng`: parses, runs, and turns whatever goes wrong into words.

Exit codes: 0 done · 1 refused, or faults were found · 2 the command or the settings were not understood.
"""

import os
import sys
from collections.abc import Sequence

import django
from pydantic import ValidationError

from qingfeng.kernel.refusals import Misdeclared


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingfeng.settings")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        django.setup()
    except ValidationError as error:
        # The settings choose the language; where they don't hold there is none yet.
        for fault in error.errors(include_url=False):
            name = "_".join(str(part) for part in fault["loc"]).upper()
            name = name if name == "DATABASE_URL" else f"QINGFENG_{name.removeprefix('QINGFENG_')}"
            # What is wrong with no one setting names it itself.
            said = f" {name}: " if fault["loc"] else ": "
            print(f"设置有误 wrong setting{said}{fault['msg']}", file=sys.stderr)
        print("各项设置见 docs/operations.md。 Every setting stands in docs/operations.md.", file=sys.stderr)
        return 2
    except ValueError as error:
        print(f"设置有误 wrong setting: {error}", file=sys.stderr)
        return 2
    except ModuleNotFoundError as error:
        from django.conf import settings

        if not any(f"{app}.".startswith(f"{error.name}.") for app in settings.INSTALLED_APPS):
            raise
        print(
            f"设置有误 wrong setting QINGFENG_MECHANISMS: no package is named {error.name}", file=sys.stderr
        )
        return 2
    except Misdeclared as error:
        print(f"声明有误，不能启动 wrong declaration, nothing starts: {error}", file=sys.stderr)
        return 2
    from qingfeng.faces.cli.commands import run

    return run(list(sys.argv[1:] if argv is None else argv))


if __name__ == "__main__":
    sys.exit(main())
