// SPDX-License-Identifier: Apache-2.0
// The array step for any processor; the twin of the vectorised ones.
#define TARGET
#define WIDTH 1
#define NAME(x) x##_scalar
#include "kernel.h"
