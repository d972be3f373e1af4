import { type SpanContext, trace } from '@opentelemetry/api';
import winston from 'winston';
import Transport from 'winston-transport';
import { type Scrub, scrubText } from '../../lib/scrub/scrub.ts';
import type { CloudwatchTransport } from '../cloudwatch/transport.ts';
import { createLineFormat, type LogLevel, type LogRecord } from './line-format.ts';
import { createPrettyFormat } from './pretty-format.ts';
import { createStdoutWriter, type LineStream } from './stdout-writer.ts';

/** The key under which winston's transports expect the formatted record. */
const MESSAGE = Symbol.for('message');

/** Fields of a record. Each becomes a member of its JSON line. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Logs a record. `span` replaces the active span where a callback runs outside the request's context. */
export type LogMethod = (message: string, fields?: LogFields, span?: SpanContext) => void;

/** The service's logger. It never throws and never waits. */
export interface Logger {
  readonly debug: LogMethod;
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
}

export interface DrainableLogger extends Logger {
  /**
   * Resolves once all lines are delivered, or after `budgetMs`. Later lines still go to stdout, and
   * CloudWatch counts them as dropped.
   */
  drain(budgetMs: number): Promise<void>;
}

export interface LoggerOptions {
  readonly level: LogLevel;
  readonly service: string;
  /** Receives one JSON line per record, or readable text when it is a terminal. */
  readonly stdout: LineStream;
  readonly cloudwatch?: CloudwatchTransport | undefined;
  /** Takes secrets out of errors, and out of all text of lines that are not at level info. */
  readonly scrub?: Scrub;
}

const OFF: LogMethod = () => {};

/** Creates the service's logger: winston with a transport to stdout and, when given, one to CloudWatch. */
export function createLogger(options: LoggerOptions): DrainableLogger {
  const { stdout, cloudwatch, scrub = scrubText } = options;
  const formatLine = createLineFormat(options.service, scrub);
  const formatPretty = stdout.isTTY === true ? createPrettyFormat(stdout, scrub) : undefined;
  const writer = createStdoutWriter(stdout, (lines) => {
    const message = `${lines} log line(s) lost: stdout did not accept them`;
    const format = formatPretty ?? formatLine;
    return format({ level: 'warn', message, fields: undefined, span: undefined, time: Date.now() });
  });
  const toStdout = new Transport({
    log: (record, next) => {
      writer.write(formatPretty?.(record) ?? record[MESSAGE]);
      next();
    },
  });
  const logger = winston.createLogger({
    level: options.level,
    transports: cloudwatch === undefined ? [toStdout] : [toStdout, cloudwatch.transport],
    // Formats the line once for all transports. winston's own formats copy the record, which is most of their
    // cost.
    format: {
      transform: (info) => {
        info[MESSAGE] = formatLine(info as unknown as LogRecord);
        return info;
      },
    },
  });

  function methodFor(level: LogLevel): LogMethod {
    if (!logger.isLevelEnabled(level)) return OFF;
    return (message, fields, span = trace.getActiveSpan()?.spanContext()) => {
      logger.log({ level, message, fields, span, time: Date.now() } satisfies LogRecord);
    };
  }

  return {
    debug: methodFor('debug'),
    info: methodFor('info'),
    warn: methodFor('warn'),
    error: methodFor('error'),
    drain: async (budgetMs) => {
      await Promise.all([writer.drain(budgetMs), cloudwatch?.drain(budgetMs)]);
    },
  };
}
