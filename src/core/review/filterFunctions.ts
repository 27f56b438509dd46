/**
 * The functions that a filter may call: pure, on one row, with a result no larger than its arguments by much.
 * An allowlist, since DuckDB adds functions with every release: nothing here reads files, settings, the
 * environment, other tables or the clock, none can blow up memory (`repeat`, `lpad`, `range`, `replace` in
 * `replace`), and none takes the square of a text's length (`levenshtein`): DuckDB looks at the time limit only
 * between blocks of 2,048 rows.
 */
const byTopic = {
  text: [
    'lower upper lcase ucase trim ltrim rtrim length len strlen left right substring substr',
    'contains starts_with ends_with prefix suffix instr strpos position concat concat_ws split_part',
    'regexp_matches regexp_full_match regexp_extract like_escape ilike_escape not_like_escape',
    'not_ilike_escape reverse ascii strip_accents translate nfc_normalize',
    'string_split str_split list_contains list_has array_contains list_value list_extract element_at row',
  ],
  numbers: [
    'abs ceil ceiling floor round trunc sign sqrt cbrt exp ln log log2 log10 pow power mod divide fmod',
    'greatest least isnan isinf isfinite even degrees radians sin cos tan asin acos atan atan2 pi xor',
    'add subtract multiply gcd lcm hash',
  ],
  choices: ['coalesce ifnull nullif if isnull constant_or_null'],
  dates: [
    'date_part datepart date_trunc datetrunc date_diff datediff date_sub datesub date_add year month day',
    'quarter week weekday dayofweek dayofyear isodow hour minute second make_date strftime strptime',
    'try_strptime last_day age epoch dayname monthname century decade yearweek',
  ],
} as const;

export const filterFunctions: ReadonlySet<string> = new Set(
  Object.values(byTopic).flatMap((lines) => lines.flatMap((line) => line.split(' '))),
);

/** Operators are functions by their signs: `+`, `||`, `~~` (LIKE), `!~~*` … */
export function isFilterFunction(name: string): boolean {
  return filterFunctions.has(name.toLowerCase()) || /^[-+*/%^&|~!<>=@#]+$/.test(name);
}
