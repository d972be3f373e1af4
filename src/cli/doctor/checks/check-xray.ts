import type { Config } from '../../../config/config.ts';
import { describeError } from '../../../lib/describe-error.ts';
import { toXRayTraceId } from '../../../observability/amzn-trace-id.ts';
import { createDaemonSender } from '../../../observability/xray/daemon-sender.ts';
import { toDatagrams } from '../../../observability/xray/datagrams.ts';
import { createRulesRequest } from '../../../observability/xray/sampling/sampling-client.ts';
import { type Hints, type Interpretation, interpret } from '../interpret.ts';
import type { ProbeIds } from '../probe-ids.ts';
import { createProbeSink, type Outcome } from '../probe-sink.ts';
import { explainSampling } from './explain-sampling.ts';

type DaemonConfig = NonNullable<Config['xray']>;

const START_DAEMON = 'nothing listens there: start the X-Ray daemon, or correct AWS_XRAY_DAEMON_ADDRESS';

/** No proxy leads to the daemon. */
const UNREACHABLE: Hints[number] = [
  /no answer|timeout|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|within \d+ ms/,
  'check AWS_XRAY_DAEMON_ADDRESS, and whether a firewall blocks it',
];

const UDP_HINTS: Hints = [
  UNREACHABLE,
  [/ECONNREFUSED/, START_DAEMON],
  [/EMSGSIZE/, 'the network rejects datagrams of this size'],
];

const TCP_HINTS: Hints = [
  UNREACHABLE,
  [/ECONNREFUSED/, `${START_DAEMON}; sampling needs its TCP port (option -t)`],
  [
    /answered [45]\d\d/,
    "the daemon runs, but X-Ray rejects its requests: check the daemon's log, credentials, region and clock",
  ],
  [/not JSON|does not match the API/, 'another service listens there, not the X-Ray daemon'],
];

/**
 * Sends one segment over UDP, which has no acknowledgement. Also requests the sampling rules over TCP, to
 * prove that a daemon is there, and explains which of them decides.
 */
export async function checkXRay(
  config: DaemonConfig,
  { service, allowedOrigins }: Pick<Config, 'service' | 'allowedOrigins'>,
  ids: ProbeIds,
): Promise<Interpretation> {
  const [segment, rules] = await Promise.all([
    sendSegment(config, service, ids),
    createRulesRequest(config.daemon.tcp)().catch((error: unknown) => new Error(describeError(error))),
  ]);
  const udp = interpret(segment, 'the segment was sent over UDP', UDP_HINTS);
  if (!udp.works) return udp;
  if (rules instanceof Error) {
    const tcp = interpret({ accepted: false, reason: rules }, '', TCP_HINTS);
    return { ...tcp, answer: `${udp.answer}, which is never acknowledged; TCP failed: ${tcp.answer}` };
  }
  const { namePattern } = config;
  // The last of them is the API's own.
  const { host } = new URL(allowedOrigins.at(-1) as string);
  const { answer, advice } = explainSampling(rules, { serviceName: service.name, host, namePattern });
  return { works: true, answer: `${udp.answer}, the daemon answered ${answer}`, ...(advice && { advice }) };
}

async function sendSegment(
  { daemon }: DaemonConfig,
  { name, version }: Config['service'],
  { traceId, spanId }: ProbeIds,
): Promise<Outcome> {
  const { sink, outcome } = createProbeSink('xray');
  // A name is looked up for the second time at once, so that the outcome is known.
  const sender = createDaemonSender(daemon.udp, sink, { lookUpEveryMs: 0 });
  const now = Date.now() / 1000;
  const { datagrams } = toDatagrams({
    name,
    id: spanId,
    trace_id: toXRayTraceId(traceId),
    start_time: now,
    end_time: now,
    service: { version },
    annotations: { doctor: true },
  });
  for (const datagram of datagrams) sender.send(datagram);
  // The sender's own timers do not keep the process alive.
  const awake = setInterval(() => {}, 1000);
  const result = await outcome;
  clearInterval(awake);
  await sender.drain(0);
  return result;
}
