import { connect as connectHttp2 } from 'node:http2';
import { connect as connectTls } from 'node:tls';

const TIMEOUT_MS = 1_000;

/** Returns which protocol a port speaks that does not answer to HTTP/1.1, if it is one of these. */
export async function probeProtocol(url: string): Promise<'TLS' | 'HTTP/2' | undefined> {
  const { hostname, port, protocol } = new URL(url);
  const isHttps = protocol === 'https:';
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const [tls, http2] = await Promise.all([
    handshake(host, Number(port || (isHttps ? 443 : 80))),
    isHttps ? false : speaksHttp2(url),
  ]);
  if (tls === 'h2' && isHttps) return 'HTTP/2';
  return tls !== undefined && !isHttps ? 'TLS' : http2 ? 'HTTP/2' : undefined;
}

/** Resolves with the protocol that TLS agreed on, empty if none; undefined without TLS. */
function handshake(host: string, port: number): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  // Nothing is sent but the handshake, so the certificate does not matter.
  const options = {
    host,
    port,
    rejectUnauthorized: false,
    timeout: TIMEOUT_MS,
    ALPNProtocols: ['h2', 'http/1.1'],
  };
  const socket = connectTls(options, () => resolve(socket.alpnProtocol || ''));
  for (const event of ['error', 'timeout', 'close']) socket.on(event, () => resolve(undefined));
  return promise.finally(() => socket.destroy());
}

/** A gRPC server begins with a frame of settings. */
function speaksHttp2(url: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const session = connectHttp2(new URL(url).origin);
  session.on('remoteSettings', () => resolve(true));
  for (const event of ['error', 'close']) session.on(event, () => resolve(false));
  session.setTimeout(TIMEOUT_MS, () => resolve(false));
  return promise.finally(() => session.destroy());
}
