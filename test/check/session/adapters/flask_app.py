"""Flask's own session, in a signed cookie; login and logout as its tutorial has them: session.clear()."""
import os
import time
from datetime import timedelta

from flask import Flask, jsonify, request, session
from werkzeug.middleware.proxy_fix import ProxyFix

from serve import serve

IDLE = os.environ.get('IDLE')

app = Flask(__name__)
app.wsgi_app = ProxyFix(app.wsgi_app)
app.config.update(
    SECRET_KEY='a secret for the checker and of no other use',
    SESSION_COOKIE_SECURE=True,
    SESSION_COOKIE_SAMESITE='Lax',
    SESSION_REFRESH_EACH_REQUEST=True,
)
if IDLE:
    app.config.update(PERMANENT_SESSION_LIFETIME=timedelta(seconds=int(IDLE)))


@app.before_request
def expire():
    if IDLE and session:
        session.permanent = True


def pause():
    time.sleep(int(request.form.get('ms', 0)) / 1000)


@app.get('/get')
def get():
    value = session.get(request.args['key'])
    return ('', 404) if value is None else (value, {'Content-Type': 'text/plain; charset=utf-8'})


@app.get('/all')
def everything():
    return jsonify(dict(session))


@app.get('/whoami')
def whoami():
    return session.get('user', '')


@app.post('/set')
def write():
    session.get(request.form['key'])
    pause()
    session[request.form['key']] = request.form['value']
    return 'done'


@app.post('/del')
def delete():
    session.pop(request.form['key'], None)
    return 'done'


@app.post('/login')
def login():
    session.get('user')
    pause()
    session.clear()
    session['user'] = request.form['user']
    return 'done'


@app.post('/logout')
def logout():
    session.clear()
    return 'done'


@app.post('/fail')
def fail():
    session[request.form['key']] = request.form['value']
    raise RuntimeError('this handler fails on purpose')


if __name__ == '__main__':
    serve(app)
