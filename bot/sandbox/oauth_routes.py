"""Apps, the authorization page with its code, and tokens (docs.joinmastodon.org/methods/oauth)."""

import hmac
import html
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.sandbox.accounts import OOB, Accounts
from bot.sandbox.errors import ApiError
from bot.sandbox.parameters import Parameters, account, asked, bearer, world

_GRANTS = ["authorization_code", "client_credentials"]


async def create_app(request: Request) -> Response:
    """POST /api/v1/apps."""
    asking = await asked(request)
    if not asking.text("client_name"):
        raise ApiError(422, "Validation failed: Application name can't be blank")
    redirects = "\n".join(asking.all("redirect_uris"))
    app = world(request).people.register(
        asking.text("client_name"), redirects, asking.text("scopes"), asking.maybe("website")
    )
    uris = app["redirect_uris"].split()
    return JSONResponse({
        "id": app["client_id"], "name": app["name"], "website": app["website"], "redirect_uri": app["redirect_uris"],
        "redirect_uris": uris, "scopes": app["scopes"].split(), "client_id": app["client_id"],
        "client_secret": app["client_secret"], "vapid_key": "",
    })  # fmt: skip


async def app_credentials(request: Request) -> Response:
    """GET /api/v1/apps/verify_credentials."""
    who = bearer(request)
    if who is None:
        raise ApiError(401, "The access token is invalid")
    return JSONResponse({"name": "app", "website": None, "scopes": sorted(who.scopes)})


async def server_info(request: Request) -> Response:
    """GET /.well-known/oauth-authorization-server."""
    base = world(request).base
    return JSONResponse({
        "issuer": f"{base}/", "authorization_endpoint": f"{base}/oauth/authorize",
        "token_endpoint": f"{base}/oauth/token", "revocation_endpoint": f"{base}/oauth/revoke",
        "app_registration_endpoint": f"{base}/api/v1/apps", "grant_types_supported": _GRANTS,
        "response_types_supported": ["code"], "scopes_supported": ["read", "write", "follow", "push", "profile"],
    })  # fmt: skip


async def authorize_page(request: Request) -> Response:
    """GET /oauth/authorize: who shall the app act as? Everybody here is let in without a password."""
    asking = await asked(request)
    app = _checked(world(request).people, asking)
    people = world(request).database.rows("SELECT acct FROM account WHERE acct NOT LIKE '%@%' ORDER BY id")
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{html.escape(asking.text(name))}">'
        for name in ("client_id", "redirect_uri", "scope", "state")
    )
    buttons = "".join(
        f'<button name="account" value="{html.escape(row["acct"])}">Continue as @{html.escape(row["acct"])}</button> '
        for row in people
    )
    name, scopes = html.escape(app["name"]), html.escape(asking.text("scope", "read"))
    return _page(f"<h1>Authorise {name}</h1><p>It asks for: {scopes}</p><form method=post>{hidden}{buttons}</form>")


async def authorize(request: Request) -> Response:
    """POST /oauth/authorize: the code, shown or sent to the app's address."""
    asking = await asked(request)
    people = world(request).people
    app = _checked(people, asking)
    person = people.by_acct(asking.text("account"))
    if person is None:
        raise ApiError(422, "No such account")
    redirect = asking.text("redirect_uri", OOB)
    code = people.issue_code(app["client_id"], person["id"], asking.text("scope", "read"), redirect)
    if redirect == OOB:
        return _page(f'<h1>Your code</h1><p>Copy it to the app.</p><p><input readonly id="code" value="{code}"></p>')
    state = {"state": asking.text("state")} if asking.text("state") else {}
    return RedirectResponse(f"{redirect}?{urlencode({'code': code, **state})}", 302)


async def token(request: Request) -> Response:
    """POST /oauth/token."""
    asking = await asked(request)
    people = world(request).people
    app = people.app(asking.text("client_id"))
    if app is None or not hmac.compare_digest(app["client_secret"], asking.text("client_secret")):
        return _refused(401, "invalid_client", "Client authentication failed")
    if asking.text("grant_type") == "client_credentials":
        scopes, owner = asking.text("scope", "read"), None
    elif asking.text("grant_type") == "authorization_code":
        code = people.redeem(asking.text("code"), app["client_id"], asking.text("redirect_uri", OOB))
        if code is None:
            return _refused(400, "invalid_grant", "The provided authorization grant is invalid or expired")
        scopes, owner = code["scopes"], code["account"]
    else:
        return _refused(400, "unsupported_grant_type", "The authorization grant type is not supported")
    issued = people.issue_token(app["client_id"], owner, scopes)
    answer = {"access_token": issued, "token_type": "Bearer", "scope": scopes, "created_at": int(_now(request))}
    return JSONResponse(answer)


async def revoke(request: Request) -> Response:
    """POST /oauth/revoke."""
    asking = await asked(request)
    people = world(request).people
    app = people.app(asking.text("client_id"))
    if app is None or not hmac.compare_digest(app["client_secret"], asking.text("client_secret")):
        return _refused(403, "unauthorized_client", "You are not authorized to revoke this token")
    people.revoke(asking.text("token"))
    return JSONResponse({})


async def who_am_i(request: Request) -> Response:
    """GET /oauth/userinfo."""
    person = world(request).people.by_id(account(request))
    return JSONResponse({"sub": world(request).entities.page(person["acct"])} if person else {})


def _checked(people: Accounts, asking: Parameters) -> "dict[str, str]":
    app = people.app(asking.text("client_id"))
    if app is None:
        raise ApiError(401, "Client authentication failed")
    if asking.text("redirect_uri", OOB) not in app["redirect_uris"].split():
        raise ApiError(400, "The redirect uri included is not valid.")
    if not _within(asking.text("scope", "read").split(), app["scopes"].split()):
        raise ApiError(400, "The requested scope is invalid, unknown, or malformed.")
    return {"client_id": app["client_id"], "name": app["name"]}


def _within(scopes: list[str], allowed: list[str]) -> bool:
    return all(scope in allowed or scope.split(":")[0] in allowed for scope in scopes)


def _refused(status: int, error: str, description: str) -> Response:
    return JSONResponse({"error": error, "error_description": description}, status)


def _now(request: Request) -> float:
    return world(request).database.now()


def _page(body: str) -> Response:
    head = '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    sheet = '<title>Sandbox</title><link rel="stylesheet" href="/sandbox/page.css">'
    return HTMLResponse(f'{head}{sheet}<body class="plain"><main>{body}</main></body></html>')


ROUTES = [
    Route("/api/v1/apps", create_app, methods=["POST"]),
    Route("/api/v1/apps/verify_credentials", app_credentials),
    Route("/.well-known/oauth-authorization-server", server_info),
    Route("/oauth/authorize", authorize_page, methods=["GET"]),
    Route("/oauth/authorize", authorize, methods=["POST"]),
    Route("/oauth/token", token, methods=["POST"]),
    Route("/oauth/revoke", revoke, methods=["POST"]),
    Route("/oauth/userinfo", who_am_i),
]
