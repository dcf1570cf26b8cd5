"""Time authorities by name (时间戳机构): choose one in ``FIELDSALES_TSA_URLS`` instead of looking for its address.

All speak RFC 3161 and ask for no account. A token is believed only where it leads up to a root that is pinned
(``FIELDSALES_TSA_ROOTS``): fetch it once from where the authority publishes it (``roots``) and keep it. Addresses as
the authorities published them in 2026; an address that moves is a change of this file alone.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from fieldsales.plugin_api import Timestamper, hookimpl, plain, words

__version__ = "1.0"
__title__ = words("时间戳机构", "Time authorities")
__about__ = words("封存文书时按名称选用时间戳机构，不用自己找网址。",
                  "Time authorities for sealed papers, by name instead of by address.")


def _named(name: str, zh: str, en: str, url: str, roots: str) -> Timestamper:
    return Timestamper(name, words(zh, en), (str(urlsplit(url).hostname),), plain(url), roots=roots)


AUTHORITIES = (
    _named("digicert", "DigiCert 时间戳", "DigiCert", "http://timestamp.digicert.com",
           "https://www.digicert.com/kb/digicert-root-certificates.htm"),
    # its own rule: fifteen seconds between stamps of a script; the worker waits anyway when it is refused
    _named("sectigo", "Sectigo 时间戳", "Sectigo", "http://timestamp.sectigo.com",
           "https://www.sectigo.com/knowledge-base"),
    _named("sectigo_qualified", "Sectigo 合格时间戳（欧盟 eIDAS）", "Sectigo, qualified (eIDAS)",
           "http://timestamp.sectigo.com/qualified", "https://www.sectigo.com/knowledge-base"),
    _named("globalsign", "GlobalSign 时间戳", "GlobalSign", "http://timestamp.globalsign.com/tsa/r6advanced1",
           "https://support.globalsign.com/ca-certificates"),
    _named("certum", "Certum 时间戳", "Certum", "http://time.certum.pl",
           "https://www.certum.eu/en/cert_expertise_root_certificates"),
    _named("freetsa", "FreeTSA（试用）", "FreeTSA (for trials)", "https://freetsa.org/tsr",
           "https://freetsa.org/files/cacert.pem"),
)  # fmt: skip


@hookimpl
def timestampers() -> list[Timestamper]:
    """The authorities, by name."""
    return list(AUTHORITIES)
