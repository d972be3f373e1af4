import { TTL_MS } from '../ttl.ts';

const HOUR_MS = 3_600_000;

/** The `lifetime_class` of rows that live longer than any lifetime of the API, or forever. */
const LONGEST = 32_767;

/** The other classes: the lifetimes of the API in hours, as in the SQL function `lifetime_class`. */
const HOURS = Object.values(TTL_MS).map((milliseconds) => milliseconds / HOUR_MS);

/** A table of the classes. A live row of a class was created after `since`, so a scan can stop there. */
const CLASSES = [
  ...HOURS.map((hours) => `(${hours}::smallint, now() - interval '${hours} hours')`),
  `(${LONGEST}::smallint, '-infinity'::timestamptz)`,
].join(', ');

/**
 * Returns SQL that selects the newest live rows. `rows` selects those of one class: it refers to `class.id`
 * and `class.since`, reads an index in the order of the list, and ends with the same `limit`. So each class
 * reads one range of the index, which holds no rows that have been expired for long.
 */
export function newestOfAllLifetimes(rows: string, limit: string): string {
  return `
    select page.*
    from (values ${CLASSES}) as class (id, since)
    cross join lateral (${rows} limit ${limit}) page
    order by page.created_at desc, page.uuid desc
    limit ${limit}`;
}
