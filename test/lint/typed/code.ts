// Stands for the code of each case of nonNullOfTypedArray.test.ts.
