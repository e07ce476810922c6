// SPDX-License-Identifier: Apache-2.0
// The one table of physical constants of the analog core.
// Every circuit law that no public source states is a modelling choice (docs/modelling-choices.md);
// replace a number here and nowhere else. SI units unless the name says otherwise.
#ifndef HX_ANALOG_CONSTANTS_H
#define HX_ANALOG_CONSTANTS_H

#define K_TICK 4e-9  // one chip clock
#define K_LOG2_E 1.4426950408889634
#define K_LN2 0.69314718055994530942

// CapMem: code -> voltage and current.
#define K_VCELL0 0.019
#define K_VCELL 1.875e-3
#define K_ICELL (1e-6 / 1022.0)
#define K_CAPMEM_TAU 3e-3
#define K_CAPMEM_PERIOD 125000  // ticks between two settling updates (0.5 ms)
#define K_CAPMEM_DONE 0.05      // codes: closer than this, the cell has arrived

// Potentials at the membrane: slope per code and offset.
#define K_SF_SLOPE 1.213e-3
#define K_SF_OFFSET (-0.337)
#define K_RESET_SLOPE 1.352e-3
#define K_RESET_OFFSET (-0.444)
#define K_THRESHOLD_SLOPE 1.521e-3
#define K_THRESHOLD_OFFSET 0.032
#define K_SF_BIAS_SHIFT 0.030  // V per e-fold of the source follower bias
#define K_SF_BIAS 100.0
#define K_POTENTIAL_MIN 0.03
#define K_POTENTIAL_MAX 1.2
#define K_MEMBRANE_MAX 1.2
#define K_ADAPT_MAX 2.5  // rail of the adaptation voltage; the other is ground [M140]

// A top of the membrane trips the comparator if it is up to so far above both ends of its step [V]:
// where the slope changes by eight times that in a step.
#define K_TOP 1e-4f

// Membrane.
#define K_C_UNIT (2.2e-12 / 63.0)
#define K_C_PARASITIC 0.18e-12
#define K_G_LEAK 1.51e-9
#define K_L_LEAK 0.25
#define K_L_LEAK_DEGENERATED 0.5
#define K_L_RESET 0.15
#define K_FLOATING_R 1e9
#define K_FLOATING_V 0.6
#define K_I_OFFSET 90e-12
#define K_EXP_I0 4e-9
#define K_EXP_SLOPE 30e-3
#define K_EXP_CODE 300.0
#define K_EXP_SLOPE_MIN 8e-3
#define K_EXP_SLOPE_MAX 120e-3
#define K_EXP_LIMIT_LOG 6.2146080984  // ln(2 uA / 4 nA)
#define K_COMPARATOR_DELAY 60e-9
#define K_COMPARATOR_CODE 200.0

// Synapse, line, synaptic input.
#define K_I_DAC (1e-6 / 1022.0)
#define K_WEIGHTS 64.0
#define K_T_PULSE 4e-9
#define K_T_HAGEN 8e-9
#define K_C_LINE 0.40e-12
#define K_C_LINE_SMALL 0.15e-12
#define K_LINE_REST 1.2
#define K_LINE_MAX 0.9
#define K_TAU_SYN 0.25e-6
#define K_TAU_SYN_CODE 1022.0
#define K_TAU_SYN_HIGH 10.0
#define K_TAU_SYN_FLOATING 2e-3
#define K_G_SYN 14.6e-9
#define K_V_SYN 0.10
#define K_SHIFT 0.03e-3
#define K_SHIFT_CODE 310.0
#define K_EXC_CEILING 1.25
#define K_INH_FLOOR 0.09
#define K_OTA 24.6832438  // unit of the OTAs' characteristic
#define K_OTA_EDGE 0.08
#define K_EDGE (K_LOG2_E / K_OTA_EDGE)
#define K_COBA_L 0.25
#define K_COBA_V 0.15
#define K_BYPASS 0.060
#define K_ROW_GRADIENT 0.04

// Synapse driver.
#define K_STP_U0 0.2
#define K_STP_U 0.02
#define K_STP_DROOP 100e-3
#define K_RAMP_FOOT 0.02
#define K_RAMP 4.55e-9
#define K_RAMP_CODE 600.0
#define K_RAMP_OFFSET_STEP 0.25e-9
#define K_HAGEN_V0 0.05
#define K_HAGEN_STEP 26e-3
#define K_HAGEN_CODE 820.0
#define K_HAGEN_OFFSET_STEP 8e-3
#define K_HAGEN_OFFSET 31.0

// Adaptation and compartments.
#define K_C_W 2.3e-12
#define K_G_W 80e-9
#define K_G_A 1.4e-9
#define K_I_B 0.98e-9
#define K_TAU_W 110e-6
#define K_TAU_W_CODE 100.0
#define K_G_IC 1.2e-9
#define K_L_IC 0.25

// Correlation sensors.
#define K_COR_A 0.5  // CADC LSB at store bias 70
#define K_COR_STORE 70.0
#define K_COR_TAU 5e-6
#define K_COR_RAMP 80.0
#define K_COR_V 0.9
#define K_COR_V_GAIN 4.0
#define K_COR_CALIB 0.25
#define K_COR_MAX 220.0
#define K_COR_DECAY 100e-3
#define K_COR_BASE 0.95

// Readout.
#define K_CADC_SLOPE 18e-6
#define K_CADC_OFFSET 1.76e-3
#define K_CADC_OFFSET0 (-0.15)
#define K_CADC_LSB 4.66e-3  // V per LSB after calibration; the unit of the correlation sensors
#define K_MADC_LSB 1.536e-3
#define K_MADC_ZERO 0.060
#define K_LINE_GAIN 0.75
#define K_LINE_OFFSET (-0.30)
#define K_READOUT_TAU 60e-9
#define K_READOUT_CODE 110.0

// Noise (rms) and mismatch (sigma; relative unless a unit is given).
#define S_MEMBRANE 1e-3  // V
#define S_CADC 0.7       // LSB
#define S_MADC 0.9       // LSB
#define S_CELL 0.03
#define S_LEAK_V 20e-3
#define S_RESET_V 15e-3
#define S_THRESHOLD_V 15e-3
#define S_C 0.03
#define S_G_LEAK 0.18
#define S_I_OFFSET 0.10
#define S_EXP_V 20e-3
#define S_EXP_SLOPE 0.15
#define S_QUADRANT_DAC 0.08
#define S_SYNAPSE 0.06
#define S_C_LINE 0.05
#define S_TAU_SYN 0.15
#define S_SYN_OFFSET 3e-3  // V
#define S_G_SYN 0.20
#define S_DRIVER 0.7e-9  // s
#define S_ADAPT 0.15
#define S_ADAPT_V 15e-3
#define S_G_IC 0.25
#define S_COR_A 0.35
#define S_COR_TAU 0.20
#define S_COR_SHARED 0.3  // correlation coefficient of the two sensors of a synapse
#define S_CADC_CHANNEL 8.0  // LSB
#define S_CADC_GAIN 0.015
#define S_CADC_QUADRANT 0.05
#define S_MADC_OFFSET 30.0  // LSB
#define S_MADC_GAIN 0.02

#endif
