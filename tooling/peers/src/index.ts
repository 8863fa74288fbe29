// Peers: Python libraries run live in the pinned environment, for tests that compare with them.
export { type PythonOptions, runPython } from './run.ts';
