"""What a server runs."""

import os

from django.core.wsgi import get_wsgi_application

os.umask(0o077)  # uploads, exports and the database are their owner's alone
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liangxin.web.settings")
application = get_wsgi_application()
