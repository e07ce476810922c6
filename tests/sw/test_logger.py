# SPDX-License-Identifier: Apache-2.0
"""Log channels: levels, hierarchy, appenders."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from hal import logger as pylogging
from hal.logger import LogLevel


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    pylogging.reset()
    yield
    pylogging.reset()


def test_levels_are_equal_or_not() -> None:
    assert LogLevel.WARN == LogLevel.WARN and LogLevel.WARN != LogLevel.INFO
    assert len({LogLevel.FATAL, LogLevel.ERROR, LogLevel.WARN, LogLevel.WARN}) == 3
    assert repr(LogLevel.TRACE) == "LogLevel.TRACE" and str(LogLevel.ALL) == "ALL"
    with pytest.raises(TypeError):
        LogLevel.WARN < LogLevel.INFO  # type: ignore[operator] # noqa: B015 - must not be defined
    with pytest.raises(ValueError, match="7 is not a log level"):
        LogLevel(7)


def test_default_config_prints_from_its_level(capsys: pytest.CaptureFixture[str]) -> None:
    pylogging.default_config(level=LogLevel.INFO, date_format="NULL", color=False)
    channel = pylogging.get("a.b")
    channel.INFO("one", 2, None)
    channel.debug("unseen")
    assert capsys.readouterr().err == "INFO  a.b  one 2 None\n"
    assert pylogging.get_root().get_number_of_appenders() == 1
    pylogging.set_loglevel(channel, LogLevel.TRACE)
    channel.TRACE("seen")
    pylogging.LOG4CXX_FATAL(channel, "end")
    assert capsys.readouterr().err == "TRACE a.b  seen\nFATAL a.b  end\n"


def test_channels_form_a_hierarchy(capsys: pytest.CaptureFixture[str]) -> None:
    pylogging.log_to_cout(LogLevel.ERROR)
    pylogging.set_loglevel(pylogging.get("a"), LogLevel.DEBUG)
    pylogging.get("a.b").debug("yes")
    pylogging.get("c").warn("no")
    pylogging.get("a.b").setAdditivity(False)
    pylogging.get("a.b").fatal("no")
    assert capsys.readouterr().out.endswith("a.b  yes\n")
    assert pylogging.get("a.b").getName() == "a.b" and pylogging.get_root().getName() == ""
    assert pylogging.get("a") == pylogging.get("a") != pylogging.get("b")


def test_location_is_the_caller(capsys: pytest.CaptureFixture[str]) -> None:
    pylogging.default_config(print_location=True)
    pylogging.get("x").ERROR("here")
    assert " test_logger.py:" in capsys.readouterr().err


def test_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "log"
    pylogging.default_config(LogLevel.DEBUG, str(path), dual=True)
    pylogging.get("x").info("both")
    pylogging.log_to_file(str(path), LogLevel.WARN)
    pylogging.get("x").warn("first")
    pylogging.reset()
    pylogging.append_to_file(str(path))
    pylogging.get("x").error("second")
    assert [line.split()[-1] for line in path.read_text().splitlines()] == ["first", "second"]
    assert capsys.readouterr().err.endswith("both\n")


def test_forward_to_logging(caplog: pytest.LogCaptureFixture) -> None:
    pylogging.append_to_logging("domain")
    pylogging.get("x").error("forwarded")
    assert [record.getMessage() for record in caplog.records] == ["forwarded"]
    assert logging.getLogger("hxcosim").propagate is False


def test_config_from_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "log4j.properties"
    path.write_text(
        "# comment\nlog4j.rootLogger=ERROR, A, B\nlog4j.logger.a.b=DEBUG\n"
        f"log4j.appender.A=org.apache.log4j.ConsoleAppender\n"
        f"log4j.appender.B=org.apache.log4j.FileAppender\nlog4j.appender.B.File={tmp_path}/out\n"
    )
    pylogging.config_from_file(str(path))
    pylogging.get("a.b").debug("seen")
    pylogging.get("c").info("unseen")
    assert capsys.readouterr().out.endswith("seen\n")
    assert (tmp_path / "out").read_text().count("\n") == 1


def test_config_from_file_bad(tmp_path: Path) -> None:
    path = tmp_path / "log4j.properties"
    path.write_text("log4j.rootLogger=LOUD\n")
    with pytest.raises(ValueError, match="'LOUD' is not a log level"):
        pylogging.config_from_file(str(path))
    path.write_text("log4j.rootLogger=WARN, A\n")
    with pytest.raises(ValueError, match="appender 'A' is neither a console nor a file"):
        pylogging.config_from_file(str(path))


def test_wrong_arguments_bad() -> None:
    with pytest.raises(TypeError, match="needs a logger and a LogLevel"):
        pylogging.set_loglevel(pylogging.get("x"), 10)  # type: ignore[arg-type] # an int
    with pytest.raises(TypeError, match="the name of a channel is a text, not int"):
        pylogging.get(3)  # type: ignore[arg-type] # an int
    with pytest.raises(ValueError, match="date_format 'X' is none of"):
        pylogging.default_config(date_format="X")
