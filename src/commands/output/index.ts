/** Which reports a command writes, and where each goes. */
export { chooseReports, type Report, withoutEmptyTerminal } from './choose-reports.ts';
export { requireNewFolder } from './new-folder.ts';
export { checkFile, reportFile } from './report-file.ts';
export { reporting, reportOnce } from './reporting.ts';
