import type { RollbarItem } from '../../api/types.ts';
import { asFields, asList, asNumber, asString, asText, type Fields } from '../shared/coerce.ts';

export interface Frame {
  readonly method: string;
  readonly file: string;
  /** The path relative to the root of the program or of its package. */
  readonly shortFile: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** True for the program's own code, false for libraries and the runtime. */
  readonly isOwn: boolean;
  readonly before: readonly string[];
  readonly code: string | undefined;
  readonly after: readonly string[];
}

export interface ThrownError {
  readonly className: string;
  readonly message: string;
  /** Innermost call first. */
  readonly frames: readonly Frame[];
}

/** The parts of a Rollbar item that the page shows. */
export interface RollbarReport {
  readonly level: string;
  readonly title: string;
  /** The message of the outermost error, or of an item without an error. */
  readonly message: string;
  /** The error, then its causes; empty for an item without an error. */
  readonly chain: readonly ThrownError[];
  readonly extra: Fields;
}

/** Reads the body of an item: a trace, a chain of them, a message or a crash report. */
export function reportOf(item: RollbarItem): RollbarReport {
  const body = asFields(item.body);
  const traces = body.trace_chain === undefined ? [body.trace] : asList(body.trace_chain);
  const root = asString(asFields(item.server).root);
  const chain = traces.filter((trace) => trace !== undefined).map((trace) => thrownErrorOf(trace, root));
  const [outermost] = chain;
  const text = asFields(body.message);
  const message =
    outermost?.message ?? asString(text.body) ?? asString(asFields(body.crash_report).raw) ?? '';
  const { body: _, ...extra } = text;
  return {
    level: asString(item.level) ?? 'error',
    title: outermost
      ? titleOf(outermost)
      : (asString(item.title) ?? message.split('\n', 1)[0]) || '(no message)',
    message,
    chain,
    extra,
  };
}

function titleOf({ className, message }: ThrownError): string {
  return message ? `${className}: ${message}` : className;
}

function thrownErrorOf(trace: unknown, root: string | undefined): ThrownError {
  const { exception, frames } = asFields(trace);
  const { class: className, message, description } = asFields(exception);
  return {
    className: asString(className) ?? 'Error',
    message: asText(message ?? description ?? ''),
    frames: asList(frames)
      .map((frame) => frameOf(frame, root))
      .reverse(),
  };
}

function frameOf(value: unknown, root: string | undefined): Frame {
  const { filename, lineno, colno, method, code, context } = asFields(value);
  const file = asString(filename) ?? '(unknown)';
  return {
    method: asString(method) ?? '',
    file,
    shortFile: shorten(file, root),
    line: asNumber(lineno),
    column: asNumber(colno),
    isOwn: !/node_modules|^node:|^internal\/|site-packages|^</.test(file),
    before: asList(asFields(context).pre).map((line) => asText(line)),
    code: asString(code),
    after: asList(asFields(context).post).map((line) => asText(line)),
  };
}

function shorten(file: string, root: string | undefined): string {
  const inPackage = /.*[/\\]node_modules[/\\](.+)$/.exec(file)?.[1];
  if (inPackage !== undefined) return inPackage;
  return root && file.startsWith(root) ? file.slice(root.length).replace(/^[/\\]+/, '') : file;
}
