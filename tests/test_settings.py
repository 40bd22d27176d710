from pathlib import Path

import pytest
import yaml

from bot.services.pacing import Limits
from bot.settings import CONFIG, Settings, SettingsError, load_settings

KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
SECRET = "s3cretQuillfeather"
LONG_TOKEN = "4242424242:AAHrehearsal_token-for-tests-only-01"


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TELEGRAM_TOKEN", "DATABASE_URL", "VIGIL_KEY", "VIGIL_CONFIG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of settings of the test's own."""
    path = tmp_path / "vigil.yaml"
    path.write_text("", "utf-8")
    monkeypatch.setenv("VIGIL_CONFIG", str(path))
    return path


def faults() -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load_settings()
    return str(caught.value).splitlines()


def test_the_projects_own_file_is_what_stands_without_one(config: Path) -> None:
    defaults = load_settings()
    config.write_text((CONFIG / "vigil.yaml").read_text("utf-8"), "utf-8")
    assert load_settings() == defaults


def test_every_setting_of_the_project_stands_in_its_file() -> None:
    written = yaml.safe_load((CONFIG / "vigil.yaml").read_text("utf-8"))
    assert set(written) == set(Settings.model_fields) - {"token", "key_text"}
    for name, part in written.items():
        if isinstance(part, dict):
            assert set(part) == set(type(getattr(load_settings(), name)).model_fields)


def test_all_faults_are_named_at_once_with_what_is_allowed(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.write_text(
        "posting: {late_hours: 0, default_time: noon, default_zone: localtime, default_days: someday}\n"
        "pacing: {calls_per_second: many}\n"
        "stop_seconds: -1\n"
        "bulletin_profile: ../ijm\n"
        "language: ../en\n"
        "operators: [Amina]\n"
        "colour: green\n"
        "telegram: {api_url: api.telegram.org, proxy: x}\n",
        "utf-8",
    )
    monkeypatch.setenv("DATABASE_URL", "mysql://host/db")
    monkeypatch.setenv("VIGIL_KEY", "short")
    found = {line.partition(":")[0].removeprefix("VIGIL_"): line for line in faults()}
    for name, allowed in {
        "posting.late_hours": "greater than 0",
        "posting.default_time": "07:30",
        "posting.default_zone": "Africa/Nairobi",
        "posting.default_days": "mon-fri",
        "pacing.calls_per_second": "integer",
        "stop_seconds": "greater than 0",
        "bulletin_profile": "ijm",
        "language": "en, es",
        "operators": "numbers",
        "colour": "no such setting",
        "telegram.api_url": "https://",
        "telegram.proxy": "no such setting",
        "DATABASE_URL": "sqlite or postgresql",
        "KEY": "key",
    }.items():
        assert allowed in found.get(name, "it isn't named"), name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VIGIL_KEY", SECRET),
        ("VIGIL_KEY", "é" + SECRET),
        ("DATABASE_URL", f"mysql://vigil:{SECRET}@host/db"),
        ("DATABASE_URL", f"postgresql://vigil:{SECRET}@host:{SECRET}/db"),
        ("DATABASE_URL", SECRET),
    ],
)
def test_a_wrong_secret_is_named_and_never_repeated(
    config: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    (fault,) = faults()
    assert fault.startswith(name)
    assert SECRET not in fault


def test_secrets_show_in_no_representation(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", LONG_TOKEN)
    monkeypatch.setenv("VIGIL_KEY", KEY)
    settings = load_settings()
    assert settings.token is not None
    assert settings.token.get_secret_value() == LONG_TOKEN
    for shown in (repr(settings), str(settings), settings.model_dump_json()):
        assert LONG_TOKEN not in shown
        assert KEY not in shown


def test_a_wrong_setting_beside_a_token_does_not_repeat_the_token(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", LONG_TOKEN)
    monkeypatch.setenv("VIGIL_STOP_SECONDS", "never")
    (fault,) = faults()
    assert fault.startswith(("stop_seconds", "VIGIL_STOP_SECONDS"))
    assert LONG_TOKEN not in fault


def test_the_environment_goes_before_the_file_and_what_is_passed_before_both(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text("posting: {late_hours: 2, silent: true}\nstop_seconds: 9\n", "utf-8")
    monkeypatch.setenv("VIGIL_POSTING__LATE_HOURS", "3")
    settings = load_settings(stop_seconds=5)
    assert settings.posting.late_hours == 3
    assert settings.posting.silent, "the other settings of a part stay as the file has them"
    assert settings.stop_seconds == 5


@pytest.mark.parametrize("value", ["[501, -1007]", "501,-1007", "501 -1007"])
def test_operators_are_given_in_the_environment_as_people_write_them(
    config: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("VIGIL_OPERATORS", value)
    assert load_settings().operators == (501, -1007)


@pytest.mark.parametrize("name", ["VIGIL_OPERATOR", "VIGIL_POSTNG__SILENT", "VIGIL_POSTING__SILNT"])
def test_a_slip_in_a_variables_name_is_not_passed_over(
    config: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "1")
    (fault,) = faults()
    assert "no such setting" in fault
    assert fault.upper().partition(":")[0].removeprefix("VIGIL_").replace(".", "__") == name.removeprefix("VIGIL_")


@pytest.mark.parametrize("content", ["posting: [", "\tx", "- a\n- b\n", "just words\n", "posting: 3\n"])
def test_a_file_that_is_no_settings_is_a_fault_and_no_crash(config: Path, content: str) -> None:
    config.write_text(content, "utf-8")
    assert faults()


def test_a_file_that_is_not_there_is_a_fault_where_it_was_asked_for(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGIL_CONFIG", str(config.parent / "other.yaml"))
    (fault,) = faults()
    assert "other.yaml" in fault


def test_a_database_is_looked_for_from_the_projects_folder(config: Path, tmp_path: Path) -> None:
    assert load_settings().database().database == str(CONFIG.parent / "var" / "vigil.db")
    assert load_settings(database_url=f"sqlite:///{tmp_path}/x.db").database().database == f"{tmp_path}/x.db"
    assert load_settings(database_url="postgres://host/db").database().database == "db"


def test_more_than_thirty_calls_a_second_are_for_those_who_pay(config: Path) -> None:
    config.write_text("pacing: {calls_per_second: 31}\n", "utf-8")
    (fault,) = faults()
    assert fault == "pacing.calls_per_second: may be over 30 only with paid_broadcast: true"
    config.write_text("pacing: {calls_per_second: 1000, paid_broadcast: true}\n", "utf-8")
    assert load_settings().limits().per_second == 1000
    config.write_text("pacing: {calls_per_second: 1001, paid_broadcast: true}\n", "utf-8")
    assert "less than or equal to 1000" in faults()[0]


def test_marks_last_as_long_as_the_requests_of_a_week_stand(config: Path) -> None:
    config.write_text("retention: {request_days: 55, mark_days: 62}\n", "utf-8")
    (fault,) = faults()
    assert fault.startswith("retention: mark_days must be at least request_days + 8, as requests stand through their")
    config.write_text("retention: {request_days: 54, mark_days: 62}\n", "utf-8")
    assert load_settings().kept().marks.days == 62
    config.write_text("retention: {request_days: 366}\n", "utf-8")
    assert faults() == [fault], "beside the days that stand without a word of the host"


def test_settings_say_what_door_pace_and_groups_keep_to(config: Path) -> None:
    config.write_text(
        "posting: {late_hours: 1.5, silent: true, default_time: '6:05', default_zone: Asia/Manila,"
        " default_days: daily}\n"
        "pacing: {calls_per_second: 7, questions_per_second: 40, calls_per_minute_in_a_chat: 5,"
        " counts_per_minute_in_a_chat: 3, seconds_apart_in_a_chat: 2.5}\n",
        "utf-8",
    )
    settings = load_settings(key=KEY)
    assert settings.door_rules().late.total_seconds() == 5400
    limits = settings.limits()
    assert limits == Limits(7, 5, 3, 2.5, 40)
    defaults = settings.group_defaults()
    assert defaults.silent
    assert (f"{defaults.at:%H:%M}", defaults.zone.key, len(defaults.weekdays)) == ("06:05", "Asia/Manila", 7)
    assert settings.key().id == load_settings(key=KEY).key().id


def test_a_lease_that_could_not_be_renewed_in_time_is_refused(config: Path) -> None:
    config.write_text("lease: {seconds: 9, renew_seconds: 4}", "utf-8")
    assert faults() == ["lease: renew_seconds must be a third of seconds at the most"]
