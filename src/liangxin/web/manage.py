"""Django's own commands, for the office's IT person: ``python -m liangxin.web.manage migrate``."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.umask(0o077)  # as folder.keep_private, before anything of the site is loaded
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liangxin.web.settings")
    execute_from_command_line(sys.argv)
