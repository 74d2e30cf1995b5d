/** The lower one of the two in the middle of an even number; `values` must not be empty. */
export const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
