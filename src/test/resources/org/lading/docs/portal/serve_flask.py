# Serves the Flask snippet at 127.0.0.1: serve_flask.py PORT
import sys
from wsgiref.simple_server import make_server

from portal import app

make_server("127.0.0.1", int(sys.argv[1]), app).serve_forever()
