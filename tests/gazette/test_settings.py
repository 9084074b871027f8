"""Settings: defaults, file, environment, and what a value that does not parse says."""

from __future__ import annotations

from pathlib import Path

import pytest

from gazette.settings import RecordSettings, SettingInvalid


def test_the_environment_goes_before_the_file_and_the_file_before_the_default(tmp_path: Path) -> None:
    file = tmp_path / "gongbao.toml"
    file.write_text("[gazette]\nread_timeout_s = 5\nmax_file_bytes = 7\n", "utf-8")
    settings = RecordSettings.load({"GONGBAO_MAX_FILE_BYTES": "9"}, file)
    assert (settings.read_timeout_s, settings.max_file_bytes) == (5.0, 9)
    assert settings.read_memory_bytes == RecordSettings().read_memory_bytes


def test_a_value_that_does_not_parse_names_its_variable(tmp_path: Path) -> None:
    with pytest.raises(SettingInvalid, match="GONGBAO_MAX_FILE_BYTES"):
        RecordSettings.load({"GONGBAO_MAX_FILE_BYTES": "viel"}, tmp_path / "none.toml")


def test_a_relative_home_is_one_folder_wherever_a_child_process_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = RecordSettings.load({"GONGBAO_HOME": "var"}, tmp_path / "none.toml")
    assert settings.home == tmp_path / "var"
    assert Path(settings.blob_folder) == tmp_path / "var" / "blobs"
