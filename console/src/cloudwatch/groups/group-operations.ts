import { invalidValue } from '../aws-error.ts';
import {
  type Input,
  readGroupName,
  readNewGroupName,
  readRecord,
  readStreamName,
  readText,
  toInteger,
} from '../input.ts';
import { readTags } from './log-group-tags.ts';
import type { LogGroups } from './log-groups.ts';

const CLASSES = ['STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY'];
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Returns the operations that create, delete and set the retention of groups and streams. */
export function groupOperations(groups: LogGroups): Record<string, (input: Input) => unknown> {
  return {
    CreateLogGroup(input) {
      groups.createGroup(readNewGroupName(input), readClass(input), readTags(readRecord(input, 'tags')));
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

function readClass(input: Input): string {
  const value = readText(input, 'logGroupClass') ?? 'STANDARD';
  if (CLASSES.includes(value)) return value;
  throw invalidValue('logGroupClass', value, `Member must satisfy enum value set: [${CLASSES.join(', ')}]`);
}

function readRetention(input: Input): number {
  const days = toInteger(input.retentionInDays, 'retentionInDays', 'an Integer');
  if (RETENTION_DAYS.includes(days)) return days;
  throw invalidValue('retentionInDays', days, `Member must be one of ${RETENTION_DAYS.join(', ')}`);
}
