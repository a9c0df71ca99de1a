"""The same work in Flask, for gunicorn, with the sessions in a dictionary: Flask's own are in the cookie."""

import os
import threading
import uuid

import flask
import pymysql
from flask.sessions import SessionInterface, SessionMixin


class Session(dict, SessionMixin):
    id = None


class Sessions(SessionInterface):
    sessions = {}

    def open_session(self, app, request):
        return self.sessions.get(request.cookies.get("session")) or Session()

    def save_session(self, app, session, response):
        if session and session.id is None:
            session.id = uuid.uuid4().hex
            self.sessions[session.id] = session
            response.set_cookie("session", session.id, httponly=True)


app = flask.Flask(__name__, static_folder=os.environ["BENCH_STATIC"])
app.session_interface = Sessions()
of_thread = threading.local()


def connection():
    if not hasattr(of_thread, "connection"):
        of_thread.connection = pymysql.connect(
            unix_socket=os.environ["BENCH_SOCKET"], user="root", database="ajax", autocommit=True
        )
    return of_thread.connection


@app.get("/")
def page():
    return app.send_static_file("index.html")


@app.get("/check-uname")
def check_uname():
    uname = flask.request.args["uname"]
    with connection().cursor() as cursor:
        cursor.execute("SELECT uname FROM users WHERE uname = %s", [uname])
        return {"uname": uname, "exists": cursor.fetchone() is not None}


@app.get("/session/<key>")
def read_key(key):
    return {"key": key, "value": flask.session.get(key)}


@app.put("/session/<key>")
def write_key(key):
    flask.session[key] = value = flask.request.form["value"]
    return {"key": key, "value": value}
