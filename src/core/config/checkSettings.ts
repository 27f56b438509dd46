/** `check` of overread.yaml: findings of `overread check` that somebody has looked at and let be (docs/check.md). */
import { Type } from '@sinclair/typebox';

const ignored = Type.Object(
  {
    code: Type.String({
      pattern: '^OVR\\d{3}$',
      description: 'The code of the finding, for instance OVR314.',
    }),
    sample: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'An image that it is about; without one all findings of the code.',
      }),
    ),
    reason: Type.String({ minLength: 1, description: 'Why it may be let be.' }),
  },
  { additionalProperties: false, description: 'A finding that is let be.' },
);

export const checkSettings = Type.Object(
  {
    ignore: Type.Array(ignored, {
      default: [],
      description: 'Findings of overread check that are counted and not listed, each with a reason.',
    }),
  },
  { additionalProperties: false, default: {}, description: 'The check of the data.' },
);
