// @ts-check
// The form of CHANGELOG.md: a section for each version; a defect that was mended states symptom, size, cause and effect.

/** **The symptom, as a user saw it.** Size: how much, how often. Cause: why. Effect: what is right now, what to do. */
const DEFECT = /^- \*\*[^*]+\.\*\* Size: .+ Cause: .+ Effect: .+\.$/;

/**
 * The sections of a version, each with its entries in one line each.
 *
 * @param {string} text
 * @param {string} version
 */
function sectionsOf(text, version) {
  const section = text.split(/^## /m).find((part) => part.split('\n', 1)[0]?.split(' ')[0] === version);
  if (section === undefined) return null;
  return section
    .split(/^### /m)
    .slice(1)
    .map((part) => {
      const [title = '', ...lines] = part.split('\n');
      const entries = lines.join('\n').split(/^(?=- )/m);
      return { title, entries: entries.map((entry) => entry.replace(/\s+/g, ' ').trim()).filter(Boolean) };
    });
}

/** The kinds of entries, in their order. */
const TITLES = ['Fixed', 'Changed', 'Added', 'Removed', 'Renamed'];

/**
 * The faults of the section of a version.
 *
 * @param {string} text
 * @param {string} version
 * @returns {string[]}
 */
export function problemsOfChangelog(text, version) {
  const sections = sectionsOf(text, version);
  if (sections === null) return [`no section "## ${version}". Write one; it takes the place of Unreleased.`];
  if (sections.length === 0) return [`"## ${version}" has no part such as "### Fixed".`];
  const unknown = sections.filter(({ title }) => !TITLES.includes(title));
  const empty = sections.filter(({ entries }) => !entries.some((entry) => entry.startsWith('- ')));
  const fixed = sections.find(({ title }) => title === 'Fixed')?.entries ?? [];
  const formless = fixed.filter((entry) => !DEFECT.test(entry));
  return [
    ...unknown.map(({ title }) => `"### ${title}" is none of ${TITLES.join(', ')}.`),
    ...empty.map(({ title }) => `"### ${title}" has no entry.`),
    ...formless.map((entry) => `"${entry.slice(0, 60)}…" does not state symptom, Size, Cause and Effect.`),
  ];
}
