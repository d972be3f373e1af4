import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { Config } from '../../../config/config.ts';
import { createReporter } from '../../../observability/rollbar/reporter.ts';
import { type Hints, type Interpretation, interpret } from '../interpret.ts';
import type { ProbeIds } from '../probe-ids.ts';
import { createProbeSink } from '../probe-sink.ts';

const HINTS: Hints = [
  [/ 401\b/, 'the token does not exist or is disabled: set ROLLBAR_ACCESS_TOKEN to a project access token'],
  [
    / 403\b/,
    'the token may not report: a read, write or post_client_item token; use one with the scope ' +
      'post_server_item',
  ],
  [
    / 40[45]\b| 3\d\d\b/,
    'ROLLBAR_ENDPOINT must be the full URL of the item API: https://api.rollbar.com/api/1/item/',
  ],
  [/ 429\b/, 'the rate limit of the project or token is exceeded: check its settings'],
  [/ 422\b/, 'Rollbar cannot parse the report: check that ROLLBAR_ENDPOINT is its item API'],
];

/** Reports one message at level warning, as `GET /rollbar/test` does. */
export async function checkRollbar(
  config: NonNullable<Config['rollbar']>,
  service: Config['service'],
  ids: ProbeIds,
): Promise<Interpretation> {
  const { sink, outcome } = createProbeSink('rollbar');
  const reporter = await createReporter({ config, service, sink });
  const active = trace.setSpanContext(ROOT_CONTEXT, { ...ids, traceFlags: 0 });
  context.with(active, () => reporter.warning('doctor'));
  const result = await outcome;
  await reporter.drain(0);
  return interpret(result, `the report was accepted, environment ${config.environment}`, HINTS);
}
