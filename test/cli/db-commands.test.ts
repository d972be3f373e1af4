import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createActivityStore } from '../../src/activities/store.ts';
import { ROOT } from '../helpers/app/service.ts';
import { useDatabase } from '../helpers/database/databases.ts';
import { withAdmin } from '../helpers/database/with-admin.ts';
import { useNodeProcesses } from '../helpers/process/node-process.ts';

const startNode = useNodeProcesses();

/** Runs a command as `npm run` does, in a folder without `.env`. */
function runCommand(name: 'db-migrate' | 'db-seed', environment: Record<string, string>) {
  return startNode([join(ROOT, `src/cli/${name}.ts`)], { cwd: tmpdir(), environment }).ended;
}

describe('the database commands', () => {
  const db = useDatabase('postgres', { empty: true });

  it('create the schema and name the migrations', async () => {
    const first = await runCommand('db-migrate', { DATABASE_URL: db.url });
    expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Applied 001-/), stderr: '' });
    const second = await runCommand('db-migrate', { DATABASE_URL: db.url });
    expect(second).toMatchObject({ code: 0, stdout: 'The schema is up to date.\n', stderr: '' });
  });

  it('store the demo data', async () => {
    expect(await runCommand('db-seed', { DATABASE_URL: db.url })).toMatchObject({ code: 0, stderr: '' });
    const { rows } = await createActivityStore(db.database).home({ limit: 20, before: undefined });
    expect(rows).toHaveLength(4);
  });

  it('name an unreachable database in one line, without the password', async () => {
    const url = 'postgres://cruddur:hush-hush@127.0.0.1:1/cruddur';
    const { code, stdout, stderr } = await runCommand('db-migrate', { DATABASE_URL: url });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^.*ECONNREFUSED 127\.0\.0\.1:1\n$/);
    expect(stderr).not.toContain('hush');
  });

  it('name what is wrong with the URL in one line, and exit with 78', async () => {
    const { code, stdout, stderr } = await runCommand('db-migrate', {
      DATABASE_URL: 'postgres://u:hush%@h/d',
    });
    expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
    expect(stderr).toMatch(
      /^cannot start: invalid configuration \(1 error\)\n {2}DATABASE_URL must [^\n]+\n$/,
    );
    expect(stderr).not.toContain('hush');
  });

  it('wait for another migration as long as the variable says', async () => {
    const waiting = await withAdmin(db.url, async (admin) => {
      await admin.query('begin');
      await admin.query(`select pg_advisory_xact_lock(${0x63727564})`);
      const variables = { DATABASE_URL: db.url, DATABASE_MIGRATION_TIMEOUT_MS: '1000' };
      return runCommand('db-migrate', variables);
    });
    expect(waiting).toMatchObject({ code: 1, stderr: expect.stringContaining('statement timeout') });
  });

  it('name the missing variable and exit with 78', async () => {
    const { code, stderr } = await runCommand('db-seed', {});
    expect(code).toBe(78);
    expect(stderr).toContain('DATABASE_URL');
  });
});
