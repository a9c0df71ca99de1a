/**
 * The table of changes, one file a room of the house.
 */
import { db } from './db.ts';
import { hall } from './hall.ts';
import { http } from './http.ts';
import { page } from './page.ts';
import { pageLib } from './page-lib.ts';
import { pageParts } from './page-parts.ts';
import { pagePractice } from './page-practice.ts';
import { routes } from './routes.ts';
import { session } from './session.ts';

export const mutants = [
  ...db,
  ...hall,
  ...http,
  ...page,
  ...pageLib,
  ...pageParts,
  ...pagePractice,
  ...routes,
  ...session,
];
