import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** RFC 6761, section 6.3: browsers resolve these names to loopback addresses themselves. */
const LOCALHOST = /^(?:[^.]+\.)*localhost$/;

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Returns whether a name is `localhost`, a name below it, or a loopback address, in brackets or not. */
export function isLoopback(name: string): boolean {
  const address = name.replace(/^\[(.*:.*)\]$/, '$1');
  if (isIPv4(address)) return LOOPBACK.check(address, 'ipv4');
  if (isIPv6(address)) return LOOPBACK.check(address, 'ipv6');
  return LOCALHOST.test(name);
}

/**
 * Returns a function that tells whether a name is meant by a pattern for X-Ray names, such as
 * `*4567-name.host*`. It is stricter than X-Ray: the last star stands for a port, and the first for whole
 * labels in front of at least two, because anyone can register `4567-name.host.example`. A pattern with
 * other wildcards matches no name.
 */
export function namedByPattern(pattern = ''): (name: string) => boolean {
  const [, star, literal = ''] = /^(\*?)\*?\.?([a-z0-9_.-]+)(?::?\*)?$/.exec(pattern.toLowerCase()) ?? [];
  if (literal === '') return () => false;
  const suffix = star && /[^.]\.[^.]/.test(literal) ? `.${literal}` : undefined;
  return (name) => name === literal || (suffix !== undefined && name.endsWith(suffix));
}
