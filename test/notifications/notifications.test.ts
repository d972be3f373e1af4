import { expect, test } from 'vitest';
import { z } from 'zod';
import { Activity } from '../../src/activities/activity.ts';
import { useApp } from '../helpers/app/app.ts';
import { matching } from '../helpers/app/matching.ts';

const REPLY = '26e12864-1c26-5c3a-9658-97a10f8fea67';

const app = useApp({ kind: 'embedded' });

test('shows replies to the demo user and mentions of them, newest first', async () => {
  const found = matching(
    z.array(Activity),
    (await app.get('/api/activities/notifications').expect(200)).body,
  );
  expect(found.some(({ uuid }) => uuid === REPLY)).toBe(true);
  expect(found.some(({ message }) => message.includes('@andrewbrown'))).toBe(true);
  expect(found.every(({ handle }) => handle !== 'andrewbrown')).toBe(true);
  const times = found.map(({ created_at }) => created_at);
  expect(times).toEqual(times.toSorted().reverse());
});

test('has pages', async () => {
  const whole = (await app.get('/api/activities/notifications')).body;
  const first = await app.get('/api/activities/notifications?limit=1').expect(200);
  const next = /^<([^>]+)>; rel="next"$/.exec(first.headers.link ?? '')?.[1] ?? '';
  const second = await app.get(`/api/activities/notifications${next}`).expect(200);
  expect([...first.body, ...second.body]).toEqual(whole.slice(0, 2));
});
