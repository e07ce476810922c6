// SPDX-License-Identifier: Apache-2.0
// Executes the instructions in order, at most one per tick, with timer and instruction timeout
// (docs/timing.md section 3). It starts accesses, commands and events but does not carry them out.
module fpga_executor (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        tick_i,
  input  logic        clear_i,               // connection reset
  input  logic [42:0] tick_time_i,           // global time in ticks
  // head of the program
  input  logic        valid_i,
  output logic        ready_o,
  input  logic [63:0] word_i,
  // registers
  input  logic [31:0] timeout_i,             // ticks; 0 switches the timeout off
  input  logic [31:0] poll_address_i,
  input  logic [31:0] poll_mask_i,
  input  logic [31:0] poll_target_i,
  output logic [31:0] timer_o,
  // JTAG engine
  output logic        jtag_valid_o,
  input  logic        jtag_ready_i,
  output logic [ 1:0] jtag_kind_o,           // low bits of ut_pkg::ToFpgaJtag*Id
  output logic        jtag_keep_o,
  output logic [ 7:0] jtag_bits_o,
  output logic [32:0] jtag_data_o,
  input  logic        jtag_idle_i,
  // Omnibus master
  output logic        bus_valid_o,
  output logic        bus_read_o,
  output logic        bus_poll_o,            // value goes back to poll_value_i instead of the trace
  output logic [ 3:0] bus_byte_enables_o,
  output logic [31:0] bus_address_o,
  output logic [31:0] bus_data_o,
  input  logic        bus_read_ready_i,
  input  logic        bus_write_ready_i,
  input  logic        bus_idle_i,
  input  logic        poll_valid_i,
  input  logic [31:0] poll_value_i,
  // systime unit
  output logic        systime_valid_o,
  output logic        systime_sync_o,
  input  logic        systime_idle_i,        // idle and report delivered
  // loopback answers
  output logic        loopback_valid_o,
  output logic        loopback_tick_o,
  input  logic        loopback_ready_i,
  // events to the chip
  output logic [ 1:0] event_count_o,
  output logic [47:0] event_labels_o,
  // chip reset line, high active
  output logic        chip_reset_o,
  output logic        chip_reset_start_o,    // Reset(1) executes at this tick
  // instruction timeout
  output logic        timeout_o,             // fires at this tick
  input  logic        notification_ready_i,
  output logic [31:0] index_o,
  // diagnostics
  output logic        unknown_o,             // a word with an unknown header leaves at this tick
  // skipping
  output logic        idle_o,
  output logic [42:0] next_o                 // tick of the next action if idle
);

  logic filler, unknown;
  logic [3:0] kind;
  logic [7:0] scaler;
  logic [6:0] jtag_ins;
  logic [32:0] jtag_data;
  logic [7:0] jtag_bits;
  logic jtag_keep;
  logic [31:0] wait_until;
  logic [4:0] barrier;
  logic flag;
  logic [31:0] address;
  logic [3:0] byte_enables;
  logic is_read;
  logic [31:0] write_data;
  logic [1:0] spike_count;
  logic [47:0] spike_labels;

  fpga_decoder u_decoder (
    .word_i        (word_i),
    .filler_o      (filler),
    .unknown_o     (unknown),
    .kind_o        (kind),
    .scaler_o      (scaler),
    .jtag_ins_o    (jtag_ins),
    .jtag_data_o   (jtag_data),
    .jtag_bits_o   (jtag_bits),
    .jtag_keep_o   (jtag_keep),
    .wait_o        (wait_until),
    .barrier_o     (barrier),
    .flag_o        (flag),
    .address_o     (address),
    .byte_enables_o(byte_enables),
    .is_read_o     (is_read),
    .write_data_o  (write_data),
    .spike_count_o (spike_count),
    .spike_labels_o(spike_labels)
  );

  localparam logic [3:0] KindJtagInit = ut_pkg::ToFpgaJtagInitId[3:0];
  localparam logic [3:0] KindJtagScaler = ut_pkg::ToFpgaJtagScalerId[3:0];
  localparam logic [3:0] KindJtagIns = ut_pkg::ToFpgaJtagInsId[3:0];
  localparam logic [3:0] KindJtagData = ut_pkg::ToFpgaJtagDataId[3:0];
  localparam logic [3:0] KindSetup = ut_pkg::ToFpgaSetupId[3:0];
  localparam logic [3:0] KindWaitUntil = ut_pkg::ToFpgaWaitUntilId[3:0];
  localparam logic [3:0] KindSystimeInit = ut_pkg::ToFpgaSystimeInitId[3:0];
  localparam logic [3:0] KindBarrier = ut_pkg::ToFpgaBarrierId[3:0];
  localparam logic [3:0] KindPolling = ut_pkg::ToFpgaPollingOmnibusBlockId[3:0];
  localparam logic [3:0] KindReset = ut_pkg::ToFpgaResetId[3:0];
  localparam logic [3:0] KindLoopback = ut_pkg::ToFpgaLoopbackId[3:0];
  localparam logic [3:0] KindAddress = ut_pkg::ToFpgaOmnibusAddressId[3:0];
  localparam logic [3:0] KindData = ut_pkg::ToFpgaOmnibusDataId[3:0];

  logic [31:0] timer_base_d, timer_base_q;
  logic [31:0] index_d, index_q;
  logic [31:0] address_d, address_q;
  logic [3:0] byte_enables_d, byte_enables_q;
  logic chip_reset_d, chip_reset_q;
  logic polling_d, polling_q;  // a polled read is under way
  logic dropping_d, dropping_q;  // after a timeout, until the halt
  logic stalled_d, stalled_q;  // the head has been blocked since stall_start_q
  logic [42:0] stall_start_d, stall_start_q;

  logic instruction, halt, can_execute, execute, poll_fits, poll_issue, fires;
  logic [42:0] stall_start;

  assign timer_o     = tick_time_i[31:0] - timer_base_q;
  assign instruction = valid_i && !filler && !unknown;
  assign halt        = instruction && kind == KindLoopback && !flag;

  assign poll_fits = poll_valid_i && (((poll_value_i & poll_mask_i) == poll_target_i) == flag);
  assign poll_issue = instruction && kind == KindPolling && !dropping_q && !poll_fits &&
      (!polling_q || poll_valid_i) && bus_read_ready_i && !fires;

  always_comb begin
    can_execute = 1'b1;
    case (kind)
      KindJtagInit, KindJtagScaler, KindJtagIns, KindJtagData: can_execute = jtag_ready_i;
      KindWaitUntil: can_execute = timer_o >= wait_until;
      KindSystimeInit: can_execute = systime_idle_i;
      KindBarrier:
      can_execute = (!barrier[ut_pkg::ToFpgaBarrierOmnibusLsb] || bus_idle_i) &&
          (!barrier[ut_pkg::ToFpgaBarrierJtagLsb] || jtag_idle_i) &&
          (!barrier[ut_pkg::ToFpgaBarrierSystimeLsb] || systime_idle_i);
      KindPolling: can_execute = poll_fits;
      KindLoopback:
      can_execute = loopback_ready_i && (flag || (bus_idle_i && jtag_idle_i && systime_idle_i));
      KindAddress: can_execute = !is_read || bus_read_ready_i;
      KindData: can_execute = bus_write_ready_i;
      default: ;
    endcase
  end

  // Timeout of [M4], [M5]: every instruction but WaitUntil may be blocked for timeout_i ticks.
  assign stall_start = stalled_q ? stall_start_q : tick_time_i;
  assign fires = instruction && !dropping_q && kind != KindWaitUntil && !can_execute &&
      timeout_i != '0 && (tick_time_i - stall_start) >= 43'(timeout_i) && notification_ready_i;

  assign execute = instruction && !dropping_q && can_execute;
  assign ready_o = valid_i && (filler || unknown || execute ||
      (dropping_q && (!halt || loopback_ready_i)));
  assign unknown_o = valid_i && !filler && unknown && !clear_i;
  assign timeout_o = fires && !clear_i;
  assign index_o = index_q;

  // Effects outside this block; nothing starts at the tick of a connection reset.
  assign jtag_valid_o = execute && !clear_i && (kind == KindJtagInit || kind == KindJtagScaler ||
      kind == KindJtagIns || kind == KindJtagData);
  assign jtag_kind_o = kind[1:0];
  assign jtag_keep_o = jtag_keep && kind == KindJtagData;
  assign jtag_bits_o = jtag_bits;
  always_comb begin
    case (kind)
      KindJtagScaler: jtag_data_o = 33'(scaler);
      KindJtagIns: jtag_data_o = 33'(jtag_ins);
      default: jtag_data_o = jtag_data;
    endcase
  end

  assign bus_poll_o = poll_issue;
  assign bus_read_o = poll_issue || kind == KindAddress;
  assign bus_valid_o = !clear_i && (poll_issue || (execute && kind == KindData) ||
      (execute && kind == KindAddress && is_read));
  assign bus_address_o = poll_issue ? poll_address_i : (kind == KindAddress ? address : address_q);
  assign bus_byte_enables_o =
      poll_issue ? 4'hf : (kind == KindAddress ? byte_enables : byte_enables_q);
  assign bus_data_o = write_data;

  assign systime_valid_o = execute && !clear_i && kind == KindSystimeInit;
  assign systime_sync_o = flag;
  assign loopback_valid_o = !clear_i && ((execute && kind == KindLoopback) || (dropping_q && halt));
  assign loopback_tick_o = flag;
  assign event_count_o = (execute && !clear_i) ? spike_count : 2'd0;
  assign event_labels_o = spike_labels;
  assign chip_reset_o = chip_reset_q;
  assign chip_reset_start_o = execute && !clear_i && kind == KindReset && flag;

  always_comb begin
    timer_base_d   = timer_base_q;
    index_d        = index_q;
    address_d      = address_q;
    byte_enables_d = byte_enables_q;
    chip_reset_d   = chip_reset_q;
    polling_d      = polling_q;
    dropping_d     = dropping_q;
    stalled_d      = 1'b0;
    stall_start_d  = stall_start;

    if (poll_valid_i) polling_d = 1'b0;
    if (poll_issue) polling_d = 1'b1;
    if (instruction && !dropping_q && !can_execute && kind != KindWaitUntil) stalled_d = 1'b1;

    if (execute) begin
      index_d = index_q + 32'd1;
      case (kind)
        KindSetup: timer_base_d = tick_time_i[31:0] + 32'd1;
        KindReset: chip_reset_d = flag;
        KindAddress: begin
          address_d      = address;
          byte_enables_d = byte_enables;
        end
        default:   ;
      endcase
    end
    if (halt && ready_o) begin
      index_d    = '0;
      dropping_d = 1'b0;
    end
    if (fires) begin
      dropping_d = 1'b1;
      polling_d  = 1'b0;
      stalled_d  = 1'b0;
    end
    if (clear_i) begin
      timer_base_d   = '0;
      index_d        = '0;
      address_d      = '0;
      byte_enables_d = '0;
      polling_d      = 1'b0;
      dropping_d     = 1'b0;
      stalled_d      = 1'b0;
      chip_reset_d   = chip_reset_q;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      timer_base_q   <= '0;
      index_q        <= '0;
      address_q      <= '0;
      byte_enables_q <= '0;
      chip_reset_q   <= 1'b0;
      polling_q      <= 1'b0;
      dropping_q     <= 1'b0;
      stalled_q      <= 1'b0;
      stall_start_q  <= '0;
    end else if (tick_i) begin
      timer_base_q   <= timer_base_d;
      index_q        <= index_d;
      address_q      <= address_d;
      byte_enables_q <= byte_enables_d;
      chip_reset_q   <= chip_reset_d;
      polling_q      <= polling_d;
      dropping_q     <= dropping_d;
      stalled_q      <= stalled_d;
      stall_start_q  <= stall_start_d;
    end
  end

  // Skipping: a head that waits for the timer or for its timeout is idle.
  always_comb begin
    idle_o = !ready_o && !fires && !poll_issue;
    next_o = '1;
    if (instruction && !dropping_q && idle_o) begin
      if (kind == KindWaitUntil) next_o = tick_time_i + 43'(wait_until - timer_o);
      else if (timeout_i != '0) next_o = stall_start + 43'(timeout_i);
    end
  end

endmodule
