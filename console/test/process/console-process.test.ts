import { describe, expect, it } from 'vitest';
import { useConsoleProcesses } from '../helpers/console-process.ts';
import { ask } from '../helpers/network/http-client.ts';

const { launch } = useConsoleProcesses();

describe.concurrent('npm run console', () => {
  it('prints its address and the variables to send there, and ends on a signal', async () => {
    const console = launch();
    const url = await console.url();
    await console.printed(new RegExp(`OTEL_EXPORTER_OTLP_ENDPOINT=${url}\n`));
    expect(await ask(url)).toMatchObject({ status: 200 });
    console.child.kill('SIGINT');
    expect(await console.ended).toMatchObject({ code: 0, stderr: '' });
  });

  it('names the port that is in use and the variable that changes it', async () => {
    const first = launch();
    const url = await first.url();
    const [, daemon = ''] = await first.printed(/AWS_XRAY_DAEMON_ADDRESS=\S+:(\d+)\n/);
    const { port } = new URL(url);
    expect(await launch([], { environment: { CONSOLE_PORT: port } }).ended).toMatchObject({
      code: 1,
      stderr: `console: cannot start: port ${port} is taken: set CONSOLE_PORT to another\n`,
    });
    expect(await launch([], { environment: { CONSOLE_XRAY_PORT: daemon } }).ended).toMatchObject({
      code: 1,
      stderr: `console: cannot start: port ${daemon} is taken: set CONSOLE_XRAY_PORT to another\n`,
    });
    first.child.kill('SIGTERM');
    expect(await first.ended).toMatchObject({ code: 0 });
  });

  it('names CONSOLE_HOST when nothing can listen there', async () => {
    // 192.0.2.0/24 is for documents (RFC 5737).
    const { code, stderr } = await launch([], { environment: { CONSOLE_HOST: '192.0.2.1' } }).ended;
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'console: cannot start: cannot listen at CONSOLE_HOST: EADDRNOTAVAIL\n',
    });
  });

  it('names all invalid variables and flags, and repeats no value', async () => {
    const environment = { CONSOLE_PORT: 'hush', CONSOLE_MEMORY_MB: '0', CONSOLE_ALLOWED_HOSTS: 'a b' };
    const { code, stdout, stderr } = await launch(['--sieve', 'x'], { environment }).ended;
    expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
    expect(stderr.split('\n')).toEqual([
      'console: invalid configuration (4 errors)',
      '  CONSOLE_PORT must be a whole number from 0 to 65535',
      '  CONSOLE_MEMORY_MB must be a whole number from 1 to 4096',
      '  CONSOLE_ALLOWED_HOSTS must be host names, separated by commas',
      expect.stringMatching(/^ {2}Unknown option '--sieve'.*--save FILE and --load FILE/),
      '',
    ]);
  });
});
