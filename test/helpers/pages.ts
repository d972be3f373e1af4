import type supertest from 'supertest';
import { expect } from 'vitest';

type Get = (path: string) => supertest.Test;

/** Follows `Link` from a list to its last page. Fails when a response is not a 200. */
export async function pagesOf(get: Get, path: string): Promise<supertest.Response[]> {
  const all: supertest.Response[] = [];
  for (let next: string | undefined = path; next !== undefined; ) {
    const response: supertest.Response = await get(next).expect(200);
    all.push(response);
    expect(all.length).toBeLessThan(200);
    const link = /^<([^>]+)>; rel="next"$/.exec(response.headers.link ?? '')?.[1];
    next = link && new URL(link, `http://localhost${next}`).href.replace('http://localhost', '');
  }
  return all;
}
