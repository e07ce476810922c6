// SPDX-License-Identifier: Apache-2.0
// Assertion macros with clock clk_i and reset rst_ni implied. They are empty under Icarus and
// Yosys, which lack concurrent assertions. Put no semicolon after a use.
`ifndef HX_ASSERT_SVH
`define HX_ASSERT_SVH

`ifdef VERILATOR

// Expr holds at every clock edge outside reset.
`define HX_ASSERT(Name, Expr) \
  Name : assert property (@(posedge clk_i) disable iff (!rst_ni) (Expr)) \
  else $error("%m: assertion failed");

// A stream's source keeps valid and data until the transfer. With a clock enable pass
// "ready && en" as Ready.
`define HX_ASSERT_HOLD(Name, Valid, Ready, Data) \
  Name : assert property (@(posedge clk_i) disable iff (!rst_ni) \
      ((Valid) && !(Ready)) |=> ((Valid) && $stable(Data))) \
  else $error("%m: valid or data changed before the transfer");

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
