// SPDX-License-Identifier: Apache-2.0
// The column converters of both hemispheres: conversions and results as reads of the chip bus
// (docs/timing.md section 14). Ramp, comparators and results are on the analog side.
module asic_cadc (
  input  logic        clk_i,
  input  logic        rst_ni,        // chip reset
  input  logic [43:0] now_i,         // global time in cycles
  // bus: the answer belongs to the transaction of the cycle before, or comes when wait_o falls
  input  logic        bus_valid_i,
  input  logic        bus_read_i,
  input  logic [31:0] bus_addr_i,
  output logic        bus_hit_o,
  output logic        bus_wait_o,
  output logic [31:0] bus_data_o,
  input  logic [63:0] config_i,      // register of hemisphere h in [32*h +: 32]
  // analog side
  output logic [ 1:0] trigger_o,     // per hemisphere
  output logic [ 7:0] row_o,
  output logic        fetch_o,
  output logic        hemisphere_o,
  output logic        acausal_o,
  output logic [ 5:0] quad_o,
  input  logic [31:0] data_i,        // results of the fetch of the cycle before
  output logic        idle_o
);

  localparam int Count = omnibus_pkg::CadcCausalSampleCount;

  localparam int Enable = containers_pkg::CADCConfigEnableLsb;
  localparam int ResetWait = containers_pkg::CADCConfigResetWaitLsb;
  localparam int DeadTime = containers_pkg::CADCConfigDeadTimeLsb;

  // Decoder
  logic [31:0] base, at;
  logic hit, hit_q, reads, buffered, converts;
  logic hemisphere, acausal;

  always_comb begin
    base = bus_addr_i;
    base[omnibus_pkg::CadcBufferedBit] = 1'b0;
    buffered   = bus_addr_i[omnibus_pkg::CadcBufferedBit];
    hit        = 1'b1;
    hemisphere = 1'b0;
    acausal    = 1'b0;
    at         = base - omnibus_pkg::CadcCausalSampleTopBase;
    if (base - omnibus_pkg::CadcAcausalSampleTopBase < 32'(Count)) begin
      acausal = 1'b1;
      at      = base - omnibus_pkg::CadcAcausalSampleTopBase;
    end else if (base - omnibus_pkg::CadcCausalSampleBottomBase < 32'(Count)) begin
      hemisphere = 1'b1;
      at         = base - omnibus_pkg::CadcCausalSampleBottomBase;
    end else if (base - omnibus_pkg::CadcAcausalSampleBottomBase < 32'(Count)) begin
      hemisphere = 1'b1;
      acausal    = 1'b1;
      at         = base - omnibus_pkg::CadcAcausalSampleBottomBase;
    end else if (at >= 32'(Count)) begin
      hit = 1'b0;
    end
    reads    = bus_valid_i && bus_read_i && hit;
    converts = reads && !buffered && config_i[32*hemisphere+Enable];
  end

  // A conversion: its trigger, its ramp, the fetch of the quad that was asked for.
  typedef enum logic [1:0] {
    StIdle,
    StTrigger,
    StRamp,
    StAnswer
  } state_e;
  state_e state_d, state_q;
  logic [43:0] deadline_d, deadline_q;
  logic [87:0] ready_q;  // first cycle of a trigger of hemisphere h in [44*h +: 44]
  logic [43:0] ready;
  logic [ 7:0] row_q;
  logic [ 5:0] quad_q;
  logic hemisphere_q, acausal_q, triggers, ends;

  assign ready    = ready_q[44*hemisphere+:44];
  assign triggers = state_q == StTrigger && deadline_q == now_i;
  assign ends     = state_q == StRamp && deadline_q == now_i;

  always_comb begin
    state_d    = state_q;
    deadline_d = deadline_q;
    case (state_q)
      StTrigger:
      if (triggers) begin
        state_d = StRamp;
        // Transactions end with a tick, as all others do.
        deadline_d = now_i + 44'd1 + 44'(config_i[32*hemisphere_q+ResetWait+:8]) +
            44'(machine_pkg::CadcConversion);
        deadline_d[0] = 1'b0;
      end
      StRamp:  if (ends) state_d = StAnswer;
      default: state_d = StIdle;
    endcase
    if (converts) begin
      state_d    = StTrigger;
      deadline_d = (ready > now_i) ? ready : now_i + 44'd1;
    end else if (reads) begin
      state_d = StAnswer;
    end
  end

  always_comb begin
    trigger_o               = '0;
    trigger_o[hemisphere_q] = triggers;
    row_o                   = row_q;
    fetch_o                 = ends || (reads && !converts);
    hemisphere_o            = ends ? hemisphere_q : hemisphere;
    acausal_o               = ends ? acausal_q : acausal;
    quad_o                  = ends ? quad_q : at[5:0];
  end

  assign bus_hit_o  = hit_q;
  assign bus_wait_o = state_q == StTrigger || state_q == StRamp;
  assign bus_data_o = (state_q == StAnswer) ? data_i : '0;
  assign idle_o     = state_q == StIdle;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q      <= StIdle;
      deadline_q   <= '0;
      ready_q      <= '0;
      row_q        <= '0;
      quad_q       <= '0;
      hemisphere_q <= 1'b0;
      acausal_q    <= 1'b0;
      hit_q        <= 1'b0;
    end else begin
      state_q    <= state_d;
      deadline_q <= deadline_d;
      if (bus_valid_i) hit_q <= hit;
      if (converts) begin
        hemisphere_q <= hemisphere;
        acausal_q    <= acausal;
        row_q        <= at[13:6];
        quad_q       <= at[5:0];
      end
      if (triggers) begin
        ready_q[44*hemisphere_q+:44] <= deadline_d + 44'(config_i[32*hemisphere_q+DeadTime+:8]);
      end
    end
  end

endmodule
