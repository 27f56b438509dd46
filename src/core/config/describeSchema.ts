/** What a schema allows, in words: for messages ("Expected: …") and for docs/configuration.md. */

/** The part of JSON Schema that configSchema.ts uses. */
export interface SchemaNode {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly SchemaNode[];
  readonly items?: SchemaNode;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly patternProperties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly default?: unknown;
  readonly description?: string;
}

/** `a number from 0 to 1`, `multi-class or multi-label`, `text or null`. */
export function describeSchema(schema: SchemaNode): string {
  if (schema.anyOf) return joinOr(schema.anyOf.map(describeSchema));
  if (schema.const !== undefined) return JSON.stringify(schema.const).replaceAll('"', '');
  if (schema.enum) return joinOr(schema.enum.map(String));
  switch (schema.type) {
    case 'string':
      return (schema.minLength ?? 0) > 0 ? 'text' : 'text, may be empty';
    case 'boolean':
      return 'true or false';
    case 'integer':
      return `a whole number${describeRange(schema)}`;
    case 'number':
      return `a number${describeRange(schema)}`;
    case 'array':
      return `a list${schema.items ? ` of ${describeSchema(schema.items)}` : ''}`;
    case 'object':
      return schema.properties
        ? `settings {${Object.keys(schema.properties).join(', ')}}`
        : 'a map from text to value';
    case 'null':
      return 'null';
    default:
      return 'a value';
  }
}

function describeRange({ minimum, maximum, exclusiveMinimum }: SchemaNode): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return ` of at least ${minimum}`;
  if (exclusiveMinimum !== undefined) return ` above ${exclusiveMinimum}`;
  return '';
}

function joinOr(parts: readonly string[]): string {
  const distinct = [...new Set(parts)];
  const last = distinct.pop() ?? '';
  return distinct.length === 0 ? last : `${distinct.join(', ')} or ${last}`;
}
