# SPDX-License-Identifier: Apache-2.0
"""Exceptions of programs."""

from hal.errors import HxcosimError

__all__ = [
    "AnswerCountError",
    "BuilderError",
    "GeneratorError",
    "InstructionTimeoutError",
    "MissingBarrierError",
    "NoResultError",
    "ProgramCountError",
    "RunError",
    "UnsupportedTargetError",
]


class BuilderError(HxcosimError):
    """Something that cannot become part of a program."""


class GeneratorError(HxcosimError):
    """Settings of a generator that exclude each other, or do not fit the setup."""


class NoResultError(HxcosimError):
    """A result that is used before the program has run."""


class RunError(HxcosimError):
    """A program that was not, or not completely, executed."""


class ProgramCountError(RunError):
    """Another number of programs than the connection has chips."""


class UnsupportedTargetError(RunError):
    """A program with accesses that the connection's kind of target does not have."""


class MissingBarrierError(RunError):
    """A program that ends without waiting for what it reads."""


class InstructionTimeoutError(RunError):
    """The FPGA gave up on an instruction that blocked for too long."""


class AnswerCountError(RunError):
    """Another number of answers than reads."""
