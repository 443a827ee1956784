/** Places in the validator set that no liar has, ascending: the honest validators of the model in their order. */
export function honestPlaces(validators: number, liarsAt: readonly number[]): readonly number[] {
  return [...Array(validators).keys()].filter((place) => !liarsAt.includes(place));
}
