// Peers: Python libraries run live in the pinned environment, for tests and benchmarks that compare with them.
export { python, variables } from '../environment.mjs';
export { type PythonOptions, runPython } from './run.ts';
