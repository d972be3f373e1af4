import { receiverVariables } from '../../cost/start-receiver.ts';
import type { PeerVariant } from '../peer-variants.ts';

const FLASK_SERVER = new URL('./flask-server.ts', import.meta.url);

/** The row that the other row of Flask is compared with too. */
export const BARE_FLASK = 'bare Flask';

/** The course's stack under gunicorn, on Python. */
export const FLASK_VARIANTS: readonly PeerVariant[] = [
  {
    name: BARE_FLASK,
    sends: 'nothing',
    server: () => ({ module: FLASK_SERVER, env: {} }),
  },
  {
    name: 'Flask, the four as in the course',
    sends:
      'spans (one of Flask and one of the feed, uncompressed) and two log lines of every request, X-Ray ' +
      'segments by the rule of this API; Rollbar items of errors only; no metrics',
    // watchtower's interval.
    longestBatchMs: 60_000,
    server: (port) => {
      const variables = receiverVariables(port);
      const env = { PEER: 'course', AWS_DEFAULT_REGION: variables.AWS_REGION ?? '', ...variables };
      return { module: FLASK_SERVER, env };
    },
  },
];
