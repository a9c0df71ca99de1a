/**
 * The table of changes, one file a room of the house.
 */
import { hall } from './hall.ts';
import { http } from './http.ts';
import { session } from './session.ts';

export const mutants = [...hall, ...http, ...session];
