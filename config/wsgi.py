import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
# Every page is loaded now: whoever comes first would wait a second and a half for it, and a burst of notifications with them.
import_module("config.urls")
