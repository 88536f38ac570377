/** The marks in a cell. */
/** @import {PageStep} from '../page-data.ts' */
import { element } from './elements.js';

/**
 * The mark of what was seen, and smaller the one of what was expected; `≠` between them if they differ.
 * @param {PageStep['looks'][number]} look
 */
export const marksOf = ({ status, mark, wanted, disagrees }) => [
  element('span', { class: 'seen', 'aria-hidden': 'true' }, [mark]),
  ...(status === 'mismatch' ? [element('span', { class: 'differs', 'aria-hidden': 'true' }, ['≠'])] : []),
  ...(wanted === '' ? [] : [element('span', { class: 'wanted', 'aria-hidden': 'true' }, [wanted])]),
  ...(disagrees ? [element('span', { class: 'disagrees', 'aria-hidden': 'true' }, ['!'])] : []),
];
