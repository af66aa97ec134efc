/** The commands, in the order of the help. */
export const VERBS = ['fit', 'predict', 'moments', 'merge', 'doctor'] as const;

export type Verb = (typeof VERBS)[number];

/** The part of the help to show: what fits a screen, the options of a command, or those of all. */
export type HelpTopic = 'overview' | 'all' | Verb;

/** The help that the words of a command line ask for; undefined if they ask for none. No word at all asks for it, too. */
export function helpTopic(words: readonly string[]): HelpTopic | undefined {
  const isAsked = words.length === 0 || words[0] === 'help' || words.includes('--help') || words.includes('-h');
  if (!isAsked) return undefined;
  return words.includes('all') ? 'all' : (VERBS.find((verb) => words.includes(verb)) ?? 'overview');
}
