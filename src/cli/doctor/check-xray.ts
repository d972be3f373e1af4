import type { Config } from '../../config/config.ts';
import { describeError } from '../../lib/describe-error.ts';
import { toXRayTraceId } from '../../observability/amzn-trace-id.ts';
import { createDaemonSender } from '../../observability/xray/daemon-sender.ts';
import { toDatagrams } from '../../observability/xray/datagrams.ts';
import type { SamplingRule } from '../../observability/xray/sampling/sampling-answers.ts';
import { createRulesRequest } from '../../observability/xray/sampling/sampling-client.ts';
import { type Hints, type Interpretation, interpret } from './interpret.ts';
import type { ProbeIds } from './probe-ids.ts';
import { createProbeSink, type Outcome } from './probe-sink.ts';

/** Also the longest that the command is kept running after a refusal. */
const DRAIN_MS = 1_000;

type DaemonConfig = NonNullable<Config['xray']>;

const START_DAEMON = 'nothing listens there: start the X-Ray daemon, or correct AWS_XRAY_DAEMON_ADDRESS';

const UDP_HINTS: Hints = [
  [/ECONNREFUSED/, START_DAEMON],
  [/EMSGSIZE/, 'the network rejects datagrams of this size'],
];

const TCP_HINTS: Hints = [
  [/ECONNREFUSED/, `${START_DAEMON}; sampling needs its TCP port (option -t)`],
  [
    /answered [45]\d\d/,
    "the daemon runs, but X-Ray rejects its requests: check the daemon's log, credentials, region and clock",
  ],
  [/not JSON|does not match the API/, 'another service listens there, not the X-Ray daemon'],
];

/**
 * Sends one segment over UDP, which has no acknowledgement. Also requests the sampling rules over TCP, to
 * prove that a daemon is there.
 */
export async function checkXRay(
  config: DaemonConfig,
  service: Config['service'],
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
  const rule = rules.find(
    ({ RuleName, ServiceName }) => RuleName !== 'Default' && matches(ServiceName, service.name),
  );
  if (rule !== undefined)
    return {
      works: true,
      answer: `${udp.answer}, the daemon answered with the sampling rule ${rule.RuleName}`,
    };
  return {
    works: true,
    answer: `${udp.answer}, the daemon answered, but no sampling rule matches ${service.name}`,
    advice:
      "X-Ray's default rule applies (1 request per second and 5 %): " +
      'aws xray create-sampling-rule --cli-input-json file://aws/json/xray.json',
  };
}

async function sendSegment(
  { daemon }: DaemonConfig,
  { name, version }: Config['service'],
  { traceId, spanId }: ProbeIds,
): Promise<Outcome> {
  const { sink, outcome } = createProbeSink('xray');
  const sender = createDaemonSender(daemon.udp, sink);
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
  // The drain looks up a name for the second time at once, so that the outcome is known.
  void sender.drain(DRAIN_MS);
  return outcome;
}

/** Matches a name against X-Ray's pattern: `*` is any text, `?` any one character; case is ignored. */
function matches(pattern: SamplingRule['ServiceName'], name: string): boolean {
  const source = pattern.replaceAll(/[^\w]/g, '\\$&').replaceAll('\\*', '.*').replaceAll('\\?', '.');
  return new RegExp(`^${source}$`, 'i').test(name);
}
