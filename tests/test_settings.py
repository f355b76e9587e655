import subprocess
import sys
from pathlib import Path

import pytest

from settings import ROOT, Settings, SettingsError, read_settings

NAMES = (
    "DATABASE_URL",
    "LOADER_URL",
    "STATE_URL",
    "DASHBOARD_TRUSTED_PROXIES",
    "DASHBOARD_PASSWORD_DAYS",
    "DASHBOARD_REMINDER_WEBHOOK",
    "DASHBOARD_REMINDER_SECRET",
    "DASHBOARD_SLIDE_TEMPLATE",
    "DASHBOARD_TOWNSHIP_MAP",
)


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def read(tmp_path: Path, text: str = "") -> Settings:
    secrets = tmp_path / "secrets.toml"
    secrets.write_text(text, encoding="utf-8")
    return read_settings(secrets)


def test_nothing_set_means_the_embedded_demo(tmp_path: Path) -> None:
    settings = read_settings(tmp_path / "missing.toml")
    assert settings.is_embedded_demo
    assert settings.database_url == f"sqlite:///{ROOT / 'var' / 'demo.db'}"
    assert settings.state_url == f"sqlite:///{ROOT / 'var' / 'state.db'}"
    assert settings.loader_url is None
    assert settings.trusted_proxies == ()


def test_an_empty_value_counts_as_unset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    assert read(tmp_path).is_embedded_demo
    assert read(tmp_path, 'DATABASE_URL = ""').is_embedded_demo


def test_the_environment_wins_over_the_secrets_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///of-the-environment.db")
    text = 'DATABASE_URL = "sqlite:///of-the-file.db"\nLOADER_URL = "postgresql://loader@db/x"\n[other]\nkey = 1\n'
    settings = read(tmp_path, text)
    assert not settings.is_embedded_demo
    assert settings.database_url == "sqlite:///of-the-environment.db"
    assert settings.loader_url == "postgresql://loader@db/x"


def test_proxies_are_addresses_and_networks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_TRUSTED_PROXIES", "10.0.0.5, 10.0.1.0/24 ,::1")
    assert [str(network) for network in read(tmp_path).trusted_proxies] == ["10.0.0.5/32", "10.0.1.0/24", "::1/128"]


@pytest.mark.parametrize(
    "url", ["https://oapi.dingtalk.com/robot/send?access_token=x", "http://127.0.0.1:8080/x", "http://localhost/x"]
)
def test_a_robot_is_reached_encrypted_or_on_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("DASHBOARD_REMINDER_WEBHOOK", url)
    assert read(tmp_path).reminder_webhook == url


@pytest.mark.parametrize("url", ["http://oapi.dingtalk.com/x", "https://", "http://127.0.0.1.evil.com/x", "file:///x"])
def test_a_robot_elsewhere_is_not_reached_in_the_clear(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("DASHBOARD_REMINDER_WEBHOOK", url)
    with pytest.raises(SettingsError, match="DASHBOARD_REMINDER_WEBHOOK 应为 https"):
        read(tmp_path)


@pytest.mark.parametrize("name", [name for name in NAMES if not name.endswith("_SECRET")])  # a secret is any text
def test_an_unreadable_value_is_named_and_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "rubbish:secret-word")
    with pytest.raises(SettingsError, match=f"设置 {name} ") as told:
        read(tmp_path)
    assert "secret-word" not in str(told.value)


def test_another_kind_of_database_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"DATABASE_URL 只支持 sqlite:/// 或 postgresql://"):
        read(tmp_path, 'DATABASE_URL = "mysql://db/x"')


def test_a_value_of_another_type_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="设置 STATE_URL 无法识别"):
        read(tmp_path, "STATE_URL = 7")


def test_an_unknown_dashboard_name_is_named_wherever_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match="设置 DASHBOARD_TRUSTED_PROXY 不存在"):
        read(tmp_path, 'DASHBOARD_TRUSTED_PROXY = "10.0.0.5"')
    monkeypatch.setenv("DASHBOARD_COLOUR", "")
    with pytest.raises(SettingsError, match="设置 DASHBOARD_COLOUR 不存在"):
        read(tmp_path)


def test_a_broken_secrets_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"secrets\.toml 不是有效的 TOML"):
        read(tmp_path, "DATABASE_URL = sqlite")


@pytest.mark.parametrize(("name", "value"), [("DASHBOARD_COLOUR", "red"), ("DATABASE_URL", "rubbish")])
def test_the_start_fails_with_one_chinese_sentence_and_no_traceback(name: str, value: str) -> None:
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", "0"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={"PATH": "/usr/bin", "HOME": "/nonexistent", name: value},
        capture_output=True,
        timeout=60,
    )
    told = done.stderr.decode().strip().splitlines()
    assert done.returncode != 0
    assert len(told) == 1
    assert told[0].startswith(f"无法启动：设置 {name} ")


def test_the_example_names_exactly_the_settings(tmp_path: Path) -> None:
    example = (ROOT / ".streamlit" / "secrets.toml.example").read_text(encoding="utf-8")
    uncommented = "\n".join(line.removeprefix("# ") for line in example.splitlines() if " = " in line)
    settings = read(tmp_path, uncommented)
    assert {field.validation_alias for field in Settings.model_fields.values()} == set(NAMES)
    assert settings.model_fields_set == set(Settings.model_fields)


def test_a_slide_template_is_a_presentation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_SLIDE_TEMPLATE", "/srv/县模板.POTX")
    assert read(tmp_path).slide_template == Path("/srv/县模板.POTX")
    monkeypatch.setenv("DASHBOARD_SLIDE_TEMPLATE", "/srv/县模板.pdf")
    with pytest.raises(SettingsError, match=r"DASHBOARD_SLIDE_TEMPLATE 应为 \.potx"):
        read(tmp_path)


def test_a_map_of_its_own_is_geojson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_TOWNSHIP_MAP", "/srv/边界.GeoJSON")
    assert read(tmp_path).township_map == Path("/srv/边界.GeoJSON")
    monkeypatch.setenv("DASHBOARD_TOWNSHIP_MAP", "/srv/边界.shp")
    with pytest.raises(SettingsError, match=r"DASHBOARD_TOWNSHIP_MAP 应为 \.geojson"):
        read(tmp_path)
