import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type SecureContextOptions, TLSSocket } from 'node:tls';
import type { ProxyEnvironment } from '../../config/ways-out/proxy-variables.ts';

export interface HttpAgentOptions {
  readonly maxConnections: number;
  /** For a connection through a proxy: TCP, the proxy's answer, and TLS behind it. */
  readonly timeoutMs: number;
  /** Certificates that replace the system's, for https. */
  readonly tls?: Pick<SecureContextOptions, 'ca' | 'cert' | 'key'>;
  /** Undefined: no proxy, also where Node's global agents have one. */
  readonly proxy?: ProxyEnvironment | undefined;
}

/** Creates an agent for `http:` that keeps connections alive. */
export function createHttpAgent({ maxConnections, proxy }: HttpAgentOptions): http.Agent {
  return new http.Agent({ keepAlive: true, maxSockets: maxConnections, ...(proxy && { proxyEnv: proxy }) });
}

/** Creates an agent for `https:` that keeps connections alive. */
export function createHttpsAgent(options: HttpAgentOptions): https.Agent {
  const { maxConnections, proxy, tls, timeoutMs } = options;
  const common = { keepAlive: true, maxSockets: maxConnections, ...tls };
  return proxy ? new TunnelAgent({ ...common, proxyEnv: proxy }, timeoutMs) : new https.Agent(common);
}

type Created = (error: Error | null, stream: Duplex) => void;

/**
 * Node's agent, with a bound for a proxy that hangs. Until the tunnel is open, Node keeps the process alive,
 * and the connection open even after its request is gone: each retry would add one.
 */
class TunnelAgent extends https.Agent {
  readonly #timeoutMs: number;

  constructor(options: https.AgentOptions, timeoutMs: number) {
    super(options);
    this.#timeoutMs = timeoutMs;
  }

  /** Node calls `created` only for a tunnel; `free` tells that a direct connection works. */
  override createConnection(options: https.RequestOptions, created: Created): Duplex | null | undefined {
    const settle: Created = (error, stream) => {
      clearTimeout(timer);
      created(error && stream === socket ? toProxyFault(error) : error, stream);
    };
    const socket = super.createConnection(options, settle) as Socket;
    const timer = setTimeout(() => socket.destroy(toLateness(socket)), this.#timeoutMs).unref();
    socket.once('free', () => clearTimeout(timer));
    socket.once('close', () => clearTimeout(timer));
    return socket.unref();
  }
}

const SLOW = 'the proxy opened no tunnel in time';

/**
 * A connection that begins with TLS goes to the host itself, or to a proxy that uses TLS: nobody can tell.
 */
function toLateness(socket: Socket): Error {
  return new Error(socket instanceof TLSSocket ? 'no answer in time' : SLOW);
}

/** Returns an error that names the proxy, without its URL, and what it answered, if anything. */
export function toProxyFault(error: Error & { readonly code?: string; readonly statusCode?: number }): Error {
  if (Number.isNaN(error.statusCode)) return new Error('the proxy speaks no HTTP');
  if (error.statusCode !== undefined) return proxyAnswered(error.statusCode);
  const { message } = error;
  if (message === SLOW) return error;
  return new Error(
    error.code === 'ERR_PROXY_TUNNEL'
      ? 'the proxy closed the connection without an answer'
      : `the proxy cannot be reached: ${message || error.code}`,
  );
}

/** Returns the error for a status that is the proxy's, not the back end's. */
export function proxyAnswered(status: number): Error {
  return new Error(`the proxy answered ${status}`);
}
