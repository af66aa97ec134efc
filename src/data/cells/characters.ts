/** Codes of the characters that numbers and rows are made of. */
export const ZERO = 48;
export const NINE = 57;
export const POINT = 46;
export const COMMA = 44;
export const MINUS = 45;
export const PLUS = 43;
export const LOWER_E = 101;
export const LINE_FEED = 10;
export const CARRIAGE_RETURN = 13;
