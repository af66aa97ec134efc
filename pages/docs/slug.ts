/** The anchor of a heading, as GitHub makes it: lower case, without punctuation, with hyphens for spaces. */
export function slugOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}
