#!/usr/bin/env node
// The command inside this workspace, from source: Node with TypeScript and the packages' source. A published package
// runs dist/bin.js instead (publishConfig.bin).
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../src/bin.ts', import.meta.url));
const tsx = import.meta.resolve('tsx');
const flags = ['--conditions=@unrolled/source', '--import', tsx];
const child = spawn(process.execPath, [...flags, source, ...process.argv.slice(2)], { stdio: 'inherit' });
// A terminal's Ctrl-C reaches the child by itself; what is sent to this process alone is passed on.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => {
  if (signal) process.kill(process.pid, signal);
  else process.exitCode = code ?? 1;
});
