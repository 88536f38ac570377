/** The smallest world that shows a mismatch, for people and for machines. */
export { bundleTexts } from './bundle-texts.ts';
export { minimizedJson } from './json.ts';
export { minimizedReadme, minimizedText } from './text.ts';
export { cellText, findingText } from './words.ts';
