import { DatabaseError } from 'pg';
import type { DatabaseAddress } from '../../config/database-url/database-address.ts';
import { type TlsVariant, tlsVariants } from './tls-variants.ts';

/** One way to connect: a server, with or without TLS. */
export interface Target {
  readonly hostIndex: number;
  readonly host: string;
  readonly port: number;
  readonly ssl: TlsVariant;
}

/** Decides where the next connection goes. It stays with a server that works. */
export interface ServerRoute {
  current(): Target;
  /**
   * Moves on from a target that failed, unless another connection has already done so: to the other variant
   * of TLS if the server wants that, else to the next server, and after the last one to the first.
   */
  leave(target: Target, error: unknown): void;
  /** Connections of an earlier generation are not used again. */
  generation(): number;
  /** Begins a generation because the server of `target` is read-only now, and moves on from it. */
  renew(target: Target): void;
}

/** A server that is read-only for long does not cost all connections at each failed write. */
const RENEWAL_MS = 1000;

const UNENCRYPTED: readonly [TlsVariant, ...TlsVariant[]] = [false];

export function createServerRoute({ hosts, tls }: DatabaseAddress): ServerRoute {
  const variants = tlsVariants(tls);
  const servers = hosts.map(({ host, port }, hostIndex): [Target, ...Target[]] => {
    // libpq does not encrypt a Unix socket either.
    const [first, ...others] = host.startsWith('/') ? UNENCRYPTED : variants;
    const toTarget = (ssl: TlsVariant): Target => ({ hostIndex, host, port, ssl });
    return [toTarget(first), ...others.map(toTarget)];
  });
  const firstOf = (hostIndex: number) => servers[hostIndex % servers.length]?.[0] as Target;
  let current = firstOf(0);
  let generation = 0;
  let renewedAt = Number.NEGATIVE_INFINITY;

  function leave(target: Target, error: unknown): void {
    if (target !== current) return;
    const targets: readonly Target[] = servers[target.hostIndex] ?? [];
    const other = wantsOtherVariant(error) ? targets[targets.indexOf(target) + 1] : undefined;
    current = other ?? firstOf(target.hostIndex + 1);
  }

  return {
    current: () => current,
    leave,
    generation: () => generation,

    renew(target) {
      leave(target, undefined);
      if (performance.now() - renewedAt < RENEWAL_MS) return;
      renewedAt = performance.now();
      generation += 1;
    },
  };
}

/**
 * Tells whether the other variant of TLS may succeed: the server has no TLS, its TLS is incompatible, or
 * pg_hba.conf rejects the connection (28000). Other failures, such as a lost connection, must not end
 * encryption.
 */
function wantsOtherVariant(error: unknown): boolean {
  if (error instanceof DatabaseError) return error.code === '28000';
  const { code = '', message = '' } = (error ?? {}) as NodeJS.ErrnoException;
  return message === 'The server does not support SSL connections' || /^(ERR_SSL|EPROTO)/.test(code);
}
