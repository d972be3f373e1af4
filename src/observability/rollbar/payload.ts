import { resolve } from 'node:path';
import type Rollbar from 'rollbar';
import { normaliseStack } from '../stack-frames.ts';
import type { RequestCopy } from './request-copy.ts';

const PROJECT_ROOT = resolve(import.meta.dirname, '../../..');
const MAX_ERRORS = 10;
const MAX_FRAMES = 50;
const LONGEST_FRAME = 1_024;
const LONGEST_MESSAGE = 4_096;

/** What a report says, taken when the fault was met. */
export interface Report {
  readonly level: 'error' | 'warning';
  /** Whatever was thrown; at level warning, a message. */
  readonly subject: unknown;
  readonly occurredAt: number;
  /** Shown beside the report, and searchable. None of the names may be one of a request. */
  readonly custom: Readonly<Record<string, string>>;
  readonly route: string | undefined;
  readonly request: RequestCopy | undefined;
}

export interface PayloadBuilderOptions {
  readonly environment: string;
  readonly codeVersion: string;
}

/** The part of an item that is corrected after the library has built it. */
interface Item extends Rollbar.Dictionary {
  server: Rollbar.Dictionary;
  notifier: Rollbar.Dictionary;
}

/**
 * Makes a function that turns a report into the body of a request to Rollbar's item API: source lines added, secrets
 * scrubbed, cut to 512 kB. The library does all of that and no more. It gets no access token, and `transmit: false`
 * makes it stop after `onSendCallback`, before its rate limit, its unbounded queue and its transport.
 */
export async function createPayloadBuilder({
  environment,
  codeVersion,
}: PayloadBuilderOptions): Promise<(report: Report) => Promise<Buffer>> {
  const { default: Library } = await import('rollbar');
  let finished: Rollbar.Dictionary | undefined;
  const library = new Library({
    environment,
    codeVersion,
    transmit: false,
    autoInstrument: false,
    logLevel: 'disable' as Rollbar.Level,
    scrubFields: ['api-key', 'apikey', 'jwt', 'set-cookie', 'signature', 'x-api-key', 'x-honeycomb-team'],
    addRequestData: (item, { route, ...request }) => Object.assign(item, { request, context: route }),
    onSendCallback: (_isUncaught, _args, item) => {
      finished = item;
    },
  }) as Rollbar & { buildJsonPayload(item: object): string | null };

  /** The library calls back at once after `onSendCallback`, so `finished` is of the same report. */
  function build({ level, subject, request, route, custom }: Report): Promise<Item> {
    return new Promise((resolve, reject) => {
      const item = level === 'error' ? toReportableError(subject) : String(subject);
      library[level](item, request && { ...request, route }, custom, (failure: Rollbar.MaybeError) => {
        if (finished) resolve(finished as Item);
        else reject(failure ?? new Error('the library ignored the report'));
        finished = undefined;
      });
    });
  }

  return async (report) => {
    const item = await build(report);
    item.server.root = PROJECT_ROOT;
    item.timestamp = Math.round(report.occurredAt / 1000);
    // Added behind the scrubber: the command line, the library's options, and the error's unscrubbed text.
    delete item.server.argv;
    delete item.notifier.configured_options;
    delete item.notifier.diagnostic;
    const payload = library.buildJsonPayload(item);
    if (payload === null) throw new Error('the report cannot be written as JSON');
    return Buffer.from(payload);
  };
}

/** What was thrown, its causes and the errors inside an AggregateError: each once, outermost first, at most ten. */
export function errorChain(thrown: unknown): unknown[] {
  const chain = [thrown];
  for (const link of chain) {
    if (!(link instanceof Error)) continue;
    const within = link instanceof AggregateError ? [link.cause, ...link.errors] : [link.cause];
    for (const next of within) {
      if (next !== undefined && chain.length < MAX_ERRORS && !chain.includes(next)) chain.push(next);
    }
  }
  return chain;
}

/**
 * What was thrown as the library can take it: a chain of plain errors, linked by `cause` alone. The library follows
 * circular causes for ever, and reduces an AggregateError to the message of its first error.
 */
export function toReportableError(thrown: unknown): Error {
  const [first, ...rest] = errorChain(thrown);
  const cause = rest.reduceRight<Error | undefined>((inner, link) => toPlainError(link, inner), undefined);
  return toPlainError(first, cause);
}

function toPlainError(thrown: unknown, cause: Error | undefined): Error {
  const plain = new Error(messageOf(thrown), cause && { cause });
  if (thrown instanceof Error) plain.name = String(thrown.name);
  plain.stack = [plain.name, ...framesOf(thrown)].join('\n');
  return plain;
}

function messageOf(thrown: unknown): string {
  if (typeof thrown === 'object' && thrown !== null && !(thrown instanceof Error)) {
    return `an object was thrown, with ${Object.keys(thrown).join(', ') || 'nothing in it'}`.slice(0, 200);
  }
  const text = thrown instanceof Error ? textOf(thrown) : String(thrown);
  return text.slice(0, LONGEST_MESSAGE).replaceAll(/:\/\/[^\s/@]+@/g, '://********@');
}

/** Node's own AggregateErrors, such as those of a failed connection, have a code and no message. */
function textOf(error: Error): string {
  if (error.message) return String(error.message);
  const inner: unknown[] = error instanceof AggregateError ? error.errors : [];
  const messages = inner.flatMap((each) => (each instanceof Error ? each.message : []));
  return messages.join('; ') || String((error as NodeJS.ErrnoException).code ?? '');
}

/**
 * The frames of a stack without its message. The library opens every file that a line of the stack names, so a caller
 * whose text got into the message must not choose any.
 */
function framesOf(thrown: unknown): string[] {
  if (!(thrown instanceof Error) || typeof thrown.stack !== 'string') return [];
  const { message, stack } = thrown;
  const start = stack.indexOf(message);
  return normaliseStack(start === -1 ? stack : stack.slice(start + message.length))
    .split('\n')
    .filter((line) => /^\s+at /.test(line) && line.length <= LONGEST_FRAME)
    .slice(0, MAX_FRAMES);
}
