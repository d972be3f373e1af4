/** What a left join gives where the row itself does not exist. */
export interface AbsentRow {
  readonly uuid: null;
}

export function isPresent<Row extends { uuid: string }>(row: Row | AbsentRow): row is Row {
  return row.uuid !== null;
}
