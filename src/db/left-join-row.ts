/** The result of a left join without a matching row. */
export interface NullRow {
  readonly uuid: null;
}

/** Returns whether the left join found a row. */
export function hasRow<Row extends { uuid: string }>(row: Row | NullRow): row is Row {
  return row.uuid !== null;
}
