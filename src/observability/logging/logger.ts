import { type SpanContext, trace } from '@opentelemetry/api';
import winston from 'winston';
import Transport from 'winston-transport';
import type { CloudwatchTransport } from '../cloudwatch/transport.ts';
import { createLineFormat, type LogLevel, type LogRecord } from './line-format.ts';
import { createPrettyFormat } from './pretty-format.ts';
import { createLineWriter, type LineStream } from './stdout-writer.ts';

/** Where winston's transports look for the finished text of a record. */
const MESSAGE = Symbol.for('message');

/** One record; `fields` become members of its JSON line. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes a record; `span` stands in for the active one where that is no longer at hand. */
export type LogMethod = (message: string, fields?: LogFields, span?: SpanContext) => void;

/** Where the service's log lines go. Never throws, never waits. */
export interface Logger {
  readonly debug: LogMethod;
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
}

export interface DrainableLogger extends Logger {
  /**
   * Resolves when all that was logged is out, or after `budgetMs`. What is logged later still goes to stdout, and
   * counts as dropped by CloudWatch.
   */
  drain(budgetMs: number): Promise<void>;
}

export interface LoggerOptions {
  readonly level: LogLevel;
  readonly service: string;
  /** Gets one JSON line a record, or readable text when it is a terminal. */
  readonly stdout: LineStream;
  readonly cloudwatch?: CloudwatchTransport | undefined;
}

const OFF: LogMethod = () => {};

/** Creates the service's logger: winston in front of stdout and, when given, CloudWatch. */
export function createLogger(options: LoggerOptions): DrainableLogger {
  const { stdout, cloudwatch } = options;
  const formatLine = createLineFormat(options.service);
  const formatPretty = stdout.isTTY === true ? createPrettyFormat(stdout) : undefined;
  const writer = createLineWriter(stdout, (lines) => {
    const message = `${lines} log line(s) lost: stdout did not take them`;
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
    // One line for all transports. winston's own formats copy the record, most of what logging costs with them.
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
