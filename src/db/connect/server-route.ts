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
  /** The place of its server in the address. */
  currentHost(): number;
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

/** Time for which new connections begin with the other variant after a server has asked for it. */
const OTHER_MS = 60_000;

const UNENCRYPTED: readonly [TlsVariant, TlsVariant?] = [false];

export function createServerRoute({ hosts, tls }: DatabaseAddress): ServerRoute {
  const variants = tlsVariants(tls);
  const servers = hosts.map(({ host, port }, hostIndex): [Target, Target?] => {
    // libpq does not encrypt a Unix socket either.
    const [first, other] = host.startsWith('/') ? UNENCRYPTED : variants;
    const toTarget = (ssl: TlsVariant): Target => ({ hostIndex, host, port, ssl });
    return other === undefined ? [toTarget(first)] : [toTarget(first), toTarget(other)];
  });
  const otherUntil = servers.map(() => Number.NEGATIVE_INFINITY);
  let current = firstOf(0);
  let generation = 0;
  let renewedAt = Number.NEGATIVE_INFINITY;

  function firstOf(hostIndex: number): Target {
    const index = hostIndex % servers.length;
    const [first, other] = servers[index] as [Target, Target?];
    return other !== undefined && performance.now() < (otherUntil[index] ?? 0) ? other : first;
  }

  function leave(target: Target, error: unknown): void {
    const { hostIndex } = target;
    const [first, other] = servers[hostIndex] as [Target, Target?];
    const stays = other !== undefined && wantsOtherVariant(error);
    if (stays)
      otherUntil[hostIndex] = target === first ? performance.now() + OTHER_MS : Number.NEGATIVE_INFINITY;
    if (target === current) current = firstOf(stays ? hostIndex : hostIndex + 1);
  }

  return {
    current() {
      if (current === servers[current.hostIndex]?.[1]) current = firstOf(current.hostIndex);
      return current;
    },

    currentHost: () => current.hostIndex,
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
export function wantsOtherVariant(error: unknown): boolean {
  if (error instanceof DatabaseError) return error.code === '28000';
  const { code = '', message = '' } = (error ?? {}) as NodeJS.ErrnoException;
  return message === NO_TLS || /^(ERR_SSL|EPROTO)/.test(code);
}

const NO_TLS = 'The server does not support SSL connections';

/** Tells whether the server has no TLS, which explains nothing where a connection without it fails, too. */
export function isWithoutTls(error: unknown): boolean {
  return error instanceof Error && error.message === NO_TLS;
}
