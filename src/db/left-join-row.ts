/** What a left join gives where the row itself does not exist. */
export interface NullRow {
  readonly uuid: null;
}

export function hasRow<Row extends { uuid: string }>(row: Row | NullRow): row is Row {
  return row.uuid !== null;
}
