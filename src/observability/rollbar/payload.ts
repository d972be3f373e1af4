import { resolve } from 'node:path';
import type Rollbar from 'rollbar';
import type { Scrub } from '../../lib/scrub/scrub.ts';
import type { RequestCopy } from './request-copy.ts';
import { scrubDeep } from './scrub-item.ts';
import { toReportableError } from './to-reportable-error.ts';

const PROJECT_ROOT = resolve(import.meta.dirname, '../../..');

/** The data of one report, captured when the fault happens. */
export interface Report {
  readonly level: 'error' | 'warning';
  /**
   * The message, or the error as `toReportableError` returns it: a report may wait for minutes, and the thrown
   * value may hold anything, such as a response.
   */
  readonly subject: Error | string;
  readonly occurredAt: number;
  /**
   * Shown beside the report, and searchable. A key such as `headers` or `url` would make the library use it
   * as the request.
   */
  readonly custom: Readonly<Record<string, string | number>>;
  readonly route: string | undefined;
  readonly request: RequestCopy | undefined;
}

export interface PayloadBuilderOptions {
  readonly environment: string;
  readonly codeVersion: string;
  readonly scrub: Scrub;
}

/** The parts of the library's item that are corrected afterwards. */
interface Item extends Rollbar.Dictionary {
  server: Rollbar.Dictionary;
  notifier: Rollbar.Dictionary;
}

/**
 * Returns a function that builds the body of a request to Rollbar's item API from a report. The library adds
 * source lines and truncates to 512 kB, and does no more: it has no access token, and
 * `transmit: false` stops it after `onSendCallback`, before its rate limit, its unbounded queue and its
 * transport.
 */
export async function createPayloadBuilder({
  environment,
  codeVersion,
  scrub,
}: PayloadBuilderOptions): Promise<(report: Report) => Promise<Buffer>> {
  const { default: Library } = await import('rollbar');
  let finished: Rollbar.Dictionary | undefined;
  const library = new Library({
    environment,
    codeVersion,
    transmit: false,
    autoInstrument: false,
    logLevel: 'disable' as Rollbar.Level,
    // The library's scrubbing has a spelling and rules of its own, which take away the text after a secret.
    scrubFields: [],
    overwriteScrubFields: true,
    addRequestData: (item, { route, ...request }) => Object.assign(item, { request, context: route }),
    onSendCallback: (_isUncaught, _args, item) => {
      finished = item;
    },
  }) as Rollbar & { buildJsonPayload(item: object): string | null };

  /**
   * The library calls back synchronously after `onSendCallback`, so `finished` belongs to the same report.
   */
  function build({ level, subject, request, route, custom }: Report): Promise<Item> {
    return new Promise((resolve, reject) => {
      const isText = level === 'error' && typeof subject === 'string';
      const item = isText ? toReportableError(subject, scrub) : subject;
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
    // The command line, the library's own options, and the error's text as it was.
    delete item.server.argv;
    delete item.notifier.configured_options;
    delete item.notifier.diagnostic;
    const payload = library.buildJsonPayload(scrubDeep(item, scrub));
    if (payload === null) throw new Error('the report cannot be written as JSON');
    return Buffer.from(payload);
  };
}
