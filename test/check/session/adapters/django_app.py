"""Django with its own sessions (in SQLite) and its own login, and the settings of its deployment checklist."""
import os
import time

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, JsonResponse
from django.urls import path

from serve import serve

IDLE = os.environ.get('IDLE')
EXPIRY = {'SESSION_COOKIE_AGE': int(IDLE), 'SESSION_SAVE_EVERY_REQUEST': True} if IDLE else {}

settings.configure(
    ALLOWED_HOSTS=['127.0.0.1'],
    DATABASES={
        'default': {
            'ENGINE': 'django.db.backends.sqlite3',
            'NAME': os.path.join(os.environ['FOLDER'], 'django.sqlite'),
            'OPTIONS': {'timeout': 10},
        }
    },
    DEFAULT_AUTO_FIELD='django.db.models.AutoField',
    INSTALLED_APPS=[
        'django.contrib.contenttypes',
        'django.contrib.auth',
        'django.contrib.sessions',
    ],
    LOGGING_CONFIG=None,
    # No CsrfViewMiddleware: the checker sends no token.
    MIDDLEWARE=[
        'django.middleware.security.SecurityMiddleware',
        'django.contrib.sessions.middleware.SessionMiddleware',
        'django.middleware.common.CommonMiddleware',
        'django.contrib.auth.middleware.AuthenticationMiddleware',
    ],
    ROOT_URLCONF=__name__,
    SECRET_KEY='a secret for the checker and of no other use, long enough',
    SECURE_PROXY_SSL_HEADER=('HTTP_X_FORWARDED_PROTO', 'https'),
    SESSION_COOKIE_SECURE=True,
    **EXPIRY,
)
django.setup()

from django.contrib import auth  # noqa: E402 (needs the settings)
from django.contrib.auth.models import User  # noqa: E402
from django.contrib.sessions.models import Session  # noqa: E402


def text(body, status=200):
    return HttpResponse(body, status=status, content_type='text/plain; charset=utf-8')


def pause(request):
    time.sleep(int(request.POST.get('ms', 0)) / 1000)


def get(request):
    value = request.session.get(request.GET['key'])
    return text('', 404) if value is None else text(value)


def everything(request):
    return JsonResponse(dict(request.session.items()))


def whoami(request):
    return text(request.session.get('user', ''))


def count(request):
    return text(str(Session.objects.count()))


def write(request):
    request.session.get('user')
    pause(request)
    request.session[request.POST['key']] = request.POST['value']
    return text('done')


def delete(request):
    request.session.pop(request.POST['key'], None)
    return text('done')


def login(request):
    request.session.get('user')
    pause(request)
    user, _ = User.objects.get_or_create(username=request.POST['user'])
    auth.login(request, user, backend='django.contrib.auth.backends.ModelBackend')
    request.session['user'] = user.username
    return text('done')


def logout(request):
    auth.logout(request)
    return text('done')


def fail(request):
    request.session[request.POST['key']] = request.POST['value']
    raise RuntimeError('this handler fails on purpose')


urlpatterns = [
    path('get', get),
    path('all', everything),
    path('whoami', whoami),
    path('count', count),
    path('set', write),
    path('del', delete),
    path('login', login),
    path('logout', logout),
    path('fail', fail),
]

if __name__ == '__main__':
    call_command('migrate', verbosity=0)
    serve(get_wsgi_application())
