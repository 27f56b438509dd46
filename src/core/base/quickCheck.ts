/**
 * What is right is told by TypeBox's own check of a schema, compiled in a millisecond or two: Ajv takes fifty times as long to compile, and is
 * needed for what is wrong alone, since it says where and what.
 */
import { TypeRegistry, type TSchema } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';

/** TypeScript's unions of texts in our schemas (`Type.Unsafe`) are lists of texts; of any other nothing is known to be right. */
TypeRegistry.Set<{ readonly enum?: readonly unknown[] }>('Unsafe', ({ enum: texts }, value) =>
  Boolean(texts?.includes(value)),
);

/**
 * Whether a value of JSON or YAML is as its schema says. False may also be of one that Ajv finds to be right: it counts the characters of a
 * text, TypeBox its UTF-16 units. What JSON Schema has and TypeBox has not (if, allOf) is not looked at;
 * no text is right of a format that TypeBox's `FormatRegistry` has not. The schema is compiled when the first value comes, or by `prepare`.
 */
export function quickCheck(schema: TSchema): {
  readonly isRight: (value: unknown) => boolean;
  readonly prepare: () => void;
} {
  let compiled: ReturnType<typeof TypeCompiler.Compile> | undefined;
  const check = (): ReturnType<typeof TypeCompiler.Compile> => (compiled ??= TypeCompiler.Compile(schema));
  return { isRight: (value) => check().Check(value), prepare: () => void check() };
}
