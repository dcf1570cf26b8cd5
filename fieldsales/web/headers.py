"""Security headers, request ids, and structured logs without personal data."""

from __future__ import annotations

import logging
import time
from urllib.parse import urlsplit

import structlog
from flask import Flask, g, request
from flask_talisman import Talisman
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from fieldsales.config import Settings
from fieldsales.kernel.ids import uuid7

CSP = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' blob: data:",
    "media-src": "'self' blob:",
    "connect-src": "'self'",
    "font-src": "'self'",
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


def init_headers(app: Flask, settings: Settings) -> None:
    """Headers on every answer; one log line a request: route, status, milliseconds, never a name or a body."""
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies, x_proto=1, x_host=1)  # type: ignore[method-assign]
    Talisman(
        app, content_security_policy=CSP, force_https=False,
        strict_transport_security=settings.production and _is_public(settings),
        session_cookie_secure=settings.public_url.startswith("https:"), session_cookie_http_only=True,
        referrer_policy="same-origin",
        permissions_policy={"geolocation": "(self)", "camera": "(self)", "microphone": "(self)"},
    )
    log = structlog.get_logger("fieldsales.http")

    @app.before_request
    def begin() -> None:
        g.request_id, g.began = uuid7(), time.perf_counter()

    @app.after_request
    def end(answer: Response) -> Response:
        answer.headers["X-Request-Id"] = g.get("request_id", "")
        answer.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if "Cache-Control" not in answer.headers and not request.path.startswith("/static/"):
            answer.headers["Cache-Control"] = "no-store"
        spent = (time.perf_counter() - g.get("began", time.perf_counter())) * 1000
        log.info("request", route=str(request.url_rule or ""), method=request.method, status=answer.status_code,
                 ms=round(spent, 1), id=g.get("request_id", ""))
        return answer


def _is_public(settings: Settings) -> bool:
    """Whether the address is a name of the internet: "only HTTPS from now on" is not said of one's own network."""
    host = urlsplit(settings.public_url).hostname or ""
    return "." in host and not host.endswith((".local", ".localhost")) and not host.replace(".", "").isdigit()


def init_logs(level: str) -> None:
    """JSON lines on standard error. Event names and ids only."""
    logging.basicConfig(level=level, format="%(message)s", force=False)
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, structlog.processors.add_log_level,
                    structlog.processors.TimeStamper(fmt="iso", utc=True), structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping().get(level, 20)),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
