"""What went wrong, on a page of its own, in the reader's language, saying what to do."""

from flask import Flask, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from cdp.http.context import SAFE
from cdp.i18n.say import say
from cdp.kernel.errors import Conflict, Message, NotFound, Refused, RuleBroken, Trouble

STATUS: dict[type[Trouble], int] = {Refused: 403, RuleBroken: 422, NotFound: 404, Conflict: 409}


def show(status: int, message: Message) -> ResponseReturnValue:
    """The page of a trouble; JSON where the API was asked."""
    if request.path.startswith("/api/"):
        return {"error": message.key, "message": say(message)}, status
    if status == 404 and getattr(g, "commune_slug", None) and "commune" not in g:
        g.commune = None
    if status == 404 and "round_card" not in g:
        g.round_card = None
    is_for_others = message.key == "errors.not_allowed"
    return render_template(
        "errors/show.html", status=status, sentence=say(message), is_for_others=is_for_others
    ), status


def trouble(error: Trouble) -> ResponseReturnValue:
    """A rule or a right stands against it; who is not signed in is asked to, and comes back."""
    if error.message.key == "errors.sign_in" and request.method == "GET":
        flash(say(error.message), "info")
        return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
    return show(STATUS.get(type(error), 400), error.message)


def http(error: HTTPException) -> ResponseReturnValue:
    """An error of the protocol."""
    known = {404: "not_found", 405: "not_here", 413: "too_large", 429: "too_often", 400: "not_understood"}
    if error.response is not None or (error.code or 500) < 400:
        return error
    if (page := _without_slash()) is not None:
        return redirect(page, 301)
    return show(error.code or 500, Message(f"errors.{known.get(error.code or 500, 'unexpected')}"))


def _without_slash() -> str | None:
    """The page that was meant by an address with one stroke too many at its end; None where there is none."""
    if request.routing_exception is None or request.method not in SAFE or not request.path.endswith("/"):
        return None
    meant = request.path.rstrip("/")
    adapter = current_app.create_url_adapter(request)
    if adapter is None or not adapter.test(meant, method="GET"):
        return None
    return f"{meant}?{request.query_string.decode()}" if request.query_string else meant


def forged(_error: CSRFError) -> ResponseReturnValue:
    """A form that did not come from our page, or too late."""
    return show(400, Message("errors.form_expired"))


def unexpected(_error: Exception) -> ResponseReturnValue:
    """A defect of ours; nothing was changed."""
    return show(500, Message("errors.unexpected"))


def init_app(app: Flask) -> None:
    """Answer each kind of error."""
    app.register_error_handler(Trouble, trouble)
    app.register_error_handler(CSRFError, forged)
    app.register_error_handler(HTTPException, http)
    if not app.testing and not app.debug:
        app.register_error_handler(Exception, unexpected)
