import { isIP } from 'node:net';
import { z } from 'zod';

/** Blanks, and the characters of no width that documents contain. */
const EDGES =
  /^[\s\u200b-\u200f\u2060\ufeff]+|(?<![\s\u200b-\u200f\u2060\ufeff])[\s\u200b-\u200f\u2060\ufeff]+$/g;

/**
 * Returns the variables that are set, without blanks and quotes around their values, which a shell or
 * `docker run --env-file` may leave there. An empty variable counts as unset.
 */
export function givenVariables(env: NodeJS.ProcessEnv): Record<string, string> {
  const given = Object.entries(env).map(([name, value = '']): [string, string] => {
    const text = value.replaceAll(EDGES, '');
    return [name, (/^(["'`])(.*)\1$/s.exec(text)?.[2] ?? text).trim()];
  });
  return Object.fromEntries(given.filter(([, value]) => value !== ''));
}

function integer(min: number, max: number) {
  const isInRange = (text: string) => /^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max;
  return z.string().refine(isInRange, `must be a whole number from ${min} to ${max}`).transform(Number);
}

const hostName = /^[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?$/i;
const hostPattern = /^(?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i;

export const Environment = z.object({
  CONSOLE_HOST: z
    .string()
    .refine(
      (host) => isIP(host) !== 0 || hostName.test(host),
      'must be a host name or an address, without scheme and port',
    )
    .default('127.0.0.1'),
  CONSOLE_PORT: integer(0, 65_535).default(4568),
  CONSOLE_XRAY_PORT: integer(0, 65_535).default(2000),
  CONSOLE_MEMORY_MB: integer(1, 4096).default(64),
  CONSOLE_ALLOWED_HOSTS: z
    .string()
    .transform((list) =>
      list
        .split(',')
        .map((name) => name.trim())
        .filter(Boolean),
    )
    .refine(
      (names) => names.every((name) => hostPattern.test(name)),
      'must be host names, separated by commas',
    )
    .default([]),
});

/** The variables with which Kubernetes describes each service of a namespace, to every pod in it. */
const SERVICE_LINK = /^(?:tcp|udp|sctp):\/\//;

/** Returns one sentence per issue, which repeats no value. */
export function describeIssues(
  issues: readonly z.core.$ZodIssue[],
  given: Readonly<Record<string, string>>,
): string[] {
  return issues.map(({ path, message }) => {
    const name = String(path[0]);
    const isLink = name.endsWith('_PORT') && SERVICE_LINK.test(given[name] ?? '');
    return `${name} ${message}${isLink ? KUBERNETES : ''}`;
  });
}

const KUBERNETES =
  '; Kubernetes sets it for a service of this name: set it in the pod, or enableServiceLinks: false';
