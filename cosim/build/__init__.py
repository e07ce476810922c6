# SPDX-License-Identifier: Apache-2.0
"""Generated files, tools and cached builds."""
