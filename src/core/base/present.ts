/**
 * What is there unless the program is at fault: an element at an index that is inside, a key that was put into the
 * map before. What data or a person can cause is checked and said as an `OverreadError` instead.
 * @param what it is, as the message names it: "the sample"
 * @throws Error (a defect) there is none
 */
export function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`${what} is missing`);
  return value;
}
