import type { ConsoleStatus, TraceSummary } from '../../api/types.ts';

interface System {
  readonly kind: keyof TraceSummary['counts'];
  readonly sink: keyof ConsoleStatus['sinks'];
  readonly title: string;
  readonly one: string;
  readonly many: string;
}

/** The four systems, in display order. `kind` is also the CSS class that sets the colour. */
export const SYSTEMS: readonly System[] = [
  { kind: 'span', sink: 'otlp', title: 'OpenTelemetry', one: 'span', many: 'spans' },
  { kind: 'segment', sink: 'xray', title: 'X-Ray', one: 'segment', many: 'segments' },
  { kind: 'log', sink: 'cloudwatch-logs', title: 'CloudWatch Logs', one: 'line', many: 'lines' },
  { kind: 'error', sink: 'rollbar', title: 'Rollbar', one: 'error', many: 'errors' },
];
