// SPDX-License-Identifier: Apache-2.0
// Chooses one message per tick among all trace sources and annotates the stream with the FPGA time
// (docs/timing.md section 4.1). It does not pack: messages leave as header and payload.
module fpga_arbiter (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        tick_i,
  input  logic        clear_i,
  input  logic [42:0] tick_time_i,
  input  logic [42:0] fpga_time_i,
  input  logic        synced_i,
  input  logic        sync_done_i,
  // class A, falling priority
  input  logic        notification_valid_i,
  input  logic        notification_timeout_i,  // else highspeed link
  input  logic [44:0] notification_i,
  output logic        notification_ready_o,
  input  logic        systime_valid_i,
  output logic        systime_ready_o,
  input  logic        loopback_valid_i,
  input  logic        loopback_tick_i,
  output logic        loopback_ready_o,
  input  logic        jtag_valid_i,
  input  logic [32:0] jtag_i,
  output logic        jtag_ready_o,
  input  logic        omnibus_valid_i,
  input  logic [31:0] omnibus_i,
  output logic        omnibus_ready_o,
  // class E
  input  logic [ 1:0] pack_count_i,
  input  logic        pack_madc_i,
  input  logic [71:0] pack_i,                  // event k in [24*k +: 24], k = 0 goes first
  output logic        pack_ready_o,
  // to the packer
  output logic        valid_o,
  input  logic        ready_i,
  output logic [ 7:0] header_o,
  output logic        long_o,                  // 80 instead of 64 bits
  output logic [71:0] payload_o,
  output logic        halt_o,
  // of the TraceStallWindow ticks before this one, those in which a message could not leave
  input  logic        count_stalled_i,         // value wanted in this tick, else 0
  output logic [ 6:0] stalled_o,
  output logic        idle_o
);

  localparam int Window = machine_pkg::TraceStallWindow;

  logic class_a, class_e, choose_e, take;
  logic last_e_d, last_e_q;
  logic known_d, known_q, armed_d, armed_q;
  logic [42:0] previous_d, previous_q, gap;
  logic annotate, is_systime;
  logic [7:0] header;
  logic long_message;
  logic [71:0] payload;

  assign class_a = notification_valid_i || systime_valid_i || loopback_valid_i || jtag_valid_i ||
      omnibus_valid_i;
  assign class_e = pack_count_i != '0;
  assign choose_e = class_e && (!class_a || !last_e_q);
  assign valid_o = (class_a || class_e) && !clear_i;

  always_comb begin
    header = '0;
    payload = '0;
    long_message = 1'b0;
    is_systime = 1'b0;
    if (choose_e) begin
      case (pack_count_i)
        2'd1: begin
          header = pack_madc_i ? ut_pkg::FromFpgaMADCSamplePack1Id : ut_pkg::FromFpgaSpikePack1Id;
          payload[23:0] = pack_i[23:0];
        end
        2'd2: begin
          header = pack_madc_i ? ut_pkg::FromFpgaMADCSamplePack2Id : ut_pkg::FromFpgaSpikePack2Id;
          payload[47:0] = {pack_i[23:0], pack_i[47:24]};
        end
        default: begin
          header = pack_madc_i ? ut_pkg::FromFpgaMADCSamplePack3Id : ut_pkg::FromFpgaSpikePack3Id;
          payload = {pack_i[23:0], pack_i[47:24], pack_i[71:48]};
          long_message = 1'b1;
        end
      endcase
    end else if (notification_valid_i) begin
      header = notification_timeout_i ? ut_pkg::FromFpgaTimeoutNotificationId :
          ut_pkg::FromFpgaHighspeedLinkNotificationId;
      payload[44:0] = notification_i;
    end else if (systime_valid_i) begin
      header = ut_pkg::FromFpgaSystimeId;
      payload[42:0] = fpga_time_i;
      is_systime = 1'b1;
    end else if (loopback_valid_i) begin
      header = ut_pkg::FromFpgaLoopbackId;
      payload[0] = loopback_tick_i;
    end else if (jtag_valid_i) begin
      header = ut_pkg::FromFpgaJtagDataId;
      payload[32:0] = jtag_i;
    end else begin
      header = ut_pkg::FromFpgaOmnibusDataId;
      payload[31:0] = omnibus_i;
    end
  end

  assign gap = fpga_time_i - previous_q;
  assign annotate = synced_i && !armed_q && !is_systime && !(known_q && gap == 43'd1);

  always_comb begin
    header_o  = header;
    payload_o = payload;
    long_o    = long_message;
    if (annotate) begin
      long_o = 1'b0;
      // Sysdelta reaches 255 further cycles; it never goes backwards.
      if (known_q && gap != '0 && gap <= 43'd256) begin
        header_o  = ut_pkg::FromFpgaSysdeltaId;
        payload_o = 72'(gap - 43'd1);
      end else begin
        header_o  = ut_pkg::FromFpgaSystimeId;
        payload_o = 72'(fpga_time_i);
      end
    end
  end

  assign idle_o = !class_a && !class_e;
  assign take = valid_o && ready_i && !annotate;
  assign halt_o = take && header == ut_pkg::FromFpgaLoopbackId && !loopback_tick_i;
  assign pack_ready_o = take && choose_e;
  assign notification_ready_o = take && !choose_e;
  assign systime_ready_o = take && !choose_e && !notification_valid_i;
  assign loopback_ready_o = systime_ready_o && !systime_valid_i;
  assign jtag_ready_o = loopback_ready_o && !loopback_valid_i;
  assign omnibus_ready_o = jtag_ready_o && !jtag_valid_i;

  always_comb begin
    last_e_d   = last_e_q;
    known_d    = known_q;
    armed_d    = armed_q;
    previous_d = previous_q;
    if (valid_o && ready_i) begin
      known_d = 1'b1;
      if (annotate) begin
        previous_d = fpga_time_i;
        armed_d    = 1'b1;
      end else begin
        previous_d = (armed_q && !is_systime) ? previous_q + 43'd1 : fpga_time_i;
        armed_d    = 1'b0;
        last_e_d   = choose_e;
        if (halt_o) known_d = 1'b0;
      end
    end
    if (sync_done_i) begin
      known_d = 1'b0;
      armed_d = 1'b0;
    end
    if (clear_i) begin
      last_e_d = 1'b1;
      known_d  = 1'b0;
      armed_d  = 1'b0;
    end
  end

  // Stalled ticks: bit k stands for tick history_time_q - k. Skipped ticks are never stalled ones.
  logic [Window-1:0] history_d, history_q, aligned;
  logic [42:0] history_time_q, age;
  logic stalled;

  assign stalled = valid_o && !ready_i;
  assign age = tick_time_i - history_time_q - 43'd1;

  always_comb begin
    aligned = '0;
    if (history_q != '0 && age < 43'(Window)) aligned = history_q << age[6:0];
    history_d = {aligned[Window-2:0], stalled};
    stalled_o = '0;
    if (count_stalled_i) begin
      for (int i = 0; i < Window; i++) stalled_o = stalled_o + 7'(aligned[i]);
    end
    if (clear_i) history_d = '0;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      last_e_q   <= 1'b1;
      known_q    <= 1'b0;
      armed_q    <= 1'b0;
      previous_q <= '0;
      history_q <= '0;
      history_time_q <= '0;
    end else if (tick_i) begin
      last_e_q   <= last_e_d;
      known_q    <= known_d;
      armed_q    <= armed_d;
      previous_q <= previous_d;
      history_q <= history_d;
      history_time_q <= tick_time_i;
    end
  end

endmodule
