import { readFileSync } from 'node:fs';
import type { Usage } from '../../serve.ts';

/** Linux counts 100 ticks per second in /proc, on every machine. */
const TICK_MICROS = 10_000;

/** Returns the CPU time and the memory of a process and its children. Pages that they share count in each. */
export function processUsage(pid: number): Pick<Usage, 'cpuMicros' | 'rssBytes'> {
  const usages = [usageOf(pid), ...childrenOf(pid).map(processUsage)];
  return {
    cpuMicros: usages.reduce((sum, { cpuMicros }) => sum + cpuMicros, 0),
    rssBytes: usages.reduce((sum, { rssBytes }) => sum + rssBytes, 0),
  };
}

function usageOf(pid: number): Pick<Usage, 'cpuMicros' | 'rssBytes'> {
  // The name of the program, in parentheses, may contain spaces. User and system time are the 14th and 15th.
  const fields = read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
  const rss = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1];
  return {
    cpuMicros: (Number(fields[11]) + Number(fields[12])) * TICK_MICROS,
    rssBytes: Number(rss) * 1024,
  };
}

function childrenOf(pid: number): number[] {
  return read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
}

function read(path: string): string {
  return readFileSync(path, 'utf8');
}
