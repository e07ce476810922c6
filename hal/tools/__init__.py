# SPDX-License-Identifier: Apache-2.0
"""Tools on top of all layers."""
