"""Settings: environment over file, secrets from files, every fault in one plain sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.endpoints import without_password
from bot.setting_words import WORDS
from bot.settings import SETTINGS, SettingsError, load, origins


def _fault(environment: dict[str, str], folder: Path) -> str:
    with pytest.raises(SettingsError) as caught:
        load(environment, folder)
    return str(caught.value)


def test_nothing_has_to_be_set(tmp_path: Path) -> None:
    settings = load({}, tmp_path)
    assert (settings.http_host, settings.http_port) == ("127.0.0.1", 8080)
    assert settings.is_embedded


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "guiyan.toml").write_text('http_port = 9000\nareas = ["定陶", "宜昌"]\n')
    settings = load({"GUIYAN_HTTP_PORT": "9001"}, tmp_path)
    assert (settings.http_port, settings.areas) == (9001, ("定陶", "宜昌"))


def test_where_a_value_comes_from_is_known(tmp_path: Path) -> None:
    (tmp_path / "guiyan.toml").write_text('http_port = 9000\nareas = ["定陶"]\n')
    given = {"GUIYAN_HTTP_PORT": "9001", "GUIYAN_SECRET_KEY_FILE": "/run/key", "GUIYAN_NOW": ""}
    assert origins(given, tmp_path) == {
        "http_port": "environment",
        "areas": "file",
        "secret_key": "environment",
    }


def test_each_setting_has_a_meaning_for_the_console() -> None:
    assert [setting.field for setting in SETTINGS] == list(WORDS)


def test_the_database_s_address_may_be_in_a_file_for_it_holds_a_password(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql://guiyan:key@db/guiyan\n")
    given = {"GUIYAN_DATABASE_URL_FILE": str(tmp_path / "url"), "GUIYAN_SECRET_KEY": "k"}
    assert load(given, tmp_path).database_url == "postgresql://guiyan:key@db/guiyan"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("sqlite:///var/guiyan.db", "sqlite:///var/guiyan.db"),
        ("postgresql://guiyan:k@y/1@db/guiyan", "postgresql://guiyan:***@db/guiyan"),
        ("postgresql:///guiyan?password=key&host=db", "postgresql:///guiyan?password=***&host=db"),
        ("https://guiyan.example:8443/a", "https://guiyan.example:8443/a"),
    ],
)
def test_a_password_in_an_address_is_not_shown(url: str, shown: str) -> None:
    assert without_password(url) == shown


def test_a_secret_may_be_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("123:abc\n")
    settings = load({"GUIYAN_TELEGRAM_TOKEN_FILE": str(tmp_path / "token")}, tmp_path)
    assert settings.telegram_token == "123:abc"


def _gov_model(url: str, domestic: str = "") -> dict[str, str]:
    return {
        "GUIYAN_DEPLOYMENT": "gov",
        "GUIYAN_MODEL_URL": url,
        "GUIYAN_MODEL_NAME": "m",
        "GUIYAN_MODEL_DOMESTIC_HOSTS": domestic,
    }


@pytest.mark.parametrize(
    ("url", "domestic"),
    [
        ("https://m.example/v1", "n.example, m.example"),
        ("http://127.0.0.1:8000/v1", ""),
        ("http://localhost:8000/v1", ""),
        ("http://10.1.2.3/v1", ""),
        ("http://[fd00::1]/v1", ""),
    ],
)
def test_gov_asks_models_that_are_vouched_for_or_its_own(
    url: str, domestic: str, tmp_path: Path
) -> None:
    assert load(_gov_model(url, domestic), tmp_path).model_url == url


def test_the_key_of_a_model_may_be_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("sk-1\n")
    model = {"GUIYAN_MODEL_URL": "https://m.example/v1", "GUIYAN_MODEL_NAME": "m"}
    given = model | {"GUIYAN_MODEL_KEY_FILE": str(tmp_path / "key")}
    assert load(given, tmp_path).model_key == "sk-1"


def _wecom(mode: str, **parts: str) -> dict[str, str]:
    whole = {"secret": "s", "token": "t", "aes_key": "a" * 43} | parts
    named = {f"GUIYAN_WECOM_{mode}_{part}".upper(): value for part, value in whole.items()}
    return {"GUIYAN_WECOM_CORP_ID": "ww1", **named}


WRONG = [
    ({"GUIYAN_HTTP_PORT": "eighty"}, "GUIYAN_HTTP_PORT must be a number from 0 to 65535"),
    ({"GUIYAN_HTTP_PORT": "70000"}, "GUIYAN_HTTP_PORT must be a number from 0 to 65535"),
    ({"GUIYAN_COLOUR": "red"}, "GUIYAN_COLOUR is no setting of ours"),
    ({"GUIYAN_WECOM_CORP_ID": "ww1"}, "GUIYAN_WECOM_CORP_ID is set, but no mode is"),
    ({"GUIYAN_WECOM_KF_SECRET": "s"}, "GUIYAN_WECOM_CORP_ID is required: 企业ID"),
    ({"GUIYAN_WECOM_KF_ACCOUNTS": "wk1"}, "GUIYAN_WECOM_KF_SECRET is required for 微信客服"),
    ({"GUIYAN_WECOM_APP_SECRET": "s"}, "GUIYAN_WECOM_APP_AGENT_ID is required"),
    ({"GUIYAN_WECOM_CONTACT_SECRET": "s"}, "GUIYAN_WECOM_CONTACT_AES_KEY is required for 客户"),
    ({"GUIYAN_WECOM_ROBOTS": "值班群"}, "GUIYAN_WECOM_ROBOTS must be name=key"),
    ({"GUIYAN_WECOM_ROBOTS": "a=https://w.example/send?key=1"}, "only what follows key="),
    ({"GUIYAN_WECOM_ROBOTS": "a=key=1"}, "only what follows key="),
    ({"GUIYAN_WECOM_ROBOTS": "a=1,b=2, a =3"}, "GUIYAN_WECOM_ROBOTS names a twice"),
    (_wecom("kf", aes_key="short"), "must be the 43 letters and digits"),
    (_wecom("kf", token="a-b"), "must be 1 to 32 letters and digits"),
    (_wecom("app", agent_id="ten"), "GUIYAN_WECOM_APP_AGENT_ID must be a number"),
    (
        _wecom("app", agent_id="1", callback_other="OneWord"),
        "a Token and its EncodingAESKey, with",
    ),
    (_wecom("kf", callback_other="Token short"), "_KF_CALLBACK_OTHER must be a Token and its"),
    ({"GUIYAN_DATABASE_URL": "mysql://h/d"}, "must begin with sqlite:/// or postgresql://"),
    ({"GUIYAN_DATABASE_URL": "postgresql://h/d"}, "GUIYAN_SECRET_KEY is required"),
    ({"GUIYAN_TIMEZONE": "Mars/Olympus"}, "GUIYAN_TIMEZONE is no known time zone"),
    ({"GUIYAN_NOW": "tomorrow"}, "GUIYAN_NOW must be a moment"),
    ({"GUIYAN_NOW": "2027-02-06T09:00"}, "GUIYAN_NOW needs a time zone"),
    ({"GUIYAN_DEPLOYMENT": "prod"}, "GUIYAN_DEPLOYMENT must be one of open, gov"),
    ({"GUIYAN_TELEGRAM_BASE_URL": "localhost"}, "must be an address that begins with http"),
    ({"GUIYAN_TELEGRAM_TOKEN_FILE": "/nowhere"}, "names a file that cannot be read"),
    ({"GUIYAN_CONFIG": "/nowhere.toml"}, "there is no such file"),
    (
        {"GUIYAN_TELEGRAM_TOKEN": "1:a", "GUIYAN_DEPLOYMENT": "gov"},
        "keeps people's data inside mainland China",
    ),
    ({"GUIYAN_MODEL_URL": "https://m.example/v1"}, "GUIYAN_MODEL_NAME is required"),
    ({"GUIYAN_SPEECH_KEY": "k"}, "GUIYAN_SPEECH_KEY has no use without GUIYAN_SPEECH_URL"),
    ({"GUIYAN_MODEL_URL": "m.example", "GUIYAN_MODEL_NAME": "m"}, "must be an address"),
    ({"GUIYAN_MODEL_TIMEOUT": "60"}, "GUIYAN_MODEL_TIMEOUT must be seconds from 0.1 to 10"),
    ({"GUIYAN_MODEL_TIMEOUT": "soon"}, "GUIYAN_MODEL_TIMEOUT must be seconds from 0.1 to 10"),
    ({"GUIYAN_WECOM_LIMITS": "robots=1"}, "GUIYAN_WECOM_LIMITS names 'robots', which is no limit"),
    (_gov_model("https://api.openai.com/v1"), "calls only addresses inside mainland China"),
    (_gov_model("https://8.8.8.8/v1"), "calls only addresses inside mainland China"),
    (
        _gov_model("http://m.example/v1", "m.example"),
        "GUIYAN_MODEL_URL must begin with https://",
    ),
    (
        {"GUIYAN_TELEGRAM_TOKEN": "1:a", "GUIYAN_TELEGRAM_MODE": "webhook"},
        "GUIYAN_PUBLIC_URL is required",
    ),
    (
        {
            "GUIYAN_TELEGRAM_TOKEN": "1:a",
            "GUIYAN_TELEGRAM_MODE": "webhook",
            "GUIYAN_TELEGRAM_WEBHOOK_SECRET": "s",
            "GUIYAN_PUBLIC_URL": "http://example.org",
        },
        "must begin with https://",
    ),
]


@pytest.mark.parametrize(("environment", "sentence"), WRONG)
def test_a_wrong_setting_gets_a_sentence(
    environment: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    assert sentence in _fault(environment, tmp_path)


def test_every_fault_gets_its_own_line(tmp_path: Path) -> None:
    faults = _fault({"GUIYAN_HTTP_PORT": "x", "GUIYAN_TIMEZONE": "y"}, tmp_path)
    assert len(faults.splitlines()) == 2


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "guiyan.toml").write_text("http_port 9000")
    assert "guiyan.toml is not valid TOML" in _fault({}, tmp_path)


def test_an_unknown_key_of_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "guiyan.toml").write_text('colour = "red"')
    assert "there is no such setting" in _fault({}, tmp_path)


def test_every_setting_says_what_it_means() -> None:
    assert all(setting.meaning for setting in SETTINGS)
