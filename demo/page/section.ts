import type { ClassLesson } from '../lesson/class-lesson.js';
import type { Descent } from '../lesson/descent.js';
import type { LineLesson } from '../lesson/line-lesson.js';
import type { NoiseLesson } from '../lesson/noise-lesson.js';
import type { OwnData } from '../lesson/own-data.js';
import type { OwnDescent } from '../lesson/own-descent.js';
import type { ProgramLesson } from '../lesson/program-lesson.js';
import type { ScaleLesson } from '../lesson/scale-lesson.js';
import type { StateHistory } from '../lesson/state-history.js';
import type { PageText } from '../text/text.js';
import type { SharedDevice } from './device.js';
import type { Format } from './format.js';
import type { Presenter } from './presenter.js';
import type { PageRequest } from './request.js';
import type { Store } from './store.js';

/** The lessons of sections 5 to 9, which load after the first sections are drawn. */
export interface LaterLessons {
  /** The runs of section 5. */
  readonly program: ProgramLesson;
  /** Training of section 6. */
  readonly scale: ScaleLesson;
  /** The reader's own file, of section 7. */
  readonly own: OwnData;
  /** Descent on its columns. */
  readonly descentOfOwn: OwnDescent;
  /** Points and boundary of section 8, and its points of before, for Undo. */
  readonly classes: ClassLesson;
  readonly classHistory: StateHistory;
  /** Polynomials and batches of section 9. */
  readonly noise: NoiseLesson;
}

/** The page as a section sees it. Everything that lasts longer than one drawing of the page lives outside the section. */
export interface Page extends LaterLessons {
  readonly text: PageText;
  readonly format: Format;
  readonly store: Store;
  /** The points and the line of sections 1 to 4. */
  readonly lesson: LineLesson;
  /** The steps that the line makes. */
  readonly descent: Descent;
  /** The points and lines of before, for Undo. */
  readonly history: StateHistory;
  /** Leads through the sections on a projector. */
  readonly presenter: Presenter;
  /** Asked for by the address, before its #. */
  readonly request: PageRequest;
  readonly device: SharedDevice;
  /** Aborted when the page is drawn anew, in another language or other colours: ends listeners and observers. */
  readonly signal: AbortSignal;
}

/** Fills a section, under its heading. */
export type MountSection = (host: HTMLElement, page: Page) => void;
