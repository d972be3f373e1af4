import { invalidParameter } from './aws-error.ts';
import { parseJsonPattern } from './patterns/json-pattern.ts';
import { parseTextPattern } from './patterns/text-pattern.ts';

const MAX_LENGTH = 1024;

/**
 * Parses a filter pattern, terms or a JSON pattern in braces, into a predicate for messages. Throws
 * InvalidParameterException when it is invalid. Patterns in brackets and regular expressions are not
 * supported.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function parseFilterPattern(pattern: string): (message: string) => boolean {
  const text = pattern.trim();
  if (text.length > MAX_LENGTH)
    throw invalidParameter(`filterPattern is longer than ${MAX_LENGTH} characters.`);
  if (text === '') return () => true;
  if (text.startsWith('[')) {
    throw invalidParameter(
      'Invalid filter pattern: patterns of space-delimited fields are not supported here',
    );
  }
  return text.startsWith('{') ? parseJsonPattern(text) : parseTextPattern(text);
}
