/** `review` of overread.yaml: what is shown to reviewers, and when a review is at its end (docs/review.md, docs/suspects.md). */
import { Type } from '@sinclair/typebox';

const part = Type.Unsafe<'train' | 'validation' | 'test'>({
  type: 'string',
  enum: ['train', 'validation', 'test'],
  description: 'A part.',
});

export const reviewSettings = Type.Object(
  {
    splits: Type.Array(part, {
      default: ['train', 'validation'],
      uniqueItems: true,
      description:
        'The parts shown in review unless asked otherwise. The test part is left out so that it stays a test.',
    }),
    blind: Type.Boolean({
      default: false,
      description:
        'Blind reading: the editor shows an image and nothing that is known of it (label, prediction, path, other readers) until the reader has answered. The page and the setting overread.review.blind overrule it; an answer after a look is marked as not blind.',
    }),
    blind_columns: Type.Array(Type.String({ minLength: 1 }), {
      default: [],
      uniqueItems: true,
      description:
        'Columns of the table that a blind reader may see, for instance [age, view]. Columns with a meaning of their own (path, patient, label, part) cannot be among them.',
    }),
    target: Type.Number({
      default: 0.05,
      exclusiveMinimum: 0,
      maximum: 0.5,
      description:
        'The share of wrong labels that is good enough: an audit of the labels that nobody has looked at (overread suspects --audit) is passed when fewer are wrong.',
    }),
    queues: Type.Record(
      Type.String(),
      Type.String({ minLength: 1, description: 'One SQL expression over the columns of the items.' }),
      {
        default: {},
        description:
          'Queues of your own by their names, each a filter: "Old and sure": age > 60 AND p > 0.9. They are counted when they are opened, and not run before the workspace is trusted.',
      },
    ),
  },
  { additionalProperties: false, default: {}, description: 'Review.' },
);
