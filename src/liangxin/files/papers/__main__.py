"""``python -m liangxin.files.papers [FOLDER]``: writes the Word templates of official documents, for an office to change."""

import sys
from pathlib import Path

from liangxin.files.papers.templates import FOLDER, make_all

make_all(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
