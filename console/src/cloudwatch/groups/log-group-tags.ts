import { AwsError, invalidParameter, invalidValue, missing } from '../aws-error.ts';
import { groupNameOfArn, type Input, readList, readRecord, readText, toText } from '../input.ts';
import type { LogGroup } from './log-group.ts';
import type { LogGroups } from './log-groups.ts';

const MAX_TAGS = 50;
const KEY = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u;
const VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;

/** Returns the operations on tags. They name a log group by its ARN. */
export function tagOperations(groups: LogGroups): Record<string, (input: Input) => unknown> {
  const find = (input: Input): LogGroup => {
    const name = groupNameOfArn(readText(input, 'resourceArn'));
    if (name === undefined) throw invalidParameter('resourceArn is not the ARN of a log group.');
    return groups.group(name);
  };
  return {
    TagResource(input) {
      const group = find(input);
      const tags = readRecord(input, 'tags');
      if (tags === undefined) throw missing('tags');
      const total = new Set([...group.tags.keys(), ...Object.keys(tags)]).size;
      if (total > MAX_TAGS) {
        throw new AwsError('TooManyTagsException', `A log group has at most ${MAX_TAGS} tags.`);
      }
      groups.setTags(group, readTags(tags));
    },
    UntagResource(input) {
      const keys = readList(input, 'tagKeys')?.map((key) => toText(key, 'tagKeys'));
      groups.deleteTags(find(input), keys ?? []);
    },
    ListTagsForResource: (input) => ({ tags: Object.fromEntries(find(input).tags) }),
  };
}

/** Checks tags, of which there are none when they are absent. */
export function readTags(tags: Readonly<Record<string, unknown>> = {}): Map<string, string> {
  const entries = Object.entries(tags);
  if (entries.length > MAX_TAGS) {
    throw invalidValue('tags', entries.length, `Member must have length less than or equal to ${MAX_TAGS}`);
  }
  return new Map(entries.map(readTag));
}

function readTag([key, given]: [string, unknown]): [string, string] {
  const value = toText(given, 'tags');
  if (!KEY.test(key)) throw invalidValue('tags', key, `Map keys must satisfy ${KEY.source}`);
  if (!VALUE.test(value)) throw invalidValue('tags', value, `Map values must satisfy ${VALUE.source}`);
  return [key, value];
}
