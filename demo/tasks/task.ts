import type { Page } from '../page/section.js';
import type { PageState, SectionId } from '../page/state.js';

/** A task of a section, which the page checks. Question, choices and answer are in the texts, under the same name. */
export interface Task {
  /** The name in the address and in the texts: 'step-limit'. */
  id: string;
  section: SectionId;
  /** The state in which the task begins, where it is not the page's default. */
  start: Partial<PageState>;
  check: TaskCheck;
}

export type TaskCheck = ReachCheck | NumberCheck | ChoiceCheck;

/** Something to be brought about on the page, which counts while the task is the one in hand. */
interface ReachCheck {
  kind: 'reach';
  /** Calls `tell` with what holds after every change that matters, until the page's signal aborts. */
  watch: (page: Page, tell: (isReached: boolean) => void) => void;
}

/** A number to be found; calculated from the start of the task alone, so that the list of answers has it too. */
interface NumberCheck {
  kind: 'number';
  expected: () => Promise<number>;
  /** The largest error of a right answer: the digits that the question asks for. */
  tolerance: number;
}

/** One of the choices in the texts. */
interface ChoiceCheck {
  kind: 'choice';
  /** The place of the right one, from 0 on. */
  right: number;
}

/** The words of a task. */
export interface TaskText {
  question: string;
  /** The reasoning, for the list of a teacher and for those who give up; `expected` is the number of a NumberCheck. */
  answer: (expected: string) => string;
  choices?: readonly string[];
}
