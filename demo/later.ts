// Sections 5 to 9: a part of the script that loads after the first sections are drawn, and lessons that begin with it.

import { ClassLesson } from './lesson/class-lesson.js';
import { NoiseLesson } from './lesson/noise-lesson.js';
import { OwnData } from './lesson/own-data.js';
import { OwnDescent } from './lesson/own-descent.js';
import { ProgramLesson } from './lesson/program-lesson.js';
import { ScaleLesson } from './lesson/scale-lesson.js';
import { CLASS_PART, StateHistory } from './lesson/state-history.js';
import type { SharedDevice } from './page/device.js';
import type { LaterLessons, MountSection } from './page/section.js';
import type { SectionId } from './page/state.js';
import type { Store } from './page/store.js';
import { mountClasses } from './sections/classes.js';
import { mountNoise } from './sections/noise.js';
import { mountOwn } from './sections/own.js';
import { mountProgram } from './sections/program.js';
import { mountScale } from './sections/scale.js';

/** The lessons, which last as long as the page. */
export function openLessons(store: Store, device: SharedDevice): LaterLessons {
  return {
    program: new ProgramLesson(store),
    scale: new ScaleLesson(store, device),
    own: new OwnData(store),
    descentOfOwn: new OwnDescent(store),
    classes: new ClassLesson(store),
    classHistory: new StateHistory(store, CLASS_PART),
    noise: new NoiseLesson(store),
  };
}

export const LATER_SECTIONS: Readonly<Partial<Record<SectionId, MountSection>>> = {
  program: mountProgram,
  scale: mountScale,
  own: mountOwn,
  classes: mountClasses,
  noise: mountNoise,
};
