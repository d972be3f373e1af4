import { type Failure, ruleOfTemplate, startReceiver } from '../cost/start-receiver.ts';
import { STATES } from './states.ts';

/** The variables of one receiver per state. All are up until the message `fail`. */
export type FailingReady = readonly Record<string, string>[];

const receivers = await Promise.all(STATES.map(() => startReceiver(ruleOfTemplate)));

process.on('message', ({ command }: { command: 'fail' | 'stop' }) => {
  if (command === 'stop') process.exit(0);
  for (const [index, state] of STATES.entries())
    if (state !== 'up') receivers[index]?.fail(state satisfies Failure);
  process.send?.({});
});
process.send?.(receivers.map(({ env }) => env) satisfies FailingReady);
