// The script of every page of the documentation: search, and examples that can be edited and run.

import './style.css';
import { makeEditable } from './editor.js';
import { setUpSearch } from './search.js';

setUpSearch();
for (const block of document.querySelectorAll<HTMLElement>('.editable')) makeEditable(block);
