/** Captures a name, or an address in brackets, without a final dot, and the port. */
const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+?)\.?(?::(\d*))?$/i;

/** The parts of a `Host` header. The name is in lower case; an IPv6 address has brackets. */
export interface HostParts {
  readonly name: string;
  /** Digits, perhaps out of range; '' without a port. */
  readonly port: string;
}

/** Splits a `Host` header; returns undefined if it is malformed. */
export function splitHost(host: string): HostParts | undefined {
  const [, name, port = ''] = HOST.exec(host) ?? [];
  return name === undefined ? undefined : { name: name.toLowerCase(), port };
}
