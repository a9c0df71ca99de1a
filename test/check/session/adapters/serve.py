"""Serves a WSGI application on PORT, each request in a thread: what Flask's and Django's adapters share."""
import os
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64


class Handler(WSGIRequestHandler):
    def log_message(self, *_):
        pass


def serve(application):
    port = int(os.environ['PORT'])
    make_server('127.0.0.1', port, application, Server, Handler).serve_forever()
