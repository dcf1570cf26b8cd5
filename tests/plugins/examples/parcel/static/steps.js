/** How many questions stand there after so many taps on "more". */
export const steps = (taps) => 4 + 4 * taps;
