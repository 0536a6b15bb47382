"""What the web server calls."""

import os

from django.core.wsgi import get_wsgi_application

__all__ = ["application"]

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "doudi.office.config.settings")
application = get_wsgi_application()
