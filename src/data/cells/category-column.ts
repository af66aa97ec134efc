import { quote } from '../../base/quote.js';
import { quotedList, quoteName } from '../../base/quote-names.js';
import type { CategoryColumn } from '../table/encoding.js';
import type { ColumnPlan, ReadingRules } from './column.js';
import { sortedWords } from './sorted-words.js';
import { groupsBySpelling } from './spellings.js';
import { REFUSED, WordReader } from './word-column.js';

/** Levels in more than one spelling that a report shows. */
const MOST_SHOWN = 3;

/** A column of categories, whose words are levels. */
export class CategoryReader extends WordReader {
  readonly #known: CategoryColumn | undefined;

  constructor(plan: ColumnPlan, rules: ReadingRules) {
    super(plan, rules);
    this.#known = plan.known?.kind === 'category' ? plan.known : undefined;
    if (this.#known) this.know(this.#known.levels);
  }

  override settle(): void {
    if (!this.#known) this.close(sortedWords(this.words));
  }

  /** Levels that differ by case only stay apart, since nobody said that they are one. */
  guesses(): string[] {
    const groups = this.#known ? [] : groupsBySpelling(this.words).filter(({ length }) => length > 1);
    if (groups.length === 0) return [];
    const shown = groups.slice(0, MOST_SHOWN).map((group) => group.map(quote).join(' and '));
    const more = groups.length > MOST_SHOWN ? `, and ${groups.length - MOST_SHOWN} more` : '';
    return [`Levels of ${quoteName(this.plan.name)} differ by case only and count as different ones: ${shown.join('; ')}${more}.`]; // prettier-ignore
  }

  override encoding(): CategoryColumn {
    if (this.#known) return this.#known;
    const { droppedLevel, unseenLevels } = this.rules.settings;
    const dropped = droppedLevel === 'first' ? 0 : -1;
    return { name: this.plan.name, kind: 'category', levels: this.words, dropped, unseen: unseenLevels };
  }

  /** After training the code behind the last level stands for all that are not known. */
  protected override codeOfNew(word: string, row: number): number {
    if (!this.#known) return this.words.length;
    const { levels, unseen } = this.#known;
    if (unseen === 'zeros') return levels.length;
    this.rules.faults.add('level', this.plan.name, row, () => ({
      code: this.rules.code,
      got: quote(word),
      expected: `a level that the model was trained on, ${quotedList(levels, 'levels')}`,
      fix: "Leave the row out, or train with unseenLevels: 'zeros'.",
    }));
    return REFUSED;
  }
}
