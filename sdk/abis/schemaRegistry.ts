// Generated from SchemaRegistry by scripts/codegen.ts.
export const schemaRegistryAbi = [
  {"inputs":[],"stateMutability":"nonpayable","type":"constructor"},
  {"inputs":[],"name":"AlreadyExists","type":"error"},
  {"anonymous":false,"inputs":[{"indexed":true,"name":"uid","type":"bytes32"},{"indexed":true,"name":"registerer","type":"address"},{"components":[{"name":"uid","type":"bytes32"},{"name":"resolver","type":"address"},{"name":"revocable","type":"bool"},{"name":"schema","type":"string"}],"indexed":false,"name":"schema","type":"tuple"}],"name":"Registered","type":"event"},
  {"inputs":[{"name":"uid","type":"bytes32"}],"name":"getSchema","outputs":[{"components":[{"name":"uid","type":"bytes32"},{"name":"resolver","type":"address"},{"name":"revocable","type":"bool"},{"name":"schema","type":"string"}],"name":"","type":"tuple"}],"stateMutability":"view","type":"function"},
  {"inputs":[{"name":"schema","type":"string"},{"name":"resolver","type":"address"},{"name":"revocable","type":"bool"}],"name":"register","outputs":[{"name":"","type":"bytes32"}],"stateMutability":"nonpayable","type":"function"},
  {"inputs":[],"name":"version","outputs":[{"name":"","type":"string"}],"stateMutability":"view","type":"function"},
] as const;
