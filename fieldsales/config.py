"""Every setting, typed, read once from the environment (``FIELDSALES_…``) or ``FIELDSALES_HOME/settings.env``."""

from __future__ import annotations

from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from fieldsales import places


class Settings(BaseSettings):
    """The program's settings. Each field's description stands in the handbook's settings page."""

    model_config = SettingsConfigDict(env_prefix="FIELDSALES_", extra="ignore")

    home: Path = Field(
        default_factory=places.home,
        description="Where data lives: database, papers, keys. Outside the program's own tree.",
    )
    database_url: str = Field(
        default="", description="PostgreSQL or SQLite address; empty: a SQLite file under the home folder."
    )
    production: bool = Field(
        default=False, description="True refuses what only development may do, such as the development CA."
    )
    secret_key: str = Field(default="", description="Signs cookies; empty: made once and kept under the home folder.")
    zone: str = Field(default="Asia/Shanghai", description="The branch's time zone: calendar dates belong to it.")
    currency: str = Field(default="CNY", description="The currency of new records.")
    creditor_sme: bool = Field(
        default=False, description="True: we are a small or medium-sized business; large buyers owe 0.05% a day late."
    )
    set_off_limit_minor: int = Field(
        default=500_000, ge=0,
        description="Up to this (minor units) a manager alone approves a set-off; above it finance.",
    )
    company_name: str = Field(default="海川五金批发有限公司", description="The company's name in headings.")
    company_name_en: str = Field(default="Haichuan Hardware", description="The company's name in English headings.")
    public_url: str = Field(
        default="http://127.0.0.1:8000", description="The address people reach the program at; printed in papers' QR."
    )
    plugins_dir: Path | None = Field(default=None, description="A folder of single-file plugins.")
    plugins_off: str = Field(default="", description="Names of plugins not to load, separated by commas.")
    plugins_reload: bool = Field(
        default=False, description="For authors: files changed in the folder of plugins are loaded at the next request."
    )
    plugin_deadline_s: float = Field(default=2.0, description="Seconds a plugin may take before it is set aside.")
    smtp_url: str = Field(default="", description="smtp://user:password@host:port or smtps://…; empty: mail waits.")
    mail_from: str = Field(default="", description="The sender's address of mails to debtors.")
    mail_plus: bool = Field(
        default=False, description="True: answers go to name+number@…, which names the mail even when all else is lost."
    )
    sms_sender: str = Field(
        default="", description="The name of the plugin's sender that carries text messages and one-time codes."
    )
    sms_account: str = Field(default="", description="The account at the provider of text messages.")
    sms_secret: str = Field(default="", description="The secret at the provider of text messages.")
    signing_link_hours: int = Field(
        default=72, ge=1, le=336, description="Hours a link to sign a plan from afar holds."
    )
    remind_hour: int = Field(
        default=8, ge=0, le=20, description="The hour the morning's reminders go out, branch time."
    )
    remind_private: bool = Field(
        default=False, description="True lets reminders go to addresses inside the house and to plain HTTP."
    )
    promise_grace_days: int = Field(default=1, description="Days after its date before a promise counts as broken.")
    contact_from_hour: int = Field(
        default=8, ge=0, le=23, description="The hour from which a debtor may be pressed; earlier is flagged."
    )
    contact_to_hour: int = Field(
        default=22, ge=1, le=24, description="The hour until which a debtor may be pressed; later is flagged."
    )
    demands_per_week: int = Field(
        default=7, ge=0, description="Demands on one debtor within seven days; more are flagged. 0: no limit."
    )
    ask_ratio: Decimal = Field(
        default=Decimal("1.8"), ge=1, le=4,
        description="What is asked for, as a multiple of what is hoped for, before the house has closes of its own to "
                    "learn from. Internal; never above what is open and undisputed.",
    )
    compliance_pack: Literal["CN", "EU", "US"] = Field(
        default="CN", description="The jurisdiction whose contact rules hold where a customer has none of its own."
    )
    dispute_days: int = Field(
        default=7, ge=1, le=365, description="Days a dispute may take to be settled; then the manager is told."
    )
    dispute_desks: str = Field(
        default="", description="Who settles disputes: desk=login, … (quality, logistics, sales_support, finance)."
    )
    notices_in_vain: int = Field(
        default=2, ge=1, le=10, description="Uses of a way of asking without money before the next one is suggested."
    )
    km_cost_minor: int = Field(
        default=200, ge=0, description="What a kilometre of a visit's way costs, in minor units, against a call."
    )
    session_days: int = Field(default=14, description="Days a login lasts without use.")
    signer_p12: Path | None = Field(default=None, description="A PKCS#12 file that seals papers; else development CA.")
    signer_password: str = Field(default="", description="The password of the PKCS#12 file, or the token's PIN.")
    signer_pkcs11: Path | None = Field(
        default=None, description="The library (.so) of a token or HSM (PKCS#11) that seals papers, instead of a file."
    )
    signer_token: str = Field(default="", description="The token's label (PKCS#11).")
    signer_label: str = Field(default="", description="The label of key and certificate on the token (PKCS#11).")
    signer_chain: Path | None = Field(
        default=None, description="A PEM file with the certificates above the token's (PKCS#11)."
    )
    tsa_urls: str = Field(
        default="", description="Time stamp authorities (RFC 3161), separated by spaces and tried in turn: each an "
                                 "address, or the name of one that a plugin brings."
    )
    tsa_account: str = Field(default="", description="The account at an authority that a plugin brings.")
    tsa_secret: str = Field(default="", description="The secret at an authority that a plugin brings.")
    tsa_roots: Path | None = Field(
        default=None, description="A PEM file with the roots the authorities' certificates must lead up to."
    )
    tsa_timeout_s: float = Field(default=3.0, description="Seconds a time stamp authority may take to answer.")
    far_away_m: int = Field(default=500, description="Metres from the customer's place at which a check-in is flagged.")
    upload_limit_mb: int = Field(default=50, description="The largest file that may be uploaded, in megabytes.")
    allowed_hosts: str = Field(
        default="", description="Host names the program answers to, separated by commas; empty: any."
    )
    trusted_proxies: int = Field(default=0, description="How many reverse proxies stand in front.")
    log_level: str = Field(default="INFO", description="The least level that is logged.")

    @field_validator("home")
    @classmethod
    def _home_is_absolute(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment first, then the file ``settings.env`` in the home folder."""
        file = DotEnvSettingsSource(settings_cls, env_file=places.home() / "settings.env", env_file_encoding="utf-8")
        return (init_settings, env_settings, file)

    @cached_property
    def database(self) -> str:
        """The database's address, never empty."""
        return self.database_url or f"sqlite:///{self.home / 'fieldsales.db'}"

    @property
    def hosts(self) -> list[str]:
        """The host names the program answers to; empty: any."""
        return [one.strip() for one in self.allowed_hosts.split(",") if one.strip()]

    @property
    def blobs(self) -> Path:
        """Where bytes lie by their SHA-256."""
        return self.home / "blobs"


@cache
def as_set() -> Settings:
    """The settings of this process, for operations and facts, which are handed no program. Read once."""
    return Settings()
