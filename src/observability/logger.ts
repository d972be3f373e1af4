/** One record; `fields` become members of its JSON line. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where the service's log lines go. Never throws, never waits. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}
