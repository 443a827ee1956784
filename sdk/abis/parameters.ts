// Generated from Parameters by scripts/codegen.ts.
export const parametersAbi = [
  {"inputs":[{"name":"governor_","type":"address"},{"name":"ledger_","type":"address"},{"name":"values","type":"uint64[]"},{"components":[{"name":"parameter","type":"uint8"},{"name":"min","type":"uint64"},{"name":"max","type":"uint64"}],"name":"bounds","type":"tuple[]"}],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[],"name":"GovernedInvalidGovernor","type":"error"},
  {"inputs":[{"name":"caller","type":"address"}],"name":"GovernedUnauthorized","type":"error"},
  {"inputs":[],"name":"ParametersInconsistent","type":"error"},
  {"inputs":[{"name":"parameter","type":"uint8"}],"name":"ParametersInvalidBound","type":"error"},
  {"inputs":[{"name":"count","type":"uint256"}],"name":"ParametersInvalidCount","type":"error"},
  {"inputs":[{"name":"parameter","type":"uint8"},{"name":"value","type":"uint64"},{"name":"min","type":"uint64"},{"name":"max","type":"uint64"}],"name":"ParametersOutOfBounds","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":true,"name":"parameter","type":"uint8"},{"indexed":false,"name":"from","type":"uint64"},{"indexed":false,"name":"to","type":"uint64"}],"name":"ParameterChanged","type":"event"},
  {"inputs":[{"name":"parameter","type":"uint8"}],"name":"definitionOf","outputs":[{"components":[{"name":"name","type":"string"},{"name":"unit","type":"string"},{"name":"min","type":"uint64"},{"name":"max","type":"uint64"},{"name":"value","type":"uint64"}],"name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"name":"parameter","type":"uint8"}],"name":"get","outputs":[{"name":"","type":"uint64"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"governor","outputs":[{"name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"ledger","outputs":[{"name":"","type":"address"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"name":"parameter","type":"uint8"},{"name":"since","type":"uint256"}],"name":"lowerOf","outputs":[{"name":"","type":"uint64"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"marketParameters","outputs":[{"components":[{"name":"commitWindowMin","type":"uint32"},{"name":"revealWindowMin","type":"uint32"},{"name":"deliveryWindowMin","type":"uint32"},{"name":"verdictWindowMin","type":"uint32"},{"name":"acceptanceWindowMin","type":"uint32"},{"name":"windowMax","type":"uint32"},{"name":"bidWindowsMax","type":"uint32"},{"name":"expiryMargin","type":"uint32"},{"name":"postingFee","type":"uint64"},{"name":"lockMin","type":"uint64"},{"name":"minStake","type":"uint64"},{"name":"noShowBps","type":"uint16"},{"name":"unitsMax","type":"uint16"},{"name":"reassignmentsMax","type":"uint8"},{"name":"candidatesMax","type":"uint8"},{"components":[{"name":"bond","type":"uint64"},{"name":"fee","type":"uint64"},{"name":"voteWindow","type":"uint32"},{"name":"voteRevealWindow","type":"uint32"},{"name":"seats","type":"uint8"},{"name":"quorum","type":"uint8"},{"name":"level","type":"uint8"},{"name":"weightMax","type":"uint8"}],"name":"panel","type":"tuple"}],"name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[],"name":"parameterCount","outputs":[{"name":"","type":"uint256"}],"stateMutability":"pure","type":"function"},
  {"inputs":[{"components":[{"name":"parameter","type":"uint8"},{"name":"value","type":"uint64"}],"name":"changes","type":"tuple[]"}],"name":"set","outputs":[],"stateMutability":"nonpayable","type":"function"},
] as const;
