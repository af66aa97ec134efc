import type { Language } from '../page/state.js';
import { en } from './en.js';
import { ko, type PageText } from './ko.js';

export type { PageText };

export const TEXTS: Readonly<Record<Language, PageText>> = { ko, en };
