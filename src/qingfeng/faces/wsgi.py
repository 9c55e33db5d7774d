"""The web application, as granian loads it."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingfeng.settings")

application = get_wsgi_application()

# What is loaded by now stays for as long as the process does: the collector need not walk it again and again.
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()
