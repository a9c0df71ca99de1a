/**
 * No client can use the memory up by asking ahead: what the requests weigh that wait for their turn
 * is bounded over all connections, and whoever holds most of it is cut.
 *
 * Of what it reads, 64 KiB at a time, Node's parser makes objects before anybody can stop it: of
 * tiny requests 2,100 pairs. So where much is waiting, every connection is read in slices.
 */
import type { Connection } from './connection.ts';

/** In bytes, as connections are weighed. */
const MAX_WEIGHT = 8 * 1_048_576;
const MUCH = MAX_WEIGHT / 4;

/** What waits on all connections together. */
export class Backlog {
  readonly #connections: ReadonlyMap<unknown, Connection>;
  #weight = 0;

  /** @param connections those that are open */
  constructor(connections: ReadonlyMap<unknown, Connection>) {
    this.#connections = connections;
  }

  /** Whether so much is waiting that a new connection is read in slices from its beginning. */
  get isLong(): boolean {
    return this.#weight > MUCH;
  }

  /** What waits on one connection weighs so many bytes more now, or less. */
  change(bytes: number): void {
    const wasLong = this.isLong;
    this.#weight += bytes;
    if (this.isLong && !wasLong) {
      for (const connection of this.#connections.values()) connection.readInSlices();
    }
    if (this.#weight > MAX_WEIGHT) this.#heaviest()?.cut();
  }

  #heaviest(): Connection | undefined {
    let heaviest: Connection | undefined;
    for (const connection of this.#connections.values()) {
      if (connection.weight > (heaviest?.weight ?? 0)) heaviest = connection;
    }
    return heaviest;
  }
}
