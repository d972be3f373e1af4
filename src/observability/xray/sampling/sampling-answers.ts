import { z } from 'zod';

/** The limits are the API's own, so that a response cannot make rule matching expensive. */
const pattern = (longest: number) => z.string().min(1).max(longest);
const ruleName = pattern(32).refine((name) => !(name in Object.prototype), 'not a rule name');
const unixSeconds = z.number().min(0).max(4_102_444_800);

/** https://docs.aws.amazon.com/xray/latest/api/API_SamplingRule.html, version 1. */
export const SamplingRule = z.object({
  RuleName: ruleName,
  ResourceARN: z.string(),
  Priority: z.int().min(1).max(10_000),
  FixedRate: z.number().min(0).max(1),
  ReservoirSize: z.int().min(0),
  ServiceName: pattern(64),
  ServiceType: pattern(64),
  Host: pattern(64),
  HTTPMethod: pattern(10),
  URLPath: pattern(128),
  Version: z.literal(1),
  Attributes: z.record(z.string(), z.string()).nullish(),
});
export type SamplingRule = z.infer<typeof SamplingRule>;

const Rules = z.object({
  SamplingRuleRecords: z
    .array(z.object({ SamplingRule: z.looseObject({ RuleName: z.unknown().optional(), Version: z.int() }) }))
    .max(500),
});

/** The rules of a response, and those that this client does not support. */
export interface SamplingRules {
  readonly supported: readonly SamplingRule[];
  readonly ignored: readonly { readonly name: string; readonly reason: string }[];
}

const Targets = z.object({
  LastRuleModification: unixSeconds,
  SamplingTargetDocuments: z
    .array(
      z.object({
        RuleName: ruleName,
        FixedRate: z.number().min(0).max(1).nullish(),
        ReservoirQuota: z.int().min(0).nullish(),
        ReservoirQuotaTTL: unixSeconds.nullish(),
        Interval: z.int().min(0).max(3600).nullish(),
      }),
    )
    .max(500),
});
export type SamplingTargets = z.infer<typeof Targets>;

/**
 * Parses a `GetSamplingRules` response. This client supports rules of version 1 for any resource, without
 * attributes. Throws when the response does not match the API's documentation.
 */
export function parseRules(body: string): SamplingRules {
  const supported: SamplingRule[] = [];
  const ignored: { name: string; reason: string }[] = [];
  for (const { SamplingRule: record } of parse(Rules, body).SamplingRuleRecords) {
    if (record.Version !== 1) {
      ignored.push({
        name: String(record.RuleName ?? 'without a name').slice(0, 32),
        reason: `version ${record.Version}`,
      });
      continue;
    }
    const rule = check(SamplingRule, record);
    const reason = unsupported(rule);
    if (reason === undefined) supported.push(rule);
    else ignored.push({ name: rule.RuleName, reason });
  }
  return { supported, ignored };
}

function unsupported({ ResourceARN, Attributes }: SamplingRule): string | undefined {
  if (ResourceARN !== '*') return 'ResourceARN';
  return Object.keys(Attributes ?? {}).length > 0 ? 'attributes' : undefined;
}

/** Parses a `SamplingTargets` response. Throws when it does not match the API's documentation. */
export function parseTargets(body: string): SamplingTargets {
  return parse(Targets, body);
}

function parse<Schema extends z.ZodType>(schema: Schema, body: string): z.infer<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new Error('the answer is not JSON');
  }
  return check(schema, value);
}

/** The error names the path and kind of the first mismatch, never a value. */
function check<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Error(
    `the answer does not match the API documentation: ${issue?.path.join('.')} ${issue?.message}`,
  );
}
