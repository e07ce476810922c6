# SPDX-License-Identifier: Apache-2.0
"""Log channels with the names of the original stack, on top of Python's `logging`.

The channels form a dot-separated hierarchy below the Python logger `hxcosim`; an appender is a
Python handler. Nothing is printed before an appender exists, except what `logging` itself does.
"""

import logging
import sys
import time
from pathlib import Path
from typing import TextIO

__all__ = [
    "LOG4CXX_DEBUG",
    "LOG4CXX_ERROR",
    "LOG4CXX_FATAL",
    "LOG4CXX_INFO",
    "LOG4CXX_TRACE",
    "LOG4CXX_WARN",
    "LogLevel",
    "Logger",
    "append_to_cout",
    "append_to_file",
    "append_to_logging",
    "config_from_file",
    "default_config",
    "get",
    "get_root",
    "log_to_cout",
    "log_to_file",
    "reset",
    "set_loglevel",
    "write_to_cout",
    "write_to_file",
    "write_to_logging",
]

_ROOT = "hxcosim"
_TRACE = 5
_NAMES = {50: "FATAL", 40: "ERROR", 30: "WARN", 20: "INFO", 10: "DEBUG", _TRACE: "TRACE", 1: "ALL"}
_COLORS = {"FATAL": "\x1b[1;31m", "ERROR": "\x1b[31m", "WARN": "\x1b[33m", "INFO": "\x1b[32m"}
logging.addLevelName(_TRACE, "TRACE")


class LogLevel:
    """A threshold; levels can be compared for equality only."""

    FATAL: "LogLevel"
    ERROR: "LogLevel"
    WARN: "LogLevel"
    INFO: "LogLevel"
    DEBUG: "LogLevel"
    TRACE: "LogLevel"
    ALL: "LogLevel"
    __slots__ = ("_number",)

    def __init__(self, number: int) -> None:
        if number not in _NAMES:
            raise ValueError(f"{number} is not a log level; levels: {_NAMES}")
        self._number = number

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LogLevel) and self._number == other._number

    def __hash__(self) -> int:
        return hash((LogLevel, self._number))

    def __int__(self) -> int:
        return self._number

    def __repr__(self) -> str:
        return f"LogLevel.{_NAMES[self._number]}"

    def __str__(self) -> str:
        return _NAMES[self._number]


for _number, _name in _NAMES.items():
    setattr(LogLevel, _name, LogLevel(_number))


class _Formatter(logging.Formatter):
    def __init__(self, location: bool, color: bool, date_format: str) -> None:
        super().__init__()
        if date_format not in ("ABSOLUTE", "DATE", "ISO8601", "RELATIVE", "NULL"):
            raise ValueError(
                f"date_format '{date_format}' is none of ABSOLUTE, DATE, ISO8601, RELATIVE, NULL"
            )
        self._location = location
        self._color = color
        self._date_format = date_format

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 - overrides logging's name
        if self._date_format == "NULL":
            return ""
        if self._date_format == "RELATIVE":
            return f"{record.relativeCreated:.0f} "
        layout = {"ABSOLUTE": "%H:%M:%S", "DATE": "%d %b %Y %H:%M:%S"}.get(
            self._date_format, "%Y-%m-%d %H:%M:%S"
        )
        return f"{time.strftime(layout, time.localtime(record.created))},{record.msecs:03.0f} "

    def format(self, record: logging.LogRecord) -> str:
        level = _NAMES.get(record.levelno, record.levelname)
        begin, end = (_COLORS.get(level, ""), "\x1b[0m") if self._color else ("", "")
        channel = record.name.removeprefix(_ROOT).removeprefix(".")
        place = f" {record.filename}:{record.lineno}" if self._location else ""
        text = f"{begin}{level:<5}{end if begin else ''} {self.formatTime(record)}{channel}{place}"
        text = f"{text}  {record.getMessage()}"
        return f"{text}\n{self.formatException(record.exc_info)}" if record.exc_info else text


class _Console(logging.StreamHandler[TextIO]):
    """Writes to what `sys.stdout` or `sys.stderr` is at the time of writing."""

    def __init__(self, name: str) -> None:
        super().__init__(getattr(sys, name))
        self._stream_name = name

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = getattr(sys, self._stream_name)
        super().emit(record)


class _Forward(logging.Handler):
    """Hands records to a logger of Python's own hierarchy."""

    def __init__(self, domain: str) -> None:
        super().__init__()
        self._domain = domain

    def emit(self, record: logging.LogRecord) -> None:
        target = logging.getLogger(self._domain)
        if target.isEnabledFor(record.levelno):
            target.handle(record)


class Logger:
    """A channel; made by `get` and `get_root`."""

    __slots__ = ("_logger",)

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger

    def _log(self, level: int, values: tuple[object, ...]) -> None:
        if self._logger.isEnabledFor(level):
            # The caller of FATAL, ERROR, … is two frames above this one.
            self._logger.log(level, "%s", " ".join(map(str, values)), stacklevel=3)

    def FATAL(self, *values: object) -> None:  # noqa: N802 - the original's name
        """Log the values, separated by blanks."""
        self._log(50, values)

    def ERROR(self, *values: object) -> None:  # noqa: N802 - the original's name
        """Log the values, separated by blanks."""
        self._log(40, values)

    def WARN(self, *values: object) -> None:  # noqa: N802 - the original's name
        """Log the values, separated by blanks."""
        self._log(30, values)

    def INFO(self, *values: object) -> None:  # noqa: N802 - the original's name
        """Log the values, separated by blanks."""
        self._log(20, values)

    def DEBUG(self, *values: object) -> None:  # noqa: N802 - the original's name
        """Log the values, separated by blanks."""
        self._log(10, values)

    def TRACE(self, *values: object) -> None:  # noqa: N802 - the original's name
        """Log the values, separated by blanks."""
        self._log(_TRACE, values)

    fatal, error, warn, info, debug, trace = FATAL, ERROR, WARN, INFO, DEBUG, TRACE

    def getName(self) -> str:  # noqa: N802 - the original's name
        """Name of the channel; the root's is empty."""
        return self._logger.name.removeprefix(_ROOT).removeprefix(".")

    def addAppender(self, appender: logging.Handler) -> None:  # noqa: N802 - the original's name
        """Let the handler write what this channel and those below it log."""
        self._logger.addHandler(appender)

    def setAdditivity(self, additive: bool) -> None:  # noqa: N802 - the original's name
        """Whether the appenders of the channels above write, too."""
        self._logger.propagate = additive

    def get_number_of_appenders(self) -> int:
        """Number of appenders of this very channel."""
        return len(self._logger.handlers)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Logger) and self._logger is other._logger

    def __hash__(self) -> int:
        return hash(self._logger.name)

    def __repr__(self) -> str:
        return f"Logger('{self.getName()}')"


def get(name: str) -> Logger:
    """The channel of this name, such as `a.b`."""
    if not isinstance(name, str):
        raise TypeError(f"the name of a channel is a text, not {type(name).__name__}")
    return Logger(logging.getLogger(f"{_ROOT}.{name}" if name else _ROOT))


def get_root() -> Logger:
    """The channel above all others."""
    return get("")


def _children() -> list[logging.Logger]:
    found = [logging.getLogger(_ROOT)]
    for name, item in logging.Logger.manager.loggerDict.items():
        if name.startswith(f"{_ROOT}.") and isinstance(item, logging.Logger):
            found.append(item)
    return found


def reset() -> None:
    """Remove all appenders and levels of all channels."""
    for logger in _children():
        for handler in list(logger.handlers):
            logger.removeHandler(handler)
            handler.close()
        logger.setLevel(logging.NOTSET)
        logger.propagate = True


def set_loglevel(logger: Logger, level: LogLevel) -> None:
    """Let the channel log from this level upwards."""
    if not isinstance(logger, Logger) or not isinstance(level, LogLevel):
        raise TypeError("set_loglevel needs a logger and a LogLevel")
    logger._logger.setLevel(int(level))


def _append(handler: logging.Handler, logger: Logger | None, formatter: _Formatter) -> None:
    handler.setFormatter(formatter)
    (logger or get_root()).addAppender(handler)


def _plain() -> _Formatter:
    return _Formatter(False, False, "ABSOLUTE")


def default_config(
    level: LogLevel = LogLevel.WARN,
    fname: str = "",
    dual: bool = False,
    print_location: bool = False,
    color: bool = True,
    date_format: str = "ABSOLUTE",
) -> None:
    """Log to standard error, with `fname` to that file, with `dual` to both.

    :param date_format: ABSOLUTE, DATE, ISO8601, RELATIVE (ms since start) or NULL.
    """
    formatter = _Formatter(print_location, color and sys.stderr.isatty(), date_format)
    reset()
    if fname:
        _append(logging.FileHandler(fname, mode="w"), None, _plain())
    if dual or not fname:
        _append(_Console("stderr"), None, formatter)
    set_loglevel(get_root(), level)


def log_to_file(file: str, level: LogLevel) -> None:
    """Log everything from this level upwards to the file, and nowhere else."""
    reset()
    write_to_file(file)
    set_loglevel(get_root(), level)


def log_to_cout(level: LogLevel) -> None:
    """Log everything from this level upwards to standard output, and nowhere else."""
    reset()
    append_to_cout()
    set_loglevel(get_root(), level)


def append_to_file(file: str, logger: Logger | None = None) -> logging.Handler:
    """Also log to the end of the file; returns the appender."""
    return write_to_file(file, True, logger)


def write_to_file(file: str, append: bool = False, logger: Logger | None = None) -> logging.Handler:
    """Also log to the file, which is emptied first unless `append`; returns the appender."""
    handler = logging.FileHandler(file, mode="a" if append else "w")
    _append(handler, logger, _plain())
    return handler


def append_to_cout(logger: Logger | None = None) -> logging.Handler:
    """Also log to standard output; returns the appender."""
    handler = _Console("stdout")
    _append(handler, logger, _plain())
    return handler


def append_to_logging(domain: str, logger: Logger | None = None) -> logging.Handler:
    """Forward to Python's logger `domain`, instead of to Python's root; returns the appender."""
    handler = _Forward(domain)
    (logger or get_root()).addAppender(handler)
    (logger or get_root()).setAdditivity(False)
    return handler


write_to_cout = append_to_cout
write_to_logging = append_to_logging


def config_from_file(file: str) -> None:
    """Configure levels and appenders from a properties file.

    Understood are `log4j.rootLogger=LEVEL, appender…`, `log4j.logger.NAME=LEVEL[, appender…]`,
    `log4j.appender.NAME=…ConsoleAppender` or `…FileAppender` with `.File`.

    :raises ValueError: if a level or an appender is unknown.
    """
    properties: dict[str, str] = {}
    for line in Path(file).read_text(encoding="utf-8").splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.lstrip().startswith(("#", "!")):
            properties[key.strip()] = value.strip()
    reset()
    for key, value in properties.items():
        if key == "log4j.rootLogger":
            channel = get_root()
        elif key.startswith("log4j.logger."):
            channel = get(key.removeprefix("log4j.logger."))
        else:
            continue
        level, *appenders = (part.strip() for part in value.split(","))
        if level not in _NAMES.values():
            raise ValueError(f"{file}: '{level}' is not a log level")
        set_loglevel(channel, getattr(LogLevel, level))
        for name in appenders:
            kind = properties.get(f"log4j.appender.{name}", "")
            if kind.endswith("ConsoleAppender"):
                append_to_cout(channel)
            elif kind.endswith("FileAppender") and f"log4j.appender.{name}.File" in properties:
                append_to_file(properties[f"log4j.appender.{name}.File"], channel)
            else:
                raise ValueError(f"{file}: appender '{name}' is neither a console nor a file")


def LOG4CXX_FATAL(logger: Logger, *values: object) -> None:  # noqa: N802 - the original's name
    """Log the values to the channel."""
    logger._log(50, values)


def LOG4CXX_ERROR(logger: Logger, *values: object) -> None:  # noqa: N802 - the original's name
    """Log the values to the channel."""
    logger._log(40, values)


def LOG4CXX_WARN(logger: Logger, *values: object) -> None:  # noqa: N802 - the original's name
    """Log the values to the channel."""
    logger._log(30, values)


def LOG4CXX_INFO(logger: Logger, *values: object) -> None:  # noqa: N802 - the original's name
    """Log the values to the channel."""
    logger._log(20, values)


def LOG4CXX_DEBUG(logger: Logger, *values: object) -> None:  # noqa: N802 - the original's name
    """Log the values to the channel."""
    logger._log(10, values)


def LOG4CXX_TRACE(logger: Logger, *values: object) -> None:  # noqa: N802 - the original's name
    """Log the values to the channel."""
    logger._log(_TRACE, values)
