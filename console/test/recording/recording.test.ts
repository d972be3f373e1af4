import { appendFile, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ConsoleStatus } from '../../src/api/types.ts';
import { type Console, startConsole } from '../../src/server.ts';
import { useConsoleProcesses } from '../helpers/console-process.ts';
import { ask } from '../helpers/network/http-client.ts';
import { replayCaptured } from '../helpers/replay-captured.ts';
import { until } from '../helpers/until.ts';
import otelGo from '../payloads/opentelemetry-go.json' with { type: 'json' };
import thisApi from '../payloads/this-api.json' with { type: 'json' };

/** The trace of the request in `this-api.json` that was reported to Rollbar. */
const TRACE_ID = '6b065dbf04499bc65fc8165d1dc8ab5f';
const HEADER = '{"format":"cruddur-console","version":1}';

const { folder, launch } = useConsoleProcesses();

async function sendRequest(console: Console) {
  await replayCaptured(console, thisApi);
  const has = ['span', 'segment', 'log', 'error'].map((kind) => `has=${kind}`).join('&');
  return fetch(`${console.url}/api/traces/${TRACE_ID}?wait=10s&${has}`);
}

async function statusOf(url: string): Promise<ConsoleStatus> {
  return (await (await fetch(`${url}/api/status`)).json()) as ConsoleStatus;
}

describe('a recording', () => {
  it('restores all entries in another console', async () => {
    const save = join(folder, 'whole.ndjson');
    const first = await startConsole({ save });
    const before = await (await sendRequest(first)).json();
    await first.close();
    expect((await readFile(save, 'utf8')).split('\n')[0]).toBe(HEADER);

    const second = await startConsole({ load: save });
    const after = await (await fetch(`${second.url}/api/traces/${TRACE_ID}`)).json();
    expect(after).toEqual({
      ...(before as object),
      summary: expect.objectContaining({ name: 'GET /rollbar/test', failed: false }),
    });
    // Two of its five log events name no trace.
    expect((await statusOf(second.url)).runFiles).toEqual({
      loaded: { file: save, entries: 12, unread: 0 },
      saved: null,
    });
    await second.close();
  });

  it('can be continued in the same file', async () => {
    const file = join(folder, 'same.ndjson');
    for (const spans of [2, 4]) {
      const console = await startConsole({ ...(spans === 4 && { load: file }), save: file });
      await replayCaptured(console, otelGo);
      await until(async () => (await statusOf(console.url)).runFiles.saved?.saved === 2);
      expect((await statusOf(console.url)).sinks.otlp.received).toBe(spans);
      await console.close();
    }
    expect((await readFile(file, 'utf8')).trim().split('\n')).toHaveLength(5);
  });

  it('may be cut, damaged or joined: readable entries are loaded, the rest is counted', async () => {
    const file = join(folder, 'damaged.ndjson');
    const item = (uuid: string) => JSON.stringify({ kind: 'error', receivedAt: 1, item: { uuid, body: {} } });
    await writeFile(
      file,
      [HEADER, item('a'), '{"kind":"span"}', 'null', HEADER, item('b'), '{"kind":"er'].join('\n'),
    );
    const console = await startConsole({ load: file });
    const { runFiles, unread, sinks } = await statusOf(console.url);

    expect(runFiles.loaded).toEqual({ file, entries: 2, unread: 3 });
    expect(sinks.rollbar.received).toBe(2);
    expect(unread.map(({ reason }) => reason.split(': ')[0])).toEqual(
      [3, 4, 7].map((line) => `line ${line} of ${file}`),
    );
    await console.close();
  });

  it('may be a part of another', async () => {
    const file = join(folder, 'piece.ndjson');
    const item = JSON.stringify({ kind: 'error', receivedAt: 1, item: { body: {} } });
    await writeFile(file, `${item.slice(9)}\n${item}\n`);
    const console = await startConsole({ load: file });
    expect((await statusOf(console.url)).runFiles.loaded).toEqual({ file, entries: 1, unread: 1 });
    await console.close();
  });

  it('with times in another unit is read as it was meant, and without times not at all', async () => {
    const file = join(folder, 'units.ndjson');
    const at = Date.UTC(2026, 0, 1);
    const traceId = '1'.repeat(32);
    const log = (timestamp: number) => ({
      kind: 'log',
      log: { group: 'g', stream: 's', timestamp, message: 'x' },
    });
    const segment = (start_time: number) => ({
      kind: 'segment',
      segment: { id: '1', name: 'x', start_time, end_time: start_time },
    });
    const entries = [log(at * 1e6), log(at * 1e9), segment(at), segment(-1)];
    const lines = entries.map((entry) => JSON.stringify({ ...entry, traceId, receivedAt: at }));
    await writeFile(file, [HEADER, ...lines].join('\n'));
    const console = await startConsole({ load: file });
    expect(await (await fetch(`${console.url}/api/traces/${traceId}`)).json()).toMatchObject({
      summary: { startedAt: at },
      logs: [{ timestamp: at }],
      segments: [{ start_time: at / 1000, end_time: at / 1000 }],
    });
    expect((await statusOf(console.url)).runFiles.loaded).toEqual({ file, entries: 2, unread: 2 });
    await console.close();
  });

  it('that is larger than the journal leaves its newest traces', async () => {
    const file = join(folder, 'large.ndjson');
    await writeFile(file, `${HEADER}\n`);
    for (let trace = 0; trace < 40; trace += 1) {
      const id = trace.toString(16).padStart(32, 'a');
      const log = { group: 'g', stream: 's', timestamp: Date.now(), message: 'x'.repeat(100_000) };
      await appendFile(file, `${JSON.stringify({ kind: 'log', traceId: id, receivedAt: 1, log })}\n`);
    }
    const console = await startConsole({ load: file, maxBytes: 1024 * 1024 });
    const { traces } = (await (await fetch(`${console.url}/api/traces`)).json()) as {
      traces: { traceId: string }[];
    };
    expect(traces.length).toBeLessThan(11);
    expect(traces.map(({ traceId }) => traceId)).toContain((39).toString(16).padStart(32, 'a'));
    expect((await statusOf(console.url)).memory.evicted).toBe(40 - traces.length);
    await console.close();
  });
});

describe.concurrent('npm run console with a full disk', () => {
  const reports = [1, 2, 3, 4, 5].map((digit) => ({
    access_token: 'token',
    data: { body: { message: { body: String(digit).repeat(3000) } } },
  }));

  async function fill(file: string) {
    const console = launch(['--save', file], { fileBlocks: 16 });
    const url = await console.url();
    for (const body of reports)
      expect(await ask(`${url}/api/1/item/`, { body })).toMatchObject({ status: 200 });
    return { ...console, recordingState: async () => (await statusOf(url)).runFiles.saved };
  }

  it('reports it once, and writes the queue when there is space again', async () => {
    const file = join(folder, 'full.ndjson');
    const console = await fill(file);
    await until(async () => (await console.recordingState())?.fault === 'file too large');
    await truncate(file, 0);
    await until(async () => (await console.recordingState())?.fault === null);
    console.child.kill('SIGTERM');

    const stderr = `console: cannot save to ${file} at present: file too large\n`;
    expect(await console.ended).toMatchObject({ code: 0, stderr });
    expect(await readFile(file, 'utf8')).toMatch(/3"\}\}\}\}\n.*4{3000}.*\n.*5{3000}.*\n$/);
  });

  it('reports how many entries it could not write, and exits with 1', async () => {
    const file = join(folder, 'still-full.ndjson');
    const console = await fill(file);
    console.child.kill('SIGTERM');

    const { code, stderr } = await console.ended;
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: [
        `console: cannot save to ${file} at present: file too large`,
        `console: 3 of 5 entries are not in ${file}`,
        '',
      ].join('\n'),
    });
  });
});

describe.concurrent('npm run console', () => {
  it('exits with 78 and the reason when a file cannot be used', async () => {
    const foreign = join(folder, 'foreign.txt');
    const newer = join(folder, 'newer.ndjson');
    await writeFile(foreign, 'once upon a time\n');
    await writeFile(newer, '{"format":"cruddur-console","version":2}\n');
    const said = async (...flags: string[]) => {
      const { code, stderr } = await launch(flags).ended;
      return { code, stderr };
    };
    const [missing, wrong, tooNew, keeps, noFolder] = await Promise.all([
      said('--load', 'missing.ndjson'),
      said('--load', foreign),
      said('--load', newer),
      said('--save', foreign),
      said('--save', 'no/such/folder.ndjson'),
    ]);
    expect(missing).toEqual({
      code: 78,
      stderr: 'console: cannot load missing.ndjson: no such file or directory\n',
    });
    expect(wrong).toEqual({
      code: 78,
      stderr: `console: cannot load ${foreign}: it is not a recording of this console\n`,
    });
    expect(tooNew.stderr).toContain('it has version 2 of the format, and this console reads version 1');
    expect(keeps).toEqual({
      code: 78,
      stderr: `console: cannot save to ${foreign}: it is not a recording of this console\n`,
    });
    expect(noFolder.stderr).toBe(
      'console: cannot save to no/such/folder.ndjson: no such file or directory\n',
    );
    expect(await readFile(foreign, 'utf8')).toBe('once upon a time\n');
  });

  it.runIf(process.platform === 'linux')('does not start when the disk is full', async () => {
    const { ended } = launch(['--save', '/dev/full']);
    expect(await ended).toMatchObject({
      code: 78,
      stderr: 'console: cannot save to /dev/full: no space left on device\n',
    });
  });
});
