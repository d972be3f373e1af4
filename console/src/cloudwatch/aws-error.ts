/** An error of AWS JSON 1.1; `type` is its name. */
export class AwsError extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

/** The value of a parameter breaks a constraint. */
export function invalidValue(parameter: string, value: unknown, constraint: string): AwsError {
  const shown = value === null ? 'null' : `'${String(value).slice(0, 100)}'`;
  const broken = `Value ${shown} at '${parameter}' failed to satisfy constraint: ${constraint}`;
  return invalidParameter(`1 validation error detected: ${broken}`);
}

export function missing(parameter: string): AwsError {
  return invalidValue(parameter, null, 'Member must not be null');
}

/** A value in JSON has another type than its parameter; `type` is the right one, such as `a String`. */
export function wrongType(value: unknown, type: string): AwsError {
  return new AwsError('SerializationException', reasonOf(value, type));
}

function reasonOf(value: unknown, type: string): string {
  if (Array.isArray(value)) return 'Start of list found where not expected';
  if (typeof value === 'object') return 'Start of structure or map found where not expected.';
  const name = typeof value === 'boolean' ? String(value) : typeof value;
  return `${name.toUpperCase()}_VALUE can not be converted to ${type}`;
}
