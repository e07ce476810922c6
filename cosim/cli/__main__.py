# SPDX-License-Identifier: Apache-2.0
"""`python -m cosim.cli`, the same as `hxcosim`."""

import sys

from . import main

sys.exit(main())
