import { asRecord } from '../json.ts';
import { invalidParameter } from './aws-error.ts';
import { type Input, readGroupName, readStreamName, readText } from './input.ts';
import { addTags } from './log-group-tags.ts';
import type { LogGroups } from './log-groups.ts';

const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Returns the operations that create, delete and set the retention of groups and streams. */
export function groupOperations(groups: LogGroups): Record<string, (input: Input) => unknown> {
  return {
    CreateLogGroup(input) {
      const group = groups.createGroup(readGroupName(input), readText(input, 'logGroupClass') ?? 'STANDARD');
      addTags(group, asRecord(input.tags));
    },
    CreateLogStream: (input) => groups.createStream(readGroupName(input), readStreamName(input)),
    DeleteLogGroup: (input) => groups.deleteGroup(readGroupName(input)),
    DeleteLogStream: (input) => groups.deleteStream(readGroupName(input), readStreamName(input)),
    PutRetentionPolicy(input) {
      groups.group(readGroupName(input)).retentionDays = readRetention(input);
    },
    DeleteRetentionPolicy(input) {
      delete groups.group(readGroupName(input)).retentionDays;
    },
  };
}

function readRetention({ retentionInDays: days }: Input): number {
  if (typeof days === 'number' && RETENTION_DAYS.includes(days)) return days;
  throw invalidParameter(`retentionInDays must be one of ${RETENTION_DAYS.join(', ')}`);
}
