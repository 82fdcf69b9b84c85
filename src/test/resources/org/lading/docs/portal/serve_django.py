# Serves the Django snippet at 127.0.0.1: serve_django.py PORT
import sys
from wsgiref.simple_server import make_server

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import path

settings.configure(ROOT_URLCONF=__name__, SECRET_KEY="test", ALLOWED_HOSTS=["*"])
application = get_wsgi_application()

import views  # noqa: E402

urlpatterns = [path("portal/archive", views.archive), path("portal/link", views.link)]

make_server("127.0.0.1", int(sys.argv[1]), application).serve_forever()
