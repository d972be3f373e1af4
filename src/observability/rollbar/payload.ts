import { resolve } from 'node:path';
import type Rollbar from 'rollbar';
import type { RequestCopy } from './request-copy.ts';
import { toReportableError } from './rollbar-error.ts';

const PROJECT_ROOT = resolve(import.meta.dirname, '../../..');

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
