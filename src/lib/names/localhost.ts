const LOCALHOST = /^(?:[^.]+\.)*localhost\.?$/i;

/** Tells whether a name is `localhost` or below it, which the resolver knows without a name server. */
export function isLocalhost(name: string): boolean {
  return LOCALHOST.test(name);
}
