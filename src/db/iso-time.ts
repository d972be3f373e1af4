/** The SQL of a moment as clients see it: ISO 8601 with milliseconds and `Z`; null stays null. */
export function isoTime(moment: string): string {
  return `to_char(${moment} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
