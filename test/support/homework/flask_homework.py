"""A right homework in Flask, the course's own framework: the table is MariaDB's."""

import os

import flask
import pymysql
from werkzeug.security import generate_password_hash

app = flask.Flask(__name__)


def connect():
    return pymysql.connect(
        unix_socket=os.environ["HOMEWORK_SOCKET"],
        user="root",
        database="ajax",
        charset="utf8mb4",
        autocommit=True,
    )


@app.get("/")
def page():
    with open(os.path.join(os.path.dirname(__file__), "right.html"), encoding="utf-8") as file:
        return file.read()


@app.get("/check")
def check():
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM users WHERE uname = %s", [flask.request.args["uname"]])
        return {"taken": cursor.fetchone() is not None}


@app.post("/register")
def register():
    uname, upwd = flask.request.form["uname"], flask.request.form["upwd"]
    with connect() as connection, connection.cursor() as cursor:
        try:
            cursor.execute(
                "INSERT INTO users (uname, upwd, nickname) VALUES (%s, %s, %s)",
                [uname, generate_password_hash(upwd), uname],
            )
        except pymysql.err.IntegrityError:
            return {"error": "taken"}, 409
    return {"uname": uname}, 201


@app.get("/users")
def users():
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT uname FROM users")
        return {"users": [row[0] for row in cursor.fetchall()]}


if __name__ == "__main__":
    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", 0, app, threaded=True)
    print(server.server_port, flush=True)
    server.serve_forever()
