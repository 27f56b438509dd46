// Stands in for the window's process: forks the engine as src/extension/engine/engineProcess.ts does, passes on
// what it is asked, line by line, and what is answered.
const { fork } = require('node:child_process');
const { createInterface } = require('node:readline');

const engine = fork(process.argv[2], [], {
  execArgv: [],
  env: { ...process.env, OVERREAD_LIFELINE: '4' },
  serialization: 'advanced',
  stdio: ['ignore', 'ignore', 'inherit', 'ipc', 'pipe'],
});
engine.on('message', (message) => {
  if (message.kind !== 'event') console.log(JSON.stringify({ id: message.id, kind: message.kind }));
});
createInterface({ input: process.stdin }).on('line', (line) => engine.send(JSON.parse(line)));
