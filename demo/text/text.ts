import type { Language } from '../page/state.js';
import { en } from './en.js';
import { ko } from './ko.js';

/** Every text of the page. What one language lacks does not compile. */
export type PageText = typeof ko;

export const TEXTS: Readonly<Record<Language, PageText>> = { ko, en };
