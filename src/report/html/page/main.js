/** The page: the run, one of its steps, and one of its cells. */
/** @import {Grid} from './grid.js' */
/** @import {Target} from './link.js' */
/** @import {Filter, View} from './view.js' */
import { cellPanel } from './cell.js';
import { counted, readData } from './data.js';
import { announce, element, placeAnnouncer } from './elements.js';
import { createFilters } from './filters.js';
import { createGrid } from './grid.js';
import { firstTelling, linkTo, targetOf } from './link.js';
import { measuredSection } from './measured.js';
import { createNavigation } from './navigation.js';
import { legendOf, scenarioHead, stepChoice, stepFindings } from './step.js';
import { themeButton } from './theme.js';
import { findIn, firstFilter, viewOf } from './view.js';

const data = readData();
const navigation = createNavigation(data, (scenario) => {
  const step = firstTelling(data.scenarios[scenario]?.steps ?? []);
  goTo({ scenario, step, cell: null });
  document.getElementById('scenario-title')?.focus();
});
const main = element('main', { tabindex: -1 });
const panelPlace = element('div', { class: 'panel-place' });

/** @type {Target} */
let target = { scenario: 0, step: 0, cell: null };
/** @type {{readonly grid: Grid, readonly view: View} | null} */
let drawn = null;

const build = () => {
  const report = document.getElementById('report');
  if (!report) return;
  placeAnnouncer(report);
  report.append(
    element('header', { class: 'top' }, [
      element('div', { class: 'title' }, [element('h1', {}, ['podreach report']), themeButton()]),
      ...data.messages.map((line) =>
        element('p', { class: line.startsWith('error:') ? 'message bad' : 'message' }, [line]),
      ),
      element(
        'ul',
        { class: 'summary' },
        data.summary.map((line) => element('li', {}, [line])),
      ),
    ]),
    element('div', { class: 'layout' }, [navigation.element, main, panelPlace]),
  );
};

/** @param {Target} wanted */
const goTo = (wanted) => {
  target = wanted;
  navigation.mark(wanted.scenario);
  drawStep();
  if (wanted.cell !== null) openCell(wanted.cell, { focus: false });
  else closePanel();
  rememberTarget();
};

const rememberTarget = () => history.replaceState(null, '', linkTo(data, target));

const drawStep = () => {
  const scenario = data.scenarios[target.scenario];
  drawn = null;
  if (!scenario) return main.replaceChildren(element('p', {}, ['No scenario was run.']));
  const step = scenario.steps[target.step];
  const heading = scenario.steps.length > 1 && step ? [stepHeading(step, target.step, scenario.steps.length)] : [];
  main.replaceChildren(
    ...scenarioHead(scenario),
    ...stepChoice(scenario, target.step, (at) => goTo({ ...target, step: at, cell: null })),
    ...heading,
    ...(step
      ? [...stepFindings(step, (position) => openCell(position)), ...step.measured.map(measuredSection)]
      : [element('p', {}, ['No step was run.'])]),
  );
  if (step && step.rows.length > 0) drawMatrix(step, firstFilter(step));
  else if (step) main.append(element('p', { class: 'message' }, ['This step has no matrix.']));
};

/**
 * @param {import('../page-data.ts').PageStep} step
 * @param {number} at
 * @param {number} of
 */
const stepHeading = ({ name, word, status, times }, at, of) =>
  element('h3', {}, [
    element('span', { class: `badge status-${status}` }, [word]),
    ` Step ${at + 1} of ${of}: ${name}`,
    ...(times === '' ? [] : [element('span', { class: 'quiet' }, [` · ${times}`])]),
  ]);

/** @type {Filter | null} */
let filterNow = null;
/** @type {((filter: Filter) => void) | null} */
let applyFilter = null;

/**
 * @param {import('../page-data.ts').PageStep} step
 * @param {Filter} first
 */
const drawMatrix = (step, first) => {
  const place = element('div', { class: 'matrix' });
  const count = element('p', { class: 'quiet count' });
  /** @param {Filter} filter */
  const apply = (filter) => {
    filterNow = filter;
    const view = viewOf(step, filter);
    const shown = `${counted(view.rows.length, 'row')} and ${counted(view.columns.length, 'column')}`;
    const whole = `${counted(step.rows.length, 'source')}, ${counted(step.columns.length, 'destination port')}`;
    count.textContent = `${shown} shown, of ${whole}`;
    announce(`${shown} shown`);
    if (view.rows.length === 0 || view.columns.length === 0) {
      drawn = null;
      place.replaceChildren(element('p', { class: 'message' }, ['No cell fits this filter.']));
      return;
    }
    const grid = createGrid(step, view, (position) => openCell(position));
    drawn = { grid, view };
    place.replaceChildren(grid.element);
    grid.draw();
  };
  applyFilter = apply;
  const filters = element('div');
  main.append(
    element('section', { 'aria-labelledby': 'matrix-title' }, [
      element('h3', { id: 'matrix-title' }, ['Matrix']),
      filters,
      count,
      place,
    ]),
    legendOf(step),
  );
  filters.append(createFilters(data, step, first, apply));
  apply(first);
};

/**
 * @param {number} position
 * @param {{readonly focus?: boolean}} options
 */
const openCell = (position, { focus = true } = {}) => {
  const scenario = data.scenarios[target.scenario];
  const step = scenario?.steps[target.step];
  if (!scenario || !step) return;
  target = { ...target, cell: position };
  const place = showInGrid(step, position);
  const members = place &&
    drawn && {
      from: drawn.view.rows[place.row]?.members ?? [],
      to: drawn.view.columns[place.column]?.members ?? [],
    };
  /** @param {readonly number[]} ends */
  const names = (ends) => ends.map((end) => step.ends[end] ?? '');
  panelPlace.replaceChildren(
    cellPanel({
      ...{ data, scenario, step, position, link: linkTo(data, target) },
      from: names(members?.from ?? []),
      to: names(members?.to ?? []),
      close: () => {
        closePanel();
        drawn?.grid.focus();
        rememberTarget();
      },
    }),
  );
  document.body.classList.add('has-panel');
  if (focus) document.getElementById('cell-title')?.focus();
  rememberTarget();
};

/**
 * A cell that is filtered away, or one of a group, is shown without filters or groups.
 * @param {import('../page-data.ts').PageStep} step
 * @param {number} position
 */
const showInGrid = (step, position) => {
  let place = drawn && findIn(step, drawn.view, position);
  if (!place?.isExact && filterNow && applyFilter) {
    applyFilter({ ...firstFilter(step), grouped: place !== null && place !== undefined && filterNow.grouped });
    place = drawn && findIn(step, drawn.view, position);
    if (!place?.isExact) {
      applyFilter({ ...firstFilter(step), grouped: false });
      place = drawn && findIn(step, drawn.view, position);
    }
  }
  if (place && drawn) drawn.grid.moveTo(place.row, place.column, { focus: false });
  return place;
};

const closePanel = () => {
  panelPlace.replaceChildren();
  document.body.classList.remove('has-panel');
  target = { ...target, cell: null };
};

document.addEventListener('keydown', ({ key }) => {
  if (key !== 'Escape' || target.cell === null) return;
  closePanel();
  drawn?.grid.focus();
  rememberTarget();
});
addEventListener('hashchange', () => {
  const wanted = targetOf(data, location.hash);
  if (wanted) goTo(wanted);
});
addEventListener('beforeprint', () => drawn?.grid.showAll(true));
addEventListener('afterprint', () => drawn?.grid.showAll(false));

build();
goTo(targetOf(data, location.hash) ?? { scenario: 0, step: firstTelling(data.scenarios[0]?.steps ?? []), cell: null });
document.documentElement.dataset.ready = 'true';
