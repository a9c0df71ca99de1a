"""A WSGI application for gunicorn as it comes."""

PAGE = b'<!doctype html><title>A page</title><p>A page.\n'


def application(environ, start_response):
    method, path = environ['REQUEST_METHOD'], environ['PATH_INFO']
    status, body = '404 Not Found', b'nothing here'
    if method == 'POST' and path == '/form':
        status, body = '200 OK', b'%d bytes' % len(environ['wsgi.input'].read())
    elif method in ('GET', 'HEAD') and path == '/':
        status, body = '200 OK', PAGE
    start_response(status, [('Content-Type', 'text/html'), ('Content-Length', str(len(body)))])
    return [b'' if method == 'HEAD' else body]
