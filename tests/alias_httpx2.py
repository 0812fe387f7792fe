"""An early pytest plugin: respx intercepts httpx2 only when httpx2 has taken the name first."""

import httpx2

httpx2.alias_httpx()
