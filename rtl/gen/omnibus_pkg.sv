// Generated from hal/fisch/addresses.py by cosim.build.generate; do not edit.
// SPDX-License-Identifier: Apache-2.0
package omnibus_pkg;
  localparam int FpgaBit = 31;
  localparam int FpgaRegistersBit = 27;
  localparam int FpgaDramBit = 26;
  localparam int FpgaMultiFpgaBit = 19;
  localparam int FpgaMultiFpgaTablesBit = 18;
  localparam int FpgaSpikeIoBit = 17;
  localparam int FpgaLinkTestBit = 15;
  localparam int FpgaPeripheralsBit = 14;
  localparam int FpgaSystimeOrPhyBit = 13;
  localparam int FpgaSpiAndBelowBit = 12;
  localparam int FpgaI2cAndBelowBit = 11;
  localparam int FpgaEventSwitchBit = 10;
  localparam int SpiLastByteBit = 31;
  localparam int SpiSelectShiftRegister = 1;
  localparam int SpiSelectDac0 = 2;
  localparam int SpiSelectDac1 = 4;
  localparam int I2cStop = 128;
  localparam int I2cRepeatedStart = 256;
  localparam int I2cMissingAcknowledgeBit = 31;
  localparam int CadcBufferedBit = 21;
  localparam int SynapseRows = 256;
  localparam int SynapseQuadsPerRow = 64;
  localparam int SynapseRawRowStride = 128;
  localparam int SynapseRawOddOffset = 64;
  localparam logic [31:0] PpuSubtreeTopBase = 32'h02000000;
  localparam logic [31:0] PpuSubtreeBottomBase = 32'h03000000;
  localparam logic [31:0] ExternalPpuMemoryBase = 32'h80000000;
  localparam int ExternalPpuMemoryCount = 32768;
  localparam int ExternalPpuMemoryStride = 1;
  localparam int ExternalPpuMemoryWords = 1;
  localparam int ExternalPpuMemoryWidth = 32;
  localparam logic [31:0] ExternalPpuDramMemoryBase = 32'h84000000;
  localparam int ExternalPpuDramMemoryCount = 67108864;
  localparam int ExternalPpuDramMemoryStride = 1;
  localparam int ExternalPpuDramMemoryWords = 1;
  localparam int ExternalPpuDramMemoryWidth = 32;
  localparam logic [31:0] VectorGeneratorControlTopBase = 32'h84000000;
  localparam logic [31:0] VectorGeneratorControlBottomBase = 32'h84001000;
  // Entry i is bits [32*i +: 32].
  localparam logic [63:0] VectorGeneratorControlBases = {
    32'h84001000, 32'h84000000
  };
  localparam int VectorGeneratorControlCount = 1;
  localparam int VectorGeneratorControlStride = 1;
  localparam int VectorGeneratorControlWords = 1;
  localparam int VectorGeneratorControlWidth = 32;
  localparam logic [31:0] VectorGeneratorNotificationAddressTopBase = 32'h84000001;
  localparam logic [31:0] VectorGeneratorNotificationAddressBottomBase = 32'h84001001;
  // Entry i is bits [32*i +: 32].
  localparam logic [63:0] VectorGeneratorNotificationAddressBases = {
    32'h84001001, 32'h84000001
  };
  localparam int VectorGeneratorNotificationAddressCount = 1;
  localparam int VectorGeneratorNotificationAddressStride = 1;
  localparam int VectorGeneratorNotificationAddressWords = 1;
  localparam int VectorGeneratorNotificationAddressWidth = 32;
  localparam logic [31:0] VectorGeneratorTriggerTopBase = 32'h84000002;
  localparam logic [31:0] VectorGeneratorTriggerBottomBase = 32'h84001002;
  // Entry i is bits [32*i +: 32].
  localparam logic [63:0] VectorGeneratorTriggerBases = {
    32'h84001002, 32'h84000002
  };
  localparam int VectorGeneratorTriggerCount = 1;
  localparam int VectorGeneratorTriggerStride = 1;
  localparam int VectorGeneratorTriggerWords = 1;
  localparam int VectorGeneratorTriggerWidth = 32;
  localparam logic [31:0] VectorGeneratorLutTopBase = 32'h84000100;
  localparam logic [31:0] VectorGeneratorLutBottomBase = 32'h84001100;
  // Entry i is bits [32*i +: 32].
  localparam logic [63:0] VectorGeneratorLutBases = {
    32'h84001100, 32'h84000100
  };
  localparam int VectorGeneratorLutCount = 256;
  localparam int VectorGeneratorLutStride = 1;
  localparam int VectorGeneratorLutWords = 1;
  localparam int VectorGeneratorLutWidth = 32;
  localparam logic [31:0] VectorGeneratorFifoWordTopBase = 32'h84000200;
  localparam logic [31:0] VectorGeneratorFifoWordBottomBase = 32'h84001200;
  // Entry i is bits [32*i +: 32].
  localparam logic [63:0] VectorGeneratorFifoWordBases = {
    32'h84001200, 32'h84000200
  };
  localparam int VectorGeneratorFifoWordCount = 1;
  localparam int VectorGeneratorFifoWordStride = 1;
  localparam int VectorGeneratorFifoWordWords = 1;
  localparam int VectorGeneratorFifoWordWidth = 32;
  localparam logic [31:0] WriteResponseFilterBase = 32'h88000000;
  localparam int WriteResponseFilterCount = 1;
  localparam int WriteResponseFilterStride = 1;
  localparam int WriteResponseFilterWords = 1;
  localparam int WriteResponseFilterWidth = 1;
  localparam logic [31:0] DeviceDnaBase = 32'h88000003;
  localparam int DeviceDnaCount = 1;
  localparam int DeviceDnaStride = 2;
  localparam int DeviceDnaWords = 2;
  localparam int DeviceDnaWord0Width = 25;
  localparam int DeviceDnaWord1Width = 32;
  localparam logic [31:0] EventRecordingBase = 32'h88000005;
  localparam int EventRecordingCount = 1;
  localparam int EventRecordingStride = 1;
  localparam int EventRecordingWords = 1;
  localparam int EventRecordingWidth = 1;
  localparam logic [31:0] PollingBlockBase = 32'h88000006;
  localparam int PollingBlockCount = 1;
  localparam int PollingBlockStride = 3;
  localparam int PollingBlockWords = 3;
  localparam int PollingBlockWidth = 32;
  localparam logic [31:0] InstructionTimeoutBase = 32'h88000009;
  localparam int InstructionTimeoutCount = 1;
  localparam int InstructionTimeoutStride = 1;
  localparam int InstructionTimeoutWords = 1;
  localparam int InstructionTimeoutWidth = 32;
  localparam logic [31:0] SystimeCorrectionBarrierBase = 32'h8800000b;
  localparam int SystimeCorrectionBarrierCount = 1;
  localparam int SystimeCorrectionBarrierStride = 1;
  localparam int SystimeCorrectionBarrierWords = 1;
  localparam int SystimeCorrectionBarrierWidth = 1;
  localparam logic [31:0] ExecutorTimerBase = 32'h8800000c;
  localparam int ExecutorTimerCount = 1;
  localparam int ExecutorTimerStride = 1;
  localparam int ExecutorTimerWords = 1;
  localparam int ExecutorTimerWidth = 32;
  localparam logic [31:0] SystimeNumTriesBase = 32'h88002000;
  localparam int SystimeNumTriesCount = 1;
  localparam int SystimeNumTriesStride = 1;
  localparam int SystimeNumTriesWords = 1;
  localparam int SystimeNumTriesWidth = 4;
  localparam logic [31:0] SystimeLastRttBase = 32'h88002001;
  localparam int SystimeLastRttCount = 1;
  localparam int SystimeLastRttStride = 2;
  localparam int SystimeLastRttWords = 2;
  localparam int SystimeLastRttWord0Width = 11;
  localparam int SystimeLastRttWord1Width = 32;
  localparam logic [31:0] SystimeLastAsicSystimeBase = 32'h88002003;
  localparam int SystimeLastAsicSystimeCount = 1;
  localparam int SystimeLastAsicSystimeStride = 2;
  localparam int SystimeLastAsicSystimeWords = 2;
  localparam int SystimeLastAsicSystimeWord0Width = 11;
  localparam int SystimeLastAsicSystimeWord1Width = 32;
  localparam logic [31:0] SystimeActiveBase = 32'h88002005;
  localparam int SystimeActiveCount = 1;
  localparam int SystimeActiveStride = 1;
  localparam int SystimeActiveWords = 1;
  localparam int SystimeActiveWidth = 1;
  localparam logic [31:0] CommonPhyConfigFpgaBase = 32'h88004000;
  localparam int CommonPhyConfigFpgaCount = 1;
  localparam int CommonPhyConfigFpgaStride = 1;
  localparam int CommonPhyConfigFpgaWords = 1;
  localparam int CommonPhyConfigFpgaWidth = 8;
  localparam logic [31:0] PhyCrcErrorCountBase = 32'h88004004;
  localparam int PhyCrcErrorCountCount = 8;
  localparam int PhyCrcErrorCountStride = 1;
  localparam int PhyCrcErrorCountWords = 1;
  localparam int PhyCrcErrorCountWidth = 32;
  localparam logic [31:0] PhyOnlineTimeBase = 32'h8800400c;
  localparam int PhyOnlineTimeCount = 8;
  localparam int PhyOnlineTimeStride = 1;
  localparam int PhyOnlineTimeWords = 1;
  localparam int PhyOnlineTimeWidth = 32;
  localparam logic [31:0] PhyRxDroppedCountBase = 32'h88004014;
  localparam int PhyRxDroppedCountCount = 8;
  localparam int PhyRxDroppedCountStride = 1;
  localparam int PhyRxDroppedCountWords = 1;
  localparam int PhyRxDroppedCountWidth = 32;
  localparam logic [31:0] PhyConfigFpgaBase = 32'h88006000;
  localparam int PhyConfigFpgaCount = 8;
  localparam int PhyConfigFpgaStride = 1;
  localparam int PhyConfigFpgaWords = 1;
  localparam int PhyConfigFpgaWidth = 22;
  localparam logic [31:0] SpiMasterBase = 32'h88007000;
  localparam int SpiMasterCount = 8;
  localparam int SpiMasterStride = 1;
  localparam int SpiMasterWords = 1;
  localparam int SpiMasterWidth = 32;
  localparam logic [31:0] I2cMasterBase = 32'h88007800;
  localparam int I2cMasterCount = 512;
  localparam int I2cMasterStride = 1;
  localparam int I2cMasterWords = 1;
  localparam int I2cMasterWidth = 32;
  localparam logic [31:0] I2cPrescalerBase = 32'h88007a00;
  localparam int I2cPrescalerCount = 1;
  localparam int I2cPrescalerStride = 1;
  localparam int I2cPrescalerWords = 1;
  localparam int I2cPrescalerWidth = 16;
  localparam logic [31:0] EventSwitchExecutorSourceBase = 32'h88007c00;
  localparam int EventSwitchExecutorSourceCount = 1;
  localparam int EventSwitchExecutorSourceStride = 1;
  localparam int EventSwitchExecutorSourceWords = 1;
  localparam int EventSwitchExecutorSourceWidth = 32;
  localparam logic [31:0] EventSwitchAsicSourceBase = 32'h88007c01;
  localparam int EventSwitchAsicSourceCount = 1;
  localparam int EventSwitchAsicSourceStride = 1;
  localparam int EventSwitchAsicSourceWords = 1;
  localparam int EventSwitchAsicSourceWidth = 32;
  localparam logic [31:0] EventSwitchExternalSourceBase = 32'h88007c02;
  localparam int EventSwitchExternalSourceCount = 1;
  localparam int EventSwitchExternalSourceStride = 1;
  localparam int EventSwitchExternalSourceWords = 1;
  localparam int EventSwitchExternalSourceWidth = 32;
  localparam logic [31:0] EventSwitchConfigBase = 32'h88007c03;
  localparam int EventSwitchConfigCount = 1;
  localparam int EventSwitchConfigStride = 1;
  localparam int EventSwitchConfigWords = 1;
  localparam int EventSwitchConfigWidth = 32;
  localparam logic [31:0] EventSwitchSystimeOffsetBase = 32'h88007c04;
  localparam int EventSwitchSystimeOffsetCount = 1;
  localparam int EventSwitchSystimeOffsetStride = 2;
  localparam int EventSwitchSystimeOffsetWords = 2;
  localparam int EventSwitchSystimeOffsetWidth = 32;
  localparam logic [31:0] EventSwitchGlobalSystimeBase = 32'h88007c06;
  localparam int EventSwitchGlobalSystimeCount = 1;
  localparam int EventSwitchGlobalSystimeStride = 2;
  localparam int EventSwitchGlobalSystimeWords = 2;
  localparam int EventSwitchGlobalSystimeWidth = 32;
  localparam logic [31:0] EventSwitchLastGlobalSystimeBase = 32'h88007c08;
  localparam int EventSwitchLastGlobalSystimeCount = 1;
  localparam int EventSwitchLastGlobalSystimeStride = 2;
  localparam int EventSwitchLastGlobalSystimeWords = 2;
  localparam int EventSwitchLastGlobalSystimeWidth = 32;
  localparam logic [31:0] PerfTestBase = 32'h88008000;
  localparam int PerfTestCount = 1;
  localparam int PerfTestStride = 1;
  localparam int PerfTestWords = 1;
  localparam int PerfTestWidth = 1;
  localparam logic [31:0] PerfTestStatusBase = 32'h88008001;
  localparam int PerfTestStatusCount = 1;
  localparam int PerfTestStatusStride = 4;
  localparam int PerfTestStatusWords = 4;
  localparam int PerfTestStatusWidth = 32;
  localparam logic [31:0] PhyTxCountBase = 32'h8800c000;
  localparam int PhyTxCountCount = 8;
  localparam int PhyTxCountStride = 2;
  localparam int PhyTxCountWords = 1;
  localparam int PhyTxCountWidth = 32;
  localparam logic [31:0] PhyRxCountBase = 32'h8800c001;
  localparam int PhyRxCountCount = 8;
  localparam int PhyRxCountStride = 2;
  localparam int PhyRxCountWords = 1;
  localparam int PhyRxCountWidth = 32;
  localparam logic [31:0] HicannArqStatusBase = 32'h8800c010;
  localparam int HicannArqStatusCount = 1;
  localparam int HicannArqStatusStride = 4;
  localparam int HicannArqStatusWords = 4;
  localparam int HicannArqStatusWidth = 32;
  localparam logic [31:0] SpikeIoOutputRoutingBase = 32'h88020000;
  localparam int SpikeIoOutputRoutingCount = 65536;
  localparam int SpikeIoOutputRoutingStride = 1;
  localparam int SpikeIoOutputRoutingWords = 1;
  localparam int SpikeIoOutputRoutingWidth = 8;
  localparam logic [31:0] SpikeIoInputRoutingBase = 32'h88030000;
  localparam int SpikeIoInputRoutingCount = 256;
  localparam int SpikeIoInputRoutingStride = 1;
  localparam int SpikeIoInputRoutingWords = 1;
  localparam int SpikeIoInputRoutingWidth = 16;
  localparam logic [31:0] SpikeIoConfigBase = 32'h88038000;
  localparam int SpikeIoConfigCount = 1;
  localparam int SpikeIoConfigStride = 1;
  localparam int SpikeIoConfigWords = 1;
  localparam int SpikeIoConfigWidth = 19;
  localparam logic [31:0] InputRoutingTableBase = 32'h880c0000;
  localparam int InputRoutingTableCount = 32768;
  localparam int InputRoutingTableStride = 1;
  localparam int InputRoutingTableWords = 1;
  localparam int InputRoutingTableWidth = 17;
  localparam logic [31:0] OutputRoutingTableBase = 32'h880d0000;
  localparam int OutputRoutingTableCount = 65536;
  localparam int OutputRoutingTableStride = 1;
  localparam int OutputRoutingTableWords = 1;
  localparam int OutputRoutingTableWidth = 16;
  localparam logic [31:0] ExternalOmnibusBase = 32'h8c000000;
  localparam int ExternalOmnibusCount = 1;
  localparam int ExternalOmnibusStride = 1;
  localparam int ExternalOmnibusWords = 1;
  localparam int ExternalOmnibusWidth = 32;
  localparam logic [31:0] ExternalOmnibusConfigBase = 32'h8d000000;
  localparam int ExternalOmnibusConfigCount = 1;
  localparam int ExternalOmnibusConfigStride = 1;
  localparam int ExternalOmnibusConfigWords = 1;
  localparam int ExternalOmnibusConfigWidth = 32;
  localparam logic [31:0] SystimeSyncBaseBase = 32'h00000000;
  localparam int SystimeSyncBaseCount = 1;
  localparam int SystimeSyncBaseStride = 2;
  localparam int SystimeSyncBaseWords = 2;
  localparam int SystimeSyncBaseWord0Width = 32;
  localparam int SystimeSyncBaseWord1Width = 11;
  localparam logic [31:0] CommonPhyConfigChipBase = 32'h00040000;
  localparam int CommonPhyConfigChipCount = 1;
  localparam int CommonPhyConfigChipStride = 1;
  localparam int CommonPhyConfigChipWords = 1;
  localparam int CommonPhyConfigChipWidth = 8;
  localparam logic [31:0] AdpllBase = 32'h00080000;
  localparam int AdpllCount = 2;
  localparam int AdpllStride = 2;
  localparam int AdpllWords = 2;
  localparam int AdpllWidth = 32;
  localparam logic [31:0] PllClockOutputBlockBase = 32'h00080004;
  localparam int PllClockOutputBlockCount = 1;
  localparam int PllClockOutputBlockStride = 1;
  localparam int PllClockOutputBlockWords = 1;
  localparam int PllClockOutputBlockWidth = 32;
  localparam logic [31:0] PllSelfTestBase = 32'h00080005;
  localparam int PllSelfTestCount = 1;
  localparam int PllSelfTestStride = 1;
  localparam int PllSelfTestWords = 1;
  localparam int PllSelfTestWidth = 32;
  localparam logic [31:0] PllSelfTestStatusBase = 32'h00080007;
  localparam int PllSelfTestStatusCount = 1;
  localparam int PllSelfTestStatusStride = 1;
  localparam int PllSelfTestStatusWords = 1;
  localparam int PllSelfTestStatusWidth = 32;
  localparam logic [31:0] MadcControlBase = 32'h000c0000;
  localparam int MadcControlCount = 1;
  localparam int MadcControlStride = 1;
  localparam int MadcControlWords = 1;
  localparam int MadcControlWidth = 32;
  localparam logic [31:0] MadcConfigBase = 32'h000c0001;
  localparam int MadcConfigCount = 1;
  localparam int MadcConfigStride = 10;
  localparam int MadcConfigWords = 10;
  localparam int MadcConfigWidth = 32;
  localparam logic [31:0] CurrentDacBase = 32'h000c000b;
  localparam int CurrentDacCount = 1;
  localparam int CurrentDacStride = 1;
  localparam int CurrentDacWords = 1;
  localparam int CurrentDacWidth = 32;
  localparam logic [31:0] ReadoutSourceSelectionBase = 32'h000c000c;
  localparam int ReadoutSourceSelectionCount = 1;
  localparam int ReadoutSourceSelectionStride = 2;
  localparam int ReadoutSourceSelectionWords = 2;
  localparam int ReadoutSourceSelectionWidth = 32;
  localparam logic [31:0] PadMultiplexerBase = 32'h000c000e;
  localparam int PadMultiplexerCount = 2;
  localparam int PadMultiplexerStride = 2;
  localparam int PadMultiplexerWords = 2;
  localparam int PadMultiplexerWidth = 32;
  localparam logic [31:0] ReferenceGeneratorBase = 32'h000c0012;
  localparam int ReferenceGeneratorCount = 1;
  localparam int ReferenceGeneratorStride = 9;
  localparam int ReferenceGeneratorWords = 9;
  localparam int ReferenceGeneratorWidth = 32;
  localparam logic [31:0] SynapseBiasSelectionBase = 32'h00100000;
  localparam int SynapseBiasSelectionCount = 1;
  localparam int SynapseBiasSelectionStride = 1;
  localparam int SynapseBiasSelectionWords = 1;
  localparam int SynapseBiasSelectionWidth = 32;
  localparam logic [31:0] PadiEventTopBase = 32'h00110000;
  localparam logic [31:0] PadiEventBottomBase = 32'h00118000;
  // Entry i is bits [32*i +: 32].
  localparam logic [63:0] PadiEventBases = {
    32'h00118000, 32'h00110000
  };
  localparam int PadiEventCount = 1;
  localparam int PadiEventStride = 1;
  localparam int PadiEventWords = 1;
  localparam int PadiEventWidth = 32;
  localparam logic [31:0] CommonPadiBusConfigTopBase = 32'h00110001;
  localparam logic [31:0] CommonPadiBusConfigBottomBase = 32'h00118001;
  // Entry i is bits [32*i +: 32].
  localparam logic [63:0] CommonPadiBusConfigBases = {
    32'h00118001, 32'h00110001
  };
  localparam int CommonPadiBusConfigCount = 1;
  localparam int CommonPadiBusConfigStride = 1;
  localparam int CommonPadiBusConfigWords = 1;
  localparam int CommonPadiBusConfigWidth = 32;
  localparam logic [31:0] CommonStpConfigTopBase = 32'h00110002;
  localparam logic [31:0] CommonStpConfigBottomBase = 32'h00118002;
  // Entry i is bits [32*i +: 32].
  localparam logic [63:0] CommonStpConfigBases = {
    32'h00118002, 32'h00110002
  };
  localparam int CommonStpConfigCount = 1;
  localparam int CommonStpConfigStride = 1;
  localparam int CommonStpConfigWords = 1;
  localparam int CommonStpConfigWidth = 32;
  localparam logic [31:0] SynapseDriverTopBase = 32'h00110400;
  localparam logic [31:0] SynapseDriverBottomBase = 32'h00118400;
  // Entry i is bits [32*i +: 32].
  localparam logic [63:0] SynapseDriverBases = {
    32'h00118400, 32'h00110400
  };
  localparam int SynapseDriverCount = 128;
  localparam int SynapseDriverStride = 4;
  localparam int SynapseDriverWords = 3;
  localparam int SynapseDriverWidth = 32;
  localparam logic [31:0] SynapseDriverSramTimingTopBase = 32'h00110602;
  localparam logic [31:0] SynapseDriverSramTimingBottomBase = 32'h00118602;
  // Entry i is bits [32*i +: 32].
  localparam logic [63:0] SynapseDriverSramTimingBases = {
    32'h00118602, 32'h00110602
  };
  localparam int SynapseDriverSramTimingCount = 1;
  localparam int SynapseDriverSramTimingStride = 2;
  localparam int SynapseDriverSramTimingWords = 2;
  localparam int SynapseDriverSramTimingWidth = 32;
  localparam logic [31:0] NeuronResetLeftBase = 32'h00122000;
  localparam logic [31:0] NeuronResetRightBase = 32'h0012a000;
  // Entry i is bits [32*i +: 32].
  localparam logic [63:0] NeuronResetBases = {
    32'h0012a000, 32'h00122000
  };
  localparam int NeuronResetCount = 256;
  localparam int NeuronResetStride = 4;
  localparam int NeuronResetWords = 1;
  localparam int NeuronResetWidth = 32;
  localparam logic [31:0] NeuronPostPulseLeftBase = 32'h00122400;
  localparam logic [31:0] NeuronPostPulseRightBase = 32'h0012a400;
  // Entry i is bits [32*i +: 32].
  localparam logic [63:0] NeuronPostPulseBases = {
    32'h0012a400, 32'h00122400
  };
  localparam int NeuronPostPulseCount = 1;
  localparam int NeuronPostPulseStride = 1;
  localparam int NeuronPostPulseWords = 1;
  localparam int NeuronPostPulseWidth = 32;
  localparam logic [31:0] SpikeCounterReadLeftBase = 32'h00122800;
  localparam logic [31:0] SpikeCounterReadRightBase = 32'h0012a800;
  // Entry i is bits [32*i +: 32].
  localparam logic [63:0] SpikeCounterReadBases = {
    32'h0012a800, 32'h00122800
  };
  localparam int SpikeCounterReadCount = 256;
  localparam int SpikeCounterReadStride = 4;
  localparam int SpikeCounterReadWords = 1;
  localparam int SpikeCounterReadWidth = 32;
  localparam logic [31:0] SpikeCounterResetLeftBase = 32'h00122c00;
  localparam logic [31:0] SpikeCounterResetRightBase = 32'h0012ac00;
  // Entry i is bits [32*i +: 32].
  localparam logic [63:0] SpikeCounterResetBases = {
    32'h0012ac00, 32'h00122c00
  };
  localparam int SpikeCounterResetCount = 256;
  localparam int SpikeCounterResetStride = 4;
  localparam int SpikeCounterResetWords = 1;
  localparam int SpikeCounterResetWidth = 32;
  localparam logic [31:0] CrossbarOutMuxBase = 32'h00130000;
  localparam int CrossbarOutMuxCount = 1;
  localparam int CrossbarOutMuxStride = 1;
  localparam int CrossbarOutMuxWords = 1;
  localparam int CrossbarOutMuxWidth = 32;
  localparam logic [31:0] BackgroundSpikeSourceBase = 32'h00130001;
  localparam int BackgroundSpikeSourceCount = 8;
  localparam int BackgroundSpikeSourceStride = 3;
  localparam int BackgroundSpikeSourceWords = 3;
  localparam int BackgroundSpikeSourceWidth = 32;
  localparam logic [31:0] CrossbarNodeBase = 32'h00130019;
  localparam int CrossbarNodeCount = 76;
  localparam int CrossbarNodeStride = 1;
  localparam int CrossbarNodeWords = 1;
  localparam int CrossbarNodeWidth = 32;
  localparam logic [31:0] CrossbarInputDropCounterBase = 32'h00130065;
  localparam int CrossbarInputDropCounterCount = 20;
  localparam int CrossbarInputDropCounterStride = 1;
  localparam int CrossbarInputDropCounterWords = 1;
  localparam int CrossbarInputDropCounterWidth = 32;
  localparam logic [31:0] CrossbarOutputEventCounterBase = 32'h00130079;
  localparam int CrossbarOutputEventCounterCount = 12;
  localparam int CrossbarOutputEventCounterStride = 1;
  localparam int CrossbarOutputEventCounterWords = 1;
  localparam int CrossbarOutputEventCounterWidth = 32;
  localparam logic [31:0] CapmemNwBase = 32'h00140000;
  localparam logic [31:0] CapmemNeBase = 32'h00148000;
  localparam logic [31:0] CapmemSwBase = 32'h00150000;
  localparam logic [31:0] CapmemSeBase = 32'h00158000;
  // Entry i is bits [32*i +: 32].
  localparam logic [127:0] CapmemBases = {
    32'h00158000, 32'h00150000, 32'h00148000, 32'h00140000
  };
  localparam int CapmemCount = 130;
  localparam int CapmemStride = 32;
  localparam int CapmemWords = 24;
  localparam int CapmemWidth = 32;
  localparam logic [31:0] CapmemSramTimingNwBase = 32'h00142800;
  localparam logic [31:0] CapmemSramTimingNeBase = 32'h0014a800;
  localparam logic [31:0] CapmemSramTimingSwBase = 32'h00152800;
  localparam logic [31:0] CapmemSramTimingSeBase = 32'h0015a800;
  // Entry i is bits [32*i +: 32].
  localparam logic [127:0] CapmemSramTimingBases = {
    32'h0015a800, 32'h00152800, 32'h0014a800, 32'h00142800
  };
  localparam int CapmemSramTimingCount = 1;
  localparam int CapmemSramTimingStride = 2;
  localparam int CapmemSramTimingWords = 2;
  localparam int CapmemSramTimingWidth = 32;
  localparam logic [31:0] CapmemConfigNwBase = 32'h00144000;
  localparam logic [31:0] CapmemConfigNeBase = 32'h0014c000;
  localparam logic [31:0] CapmemConfigSwBase = 32'h00154000;
  localparam logic [31:0] CapmemConfigSeBase = 32'h0015c000;
  // Entry i is bits [32*i +: 32].
  localparam logic [127:0] CapmemConfigBases = {
    32'h0015c000, 32'h00154000, 32'h0014c000, 32'h00144000
  };
  localparam int CapmemConfigCount = 1;
  localparam int CapmemConfigStride = 10;
  localparam int CapmemConfigWords = 10;
  localparam int CapmemConfigWidth = 32;
  localparam logic [31:0] NeuronConfigNwBase = 32'h00160002;
  localparam logic [31:0] NeuronConfigNeBase = 32'h00168002;
  localparam logic [31:0] NeuronConfigSwBase = 32'h00170002;
  localparam logic [31:0] NeuronConfigSeBase = 32'h00178002;
  // Entry i is bits [32*i +: 32].
  localparam logic [127:0] NeuronConfigBases = {
    32'h00178002, 32'h00170002, 32'h00168002, 32'h00160002
  };
  localparam int NeuronConfigCount = 128;
  localparam int NeuronConfigStride = 8;
  localparam int NeuronConfigWords = 6;
  localparam int NeuronConfigWidth = 32;
  localparam logic [31:0] NeuronSramTimingNwBase = 32'h00160402;
  localparam logic [31:0] NeuronSramTimingNeBase = 32'h00168402;
  localparam logic [31:0] NeuronSramTimingSwBase = 32'h00170402;
  localparam logic [31:0] NeuronSramTimingSeBase = 32'h00178402;
  // Entry i is bits [32*i +: 32].
  localparam logic [127:0] NeuronSramTimingBases = {
    32'h00178402, 32'h00170402, 32'h00168402, 32'h00160402
  };
  localparam int NeuronSramTimingCount = 1;
  localparam int NeuronSramTimingStride = 2;
  localparam int NeuronSramTimingWords = 2;
  localparam int NeuronSramTimingWidth = 32;
  localparam logic [31:0] NeuronBackendWestBase = 32'h001a1000;
  localparam logic [31:0] NeuronBackendEastBase = 32'h001a9000;
  // Entry i is bits [32*i +: 32].
  localparam logic [63:0] NeuronBackendBases = {
    32'h001a9000, 32'h001a1000
  };
  localparam int NeuronBackendCount = 256;
  localparam int NeuronBackendStride = 4;
  localparam int NeuronBackendWords = 4;
  localparam int NeuronBackendWidth = 32;
  localparam logic [31:0] NeuronBackendSramTimingWestBase = 32'h001a1402;
  localparam logic [31:0] NeuronBackendSramTimingEastBase = 32'h001a9402;
  // Entry i is bits [32*i +: 32].
  localparam logic [63:0] NeuronBackendSramTimingBases = {
    32'h001a9402, 32'h001a1402
  };
  localparam int NeuronBackendSramTimingCount = 1;
  localparam int NeuronBackendSramTimingStride = 2;
  localparam int NeuronBackendSramTimingWords = 2;
  localparam int NeuronBackendSramTimingWidth = 32;
  localparam logic [31:0] CommonNeuronBackendConfigWestBase = 32'h001a1800;
  localparam logic [31:0] CommonNeuronBackendConfigEastBase = 32'h001a9800;
  // Entry i is bits [32*i +: 32].
  localparam logic [63:0] CommonNeuronBackendConfigBases = {
    32'h001a9800, 32'h001a1800
  };
  localparam int CommonNeuronBackendConfigCount = 1;
  localparam int CommonNeuronBackendConfigStride = 2;
  localparam int CommonNeuronBackendConfigWords = 2;
  localparam int CommonNeuronBackendConfigWidth = 32;
  localparam logic [31:0] CommonSynramConfigTopBase = 32'h02000000;
  localparam logic [31:0] CommonSynramConfigBottomBase = 32'h03000000;
  // Entry i is bits [32*i +: 32].
  localparam logic [63:0] CommonSynramConfigBases = {
    32'h03000000, 32'h02000000
  };
  localparam int CommonSynramConfigCount = 1;
  localparam int CommonSynramConfigStride = 3;
  localparam int CommonSynramConfigWords = 3;
  localparam int CommonSynramConfigWidth = 32;
  localparam logic [31:0] CommonCorrelationConfigTopBase = 32'h02200000;
  localparam logic [31:0] CommonCorrelationConfigBottomBase = 32'h03200000;
  // Entry i is bits [32*i +: 32].
  localparam logic [63:0] CommonCorrelationConfigBases = {
    32'h03200000, 32'h02200000
  };
  localparam int CommonCorrelationConfigCount = 1;
  localparam int CommonCorrelationConfigStride = 4;
  localparam int CommonCorrelationConfigWords = 4;
  localparam int CommonCorrelationConfigWidth = 32;
  localparam logic [31:0] CadcOffsetWestTopBase = 32'h02400800;
  localparam logic [31:0] CadcOffsetEastTopBase = 32'h02400000;
  localparam logic [31:0] CadcOffsetWestBottomBase = 32'h03400800;
  localparam logic [31:0] CadcOffsetEastBottomBase = 32'h03400000;
  // Entry i is bits [32*i +: 32].
  localparam logic [127:0] CadcOffsetBases = {
    32'h03400000, 32'h03400800, 32'h02400000, 32'h02400800
  };
  localparam int CadcOffsetCount = 256;
  localparam int CadcOffsetStride = 1;
  localparam int CadcOffsetWords = 1;
  localparam int CadcOffsetWidth = 32;
  localparam logic [31:0] CadcOffsetSramTimingWestTopBase = 32'h02400902;
  localparam logic [31:0] CadcOffsetSramTimingEastTopBase = 32'h02400102;
  localparam logic [31:0] CadcOffsetSramTimingWestBottomBase = 32'h03400902;
  localparam logic [31:0] CadcOffsetSramTimingEastBottomBase = 32'h03400102;
  // Entry i is bits [32*i +: 32].
  localparam logic [127:0] CadcOffsetSramTimingBases = {
    32'h03400102, 32'h03400902, 32'h02400102, 32'h02400902
  };
  localparam int CadcOffsetSramTimingCount = 1;
  localparam int CadcOffsetSramTimingStride = 2;
  localparam int CadcOffsetSramTimingWords = 2;
  localparam int CadcOffsetSramTimingWidth = 32;
  localparam logic [31:0] CadcConfigTopBase = 32'h02401000;
  localparam logic [31:0] CadcConfigBottomBase = 32'h03401000;
  // Entry i is bits [32*i +: 32].
  localparam logic [63:0] CadcConfigBases = {
    32'h03401000, 32'h02401000
  };
  localparam int CadcConfigCount = 1;
  localparam int CadcConfigStride = 1;
  localparam int CadcConfigWords = 1;
  localparam int CadcConfigWidth = 32;
  localparam logic [31:0] PpuMemoryTopBase = 32'h02800000;
  localparam logic [31:0] PpuMemoryBottomBase = 32'h03800000;
  // Entry i is bits [32*i +: 32].
  localparam logic [63:0] PpuMemoryBases = {
    32'h03800000, 32'h02800000
  };
  localparam int PpuMemoryCount = 4096;
  localparam int PpuMemoryStride = 1;
  localparam int PpuMemoryWords = 1;
  localparam int PpuMemoryWidth = 32;
  localparam logic [31:0] PpuControlTopBase = 32'h02a00000;
  localparam logic [31:0] PpuControlBottomBase = 32'h03a00000;
  // Entry i is bits [32*i +: 32].
  localparam logic [63:0] PpuControlBases = {
    32'h03a00000, 32'h02a00000
  };
  localparam int PpuControlCount = 1;
  localparam int PpuControlStride = 1;
  localparam int PpuControlWords = 1;
  localparam int PpuControlWidth = 32;
  localparam logic [31:0] PpuStatusTopBase = 32'h02a00001;
  localparam logic [31:0] PpuStatusBottomBase = 32'h03a00001;
  // Entry i is bits [32*i +: 32].
  localparam logic [63:0] PpuStatusBases = {
    32'h03a00001, 32'h02a00001
  };
  localparam int PpuStatusCount = 1;
  localparam int PpuStatusStride = 1;
  localparam int PpuStatusWords = 1;
  localparam int PpuStatusWidth = 32;
  localparam logic [31:0] SynapseWeightTopBase = 32'h02c00000;
  localparam logic [31:0] SynapseWeightBottomBase = 32'h03c00000;
  // Entry i is bits [32*i +: 32].
  localparam logic [63:0] SynapseWeightBases = {
    32'h03c00000, 32'h02c00000
  };
  localparam int SynapseWeightCount = 16448;
  localparam int SynapseWeightStride = 1;
  localparam int SynapseWeightWords = 1;
  localparam int SynapseWeightWidth = 32;
  localparam logic [31:0] SynapseEven2msbTopBase = 32'h02c10000;
  localparam logic [31:0] SynapseEven2msbBottomBase = 32'h03c10000;
  // Entry i is bits [32*i +: 32].
  localparam logic [63:0] SynapseEven2msbBases = {
    32'h03c10000, 32'h02c10000
  };
  localparam int SynapseEven2msbCount = 16448;
  localparam int SynapseEven2msbStride = 1;
  localparam int SynapseEven2msbWords = 1;
  localparam int SynapseEven2msbWidth = 32;
  localparam logic [31:0] SynapseOdd2msbTopBase = 32'h02c20000;
  localparam logic [31:0] SynapseOdd2msbBottomBase = 32'h03c20000;
  // Entry i is bits [32*i +: 32].
  localparam logic [63:0] SynapseOdd2msbBases = {
    32'h03c20000, 32'h02c20000
  };
  localparam int SynapseOdd2msbCount = 16448;
  localparam int SynapseOdd2msbStride = 1;
  localparam int SynapseOdd2msbWords = 1;
  localparam int SynapseOdd2msbWidth = 32;
  localparam logic [31:0] SynapseLabelTopBase = 32'h02c40000;
  localparam logic [31:0] SynapseLabelBottomBase = 32'h03c40000;
  // Entry i is bits [32*i +: 32].
  localparam logic [63:0] SynapseLabelBases = {
    32'h03c40000, 32'h02c40000
  };
  localparam int SynapseLabelCount = 16448;
  localparam int SynapseLabelStride = 1;
  localparam int SynapseLabelWords = 1;
  localparam int SynapseLabelWidth = 32;
  localparam logic [31:0] CadcCausalSampleTopBase = 32'h02c80000;
  localparam logic [31:0] CadcCausalSampleBottomBase = 32'h03c80000;
  // Entry i is bits [32*i +: 32].
  localparam logic [63:0] CadcCausalSampleBases = {
    32'h03c80000, 32'h02c80000
  };
  localparam int CadcCausalSampleCount = 16384;
  localparam int CadcCausalSampleStride = 1;
  localparam int CadcCausalSampleWords = 1;
  localparam int CadcCausalSampleWidth = 32;
  localparam logic [31:0] CadcAcausalSampleTopBase = 32'h02cc0000;
  localparam logic [31:0] CadcAcausalSampleBottomBase = 32'h03cc0000;
  // Entry i is bits [32*i +: 32].
  localparam logic [63:0] CadcAcausalSampleBases = {
    32'h03cc0000, 32'h02cc0000
  };
  localparam int CadcAcausalSampleCount = 16384;
  localparam int CadcAcausalSampleStride = 1;
  localparam int CadcAcausalSampleWords = 1;
  localparam int CadcAcausalSampleWidth = 32;
  localparam logic [31:0] CorrelationResetTopBase = 32'h02c90000;
  localparam logic [31:0] CorrelationResetBottomBase = 32'h03c90000;
  // Entry i is bits [32*i +: 32].
  localparam logic [63:0] CorrelationResetBases = {
    32'h03c90000, 32'h02c90000
  };
  localparam int CorrelationResetCount = 16384;
  localparam int CorrelationResetStride = 1;
  localparam int CorrelationResetWords = 1;
  localparam int CorrelationResetWidth = 32;
  localparam logic [31:0] NeuronResetQuadTopBase = 32'h02c94000;
  localparam logic [31:0] NeuronResetQuadBottomBase = 32'h03c94000;
  // Entry i is bits [32*i +: 32].
  localparam logic [63:0] NeuronResetQuadBases = {
    32'h03c94000, 32'h02c94000
  };
  localparam int NeuronResetQuadCount = 64;
  localparam int NeuronResetQuadStride = 1;
  localparam int NeuronResetQuadWords = 1;
  localparam int NeuronResetQuadWidth = 32;
  localparam logic [31:0] SynapseRawTopBase = 32'h02cf0000;
  localparam logic [31:0] SynapseRawBottomBase = 32'h03cf0000;
  // Entry i is bits [32*i +: 32].
  localparam logic [63:0] SynapseRawBases = {
    32'h03cf0000, 32'h02cf0000
  };
  localparam int SynapseRawCount = 33024;
  localparam int SynapseRawStride = 1;
  localparam int SynapseRawWords = 1;
  localparam int SynapseRawWidth = 32;
endpackage
