import { Client, type ClientConfig } from 'pg';
import type { DatabaseLimits } from '../../config/database-limits.ts';
import type { DatabaseAddress } from '../../config/database-url/database-address.ts';
import { requireChannelBinding } from './channel-binding.ts';
import type { ServerRoute, Target } from './server-route.ts';

/** A connection to one of the servers. */
export interface ServerClient extends Client {
  readonly target: Target;
  readonly generation: number;
  /** Whether the connection has ended, so that a statement can no longer be sent. */
  readonly lost: boolean;
  /** Connects and prepares the session. Rejects with an error that has a target (`targetOf`). */
  open(): Promise<void>;
  /** Prepares the session after `connect`. Rejects with an error that has a target. */
  prepare(): Promise<void>;
}

/**
 * The time limits are set here because PgBouncer rejects a connection that has them among its startup
 * parameters. Behind a pooler that changes servers between transactions they may be missing; then the
 * client's own limit holds (`connection.ts`).
 */
const PREPARE = `
  select set_config('statement_timeout', $1, false), set_config('idle_in_transaction_session_timeout', $2, false),
    current_setting('transaction_read_only') as read_only`;

type ConnectCallback = Parameters<typeof Client.prototype.connect>[0];

const targets = new WeakMap<object, Target>();

/** Returns the target that failed with this error; undefined if it never came to an attempt. */
export function targetOf(error: unknown): Target | undefined {
  if (!(error instanceof Error)) return undefined;
  return targets.get(error) ?? targetOf(error.cause);
}

/** Creates the class of client that the pool opens; each client connects to the route's current target. */
export function createClientClass(
  address: DatabaseAddress,
  limits: DatabaseLimits,
  route: ServerRoute,
): new () => ServerClient {
  const share = Math.floor(limits.connectTimeoutMs / address.hosts.length);
  const attemptMs = Math.min(share, address.connectTimeoutMs ?? share);

  return class extends Client implements ServerClient {
    readonly target: Target;
    readonly generation = route.generation();
    lost = false;
    readonly #deadline = performance.now() + attemptMs;

    constructor() {
      const target = route.current();
      super({ ...sessionConfig(address), ...toPgTarget(target), connectionTimeoutMillis: attemptMs });
      this.target = target;
      // An 'error' event without a listener would end the process. The next query replaces the connection.
      this.on('error', () => {
        this.lost = true;
      });
      this.on('end', () => {
        this.lost = true;
      });
      if (address.channelBinding === 'require') requireChannelBinding(this);
    }

    override connect(): Promise<Client>;
    override connect(callback: ConnectCallback): void;
    override connect(callback?: ConnectCallback): Promise<Client> | undefined {
      if (callback === undefined) return super.connect();
      super.connect((error: Error, ...client: unknown[]) => {
        if (error) targets.set(error, this.target);
        (callback as (error: Error, ...client: unknown[]) => void)(error, ...client);
      });
      return undefined;
    }

    async open(): Promise<void> {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      this.connect((error: Error) => (error ? reject(error) : resolve()));
      await promise;
      await this.prepare();
    }

    async prepare(): Promise<void> {
      const { statementTimeoutMs } = limits;
      const statement = {
        text: PREPARE,
        values: [String(statementTimeoutMs), String(2 * statementTimeoutMs)],
        query_timeout: Math.max(1, this.#deadline - performance.now()),
      };
      try {
        const { rows } = await this.query<{ read_only: string }>(statement);
        if (address.needsWritable && rows[0]?.read_only === 'on') {
          throw new Error(`the server ${this.target.host}:${this.target.port} is read-only`);
        }
      } catch (error) {
        targets.set(error as Error, this.target);
        throw error;
      }
    }
  };
}

function sessionConfig(address: DatabaseAddress): ClientConfig {
  return {
    user: address.user,
    password: address.password,
    database: address.database,
    application_name: address.applicationName,
    ...(address.options !== undefined && { options: address.options }),
    keepAlive: address.keepAliveIdleMs !== undefined,
    keepAliveInitialDelayMillis: address.keepAliveIdleMs,
    enableChannelBinding: address.channelBinding !== 'disable',
    sslnegotiation: address.tls.direct ? 'direct' : 'postgres',
  };
}

function toPgTarget({ host, port, ssl }: Target): ClientConfig {
  return { host, port, ssl };
}
