/** A list of places in the table that grows in pieces: no piece is ever copied. */
export class PlaceQueue {
  readonly #pieces: Uint32Array[] = [];
  length = 0;

  push(place: number): void {
    const at = this.length & (pieceLength - 1);
    if (at === 0) this.#pieces.push(new Uint32Array(pieceLength));
    (this.#pieces[this.#pieces.length - 1] as Uint32Array)[at] = place;
    this.length++;
  }

  at(index: number): number {
    return (this.#pieces[Math.floor(index / pieceLength)] as Uint32Array)[index & (pieceLength - 1)] as number;
  }

  get bytes(): number {
    return this.#pieces.length * pieceLength * 4;
  }
}

const pieceLength = 1 << 18;
