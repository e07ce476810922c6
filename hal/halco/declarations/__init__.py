# SPDX-License-Identifier: Apache-2.0
"""Declarations of all coordinates, grouped by subject."""
