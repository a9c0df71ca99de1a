/**
 * The table of changes, one file a room of the house.
 */
import { session } from './session.ts';

export const mutants = [...session];
