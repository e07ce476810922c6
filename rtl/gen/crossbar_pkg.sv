// Generated from hal/fisch/crossbar.py by cosim.build.generate; do not edit.
// SPDX-License-Identifier: Apache-2.0
package crossbar_pkg;
  localparam int Inputs = 20;
  localparam int Outputs = 12;
  localparam int Nodes = 76;
  localparam int L2Channels = 4;
  localparam int NeuronInput = 0;
  localparam int L2Input = 8;
  localparam int BackgroundInput = 12;
  localparam int PadiOutput = 0;
  localparam int L2Output = 8;
  // Entry i is bits [5*i +: 5].
  localparam logic [379:0] NodeInput = {
    5'h13, 5'h13, 5'h12, 5'h12, 5'h11, 5'h11, 5'h10, 5'h10,
    5'h0f, 5'h0f, 5'h0e, 5'h0e, 5'h0d, 5'h0d, 5'h0c, 5'h0c,
    5'h0b, 5'h0b, 5'h0b, 5'h0b, 5'h0b, 5'h0b, 5'h0b, 5'h0b,
    5'h0b, 5'h0a, 5'h0a, 5'h0a, 5'h0a, 5'h0a, 5'h0a, 5'h0a,
    5'h0a, 5'h0a, 5'h09, 5'h09, 5'h09, 5'h09, 5'h09, 5'h09,
    5'h09, 5'h09, 5'h09, 5'h08, 5'h08, 5'h08, 5'h08, 5'h08,
    5'h08, 5'h08, 5'h08, 5'h08, 5'h07, 5'h07, 5'h07, 5'h06,
    5'h06, 5'h06, 5'h05, 5'h05, 5'h05, 5'h04, 5'h04, 5'h04,
    5'h03, 5'h03, 5'h03, 5'h02, 5'h02, 5'h02, 5'h01, 5'h01,
    5'h01, 5'h00, 5'h00, 5'h00
  };
  // Entry i is bits [4*i +: 4].
  localparam logic [303:0] NodeOutput = {
    4'hb, 4'h7, 4'ha, 4'h6, 4'h9, 4'h5, 4'h8, 4'h4,
    4'hb, 4'h3, 4'ha, 4'h2, 4'h9, 4'h1, 4'h8, 4'h0,
    4'hb, 4'h7, 4'h6, 4'h5, 4'h4, 4'h3, 4'h2, 4'h1,
    4'h0, 4'ha, 4'h7, 4'h6, 4'h5, 4'h4, 4'h3, 4'h2,
    4'h1, 4'h0, 4'h9, 4'h7, 4'h6, 4'h5, 4'h4, 4'h3,
    4'h2, 4'h1, 4'h0, 4'h8, 4'h7, 4'h6, 4'h5, 4'h4,
    4'h3, 4'h2, 4'h1, 4'h0, 4'hb, 4'h7, 4'h3, 4'ha,
    4'h6, 4'h2, 4'h9, 4'h5, 4'h1, 4'h8, 4'h4, 4'h0,
    4'hb, 4'h7, 4'h3, 4'ha, 4'h6, 4'h2, 4'h9, 4'h5,
    4'h1, 4'h8, 4'h4, 4'h0
  };
  // Entry i is bits [12*i +: 12].
  localparam logic [239:0] OutputsOfInput = {
    12'h880, 12'h440, 12'h220, 12'h110, 12'h808, 12'h404, 12'h202, 12'h101,
    12'h8ff, 12'h4ff, 12'h2ff, 12'h1ff, 12'h888, 12'h444, 12'h222, 12'h111,
    12'h888, 12'h444, 12'h222, 12'h111
  };
endpackage
