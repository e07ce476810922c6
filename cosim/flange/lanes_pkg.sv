// Generated from hal/hxcomm/messages.py by cosim.build.generate; do not edit.
// SPDX-License-Identifier: Apache-2.0
package lanes_pkg;
  localparam int Width = 200;
  function automatic logic [199:0] instruction(input logic [7:0] id);
    case (id)
      8'd0: instruction = "JtagInit                 ";
      8'd1: instruction = "JtagScaler               ";
      8'd2: instruction = "JtagIns                  ";
      8'd3: instruction = "JtagData                 ";
      8'd4: instruction = "Setup                    ";
      8'd5: instruction = "WaitUntil                ";
      8'd6: instruction = "SystimeInit              ";
      8'd7: instruction = "Barrier                  ";
      8'd8: instruction = "PollingOmnibusBlock      ";
      8'd9: instruction = "Reset                    ";
      8'd10: instruction = "Loopback                 ";
      8'd11: instruction = "OmnibusAddress           ";
      8'd12: instruction = "OmnibusData              ";
      8'd13: instruction = "SpikePack1               ";
      8'd14: instruction = "SpikePack2               ";
      8'd15: instruction = "SpikePack3               ";
      default: instruction = "?                        ";
    endcase
  endfunction
  function automatic logic [199:0] answer(input logic [7:0] id);
    case (id)
      8'd0: answer = "JtagData                 ";
      8'd1: answer = "OmnibusData              ";
      8'd2: answer = "Loopback                 ";
      8'd3: answer = "HighspeedLinkNotification";
      8'd4: answer = "TimeoutNotification      ";
      8'd5: answer = "Systime                  ";
      8'd6: answer = "Sysdelta                 ";
      8'd7: answer = "MADCSamplePack1          ";
      8'd8: answer = "MADCSamplePack2          ";
      8'd9: answer = "MADCSamplePack3          ";
      8'd10: answer = "SpikePack1               ";
      8'd11: answer = "SpikePack2               ";
      8'd12: answer = "SpikePack3               ";
      default: answer = "?                        ";
    endcase
  endfunction
endpackage
