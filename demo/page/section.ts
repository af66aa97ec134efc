import type { Descent } from '../lesson/descent.js';
import type { LineLesson } from '../lesson/line-lesson.js';
import type { OwnData } from '../lesson/own-data.js';
import type { ProgramLesson } from '../lesson/program-lesson.js';
import type { ScaleLesson } from '../lesson/scale-lesson.js';
import type { PageText } from '../text/text.js';
import type { SharedDevice } from './device.js';
import type { Format } from './format.js';
import type { Store } from './store.js';

/** What a section is given. Everything that lasts longer than one drawing of the page lives outside the section. */
export interface Page {
  readonly text: PageText;
  readonly format: Format;
  readonly store: Store;
  /** The points and the line of sections 1 to 4. */
  readonly lesson: LineLesson;
  /** The steps that the line makes. */
  readonly descent: Descent;
  /** The runs of section 5. */
  readonly program: ProgramLesson;
  /** Training of section 6. */
  readonly scale: ScaleLesson;
  /** The reader's own file, of section 7. */
  readonly own: OwnData;
  readonly device: SharedDevice;
  /** Aborted when the page is drawn anew, in another language or other colours: ends listeners and observers. */
  readonly signal: AbortSignal;
}

/** Fills a section, under its heading. */
export type MountSection = (host: HTMLElement, page: Page) => void;
