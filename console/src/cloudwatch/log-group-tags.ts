import { asArray, asRecord, asString } from '../json.ts';
import { AwsError, invalidParameter } from './aws-error.ts';
import { groupNameOfArn, type Input } from './input.ts';
import type { LogGroup, LogGroups } from './log-groups.ts';

const MAX_TAGS = 50;
const MAX_KEY_LENGTH = 128;
const MAX_VALUE_LENGTH = 256;

/** Returns the operations on tags. They name a log group by its ARN. */
export function tagOperations(groups: LogGroups): Record<string, (input: Input) => unknown> {
  const find = ({ resourceArn }: Input): LogGroup => {
    const name = groupNameOfArn(resourceArn);
    if (name === undefined) throw invalidParameter('resourceArn is not the ARN of a log group.');
    return groups.group(name);
  };
  return {
    TagResource: (input) => addTags(find(input), asRecord(input.tags)),
    UntagResource(input) {
      const { tags } = find(input);
      for (const key of asArray(input.tagKeys)) tags.delete(asString(key) ?? '');
    },
    ListTagsForResource: (input) => ({ tags: Object.fromEntries(find(input).tags) }),
  };
}

/** Adds all tags or none. Throws when a tag is invalid, or when the group would have too many. */
export function addTags(group: LogGroup, tags: Readonly<Record<string, unknown>>): void {
  const added = Object.entries(tags).map(readTag);
  const total = new Set([...group.tags.keys(), ...Object.keys(tags)]).size;
  if (total > MAX_TAGS)
    throw new AwsError('TooManyTagsException', `A log group has at most ${MAX_TAGS} tags.`);
  for (const [key, value] of added) group.tags.set(key, value);
}

function readTag([key, value]: [string, unknown]): [string, string] {
  const valid = key !== '' && key.length <= MAX_KEY_LENGTH;
  if (valid && typeof value === 'string' && value.length <= MAX_VALUE_LENGTH) return [key, value];
  throw invalidParameter('A tag is a key of 1 to 128 characters and a value of up to 256.');
}
