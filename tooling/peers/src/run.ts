// Runs Python source in the pinned environment: JSON in, JSON out.
import { spawn } from 'node:child_process';
import { home, isReady, python, variables } from '../environment.mjs';

/** How a script runs. */
export interface PythonOptions {
  /** Seconds after which the process is ended; 120 where none is given. */
  readonly timeoutSeconds?: number;
}

// What the script prints goes to stderr, so that the answer is alone on stdout. Numbers that JSON lacks are an error.
const frame = `
import json, sys
answer, sys.stdout = sys.stdout, sys.stderr
space = {"__name__": "peer"}
given = json.load(sys.stdin)
exec(compile(given["script"], "<script>", "exec"), space)
json.dump(space["main"](given["input"]), answer, allow_nan=False)
`;

/**
 * Runs `script`, Python source that defines `main(input)`, in a process of its own and gives what `main` returned.
 * Both ways it is plain JSON. @throws Error where the environment is missing, the script fails (with its traceback), or
 * it takes too long.
 */
export async function runPython<Output>(script: string, input: unknown, options: PythonOptions = {}): Promise<Output> {
  if (!isReady()) throw new Error('The Python environment is missing. Run `node tooling/peers/setup.mjs` first.');
  const { timeoutSeconds = 120 } = options;
  const child = spawn(python, ['-c', frame], { cwd: home, env: variables(), stdio: 'pipe' });
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    child.kill('SIGKILL');
  }, timeoutSeconds * 1000);
  const [answer, errors, end] = [collect(child.stdout), collect(child.stderr), ended(child)];
  // A script that fails early closes its input; its own error says more than a broken pipe would.
  child.stdin.on('error', () => {});
  child.stdin.end(JSON.stringify({ script, input }));
  try {
    const how = await end;
    if (timedOut) throw new Error(`Python took more than ${timeoutSeconds} s.\n${tail(await errors)}`);
    if (how !== 0) throw new Error(`Python ended with ${how}.\n${tail(await errors)}`);
    return JSON.parse(await answer) as Output;
  } finally {
    clearTimeout(timer);
  }
}

function ended(child: ReturnType<typeof spawn>): Promise<number | string> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'no exit code'));
  });
}

async function collect(stream: NodeJS.ReadableStream): Promise<string> {
  stream.setEncoding('utf8');
  let text = '';
  for await (const chunk of stream) text += chunk;
  return text;
}

function tail(text: string): string {
  return text.trimEnd().split('\n').slice(-30).join('\n');
}
