# SPDX-License-Identifier: Apache-2.0
"""Running programs on the embedded processors, under the name that programs use."""

from hal.tools.run_ppu_program import PPUTimeoutError as PPUTimeoutError
from hal.tools.run_ppu_program import load_and_start_program as load_and_start_program
from hal.tools.run_ppu_program import main as main
from hal.tools.run_ppu_program import stop_program as stop_program
from hal.tools.run_ppu_program import wait_until_ppu_finished as wait_until_ppu_finished

if __name__ == "__main__":
    main()
