"""Apps, the authorization page with its code, and tokens (docs.joinmastodon.org/methods/oauth)."""

import hmac
import html
import sqlite3
from typing import Any
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from bot.sandbox.accounts import OOB, allows
from bot.sandbox.calls import Call, Routes
from bot.sandbox.errors import invalid

_GRANTS = ["authorization_code", "client_credentials"]

routes = Routes()


@routes("POST /api/v1/apps")
async def create_app(call: Call) -> Any:
    given = call.parameters
    if not given.text("client_name"):
        raise invalid("Application name can't be blank")
    redirects = "\n".join(given.all("redirect_uris"))
    app = call.sandbox.accounts.register(
        given.text("client_name"), redirects, given.text("scopes"), given.maybe("website")
    )
    return {
        "id": app["client_id"], "name": app["name"], "website": app["website"], "redirect_uri": app["redirect_uris"],
        "redirect_uris": app["redirect_uris"].split(), "scopes": app["scopes"].split(), "client_id": app["client_id"],
        "client_secret": app["client_secret"], "vapid_key": "",
    }  # fmt: skip


@routes("GET /api/v1/apps/verify_credentials")
async def app_credentials(call: Call) -> Any:
    who = call.bearer()
    if who is None:
        raise HTTPException(401, "The access token is invalid")
    return {"name": "app", "website": None, "scopes": sorted(who.scopes)}


@routes("GET /.well-known/oauth-authorization-server")
async def server_info(call: Call) -> Any:
    base = call.sandbox.base
    return {
        "issuer": f"{base}/", "authorization_endpoint": f"{base}/oauth/authorize",
        "token_endpoint": f"{base}/oauth/token", "revocation_endpoint": f"{base}/oauth/revoke",
        "app_registration_endpoint": f"{base}/api/v1/apps", "grant_types_supported": _GRANTS,
        "response_types_supported": ["code"], "scopes_supported": ["read", "write", "follow", "push", "profile"],
    }  # fmt: skip


@routes("GET /oauth/authorize")
async def authorize_page(call: Call) -> Response:
    """Who shall the app act as? Everybody here is let in without a password."""
    app, given = _authorizing(call), call.parameters
    people = call.sandbox.database.rows("SELECT acct FROM account WHERE acct NOT LIKE '%@%' ORDER BY id")
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{html.escape(given.text(name))}">'
        for name in ("client_id", "redirect_uri", "scope", "state")
    )
    buttons = "".join(
        f'<button name="account" value="{html.escape(row["acct"])}">Continue as @{html.escape(row["acct"])}</button> '
        for row in people
    )
    name, scopes = html.escape(app["name"]), html.escape(given.text("scope", "read"))
    return _page(f"<h1>Authorise {name}</h1><p>It asks for: {scopes}</p><form method=post>{hidden}{buttons}</form>")


@routes("POST /oauth/authorize")
async def authorize(call: Call) -> Response:
    """The code, shown or sent to the app's address."""
    app, given, accounts = _authorizing(call), call.parameters, call.sandbox.accounts
    person = accounts.by_acct(given.text("account"))
    if person is None:
        raise HTTPException(422, "No such account")
    redirect = given.text("redirect_uri", OOB)
    code = accounts.issue_code(app["client_id"], person["id"], given.text("scope", "read"), redirect)
    if redirect == OOB:
        return _page(f'<h1>Your code</h1><p>Copy it to the app.</p><p><input readonly id="code" value="{code}"></p>')
    state = {"state": given.text("state")} if given.text("state") else {}
    return RedirectResponse(f"{redirect}?{urlencode({'code': code, **state})}", 302)


def _authorizing(call: Call) -> sqlite3.Row:
    """The app that wants to act for somebody, its wishes within what it registered for. Raises HTTPException."""
    given = call.parameters
    app = call.sandbox.accounts.app(given.text("client_id"))
    if app is None:
        raise HTTPException(401, "Client authentication failed")
    if given.text("redirect_uri", OOB) not in app["redirect_uris"].split():
        raise HTTPException(400, "The redirect uri included is not valid.")
    allowed = app["scopes"].split()
    if not all(allows(allowed, scope) for scope in given.text("scope", "read").split()):
        raise HTTPException(400, "The requested scope is invalid, unknown, or malformed.")
    return app


@routes("POST /oauth/token")
async def token(call: Call) -> Any:
    given, accounts, app = call.parameters, call.sandbox.accounts, _authenticated(call)
    if app is None:
        return _refused(401, "invalid_client", "Client authentication failed")
    if given.text("grant_type") == "client_credentials":
        scopes, owner = given.text("scope", "read"), None
    elif given.text("grant_type") == "authorization_code":
        code = accounts.redeem(given.text("code"), app["client_id"], given.text("redirect_uri", OOB))
        if code is None:
            return _refused(400, "invalid_grant", "The provided authorization grant is invalid or expired")
        scopes, owner = code["scopes"], code["account"]
    else:
        return _refused(400, "unsupported_grant_type", "The authorization grant type is not supported")
    issued, now = accounts.issue_token(app["client_id"], owner, scopes), call.sandbox.database.now()
    return {"access_token": issued, "token_type": "Bearer", "scope": scopes, "created_at": int(now)}


@routes("POST /oauth/revoke")
async def revoke(call: Call) -> Any:
    if _authenticated(call) is None:
        return _refused(403, "unauthorized_client", "You are not authorized to revoke this token")
    call.sandbox.accounts.revoke(call.parameters.text("token"))
    return {}


def _authenticated(call: Call) -> sqlite3.Row | None:
    """The app whose id and secret were sent."""
    app = call.sandbox.accounts.app(call.parameters.text("client_id"))
    secret = call.parameters.text("client_secret")
    return app if app is not None and hmac.compare_digest(app["client_secret"], secret) else None


def _refused(status: int, error: str, description: str) -> Response:
    return JSONResponse({"error": error, "error_description": description}, status)


@routes("GET /oauth/userinfo")
async def userinfo(call: Call) -> Any:
    return {"sub": call.sandbox.entities.page(call.sandbox.accounts.known(call.account())["acct"])}


def _page(body: str) -> Response:
    head = '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    sheet = '<title>Sandbox</title><link rel="stylesheet" href="/sandbox/page.css">'
    return HTMLResponse(f'{head}{sheet}<body class="plain"><main>{body}</main></body></html>')
