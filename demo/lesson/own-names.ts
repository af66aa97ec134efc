// The choices of section 7 by their names, which the address of the page holds.

/** Encodings that a file may have which is not UTF-8; 'auto' finds UTF-8 and UTF-16. */
export const ENCODINGS = ['auto', 'euc-kr', 'shift_jis', 'gb18030', 'windows-1252'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** Rows with gaps: refused, so that the reader decides, or left out. */
export const GAPS = ['error', 'drop'] as const;
export type Gaps = (typeof GAPS)[number];
