import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { Config } from '../../config/config.ts';
import { createReporter } from '../../observability/rollbar/reporter.ts';
import { type Hint, type Interpretation, interpret } from './interpret.ts';
import type { ProbeIds } from './probe-ids.ts';
import { createProbeSink } from './probe-sink.ts';

const ADVICE: Hint = [
  [
    / 40[13]\b/,
    'the token is refused: ROLLBAR_ACCESS_TOKEN is to be a project token with the scope post_server_item',
  ],
  [
    / 404\b| 3\d\d\b/,
    'ROLLBAR_ENDPOINT is the whole address of the item API: https://api.rollbar.com/api/1/item/',
  ],
  [/ 429\b/, "the project's or the token's rate limit is reached: see its settings"],
  [/ 422\b/, 'Rollbar cannot read the report: is ROLLBAR_ENDPOINT its item API?'],
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
  return interpret(result, `the report was taken, environment ${config.environment}`, ADVICE);
}
