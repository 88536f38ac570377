import picocolors from 'picocolors';

/** Painters of text; each leaves it unchanged if colour is off. */
export type Colours = ReturnType<typeof picocolors.createColors>;

export const coloursOf = (colour: boolean): Colours => picocolors.createColors(colour);
