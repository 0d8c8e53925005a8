"""The sandbox as an ASGI application: routes, errors, and what every answer carries."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from bot.sandbox import (
    account_routes,
    admin_routes,
    empty_routes,
    instance_routes,
    interaction_routes,
    media_routes,
    notification_routes,
    oauth_routes,
    page_data_routes,
    page_routes,
    search_routes,
    status_routes,
    streaming_routes,
)
from bot.sandbox.errors import ApiError
from bot.sandbox.middleware import BodyLimit, Cut, Misbehaviour
from bot.sandbox.samples import Sample, examples
from bot.sandbox.server import Server

_ROUTES = [
    *page_routes.ROUTES,
    *page_data_routes.ROUTES,
    *oauth_routes.ROUTES,
    *search_routes.ROUTES,
    *empty_routes.ROUTES,
    *account_routes.ROUTES,
    *status_routes.ROUTES,
    *interaction_routes.ROUTES,
    *media_routes.ROUTES,
    *notification_routes.ROUTES,
    *instance_routes.ROUTES,
    *streaming_routes.ROUTES,
]


def no_cut(scope: Scope) -> None:
    """Where the server offers no way to cut a connection."""


def application(
    world: Server,
    *,
    page_token: str = "",
    bot: str = "",
    styles: Sequence[Sample] = (),
    admin_token: str = "",
    cut: Cut = no_cut,
) -> Starlette:
    """The sandbox of `world`; with an `admin_token` also the routes that tests need.

    `styles` are the house styles that the page offers.

    Only requests for our own address are answered: a page elsewhere that rebinds its name to this machine is not.
    """
    names = {urlsplit(world.base).hostname or "", "127.0.0.1", "localhost", "[::1]"}
    middleware = [
        Middleware(TrustedHostMiddleware, allowed_hosts=[*names]),
        Middleware(GZipMiddleware, minimum_size=1000),
        Middleware(BodyLimit),
        *([Middleware(Misbehaviour, world, cut)] if admin_token else []),
    ]
    routes = [*_ROUTES, *(admin_routes.ROUTES if admin_token else [])]
    handlers = {ApiError: _problem, 404: _missing, 405: _missing}
    app = Starlette(routes=routes, middleware=middleware, exception_handlers=handlers)
    app.state.world, app.state.bot = world, bot
    app.state.styles, app.state.examples = styles, examples()
    app.state.page_token, app.state.admin_token = page_token, admin_token
    return app


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)  # noqa: S101  # registered for this class
    return JSONResponse({"error": error.message}, error.status)


async def _missing(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": "Record not found"}, 404)
