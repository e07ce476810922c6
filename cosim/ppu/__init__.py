# SPDX-License-Identifier: Apache-2.0
"""The embedded processors, in C: what attaches to their ports on both targets."""
