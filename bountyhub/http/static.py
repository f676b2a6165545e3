"""Static files under names that hold their content's hash, so that browsers may keep them for ever."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, request


def init_app(app: Flask) -> None:
    """Give templates `static(path)` and answers their cache headers."""
    folder = Path(str(app.static_folder))

    @lru_cache(maxsize=256)
    def version(path: str, _changed: int) -> str:
        return hashlib.sha256((folder / path).read_bytes()).hexdigest()[:12]

    def static(path: str) -> str:
        return f"/static/{path}?v={version(path, (folder / path).stat().st_mtime_ns)}"

    app.jinja_env.globals["static"] = static

    @app.get("/favicon.ico")
    def favicon() -> Response:
        """Browsers ask for it wherever no page names the icon, as beside our JSON."""
        return app.send_static_file("favicon.svg")

    @app.after_request
    def keep(answer: Response) -> Response:
        if request.endpoint == "static" and request.args.get("v"):
            answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer
