import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import supertest from 'supertest';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { readConfig } from '../../../src/config/config.ts';
import { type AppContext, createContext } from '../../../src/context.ts';
import type { Database } from '../../../src/db/database.ts';
import type { Endpoint } from '../../../src/http/endpoint.ts';
import { createApiServer } from '../../../src/http/server/create-server.ts';
import { createSinks } from '../../../src/observability/delivery/sink-counters.ts';
import type { LogFields, Logger } from '../../../src/observability/logging/logger.ts';
import type { Reporter } from '../../../src/observability/rollbar/reporter.ts';
import { startTracing } from '../../../src/observability/tracing/start.ts';
import { type DatabaseKind, useDatabase } from '../database/databases.ts';
import { LIMITS_OFF } from '../limits-off.ts';

interface Line {
  readonly level: keyof Logger;
  readonly message: string;
  readonly fields: LogFields;
}

interface Report {
  readonly level: 'error' | 'warning';
  readonly what: unknown;
  readonly path: string | undefined;
}

export interface TestApp {
  readonly port: number;
  readonly database: Database;
  /** The log lines and the reports of the current test. */
  readonly lines: readonly Line[];
  readonly reports: readonly Report[];
  get(path: string): supertest.Test;
  post(path: string, body?: string | object): supertest.Test;
  request(method: 'delete' | 'head' | 'options' | 'patch' | 'put', path: string): supertest.Test;
}

export interface TestAppOptions {
  readonly kind?: DatabaseKind;
  readonly environment?: NodeJS.ProcessEnv;
  /** Replaces members of the context; receives the database of the test. */
  overrides?(database: Database): Partial<AppContext> | Promise<Partial<AppContext>>;
  /** Added to the service's own routes. */
  readonly routes?: readonly Endpoint[];
}

/** Serves the app on its own database while the tests of the file run. Records log lines and reports. */
export function useApp(options: TestAppOptions = {}): TestApp {
  const { kind = 'postgres', environment = {}, overrides = () => ({}), routes } = options;
  const test = useDatabase(kind);
  const lines: Line[] = [];
  const reports: Report[] = [];
  let server: Server;

  beforeAll(async () => {
    const { database } = test;
    const config = readConfig({ DATABASE_URL: test.url, ...LIMITS_OFF, ...environment });
    const sinks = createSinks(config);
    const tracing = await startTracing(config, sinks);
    const context = await createContext(
      { config, sinks, tracing },
      {
        database,
        logger: { ...recordLines(lines), drain: async () => {} },
        reporter: recordReports(reports),
        ...(await overrides(database)),
      },
    );
    server = createApiServer(context, createApp(context, routes)).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  beforeEach(() => {
    lines.length = 0;
    reports.length = 0;
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  return {
    lines,
    reports,
    get port() {
      return (server.address() as AddressInfo).port;
    },
    get database() {
      return test.database;
    },
    get: (path) => supertest(server).get(path),
    post: (path, body) => supertest(server).post(path).send(body),
    request: (method, path) => supertest(server)[method](path),
  };
}

function recordLines(lines: Line[]): Logger {
  const at =
    (level: keyof Logger) =>
    (message: string, fields: LogFields = {}) => {
      lines.push({ level, message, fields });
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function recordReports(reports: Report[]): Reporter {
  const at = (level: Report['level']) => (what: unknown, request?: { path: string }) => {
    reports.push({ level, what, path: request?.path });
  };
  return { error: at('error'), warning: at('warning'), drain: async () => {} };
}
