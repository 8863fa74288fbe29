// A process that is measured, seen from the bench. Between requests it waits for its stdin and uses no time.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Answer, Facts, Memory, Request, Timing } from './protocol.ts';
import type { Runner } from './rounds.ts';

/** How to start a process. */
export interface Command {
  readonly program: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Something that a process has ready. */
export interface Prepared extends Runner {
  readonly facts: Facts;
  /** Milliseconds of each of `times` calls. */
  readonly sample: (times: number) => Promise<readonly number[]>;
}

/** Minutes after which an answer is not waited for. */
const PATIENCE = 20;
/** Lines of what a process complained about that are kept for the message when it fails. */
const LINES_KEPT = 12;

/** A process that speaks the protocol. */
export class Server {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #answers: Answer[] = [];
  #wake: (() => void) | undefined;
  #complaints: string[] = [];
  #ended: string | undefined;
  /** What it measures, with versions. */
  version = '';

  private constructor({ program, argv, env }: Command) {
    this.#child = spawn(program, [...argv], { env, stdio: 'pipe' });
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#hear(line));
    createInterface({ input: this.#child.stderr }).on('line', (line) => {
      this.#complaints = [...this.#complaints, line].slice(-LINES_KEPT);
    });
    this.#child.stdin.on('error', () => {});
    this.#child.on('error', (error) => this.#end(error.message));
    this.#child.on('close', (code, signal) => this.#end(`it ended with ${signal ?? code}`));
  }

  /** Starts a process and waits until it is there. @throws Error that says why it isn't */
  static async start(command: Command): Promise<Server> {
    const server = new Server(command);
    server.version = (await server.#next()).version ?? '';
    return server;
  }

  /** Makes `work` ready. @throws Error with what the process says */
  async prepare(work: string, given: unknown): Promise<Prepared> {
    const { prepared = 0, facts = {} } = await this.#ask({ prepare: work, given });
    const run = (times: number, each: boolean): Promise<Answer> => this.#ask({ run: prepared, times, each });
    return {
      facts,
      run: async (times) => (await run(times, false)).timing as Timing,
      sample: async (times) => (await run(times, true)).each as readonly number[],
    };
  }

  /** Its memory now, in bytes. */
  async memory(): Promise<Memory> {
    return (await this.#ask({ memory: true })).memory as Memory;
  }

  /** Ends the process. */
  async stop(): Promise<void> {
    if (this.#ended !== undefined) return;
    const closed = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 3000);
    await closed;
    clearTimeout(timer);
  }

  async #ask(request: Request): Promise<Answer> {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    const answer = await this.#next();
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer;
  }

  async #next(): Promise<Answer> {
    const timer = setTimeout(() => {
      this.#end(`it gave no answer in ${PATIENCE} minutes`);
      this.#child.kill('SIGKILL');
    }, 60_000 * PATIENCE);
    while (this.#answers.length === 0 && this.#ended === undefined)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    clearTimeout(timer);
    const answer = this.#answers.shift();
    if (answer) return answer;
    throw new Error([this.#ended, ...this.#complaints].join('\n'));
  }

  #hear(line: string): void {
    if (!line.startsWith('{')) return;
    this.#answers.push(JSON.parse(line) as Answer);
    this.#wake?.();
  }

  #end(how: string): void {
    this.#ended ??= how;
    this.#wake?.();
  }
}
