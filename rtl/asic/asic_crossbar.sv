// SPDX-License-Identifier: Apache-2.0
// Event crossbar: 20 input queues, 76 nodes, 12 output queues (docs/timing.md section 9).
// After reset every node passes everything. The slow mode of L2 outputs is stored only [M13].
module asic_crossbar (
  input  logic         clk_i,
  input  logic         rst_ni,
  // bus: the answer belongs to the transaction of the cycle before
  input  logic         bus_valid_i,
  input  logic         bus_read_i,
  input  logic [  3:0] bus_be_i,
  input  logic [ 31:0] bus_addr_i,
  input  logic [ 31:0] bus_data_i,
  output logic         bus_hit_o,
  output logic [ 31:0] bus_data_o,
  // events in, label of input i in [14*i +: 14]
  input  logic [ 19:0] event_valid_i,
  input  logic [279:0] event_label_i,
  input  logic [  7:0] dropped_i,      // events lost before L2 input k in [2*k +: 2]
  // events to the PADI buses, label of bus o in [14*o +: 14]
  output logic [  7:0] padi_valid_o,
  output logic [111:0] padi_label_o,
  input  logic [  7:0] padi_ready_i,
  // events to the link
  output logic [  3:0] l2_valid_o,
  output logic [ 55:0] l2_label_o,
  input  logic [  3:0] l2_ready_i,
  output logic         idle_o
);

  localparam int Inputs = crossbar_pkg::Inputs;
  localparam int Outputs = crossbar_pkg::Outputs;
  localparam int Nodes = crossbar_pkg::Nodes;
  localparam int Depth = machine_pkg::CrossbarDepth;
  localparam int PtrWidth = $clog2(Depth);
  // A node: mask [13:0], target [29:16], enable drop counter [31].
  localparam logic [31:0] NodeBits = 32'hbfff_3fff;

  initial begin
    if (Depth != 1 << PtrWidth) begin
      $display("%m: the queue depth %0d is no power of two", Depth);
      $finish;
    end
  end

  // Registers
  logic [31:0] node_q                                            [        0:Nodes-1];
  logic [15:0] mux_q;  // slow [3:0], enable event counter [15:4]
  logic [15:0] drops_q                                           [       0:Inputs-1];
  logic [23:0] events_q                                          [      0:Outputs-1];
  // Queues: pointers of queue k in [PtrWidth*k +: PtrWidth]. The memories need no reset, an entry is
  // written before it is read.
  logic [13:0] in_mem_q                                          [ 0:Inputs*Depth-1];
  logic [13:0] out_mem_q                                         [0:Outputs*Depth-1];
  logic [PtrWidth*Inputs-1:0] in_head_d, in_head_q, in_tail_d, in_tail_q;
  logic [PtrWidth*Outputs-1:0] out_head_d, out_head_q, out_tail_d, out_tail_q;
  logic [Inputs-1:0] in_valid_d, in_valid_q, in_full_d, in_full_q;
  logic [Outputs-1:0] out_valid_d, out_valid_q, out_full_d, out_full_q;
  // Nodes that have passed the head of their input
  logic [Nodes-1:0] done_d, done_q;

  // Who goes where in this cycle
  logic [Outputs-1:0] grant, out_pop;
  logic [14*Outputs-1:0] moved;  // label that an output takes
  logic [Inputs-1:0] leave, in_push, in_drop, drop_enable;
  logic active;

  assign active  = event_valid_i != '0 || dropped_i != '0 || in_valid_q != '0 || out_valid_q != '0;
  assign in_push = event_valid_i & ~in_full_q;
  assign in_drop = event_valid_i & in_full_q;
  assign out_pop = out_valid_q & {l2_ready_i, padi_ready_i};
  assign idle_o  = in_valid_q == '0 && out_valid_q == '0;

  // Ends of a node. A variable in their place would select by multiplexers.
  function automatic int input_of(input int node);
    input_of = 32'(crossbar_pkg::NodeInput[5*node+:5]);
  endfunction
  function automatic int output_of(input int node);
    output_of = 32'(crossbar_pkg::NodeOutput[4*node+:4]);
  endfunction

  // Nodes are numbered by ascending input, which makes the order of the loop the priority.
  always_comb begin : arbitrate
    logic [13:0] label;
    grant  = '0;
    moved  = '0;
    leave  = in_valid_q;
    done_d = done_q;
    label  = '0;
    if (in_valid_q != '0) begin
      // verilator unroll_full
      for (int n = 0; n < Nodes; n++) begin
        if (in_valid_q[input_of(n)] && !done_q[n]) begin
          label = in_mem_q[input_of(n)*Depth+32'(in_head_q[PtrWidth*input_of(n)+:PtrWidth])];
          if ((label & node_q[n][13:0]) == node_q[n][29:16]) begin
            if (grant[output_of(n)] || out_full_q[output_of(n)]) begin
              leave[input_of(n)] = 1'b0;
            end else begin
              grant[output_of(n)]         = 1'b1;
              moved[14*output_of(n)+:14]  = label;
              done_d[n] = 1'b1;
            end
          end
        end
      end
      // verilator unroll_full
      for (int n = 0; n < Nodes; n++) begin
        if (leave[input_of(n)]) done_d[n] = 1'b0;
      end
    end
  end

  always_comb begin : drop_counting
    drop_enable = '0;
    if (in_drop != '0 || dropped_i != '0) begin
      // verilator unroll_full
      for (int n = 0; n < Nodes; n++) begin
        if (node_q[n][31]) drop_enable[input_of(n)] = 1'b1;
      end
    end
  end

  always_comb begin : pointers
    in_head_d   = in_head_q;
    in_tail_d   = in_tail_q;
    in_valid_d  = in_valid_q;
    in_full_d   = in_full_q;
    out_head_d  = out_head_q;
    out_tail_d  = out_tail_q;
    out_valid_d = out_valid_q;
    out_full_d  = out_full_q;
    if (active) begin
      // verilator unroll_full
      for (int k = 0; k < Inputs; k++) begin
        if (in_push[k]) in_tail_d[PtrWidth*k+:PtrWidth] = in_tail_q[PtrWidth*k+:PtrWidth] + 1'b1;
        if (leave[k]) in_head_d[PtrWidth*k+:PtrWidth] = in_head_q[PtrWidth*k+:PtrWidth] + 1'b1;
        if (in_push[k] != leave[k]) begin
          // Equal pointers: full after a write, empty after a read.
          in_full_d[k]  = in_push[k] &&
                          in_tail_d[PtrWidth*k+:PtrWidth] == in_head_q[PtrWidth*k+:PtrWidth];
          in_valid_d[k] = in_push[k] ||
                          in_head_d[PtrWidth*k+:PtrWidth] != in_tail_q[PtrWidth*k+:PtrWidth];
        end
      end
      // verilator unroll_full
      for (int k = 0; k < Outputs; k++) begin
        if (grant[k]) out_tail_d[PtrWidth*k+:PtrWidth] = out_tail_q[PtrWidth*k+:PtrWidth] + 1'b1;
        if (out_pop[k]) out_head_d[PtrWidth*k+:PtrWidth] = out_head_q[PtrWidth*k+:PtrWidth] + 1'b1;
        if (grant[k] != out_pop[k]) begin
          out_full_d[k]  = grant[k] &&
                           out_tail_d[PtrWidth*k+:PtrWidth] == out_head_q[PtrWidth*k+:PtrWidth];
          out_valid_d[k] = grant[k] ||
                           out_head_d[PtrWidth*k+:PtrWidth] != out_tail_q[PtrWidth*k+:PtrWidth];
        end
      end
    end
  end

  always_comb begin : output_labels
    padi_label_o = '0;
    l2_label_o   = '0;
    if (out_valid_q != '0) begin
      for (int k = 0; k < 8; k++) begin
        padi_label_o[14*k+:14] = out_mem_q[k*Depth+32'(out_head_q[PtrWidth*k+:PtrWidth])];
      end
      for (int k = 0; k < 4; k++) begin
        l2_label_o[14*k+:14] = out_mem_q[(8+k)*Depth+32'(out_head_q[PtrWidth*(8+k)+:PtrWidth])];
      end
    end
  end
  assign padi_valid_o = out_valid_q[7:0];
  assign l2_valid_o   = out_valid_q[11:8];

  always_ff @(posedge clk_i) begin
    if (active) begin
      // verilator unroll_disable
      for (int k = 0; k < Inputs; k++) begin
        if (in_push[k]) begin
          in_mem_q[k*Depth+32'(in_tail_q[PtrWidth*k+:PtrWidth])] <= event_label_i[14*k+:14];
        end
      end
      // verilator unroll_disable
      for (int k = 0; k < Outputs; k++) begin
        if (grant[k]) begin
          out_mem_q[k*Depth+32'(out_tail_q[PtrWidth*k+:PtrWidth])] <= moved[14*k+:14];
        end
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      in_head_q   <= '0;
      in_tail_q   <= '0;
      in_valid_q  <= '0;
      in_full_q   <= '0;
      out_head_q  <= '0;
      out_tail_q  <= '0;
      out_valid_q <= '0;
      out_full_q  <= '0;
      done_q      <= '0;
    end else if (active) begin
      in_head_q   <= in_head_d;
      in_tail_q   <= in_tail_d;
      in_valid_q  <= in_valid_d;
      in_full_q   <= in_full_d;
      out_head_q  <= out_head_d;
      out_tail_q  <= out_tail_d;
      out_valid_q <= out_valid_d;
      out_full_q  <= out_full_d;
      done_q      <= done_d;
    end
  end

  // Bus and counters
  logic [31:0] mask, node_at, drops_at, events_at;
  logic is_mux, is_node, is_drops, is_events;
  logic [6:0] node_index;
  logic [4:0] drops_index;
  logic [3:0] events_index;
  logic hit_q;
  logic [31:0] data_d, data_q;

  assign mask         = {{8{bus_be_i[3]}}, {8{bus_be_i[2]}}, {8{bus_be_i[1]}}, {8{bus_be_i[0]}}};
  assign node_at      = bus_addr_i - omnibus_pkg::CrossbarNodeBase;
  assign drops_at     = bus_addr_i - omnibus_pkg::CrossbarInputDropCounterBase;
  assign events_at    = bus_addr_i - omnibus_pkg::CrossbarOutputEventCounterBase;
  assign is_mux       = bus_addr_i == omnibus_pkg::CrossbarOutMuxBase;
  assign is_node      = node_at < 32'(Nodes);
  assign is_drops     = drops_at < 32'(Inputs);
  assign is_events    = events_at < 32'(Outputs);
  assign node_index   = node_at[6:0];
  assign drops_index  = drops_at[4:0];
  assign events_index = events_at[3:0];

  always_comb begin
    data_d = '0;
    if (bus_valid_i) begin
      if (is_mux) data_d = 32'(mux_q);
      if (is_node) data_d = node_q[node_index];
      if (is_drops) data_d = 32'(drops_q[drops_index]);
      if (is_events) data_d = 32'(events_q[events_index]);
    end
  end

  assign bus_hit_o  = hit_q;
  assign bus_data_o = data_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      mux_q  <= '0;
      hit_q  <= 1'b0;
      data_q <= '0;
      for (int k = 0; k < Nodes; k++) node_q[k] <= '0;
      for (int k = 0; k < Inputs; k++) drops_q[k] <= '0;
      for (int k = 0; k < Outputs; k++) events_q[k] <= '0;
    end else begin
      if (drop_enable != '0) begin
        // verilator unroll_disable
        for (int k = 0; k < Inputs; k++) begin
          if (drop_enable[k]) begin
            if (k >= crossbar_pkg::L2Input && k < crossbar_pkg::BackgroundInput) begin
              drops_q[k] <= drops_q[k] + 16'(in_drop[k]) +
                            16'(dropped_i[2*(k-crossbar_pkg::L2Input)+:2]);
            end else begin
              drops_q[k] <= drops_q[k] + 16'(in_drop[k]);
            end
          end
        end
      end
      if ((grant & mux_q[15:4]) != '0) begin
        // verilator unroll_disable
        for (int k = 0; k < Outputs; k++) begin
          if (grant[k] && mux_q[4+k]) events_q[k] <= events_q[k] + 24'd1;
        end
      end
      if (bus_valid_i) begin
        hit_q  <= is_mux || is_node || is_drops || is_events;
        data_q <= data_d;
        if (!bus_read_i) begin
          if (is_mux) mux_q <= (mux_q & ~mask[15:0]) | (bus_data_i[15:0] & mask[15:0]);
          if (is_node) begin
            node_q[node_index] <= (node_q[node_index] & ~mask) | (bus_data_i & mask & NodeBits);
          end
          // A write clears a counter, whatever is counted in the same cycle [M13].
          if (is_drops) drops_q[drops_index] <= '0;
          if (is_events) events_q[events_index] <= '0;
        end
      end
    end
  end

endmodule
