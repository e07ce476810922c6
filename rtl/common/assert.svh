// SPDX-License-Identifier: Apache-2.0
// Assertion macros with clock clk_i and reset rst_ni implied. They are empty under Icarus and
// Yosys, which lack concurrent assertions. Put no semicolon after a use.
`ifndef HX_ASSERT_SVH
`define HX_ASSERT_SVH

`ifdef VERILATOR

// Nothing is checked at time 0, when random start-up values may look like clock edges.
// Expr holds at every clock edge outside reset. Immediate assertions, since a concurrent one copies
// all that it samples in every cycle, a whole memory where Expr reads one.
`define HX_ASSERT(Name, Expr) \
  always_ff @(posedge clk_i) begin : Name \
    if (rst_ni && !(Expr) && $time != 0) $error("%m: assertion failed"); \
  end

// A stream's source keeps valid and data until the transfer. With a clock enable pass
// "ready && en" as Ready. Data is copied while nothing waits; the copy is not reset: it is read only
// behind that, while _waits_q.
`define HX_ASSERT_HOLD(Name, Valid, Ready, Data) \
  logic Name``_waits_q; \
  logic [$bits(Data)-1:0] Name``_data_q; \
  always_ff @(posedge clk_i or negedge rst_ni) begin : Name \
    if (!rst_ni) begin \
      Name``_waits_q <= 1'b0; \
    end else if ((Valid) || Name``_waits_q) begin \
      Name``_waits_q <= (Valid) && !(Ready); \
      if (!Name``_waits_q) Name``_data_q <= (Data); \
      else if (!((Valid) && (Data) == Name``_data_q) && $time != 0) \
        $error("%m: valid or data changed before the transfer"); \
    end \
  end

`else

`define HX_ASSERT(Name, Expr)
`define HX_ASSERT_HOLD(Name, Valid, Ready, Data)

`endif

// A parameter outside its range ends the run at its start, with the name of the instance.
`ifdef YOSYS
`define HX_PARAMETER(Name, Expr)
`else
`define HX_PARAMETER(Name, Expr) \
  if (!(Expr)) begin : gen_bad_``Name \
    initial $fatal(1, "%m: illegal parameter"); \
  end
`endif

`endif
