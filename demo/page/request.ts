// What the address asks for before its #: things that hold for a visit, and that the page never writes.

import { SECTION_IDS, type SectionId } from './state.js';

export interface PageRequest {
  /** The only section to show, for a frame in another page. */
  embed: SectionId | null;
  /** False hides everything that steers, for a picture to look at. */
  hasControls: boolean;
  /** The list of tasks and answers in place of the lesson. */
  isTeacher: boolean;
  unknown: readonly string[];
}

/** Reads '?embed=step&controls=off' and '?teacher'. */
export function requestOf(search: string): PageRequest {
  const asked = { embed: null as SectionId | null, hasControls: true, isTeacher: false };
  const unknown: string[] = [];
  for (const [name, word] of new URLSearchParams(search)) {
    const section = SECTION_IDS.find((id) => id === word);
    if (name === 'embed' && section) asked.embed = section;
    else if (name === 'controls' && (word === 'on' || word === 'off')) asked.hasControls = word === 'on';
    else if (name === 'teacher' && word === '') asked.isTeacher = true;
    else unknown.push(word === '' ? name : `${name}=${word}`);
  }
  return { ...asked, unknown };
}
