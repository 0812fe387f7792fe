"""The pages a person sees at the authorization endpoint: a list of whom to be, or what is wrong.

Plain HTML in Vietnamese without scripts: buttons of a form, in their order on the page, so that a
keyboard and a screen reader are enough.
"""

import base64
import hashlib
from html import escape
from urllib.parse import urlsplit

from starlette.responses import HTMLResponse

from sandbox.authorization_request import Asked

STYLE = """
:root { color-scheme: light dark; }
body { font: 1.125rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto;
  padding: 0 1rem; }
ul { list-style: none; padding: 0; }
li { margin: 0 0 1.5rem; }
button { font: inherit; min-height: 2.75rem; padding: 0.25rem 1rem; }
button:focus-visible { outline: 3px solid; outline-offset: 3px; }
p { margin: 0.25rem 0; }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode("ascii")

PERSONA, CANCEL = "persona", "cancel"
"""What the page adds to the request it was asked with."""


def login(asked: Asked) -> HTMLResponse:
    """Offer the personas; whoever chooses is sent to the address of the client."""
    hidden = "\n".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in asked.raw.items()
        if name not in {PERSONA, CANCEL}
    )
    choices = "\n".join(
        f'<li><button name="{PERSONA}" value="{it.name}" aria-describedby="{it.name}">'
        f'{it.name}</button>\n<p id="{it.name}">{escape(it.may)}</p></li>'
        for it in asked.personas()
    )
    parts = urlsplit(asked.redirect_uri)
    body = f"""<h1>Bạn là ai?</h1>
<p>Hệ thống <strong>{escape(asked.client_id)}</strong> muốn biết. Mọi người ở tỉnh này đều là giả
định: chọn một vai, không cần mật khẩu.</p>
<form method="post" action="authorize">
{hidden}
<ul>
{choices}
</ul>
<p><button name="{CANCEL}" value="1">Không đăng nhập</button></p>
</form>"""
    # A browser holds the redirect that answers the form to this policy as well.
    return _page("Đăng nhập vào tỉnh giả định", body, f"'self' {parts.scheme}://{parts.netloc}")


def wrong(sentence: str) -> HTMLResponse:
    """Say what to change, to whoever wrote the link that led here."""
    body = f"""<h1>Không đăng nhập được</h1>
<p>Đường dẫn đưa bạn đến đây viết chưa đúng. {escape(sentence)}</p>
<p>Nếu bạn không viết đường dẫn ấy, hãy quay lại trang trước và báo cho người phụ trách.</p>"""
    return _page("Không đăng nhập được", body, "'none'", status=400)


def _page(title: str, body: str, form_action: str, *, status: int = 200) -> HTMLResponse:
    policy = (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action {form_action}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    html = f"""<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{STYLE}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""
    headers = {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    return HTMLResponse(html, status, headers)
