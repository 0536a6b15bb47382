"""What the web server calls."""

import atexit
import gc
import os
from typing import Final

from django.core.wsgi import get_wsgi_application

__all__ = ["application"]

_OBJECTS_BEFORE_A_LOOK: Final = 20_000

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "doudi.office.config.settings")
application = get_wsgi_application()

# A page makes some ten thousand objects and drops them all by counting; at Python's own threshold of 700 the collector
# walks through the whole program for each page, a tenth to a fifth of its CPU. What is loaded by now stays for good.
gc.collect()
gc.freeze()
atexit.register(gc.unfreeze)  # else DuckDB's binding complains at the end of everything that was frozen
gc.set_threshold(_OBJECTS_BEFORE_A_LOOK, 20, 20)
