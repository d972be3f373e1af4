import { Pool, type PoolClient } from 'pg';
import type { DatabaseLimits } from '../../config/database-limits.ts';
import type { DatabaseAddress } from '../../config/database-url/database-address.ts';
import { settleWithin } from '../../lib/with-timeout.ts';
import { withoutTracing } from '../../observability/suppress-tracing.ts';
import { toConnectError } from '../database-errors.ts';
import { createClientClass, type ServerClient, targetOf } from './server-client.ts';
import { createServerRoute, isWithoutTls, type Target, wantsOtherVariant } from './server-route.ts';

/** A connection that is checked out. `release(true)` replaces it. */
export type PooledClient = ServerClient & Pick<PoolClient, 'release'>;

/** The connections of the service. */
export interface ServerPool {
  /** The server to which the next connection goes, as its place in the address. */
  currentHost(): number;
  /** Resolves with a connection of the pool within `connectTimeoutMs`, else rejects with `Unavailable`. */
  checkOut(): Promise<PooledClient>;
  /** Opens a connection that does not count for the pool. The caller ends it, or `close` does. */
  openApart(): Promise<ServerClient>;
  /** Makes all connections to a server that is read-only now be replaced. */
  renew(target: Target): void;
  /** Waits for connections that are checked out. */
  close(): Promise<void>;
}

export function createServerPool(address: DatabaseAddress, limits: DatabaseLimits): ServerPool {
  const { connectTimeoutMs } = limits;
  const route = createServerRoute(address);
  const Client = createClientClass(address, limits, route);
  const apart = new Set<ServerClient>();
  const pool = new Pool({
    Client,
    onConnect: (client) => (client as ServerClient).prepare(),
    max: limits.poolSize,
    connectionTimeoutMillis: connectTimeoutMs,
    idleTimeoutMillis: limits.idleTimeoutMs,
    maxLifetimeSeconds: limits.maxLifetimeMs / 1000,
  });
  pool.on('error', () => {});
  let closed = false;

  /** Runs `attempt` for one target after the other, each at most once, until one succeeds or time is up. */
  async function tryTargets<T>(attempt: (leftMs?: number) => Promise<T>): Promise<T> {
    const deadline = performance.now() + connectTimeoutMs;
    let tried: Set<Target> | undefined;
    let reason: unknown;
    for (;;) {
      try {
        return await (tried === undefined ? attempt() : attempt(deadline - performance.now()));
      } catch (error) {
        const target = targetOf(error);
        if (target === undefined) throw toConnectError(error);
        tried ??= new Set();
        tried.add(target);
        if (reason === undefined || isWithoutTls(reason) || !wantsOtherVariant(error)) reason = error;
        route.leave(target, error);
        if (tried.has(route.current()) || performance.now() >= deadline) throw toConnectError(reason);
      }
    }
  }

  /** A connection outlives the request that opens it, so its set-up is kept out of that request's trace. */
  const connect = () => (pool.idleCount > 0 ? pool.connect() : withoutTracing(() => pool.connect()));

  /** The pool has a time limit of its own, which is enough for the first attempt. */
  async function connectWithin(leftMs?: number): Promise<PoolClient> {
    const connecting = connect();
    if (leftMs === undefined) return connecting;
    if (await settleWithin(leftMs, connecting, { ref: false })) return connecting;
    connecting.then(
      (client) => client.release(),
      () => {},
    );
    throw new Error('timeout exceeded when trying to connect');
  }

  return {
    currentHost: route.currentHost,
    renew: route.renew,

    async checkOut() {
      for (;;) {
        const client = (await tryTargets(connectWithin)) as unknown as PooledClient;
        if (client.generation === route.generation()) return client;
        client.release(true);
      }
    },

    openApart: () =>
      tryTargets(async () => {
        if (closed) throw new Error('the connections are closed');
        const client = new Client();
        apart.add(client);
        client.once('end', () => apart.delete(client));
        try {
          await withoutTracing(() => client.open());
          return client;
        } catch (error) {
          apart.delete(client);
          client.end().catch(() => {});
          throw error;
        }
      }),

    async close() {
      closed = true;
      await Promise.all([pool.end(), ...[...apart].map((client) => client.end())]);
    },
  };
}
