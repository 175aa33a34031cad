"""`python -m bakhong.demo.files DIR`: messy lists of residents to try an import with, and the truth about them. Needs no database."""

import sys
from pathlib import Path


def main() -> int:
    import django

    if len(sys.argv) != 2:
        print("Cách dùng: python -m bakhong.demo.files THƯ_MỤC", file=sys.stderr)
        return 2
    django.setup()
    from bakhong.demo.neighbours import write_files
    from bakhong.demo.rules.making import make_commune

    for path in write_files(Path(sys.argv[1]), make_commune()):
        print(path)
    return 0


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    sys.exit(main())
