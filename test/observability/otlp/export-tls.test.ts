import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { openSpanPipe } from '../../helpers/telemetry/span-pipe.ts';
import { until } from '../../helpers/until.ts';

const run = promisify(execFile);
const folder = await mkdtemp(join(tmpdir(), 'cruddur-tls-'));
const closers: (() => unknown)[] = [() => rm(folder, { recursive: true })];
afterAll(async () => {
  for (const close of closers) await close();
});

/**
 * Creates a self-signed certificate for 127.0.0.1. Returns false without openssl: Node cannot create
 * certificates.
 */
async function makeCertificate(name: string): Promise<boolean> {
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const files = ['-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.crt`)];
  try {
    await run('openssl', ['req', '-x509', ...kind, ...subject, ...files]);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return false;
  }
}

const hasOpenssl = (await makeCertificate('backend')) && (await makeCertificate('client'));

const pathOf = (file: string) => join(folder, file);

async function serve(options: ServerOptions = {}) {
  const clients: unknown[] = [];
  const server = createServer(
    { cert: await readFile(pathOf('backend.crt')), key: await readFile(pathOf('backend.key')), ...options },
    (request, response) => {
      clients.push((request.socket as TLSSocket).getPeerCertificate().subject?.CN);
      request.resume();
      response.end('{}');
    },
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, clients };
}

describe.skipIf(!hasOpenssl)('a back end with a certificate of its own (made by openssl)', () => {
  it('is trusted by OTEL_EXPORTER_OTLP_CERTIFICATE', async () => {
    const { url } = await serve();
    const pipe = openSpanPipe(url, { OTEL_EXPORTER_OTLP_CERTIFICATE: pathOf('backend.crt') });
    pipe.end(1);
    await pipe.drain(5000);
    expect(pipe.counts()).toMatchObject({ sent: 1, dropped: 0, last_error: null });
  });

  it.each([
    ['without it', {}],
    ['by that of another', { OTEL_EXPORTER_OTLP_CERTIFICATE: pathOf('client.crt') }],
  ])('is not trusted %s: nothing is sent, and the error gives the reason', async (_what, environment) => {
    const { url, clients } = await serve();
    const pipe = openSpanPipe(url, environment);
    pipe.end(1);
    await until(() => pipe.counts().last_error);
    expect(pipe.counts().last_error).toMatch(/certificate|PEM|issuer/i);
    await pipe.drain(0);
    expect(pipe.counts()).toMatchObject({ sent: 0, dropped: 1 });
    expect(clients).toEqual([]);
  });

  it('receives the client certificate', async () => {
    const { url, clients } = await serve({ requestCert: true, ca: await readFile(pathOf('client.crt')) });
    const pipe = openSpanPipe(url, {
      OTEL_EXPORTER_OTLP_CERTIFICATE: pathOf('backend.crt'),
      OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: pathOf('client.crt'),
      OTEL_EXPORTER_OTLP_CLIENT_KEY: pathOf('client.key'),
    });
    pipe.end(1);
    await pipe.drain(5000);
    expect(pipe.counts()).toMatchObject({ sent: 1, last_error: null });
    expect(clients).toEqual(['client']);
  });
});
