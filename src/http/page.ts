/** The place in a list after which the next page starts: the sort key of the last row of the page before. */
export interface Cursor {
  /** ISO 8601 with milliseconds and `Z`, as in the rows. */
  readonly createdAt: string;
  readonly uuid: string;
}

/** What part of a list is asked for. */
export interface PageRequest {
  /** 1 to 100. */
  readonly limit: number;
  readonly before?: Cursor | undefined;
}

/** A part of a list, and where the next one starts; `next` is undefined on the last page. */
export interface Page<Row> {
  readonly rows: Row[];
  readonly next: Cursor | undefined;
}
