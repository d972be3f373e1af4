import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const canPin = spawnSync('taskset', ['--version']).status === 0;

/** A benchmark that is interrupted leaves nothing running, which would spoil the next one's figures. */
const END_WITH_LAUNCHER = new URL('../src/cli/launcher/exit-with-parent.ts', import.meta.url).href;

export interface ProcessOptions {
  /** The one core it runs on; any without it. */
  readonly core?: number;
  readonly execArgv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Another process of the benchmark, on one core where `taskset` exists; it speaks first, when it is ready. */
export class BenchProcess<Ready> {
  readonly ready: Promise<Ready>;
  private readonly child: ChildProcess;
  private readonly ended: Promise<never>;

  constructor(module: string, { core, execArgv = [], env = {} }: ProcessOptions) {
    const pinned = canPin && core !== undefined;
    const args = ['--import', END_WITH_LAUNCHER, ...execArgv];
    this.child = fork(fileURLToPath(new URL(module, import.meta.url)), {
      execPath: pinned ? 'taskset' : process.execPath,
      execArgv: pinned ? ['-c', String(core), process.execPath, ...args] : args,
      env: { PATH: process.env.PATH ?? '', ...env },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.ended = once(this.child, 'exit').then(([code]) => {
      throw new Error(`${module} ended with code ${code}`);
    });
    this.ended.catch(() => {});
    this.ready = this.next();
  }

  /** Sends a message and resolves with the answer. */
  async ask<Answer>(message: object): Promise<Answer> {
    const answer = this.next<Answer>();
    this.child.send(message);
    return answer;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Ends a process that knows no messages. */
  async end(): Promise<void> {
    const exit = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exit;
  }

  async stop(): Promise<void> {
    const exit = once(this.child, 'exit');
    this.child.send({ command: 'stop' });
    await exit;
  }

  private async next<Answer>(): Promise<Answer> {
    const [answer] = await Promise.race([once(this.child, 'message'), this.ended]);
    return answer as Answer;
  }
}
