/** Who an image is of, by its header: the patient, or the study where the patient's number stands for nobody. */

/** What a header says of whom its image is of. */
export interface Identity {
  readonly patientId: string;
  /** As DICOM writes it: family^given. */
  readonly patientName: string;
  readonly birthDate: string;
  readonly sex: string;
  readonly institution: string;
  readonly accession: string;
  readonly study: string;
}

/** Whom the images are grouped by. */
export interface Grouping {
  /** For each image, what its group is called before it is hashed. */
  readonly groups: readonly string[];
  /** How many images fell back to their study, by what stood in place of a patient's number. */
  readonly placeholders: ReadonlyMap<string, number>;
}

/** Texts in place of a number, without what is no letter or digit; single digits and zeros are found by a rule. */
const placeholders: ReadonlySet<string> = new Set([
  '', 'anon', 'anonym', 'anonymous', 'anonymized', 'anonymised', 'deidentified', 'deid', 'none', 'null', 'nan', 'na',
  'unknown', 'unbekannt', 'patient', 'patientid', 'noid', 'id', 'removed', 'redacted', 'hidden', 'test', 'xxx', 'anonpatient',
]); // prettier-ignore

/** Two people of one number: births or sexes that differ more often than slips do. */
const mostBirthDates = 3;

/** @param identities one for each image */
export function groupByPatient(identities: readonly Identity[]): Grouping {
  const shared = sharedNumbers(identities);
  const found = new Map<string, number>();
  const groups = identities.map((identity, i) => {
    const { patientId, study } = identity;
    if (!isPlaceholder(identity) && !shared.has(patientId)) return `patient\0${patientId}`;
    found.set(patientId, (found.get(patientId) ?? 0) + 1);
    // Without a study either, the image is its own.
    return study === '' ? `image\0${i}` : `study\0${study}`;
  });
  return { groups, placeholders: found };
}

function isPlaceholder({ patientId, institution }: Identity): boolean {
  const plain = plainText(patientId);
  if (placeholders.has(plain) || /^(0+|x+|9{4,}|anon\w*|(?:123)+4?5?6?)$/.test(plain)) return true;
  return institution !== '' && plain === plainText(institution);
}

const plainText = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');

/** Numbers that stand for several people: both sexes, or many dates of birth. */
function sharedNumbers(identities: readonly Identity[]): ReadonlySet<string> {
  const facts = new Map<string, { sexes: Set<string>; births: Set<string> }>();
  for (const { patientId, sex, birthDate } of identities) {
    const known = facts.get(patientId) ?? { sexes: new Set(), births: new Set() };
    if (/^[MF]$/i.test(sex)) known.sexes.add(sex.toUpperCase());
    if (birthDate !== '') known.births.add(birthDate);
    facts.set(patientId, known);
  }
  return new Set(
    [...facts]
      .filter(([, { sexes, births }]) => sexes.size > 1 || births.size > mostBirthDates)
      .map(([id]) => id),
  );
}

/** Letters and digits that a number or name must have to be looked for in paths: shorter ones are there by chance. */
const leastLength = 4;

/** Whether a path tells who the image is of: by number, name, date of birth or accession number. */
export function tellsWho(path: string, { patientId, patientName, birthDate, accession }: Identity): boolean {
  const text = path.toLowerCase();
  const names = patientName.split(/[\^= ,]+/).filter((part) => part.length >= leastLength);
  return [patientId, birthDate, accession, ...names]
    .filter((one) => one.length >= leastLength && !placeholders.has(plainText(one)))
    .some((one) => text.includes(one.toLowerCase()));
}
