/** `operating_points` and `prevalence` of overread.yaml: what a test is to reach, and in whom it will be used (docs/run-page.md). */
import { Type } from '@sinclair/typebox';

const rate = (description: string) => Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1, description });
const closed = { additionalProperties: false } as const;

export const operatingPoints = Type.Record(
  Type.String(),
  Type.Union([
    Type.Literal('youden'),
    Type.Object({ sensitivity: rate('The least sensitivity, 0 to 1.') }, closed),
    Type.Object({ specificity: rate('The least specificity, 0 to 1.') }, closed),
    Type.Object({ threshold: rate('The probability from which on it is called, 0 to 1.') }, closed),
  ]),
  {
    default: {},
    description:
      'Class or finding → its target: youden, {sensitivity: 0.95}, {specificity: 0.9}, or {threshold: 0.31}. The threshold that meets it is found on the out-of-fold scores of each run, shown on validation, and exported with the model. It changes no error of the review.',
  },
);

export const prevalence = Type.Record(
  Type.String(),
  rate('The share of patients who have it where the model will be used, 0 to 1.'),
  {
    default: {},
    description:
      'Class or finding → how many of the patients have it where the model will be used, 0 to 1. Predictive values and decision curves are weighted to it; without it they hold for the data as they are.',
  },
);
