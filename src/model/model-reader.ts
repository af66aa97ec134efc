import { SavedReader } from '../base/json-reader.js';

/** The reader of saved models and their parts. */
export const READER = new SavedReader('a model', 'Load the complete, unchanged result of LinearModel.toJSON.');
