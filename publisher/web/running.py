"""The running request, its application and what is noted of it: the objects themselves, not Flask's proxies.

A page asks for them some hundreds of times, and every use of a proxy takes five times as long.
"""

from collections.abc import Callable
from typing import Any, cast

from flask import Flask, Request, current_app, g, request
from werkzeug.local import LocalProxy

running_app: Callable[[], Flask] = cast("LocalProxy[Flask]", current_app)._get_current_object
"""The application that answers the running request; RuntimeError where there is none, as for those below."""
running_request: Callable[[], Request] = cast("LocalProxy[Request]", request)._get_current_object
"""The request itself."""
remembered: Callable[[], Any] = cast("LocalProxy[Any]", g)._get_current_object
"""Flask's ``g``: what was worked out once for the running request."""
